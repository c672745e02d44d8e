"""Everything on the pages can be read, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.browsing import PATIENCE_MS, POPOVERS, close_popover, drawn, open_popover, ready
from tests.app.contrast import ring, texts

pytestmark = pytest.mark.browser
PAGES = [
    # those with warnings, errors and grades; the others are looked at by axe (test_app_reachable)
    "/?q=SW.86.3&apart=polished&apart=-blue&material=&material=glass&from=-3000&strategy=nonsense",
    "/?q=%E2%80%A6&like=AX000&page=2",
    "/?like=nobody",
    "/record?id=nobody",
    "/judge?q=axe&topic=nobody",
    "/compare?q=axe&by=staged&by=nearest&by=staged:colours=0&by=nobody",
    "/compare?q=axe&blind=7&marks=10",
    "/compare?q=axe&blind=7&marks=1010101010&revealed=1",
]


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A tab in the light, and one in the dark."""
    scheme: Literal["light", "dark"] = request.param
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    yield page
    context.close()


def faint(page: Page) -> list[str]:
    """The texts that stand out too little."""
    found = texts(page)
    assert len(found) >= 5
    return sorted({f"{one.text}: {one.contrast:.2f}" for one in found if one.contrast < one.wanted})


@pytest.mark.parametrize("path", PAGES)
def test_every_text_can_be_read(page: Page, path: str) -> None:
    """Every text has a contrast of 4.5 : 1 with its ground, large ones 3 : 1, captions and errors too."""
    page.goto(path)
    drawn(page)
    page.wait_for_timeout(300)  # what fades in is there
    assert faint(page) == []


def test_every_text_of_popovers_can_be_read(page: Page) -> None:
    """So has every text of every popover, and of how it was ranked."""
    page.goto("/?q=axe&material=flint&undated=drop&from=-3000")
    ready(page)
    for place in range(page.locator(POPOVERS).count()):
        open_popover(page, place)
        page.wait_for_timeout(300)
        assert faint(page) == []
        close_popover(page)
    page.get_by_text("How was this ranked?").click()
    expect(page.locator("table.funnel")).to_be_visible()
    page.wait_for_timeout(300)
    assert faint(page) == []


@pytest.mark.parametrize(
    ("path", "tiles"), [("/?q=axe", ".st-key-tiles-found"), ("/record?id=AX000", ".st-key-tiles-alike")]
)
def test_focus_is_seen(page: Page, path: str, tiles: str) -> None:
    """Who comes to a tile by keyboard sees a ring around it, two pixels wide or more, of 3 : 1 with its ground."""
    page.goto(path)
    ready(page)
    links = page.locator(f"{tiles} li > a.picture")
    second = links.nth(1)
    expect(second).to_be_visible()
    for _ in range(20):  # what is drawn anew meanwhile takes the focus away
        links.first.focus()
        for _ in range(8):  # the other views, the part that fits and the buttons of the first come before it
            page.keyboard.press("Tab")
            if second.evaluate("one => one === document.activeElement"):
                break
        if second.evaluate("one => one === document.activeElement"):
            break
        page.wait_for_timeout(250)
    expect(second).to_be_focused()
    width, contrast = ring(page)
    assert width >= 2
    assert contrast >= 3
