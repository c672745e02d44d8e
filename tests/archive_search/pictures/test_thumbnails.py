"""Thumbnails are found by the names that payloads give, in either format."""

from pathlib import Path

import pytest

from archive_search.pictures.thumbnails import thumbnail_file, thumbnail_name

HASH = "ab" + "0" * 62


def test_names() -> None:
    """A thumbnail is named by the picture's content, in one of 256 folders."""
    assert thumbnail_name(HASH) == f"ab/{HASH}.jpg"


@pytest.mark.parametrize(
    ("named", "there"), [(".jpg", ".webp"), (".webp", ".jpg"), (".jpg", ".jpg"), (".webp", ".webp")]
)
def test_the_other_format(tmp_path: Path, named: str, there: str) -> None:
    """A thumbnail that was lost and made again in the other format is found by the name that it had."""
    (tmp_path / "ab").mkdir()
    file = tmp_path / "ab" / f"{HASH}{there}"
    file.touch()
    assert thumbnail_file(tmp_path, f"ab/{HASH}{named}") == file


def test_nothing_there(tmp_path: Path) -> None:
    """A thumbnail that is missing keeps its name."""
    assert thumbnail_file(tmp_path, f"ab/{HASH}.webp") == tmp_path / "ab" / f"{HASH}.webp"
