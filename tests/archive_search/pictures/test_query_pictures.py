"""Pictures that people bring to search by: kept while they are used, within bounds, and only if they can be read."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive_search.pictures import query_pictures
from archive_search.pictures.query_pictures import DAYS, keep_query, kept_query
from archive_search.types import ArchiveError, PictureError, TooLargeError
from tests.archive_search.pictures.test_decoding import huge_png
from tests.permissions import forbidden


def _bytes(kind: str, seed: int = 0, size: tuple[int, int] = (40, 20)) -> bytes:
    made = io.BytesIO()
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(made, kind)
    return made.getvalue()


def _used_days_ago(file: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(file, (then, then))


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


def test_query_with_too_many_pixels(tmp_path: Path) -> None:
    """A picture that would be too large in memory is refused by its header, and not kept."""
    with pytest.raises(TooLargeError, match="412 megapixels"):
        keep_query(tmp_path / "queries", huge_png(20_000, 20_600), "scan.png")
    assert not (tmp_path / "queries").exists()


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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF"])
def test_broken_pictures_are_not_kept(tmp_path: Path, kind: str) -> None:
    """A picture that is cut short, whose header can be read, is refused by the name under which it was brought."""
    data = _bytes(kind, size=(200, 150))
    with pytest.raises(PictureError, match=r"^mine\.x: "):
        keep_query(tmp_path / "queries", data[: len(data) * 2 // 3], "mine.x")
    assert not (tmp_path / "queries").exists()
    keep_query(tmp_path / "queries", data, "mine.x")


def test_what_was_not_used_for_long_goes(tmp_path: Path) -> None:
    """A picture that nobody used for so many days is removed when another comes; one that was used stays."""
    folder = tmp_path / "queries"
    old, used, fresh = (keep_query(folder, _bytes("PNG", seed)) for seed in range(3))
    for key in (old, used):
        _used_days_ago(folder / key, DAYS + 1)
    assert kept_query(folder, used) is not None
    keep_query(folder, _bytes("PNG", 3))
    assert kept_query(folder, old) is None
    assert kept_query(folder, used) is not None
    assert kept_query(folder, fresh) is not None


def test_no_more_than_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number, those go that were used longest ago; what was brought just now always stays."""
    monkeypatch.setattr(query_pictures, "MOST", 5)
    folder = tmp_path / "queries"
    for seed in range(9):
        key = keep_query(folder, _bytes("PNG", seed))
        _used_days_ago(folder / key, 100 - seed)
    last = keep_query(folder, _bytes("PNG", 99))
    kept = {file.name for file in folder.iterdir()}
    assert kept == {last, *(hashlib.sha256(_bytes("PNG", seed)).hexdigest() for seed in range(5, 9))}


def test_no_larger_than_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a size of them all together, those go that were used longest ago; one too large is not kept at all."""
    folder = tmp_path / "queries"
    size = len(_bytes("PNG"))
    monkeypatch.setattr(query_pictures, "LARGEST", 3 * size)
    keys = [keep_query(folder, _bytes("PNG", seed)) for seed in range(3)]
    for days, key in enumerate(keys):
        _used_days_ago(folder / key, 10 - days)
    keys.append(keep_query(folder, _bytes("PNG", 3)))
    assert [key for key in keys if (folder / key).is_file()] == keys[1:]
    with pytest.raises(PictureError, match="larger than"):
        keep_query(folder, _bytes("PNG", 4, (400, 400)), "mine.png")
    assert len(list(folder.iterdir())) == 3


def test_leftovers_go(tmp_path: Path) -> None:
    """What a killed process left half written is removed a day later; other files are left alone."""
    folder = tmp_path / "queries"
    folder.mkdir()
    for name in (".half.0123456789ab", ".fresh.0123456789ab", "README"):
        (folder / name).write_bytes(b"x")
    _used_days_ago(folder / ".half.0123456789ab", 2)
    _used_days_ago(folder / "README", 1000)
    key = keep_query(folder, _bytes("PNG"))
    assert {file.name for file in folder.iterdir()} == {".fresh.0123456789ab", "README", key}
