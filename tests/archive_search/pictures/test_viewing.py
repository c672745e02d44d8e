"""Pictures as a browser can show them, and pictures that people bring as a query."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from archive_search.pictures.viewing import keep_query, kept_query, viewable
from archive_search.types import ArchiveError, PictureError
from tests.permissions import forbidden


def _bytes(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "media"), [("JPEG", "jpeg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp")])
def test_viewable_as_is(tmp_path: Path, kind: str, media: str) -> None:
    """What every browser shows is passed on byte for byte."""
    (tmp_path / "a").write_bytes(_bytes(kind))
    assert viewable(tmp_path / "a") == (_bytes(kind), f"image/{media}")


def test_viewable_tiff(tmp_path: Path) -> None:
    """A TIFF becomes WebP of the same size."""
    (tmp_path / "a.tif").write_bytes(_bytes("TIFF"))
    data, media = viewable(tmp_path / "a.tif")
    assert media == "image/webp"
    assert Image.open(io.BytesIO(data)).size == (40, 20)


def test_viewable_smaller(tmp_path: Path) -> None:
    """A longest side is kept, in proportion."""
    (tmp_path / "a.png").write_bytes(_bytes("PNG", (400, 200)))
    assert Image.open(io.BytesIO(viewable(tmp_path / "a.png", 100)[0])).size == (100, 50)


def test_viewable_refuses(tmp_path: Path) -> None:
    """What is no picture, and what is not there, is refused with a sentence."""
    (tmp_path / "a").write_bytes(b"hello")
    with pytest.raises(PictureError, match="not a picture"):
        viewable(tmp_path / "a")
    with pytest.raises(PictureError, match="No such file"):
        viewable(tmp_path / "b")


def test_query_pictures(tmp_path: Path) -> None:
    """The same picture is kept once, under a name that only its bytes decide; only such names are looked up."""
    key = keep_query(tmp_path / "queries", _bytes("PNG"))
    assert keep_query(tmp_path / "queries", _bytes("PNG")) == key
    kept = kept_query(tmp_path / "queries", key)
    assert kept is not None
    assert kept.read_bytes() == _bytes("PNG")
    assert [file.name for file in (tmp_path / "queries").iterdir()] == [key]
    assert kept_query(tmp_path / "queries", "../archive.toml") is None
    assert kept_query(tmp_path / "queries", "0" * 64) is None


def test_query_that_cannot_be_kept(tmp_path: Path) -> None:
    """In an archive that may only be read, a picture to search by is refused in a sentence without a path in it."""
    with forbidden(tmp_path, 0o555), pytest.raises(ArchiveError) as caught:
        keep_query(tmp_path / "queries", _bytes("PNG"))
    assert "nothing can be written to 'queries' in the archive (Permission denied): have it made" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    with forbidden(tmp_path, 0), pytest.raises(ArchiveError, match="Permission denied"):
        keep_query(tmp_path / "queries", _bytes("PNG"))


def test_query_refused(tmp_path: Path) -> None:
    """What is no picture is not kept."""
    with pytest.raises(PictureError):
        keep_query(tmp_path / "queries", b"%PDF-1.7", name="scan.pdf")
    assert not (tmp_path / "queries").exists()
