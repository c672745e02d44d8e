"""Pictures as a browser can show them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from archive_search.pictures.viewing import viewable
from archive_search.types import PictureError


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
