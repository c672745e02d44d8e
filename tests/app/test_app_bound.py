"""Widgets show what the address tells, also those that come into sight late."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.browsing import (
    PATIENCE_MS,
    POPOVERS,
    ask,
    back,
    close_popover,
    held,
    open_popover,
    popover_places,
    ready,
    told,
)

APP = Path(__file__).parents[2] / "app"
FREE = {
    "file_uploader": "what is uploaded is kept, not told by the address",
    "button": "holds no value",
    "expander": "open or not is no part of a search",
}
"""Widgets that are drawn without `bound`, and why."""
WRITING = {"collected.py", "remarks.py"}
"""Parts whose widgets write notes and tags, which are kept in the workspace, not in the address."""
TYPED = {"Inventory number", "Link to a picture"}
"""Boxes of popovers that the address tells nothing of: what is typed there opens a record or brings a picture."""
BESIDE = "/?material=flint&material=&from=-3000&undated=drop&staged.width=0.3&staged.at_least=7"


@pytest.fixture
def fresh(browser: Browser, address: str) -> Iterator[Page]:
    """A tab that nothing was done in, beside the one that is tried."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    yield page
    context.close()


def popovers(page: Page) -> range:
    """The places of all popovers of a page."""
    return range(page.locator(POPOVERS).count())


def contents(page: Page) -> list[list[list[str]]]:
    """What every control of every popover holds, each opened and closed."""
    found = []
    for place in popovers(page):
        found.append(held(open_popover(page, place)))
        close_popover(page)
    return found


def step(body: Locator, place: int) -> None:
    """Change one control as a person does: one key on a slider, one on a number, one click on anything else."""
    control = body.locator("input:not([type=file]), button[aria-pressed]").nth(place)
    kind = control.get_attribute("type")
    if kind == "range":
        control.focus()
        control.press("ArrowLeft" if control.input_value() == control.get_attribute("max") else "ArrowRight")
    elif kind == "number":
        control.focus()
        control.press("ArrowUp")
        control.press("Enter")
    elif kind == "checkbox":
        control.focus()
        control.press("Space")
    else:
        control.click()


@pytest.mark.browser
@pytest.mark.parametrize("start", ["/", BESIDE])
def test_popovers_tell_the_address(tab: Page, fresh: Page, start: str) -> None:
    """Every popover that is first opened after a change shows what one shows that is opened at that address."""
    tab.goto(start)
    ready(tab)
    ask(tab, "axe")
    shown = contents(tab)
    assert any(shown)
    assert ["One tile for each object", "true"] in [one for some in shown for one in some]
    fresh.goto(tab.url)
    ready(fresh)
    assert shown == contents(fresh)


@pytest.mark.browser
def test_a_step_changes_one_thing(tab: Page) -> None:
    """One step in a popover that was first opened after a change writes one parameter, and no other."""
    tab.goto(BESIDE)
    ready(tab)
    ask(tab, "axe")
    there, before = tab.url, told(tab.url)
    tried = 0
    for place in popovers(tab):
        controls = held(open_popover(tab, place))
        if controls and controls[0][0] not in TYPED:
            step(tab.get_by_test_id("stPopoverBody"), 0)
            tab.wait_for_url(lambda url: url != there)
            after = told(tab.url)
            changed = {one for one in {*before, *after} if before.get(one) != after.get(one)}
            assert len(changed) == 1, (controls, before, after)
            tried += 1
            back(tab, there)
        close_popover(tab)
    assert tried


@pytest.mark.browser
def test_what_was_dropped_stays_dropped(tab: Page, fresh: Page) -> None:
    """What a popover once held does not come back when it was changed elsewhere while the popover was closed."""
    tab.goto("/?q=sword")
    ready(tab)
    for place in popovers(tab):
        if not [one for one in held(open_popover(tab, place)) if one[0] not in TYPED]:
            close_popover(tab)
            continue
        before = tab.url
        step(tab.get_by_test_id("stPopoverBody"), 0)
        tab.wait_for_url(lambda url, before=before: url != before)
        ready(tab)
        close_popover(tab)
        back(tab, before)
        words = f"axe {place}"
        ask(tab, words)
        assert told(tab.url) == {"q": [words]}
    fresh.goto(tab.url)
    ready(fresh)
    assert contents(tab) == contents(fresh)


@pytest.mark.browser
def test_a_widget_in_use_keeps_its_place(tab: Page) -> None:
    """A box whose text was taken over in another form, and a slider at its key presses, stay in focus."""
    tab.goto("/")
    ready(tab)
    box = tab.get_by_label("1 · What is it?")
    box.fill(" axe ")
    box.press("Enter")
    tab.wait_for_url("**/?q=axe")
    ready(tab)
    expect(box).to_have_value("axe")
    expect(box).to_be_focused()
    body = open_popover(tab, popover_places(tab)["Settings"])
    body.get_by_text("What each stage weighs", exact=True).click()
    slider = body.locator("input[type=range]").first
    expect(slider).to_be_visible()
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
        ready(tab)
        expect(slider).to_be_focused()


def test_every_widget_is_bound() -> None:
    """Where widgets change the address, none is drawn but by `bound`, and no popover but by `popover`."""
    found = []
    changing = [file for file in APP.glob("pages/**/*.py") if re.search(r"import .*\bbound\b", file.read_text("utf-8"))]
    changing = [file for file in changing if file.name not in WRITING]
    assert changing
    for file in [*changing, APP / "pages" / "parts" / "bound.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            given = {word.arg for word in node.keywords} if isinstance(node, ast.Call) else set()
            if isinstance(called, ast.Attribute) and ("on_change" in given or called.attr == "popover"):
                found.append(f"{file.name}: {called.attr}")
    assert [one for one in found if one.split()[-1] not in FREE] == ["bound.py: popover"]
