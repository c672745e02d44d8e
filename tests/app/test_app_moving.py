"""Moving about in a real browser: from result to result, to other pages and back to where one was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.app.browsing import ask, back, ready, titles, told

pytestmark = pytest.mark.browser
LINKS = "[class*=st-key-tiles-] li > a.picture"

LATE = """
const add = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (kind, told, ...more) {
  const late = (event) => setTimeout(() => told.call(this, event), 700);
  return add.call(this, kind, kind === "message" ? late : told, ...more);
};
"""
"""Every answer of the server reaches the page 0.7 seconds late."""


def scrolled(page: Page) -> int:
    """How far down the page is scrolled."""
    top: int = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    return top


def scroll_to(page: Page, selector: str, number: int) -> int:
    """Scroll until something is in sight; how far that was."""
    page.locator(selector).nth(number).scroll_into_view_if_needed()
    page.wait_for_timeout(100)  # the browser tells of it at its next frame
    assert scrolled(page) > 200
    return scrolled(page)


def entries(page: Page) -> int:
    """How many entries the tab's history has."""
    number: int = page.evaluate("history.length")
    return number


def open_result(page: Page, number: int) -> None:
    """Open the record of a tile."""
    page.locator(LINKS).nth(number).click()
    page.wait_for_url("**/record?*")
    ready(page)


@pytest.mark.parametrize("way", ["keys", "clicks"])
def test_three_quick_steps_are_three(tab: Page, way: str) -> None:
    """Three presses of an arrow key, or of a button, without waiting for the page between them move by three."""
    tab.goto("/?q=axe")
    ready(tab)
    eighth = titles(tab)[7]
    open_result(tab, 4)
    where = tab.get_by_label("Results").get_by_role("status")
    expect(where).to_have_text("5 of 53")
    for _ in range(3):
        if way == "keys":
            tab.keyboard.press("ArrowRight")
        else:
            tab.get_by_role("button", name="Next").click()
    expect(where).to_have_text("8 of 53")
    expect(tab.get_by_role("heading", level=1)).to_have_text(eighth)
    tab.wait_for_timeout(500)  # nothing comes after it
    expect(where).to_have_text("8 of 53")
    expect(tab.get_by_role("heading", level=1)).to_have_text(eighth)


def test_steps_go_both_ways_and_end(tab: Page) -> None:
    """Steps back and forward lead to where they should, also after Back, and none leads past the ends."""
    tab.goto("/?q=axe")
    ready(tab)
    open_result(tab, 1)
    where = tab.get_by_label("Results").get_by_role("status")
    first = tab.url
    tab.keyboard.press("ArrowRight")
    expect(where).to_have_text("3 of 53")
    tab.wait_for_url(lambda url: url != first)
    ready(tab)
    back(tab, first)
    expect(where).to_have_text("2 of 53")
    for _ in range(4):
        tab.keyboard.press("ArrowLeft")
    expect(where).to_have_text("1 of 53")
    expect(tab.get_by_role("button", name="Previous")).to_be_disabled()
    tab.keyboard.press("ArrowRight")
    expect(where).to_have_text("2 of 53")
    tab.wait_for_url(first)


def test_another_page_begins_at_its_top(tab: Page) -> None:
    """A record, another view of it, what is like it and another page of results are shown from the top."""
    tab.set_viewport_size({"width": 1280, "height": 500})
    tab.goto("/?q=axe")
    ready(tab)
    scroll_to(tab, ".stPagination, [data-testid=stPagination]", 0)
    tab.get_by_role("button", name="Page 2").click()
    tab.wait_for_url("**page=2")
    ready(tab)
    assert scrolled(tab) == 0
    scroll_to(tab, LINKS, 12)
    open_result(tab, 12)
    assert scrolled(tab) == 0
    tab.goto("/record?id=AX000&q=axe")
    ready(tab)
    for tiles in ("views", "alike"):
        before = tab.url
        scroll_to(tab, f".st-key-tiles-{tiles} li > a.picture", 0)
        tab.locator(f".st-key-tiles-{tiles} li > a.picture").first.click()
        tab.wait_for_url(lambda url, before=before: url != before)
        ready(tab)
        assert scrolled(tab) == 0


def test_back_leads_to_where_one_was(tab: Page) -> None:
    """Back from a record leads to its tile, where it was on the screen and in focus; so does the way to all results."""
    tab.set_viewport_size({"width": 1280, "height": 500})
    tab.goto("/?q=axe")
    ready(tab)
    results, place = tab.url, scroll_to(tab, LINKS, 15)
    open_result(tab, 15)
    back(tab, results)
    assert scrolled(tab) == place
    expect(tab.locator(LINKS).nth(15)).to_be_in_viewport()
    expect(tab.locator(LINKS).nth(15)).to_be_focused()
    last = tab.locator(LINKS).nth(23).get_attribute("href")
    open_result(tab, 15)
    for _ in range(8):
        tab.keyboard.press("ArrowRight")
    tab.wait_for_url(f"**{last}")
    ready(tab)
    tab.get_by_role("link", name="All results").click()
    tab.wait_for_url(results)
    ready(tab)
    expect(tab.locator(LINKS).nth(23)).to_be_in_viewport()
    expect(tab.locator(LINKS).nth(23)).to_be_focused()
    place = scrolled(tab)
    tab.reload()
    ready(tab)
    assert scrolled(tab) == place


def test_a_filter_leaves_the_page_where_it_is(tab: Page) -> None:
    """What changes only what is left of the results does not scroll."""
    tab.set_viewport_size({"width": 1280, "height": 500})
    tab.goto("/?q=axe")
    ready(tab)
    tab.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 120)")
    tab.wait_for_timeout(100)
    tab.get_by_role("button", name="flint 20").click()
    tab.wait_for_url("**material=flint")
    ready(tab)
    assert scrolled(tab) == 120


def test_a_slider_makes_one_entry(tab: Page) -> None:
    """Three key presses on a slider are one entry of the history, which Back undoes; other changes are one each."""
    tab.goto("/")
    ready(tab)
    ask(tab, "axe")
    before, entry = tab.url, entries(tab)
    slider = tab.get_by_role("slider", name="From this year")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
        tab.wait_for_timeout(100)
    tab.wait_for_url("**from=-2500")
    ready(tab)
    assert entries(tab) == entry + 1
    tab.get_by_text("Keep what is undated").click()
    tab.wait_for_url("**undated=drop")
    ready(tab)
    assert entries(tab) == entry + 2
    tab.go_back()
    tab.wait_for_url("**from=-2500")
    ready(tab)
    back(tab, before)
    assert told(tab.url) == {"q": ["axe"]}


def test_tabs_are_told_apart(tab: Page) -> None:
    """A tab is called by what it shows: the archive, what is asked for, the record."""
    for path, title in (
        ("/", "Test museum"),
        ("/?q=flint+axe&apart=-blue", "flint axe, − blue · Test museum"),
        ("/?like=SW003", "like Bronze sword 3 (SW003) · Test museum"),
        ("/?material=flint", "flint · Test museum"),
        ("/record?id=SW011&q=axe", "Bronze sword 11 (SW010) · Test museum"),
    ):
        tab.goto(path)
        ready(tab)
        expect(tab).to_have_title(title)
    record = tab.url
    tab.get_by_role("link", name="All results").click()
    tab.wait_for_url("**/?q=axe*")  # Streamlit writes the title before the address: Back must not come between them
    ready(tab)
    expect(tab).to_have_title("axe · Test museum")
    back(tab, record)
    expect(tab).to_have_title("Bronze sword 11 (SW010) · Test museum")


def test_what_is_done_quickly_counts_on_a_slow_line(tab: Page) -> None:
    """Where answers come late, each press counts, and the address is that of the last one."""
    tab.add_init_script(LATE)
    tab.goto("/?q=axe")
    ready(tab)
    slider = tab.get_by_role("slider", name="From this year")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
        tab.wait_for_timeout(200)
    tab.wait_for_url("**from=-2500")
    ready(tab)
    open_result(tab, 1)
    first = tab.url
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_timeout(200)
    tab.keyboard.press("ArrowRight")
    tab.wait_for_timeout(3000)
    ready(tab)
    expect(tab.get_by_label("Results").get_by_role("status")).to_contain_text("2 of ")
    assert tab.url == first
