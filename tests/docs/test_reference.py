"""The reference is that of the code."""

from pathlib import Path

import pytest

from docs.making.pages import DIRECTORY, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_made_from_the_code(name):
    """A page of docs/reference is what `python -m docs.making` writes; where this fails, run that."""
    assert (DIRECTORY / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_page_of_the_reference_is_made():
    """Nothing below docs/reference is written by hand."""
    assert {file.name for file in Path(DIRECTORY).iterdir()} == set(PAGES)
