"""Where pictures from links are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_search.pictures.kept import FOLDER, is_link, kept_picture


@given(st.text(max_size=80))
@example("../../../etc/passwd")
@example("/../../.ssh/authorized_keys.png")
@example("\\..\\..\\a.jpg?x=/../b.png")
@example("[::1")
def test_no_link_leads_out_of_the_folder(said: str) -> None:
    """Whatever a link says, its picture lies two folders deep, under a name of figures, letters and a known ending."""
    for link in (said, f"https://m.example/{said}"):
        file = kept_picture(Path("/archive"), link)
        assert file.parent.parent == Path("/archive") / FOLDER
        assert file == Path("/archive", FOLDER, file.name[:2], file.name)
        assert file.stem.isalnum()
        assert file.suffix.lstrip(".").isalnum() or not file.suffix


def test_two_links_are_two_pictures() -> None:
    """What differs in a link at all is kept apart; the ending of a picture stays."""
    links = ["https://m.example/a.jpg", "https://m.example/a.jpg?big=1", "https://m.example/A.jpg"]
    files = [kept_picture(Path("x"), link) for link in links]
    assert len(set(files)) == 3
    assert {file.suffix for file in files} == {".jpg"}


@pytest.mark.parametrize(
    ("image", "found"), [("HTTPS://a", True), ("http://a", True), ("file:///a", False), ("a", False)]
)
def test_links_are_told_from_paths(image: str, found: bool) -> None:
    """Only what begins with http or https is behind a link."""
    assert is_link(image) is found
