"""The pages for keyboards, screen readers and large letters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.pages import PAGES
from tests.app.browsing import PATIENCE_MS, POPOVERS, TILE, close_popover, drawn, open_popover, ready

pytestmark = pytest.mark.browser
ASKED = "q=axe&apart=polished&apart=-blue&material=flint&from=-3000&like=AX001"


def at(name: str) -> str:
    """The address of a page; the first one has none of its own."""
    return f"/{'' if name == 'search' else name}"


ADDRESSES = [
    *(path for name in PAGES for path in (at(name), f"{at(name)}?{ASKED}")),
    "/?view=list",
    "/?q=axe&material=bronze&period=Neolithic",
    "/record?id=AX000&q=axe",
    "/compare?q=axe&blind=7&marks=1010101010&revealed=1",
    "/collections?show=searches",
    "/collections?show=history",
    "/collections?show=repeat",
]
GRAVE = {"serious", "critical"}


@pytest.fixture
def wide(browser: Browser, address: str) -> Iterator[Page]:
    """A tab in the light, without movement."""
    yield from _tab(browser, address, 1280, 900)


@pytest.fixture
def zoomed(browser: Browser, address: str) -> Iterator[Page]:
    """A tab as a screen of 1440 by 900 shows it at 200 %."""
    yield from _tab(browser, address, 720, 450)


def _tab(browser: Browser, address: str, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    yield page
    context.close()


def settled(page: Page, path: str) -> None:
    """Open an address, and wait until all of it is there."""
    page.goto(path)
    drawn(page)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(300)


def faults(page: Page) -> list[str]:
    """What axe finds that is serious or critical: the rule, what is wrong, and where."""
    found = _grave(page)
    if found:
        page.wait_for_timeout(1500)  # what is drawn anew is pale for a moment
        found = _grave(page)
    return found


def _grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", ADDRESSES)
def test_axe_finds_nothing_grave(wide: Page, path: str) -> None:
    """No page has a serious or critical fault, by day or by night, and one heading says what it is."""
    settled(wide, path)
    (heading,) = wide.locator("h1").all()
    assert heading.inner_text().strip()
    assert faults(wide) == []
    wide.emulate_media(color_scheme="dark")
    wide.wait_for_timeout(300)
    assert faults(wide) == []


def test_axe_looks(wide: Page) -> None:
    """What finds nothing on our pages does find a picture without a name."""
    settled(wide, "/")
    wide.evaluate("document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any(one.startswith("image-alt") for one in faults(wide))


def test_axe_finds_nothing_grave_in_what_opens(wide: Page) -> None:
    """Nor has anything that opens on the page of a search."""
    settled(wide, f"/?{ASKED}")
    for place in range(wide.locator(POPOVERS).count()):
        open_popover(wide, place)
        wide.wait_for_timeout(300)
        assert faults(wide) == []
        close_popover(wide)
    for summary in wide.locator("details summary:visible").all():
        summary.click()
    wide.wait_for_timeout(500)
    assert faults(wide) == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_is_scrolled_sideways_at_200_percent(zoomed: Page, path: str) -> None:
    """At 200 % every page is read by scrolling in one direction."""
    settled(zoomed, path)
    beyond = zoomed.evaluate(
        """() => ['html', '[data-testid=stMain]'].map((name) => document.querySelector(name))
            .map((one) => one.scrollWidth - one.clientWidth)"""
    )
    assert max(beyond) <= 0


@pytest.mark.parametrize("path", ["/", "/?q=axe", "/?q=axe&material=flint"])
def test_first_picture_is_on_the_first_screen_at_200_percent(zoomed: Page, path: str) -> None:
    """At 200 % part of the first picture of a search is seen without scrolling."""
    settled(zoomed, path)
    ready(zoomed)
    box = zoomed.locator(f"{TILE} a.picture img").first.bounding_box()
    assert box is not None
    assert box["y"] <= 450 - 40


CONTROLS = """() => {
    const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: false})
        && one.getClientRects().length && !one.disabled && one.tabIndex >= 0
        && !one.closest('[inert], [aria-hidden=true]');
    window.controls = [...document.querySelectorAll(all)].filter(seen);
    return window.controls.length;
}"""
AT = """() => {
    const one = document.activeElement;
    const rung = (part) => part && ((getComputedStyle(part).outlineStyle !== 'none'
        && parseFloat(getComputedStyle(part).outlineWidth) >= 1) || getComputedStyle(part).boxShadow !== 'none');
    // text has a caret in it, a canvas draws its own ring
    const shows = one.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea, canvas');
    const around = [one, one.parentElement, one.parentElement?.parentElement, one.closest('label')];
    const drawn = [...around, ...(one.closest('label')?.querySelectorAll('*') ?? [])];
    return [window.controls.indexOf(one), shows || drawn.some(rung), one.outerHTML.slice(0, 120)];
}"""


@pytest.mark.parametrize("path", ["/?q=axe&apart=polished&material=flint", "/record?id=AX000&q=axe", "/archive"])
def test_keys_reach_every_control(wide: Page, path: str) -> None:
    """Tab leads to every control of a page, and each shows that it is the one."""
    settled(wide, path)
    count = wide.evaluate(CONTROLS)
    assert count > 10
    reached, unseen = set(), set()
    for _ in range(count + 40):
        wide.keyboard.press("Tab")
        place, ring, said = wide.evaluate(AT)
        reached.add(place)
        if place >= 0 and not ring:
            unseen.add(said)
    # of a group of choices one is reached by Tab, the others by the arrows
    missed = wide.evaluate(
        """(reached) => window.controls.filter((one, place) => !reached.includes(place) && one.isConnected
            && !one.closest('[role=radiogroup], [role=toolbar], [role=grid], [role=tablist], canvas'))
            .map((one) => one.outerHTML.slice(0, 120))""",
        sorted(reached),
    )
    assert missed == []
    assert unseen == set()
