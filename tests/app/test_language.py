"""The language of the pages: chosen in the browser, kept by it, numbers as they are written in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.language import decimal, number, percent, remarked, speaking
from archive_search.remark import Remark, either
from tests.app.browsing import ready


def test_numbers_are_written_as_in_the_language() -> None:
    """A thousand has a comma in English and a full stop in Danish."""
    with speaking("en"):
        assert (number(1204), percent(0.12)) == ("1,204", "12%")
        assert (decimal(0.4766, 3), decimal(-0.5, 2, signed=True)) == ("0.477", "-0.50")
    with speaking("da"):
        assert (number(1204), percent(0.12)) == ("1.204", "12\N{NO-BREAK SPACE}%")
        assert (decimal(0.4766, 3), decimal(0.5, 2, signed=True)) == ("0,477", "+0,50")


@pytest.mark.browser
def test_the_switch_is_kept_by_the_browser(tab: Page) -> None:
    """The switch offers the other language by its own name; the browser keeps the choice."""
    tab.goto("/?q=axe")
    ready(tab)
    tab.get_by_role("button", name="Dansk").click()
    expect(tab.get_by_role("button", name="English")).to_be_visible()
    ready(tab)  # the end of the page tells the browser what to keep
    tab.reload()
    ready(tab)
    expect(tab.get_by_role("button", name="English")).to_be_visible()


def test_remarks_are_said_in_the_language_of_the_page() -> None:
    """A remark of the library is translated with all that stands in it; what nobody translated stays English."""
    found = Remark(
        "In the catalogue {some}.",
        some=[Remark("{count} records say {words}", count=1200, words=either(["a", "b"]))],
    )
    with speaking("da"):
        assert remarked(found) == "I kataloget: 1.200 poster skriver 'a' eller 'b'."
        assert remarked("Nobody has translated this.") == "Nobody has translated this."
    assert found == "In the catalogue 1,200 records say 'a' or 'b'."
