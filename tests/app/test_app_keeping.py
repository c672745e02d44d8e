"""What is found is kept, put in order, exported and found again: whole ways through the pages, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from archive_search.archive import Archive
from archive_search.rerun import told_by
from archive_search.stores.file_copy import copy_tree
from archive_search.workspace.collections import Collections
from archive_search.workspace.history import History
from archive_search.workspace.searches import Searches
from tests.app.browsing import PATIENCE_MS, drawn, ready, watch
from tests.app.contrast import texts
from tests.app.test_app_texts_from_outside import HOSTILE, shown_as

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def archive(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A copy of the small museum, to be written into."""
    place = tmp_path_factory.mktemp("keeping") / "archive"
    copy_tree(museum, place)
    return Archive.open(place)


@pytest.fixture(scope="module")
def served(archive: Archive, serving: Callable[[Path], str]) -> str:
    """Its address."""
    return serving(archive.directory)


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A browser of somebody who has said nothing yet; the test fails on any complaint of it."""
    complaints: list[str] = []
    context = browser.new_context(base_url=served, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    made = context.new_page()
    made.set_default_navigation_timeout(PATIENCE_MS)
    watch(made, served, complaints)
    yield made
    context.close()
    assert not [one for one in complaints if "/_stcore/" not in one]


def settled(page: Page) -> None:
    """Wait until nothing runs any more."""
    drawn(page)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def choose(page: Page, label: str, beginning: str) -> None:
    """Choose from a list of options the one that begins so."""
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(beginning)}")).first.click()


def exported(page: Page, tmp_path: Path) -> Path:
    """Make the file in the form that is open, and download it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the file").click()
    with page.expect_download() as coming:
        dialog.locator(".st-key-export-download button").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    page.keyboard.press("Escape")
    return file


def keep(page: Page, what: str) -> Locator:
    """Open a form of the menu Keep."""
    page.get_by_test_id("stMenuButton").get_by_role("button", name="Keep").click()
    page.get_by_role("menuitem", name=re.compile(what)).or_(page.get_by_role("option", name=re.compile(what))).click()
    return page.get_by_role("dialog")


def test_from_refining_to_a_file_that_is_found_again(page: Page, archive: Archive, tmp_path: Path) -> None:
    """What was refined is exported as shown; the file says how, and dropped on the page it is the same again."""
    page.goto("/?q=axe&apart=polished&material=flint")
    ready(page)
    dialog = keep(page, "Export")
    choose(page, "Format", "jsonl")
    file = exported(page, tmp_path)
    found = told_by(file).carried
    shown = [str(one.get_attribute("data-id")) for one in page.locator("li.tile").all()]
    assert [one for one, _ in found.ranking][: len(shown)] == shown
    assert [one["value"] for one in found.plan["query"]["examples"]] == ["axe", "polished"]
    expect(dialog).to_have_count(0)

    page.goto("/collections?show=repeat")
    settled(page)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("The same.")).to_be_visible()
    expect(page.get_by_text("How both were made")).to_be_visible()

    lines = file.read_text(encoding="utf-8").splitlines()
    head = json.loads(lines[0])
    told = head.get("archive-search", head)
    first, second, _, *others = told["ranking"]
    told["ranking"] = [second, first, ["GONE1", 0.5], *others]
    changed = tmp_path / "changed.jsonl"
    changed.write_text("\n".join([json.dumps(head), *lines[1:]]), encoding="utf-8")
    page.reload()
    settled(page)
    page.locator("input[type=file]").set_input_files(changed)
    expect(page.get_by_text(re.compile("1 new, 1 gone, 1 moved"))).to_be_visible()

    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n", encoding="utf-8")
    page.reload()
    settled(page)
    page.locator("input[type=file]").set_input_files(broken)
    expect(page.get_by_text(re.compile("carries no provenance"))).to_be_visible()
    assert str(tmp_path) not in page.content()


def test_collect_order_note_undo_export(page: Page, archive: Archive, tmp_path: Path) -> None:
    """Records are collected by who said their name once, put in order by keys and by dragging, noted, and exported."""
    page.goto("/?q=axe&material=flint")
    ready(page)
    dialog = keep(page, "Collect")
    expect(dialog.get_by_label("Records from the top", exact=True)).to_have_value("18")
    dialog.get_by_label("Records from the top", exact=True).fill("12")
    dialog.get_by_label("Name of the new collection").fill("Axes & more")
    dialog.get_by_role("textbox", name="Your name").fill("Ann Hansen")
    dialog.get_by_role("button", name=re.compile("^Collect")).click()
    expect(page.get_by_text(re.compile("records are in"))).to_be_visible()
    page.get_by_role("link", name="Show", exact=False).filter(has_text="Show").click()
    expect(page.get_by_role("heading", name="Axes & more")).to_be_visible()
    kept = Collections(archive.workspace, "Ann Hansen")
    before = [one.item.record for one in kept.get("Axes & more").members]
    assert len(before) == 12

    page.get_by_text("Put in order").click()
    tiles = page.locator(".order-tile")
    expect(tiles.first).to_be_visible()
    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("The order is changed.")).to_be_visible()
    assert [one.item.record for one in kept.get("Axes & more").members][:2] == before[1::-1]
    expect(tiles.nth(1)).to_be_focused()
    tiles.nth(3).drag_to(tiles.first, target_position={"x": 5, "y": 20})
    page.wait_for_function("id => document.querySelector('.order-tile').dataset.item === id", arg=before[3])
    expect.soft(tiles.first).to_have_attribute("data-item", before[3])
    settled(page)
    page.wait_for_timeout(300)
    assert [one.item.record for one in kept.get("Axes & more").members][:3] == [before[3], before[1], before[0]]
    page.get_by_test_id("stMarkdown").filter(has_text="The order is changed.").wait_for()
    page.locator(".st-key-kept-undo button").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert [one.item.record for one in kept.get("Axes & more").members][:2] == before[1::-1]

    page.get_by_text("Put in order").click()
    page.get_by_role("button", name="Note and tags").first.click()
    note = page.get_by_role("dialog").get_by_label("Note", exact=True)
    note.fill("edge resharpened")
    note.press("Control+Enter")
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    expect(page.locator(".tile .note")).to_have_text(["Ann Hansen edge resharpened"])

    page.get_by_role("button", name="Export").click()
    choose(page, "Format", "jsonl")
    file = exported(page, tmp_path)
    assert file.name == "Axes & more.jsonl"
    assert [one for one, _ in told_by(file).carried.ranking] == [before[1], before[0], *before[2:]]
    assert "edge resharpened" in file.read_text(encoding="utf-8")


def test_a_search_is_saved_and_opened_again(page: Page) -> None:
    """A search that is saved on its page is on the shelf, and leads back to the same address."""
    page.goto("/?q=sword&apart=-drawing")
    ready(page)
    address = page.url
    dialog = keep(page, "Save this search")
    dialog.get_by_label("Name", exact=True).fill("Swords")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("is saved"))).to_be_visible()
    page.goto("/collections?show=searches")
    settled(page)
    box = page.locator('[class*="st-key-search-"]').filter(has_text="Swords")
    box.get_by_role("link", name="Open").click()
    page.wait_for_url(lambda url: "sword" in url and "/collections" not in url)
    ready(page)
    assert page.url == address


def test_the_shelf_is_in_the_address(page: Page) -> None:
    """What is chosen on the page is in its address, with the question; Back and Reload lead to it."""
    page.goto("/collections?q=axe")
    settled(page)
    page.get_by_role("button", name="History").or_(page.get_by_role("radio", name="History")).click()
    page.wait_for_url("**show=history")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    assert "q=axe" in page.url
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Collections")).to_be_visible()


def test_texts_from_people_are_shown_as_they_are_written(page: Page, archive: Archive, served: str) -> None:
    """Names, notes, tags and people never become markup on any part of the page; nothing is asked of other machines."""
    text = "\n".join(HOSTILE)
    one_line = " ".join(HOSTILE).replace("\n", " ")[:900]
    kept = Collections(archive.workspace, one_line[:150])
    made = kept.create(one_line)
    kept.add(made.id, ["AX000"], archive.store)
    kept.note(made.id, text, "AX000")
    kept.tag(made.id, [one[:190] for one in HOSTILE], ["AX000"])
    searches = Searches(archive.workspace, one_line[:150])
    searches.save(one_line, archive.search(one_line).plan, note=text)
    history = History(archive.workspace, "Ann")
    history.keep()
    history.note(archive.search(one_line))
    page.context.add_cookies([{"name": "archive-search-name", "value": "Ann", "url": served}])
    for address in ("", f"?collection={made.id}", "?show=searches", "?show=history"):
        page.goto(f"/collections{address}")
        settled(page)
        assert not page.locator("[src^='http://evil'], img[src='x'], [data-testid=stMain] b:text-is('bold')").count()
    page.goto(f"/collections?collection={made.id}")
    settled(page)
    assert shown_as(page.get_by_role("heading", level=1).inner_text()) == shown_as(one_line)
    assert shown_as(text) in shown_as(page.locator(".tile .note").inner_text())
    page.goto("/record?id=AX000")
    settled(page)
    assert not page.locator("[src^='http://evil'], img[src='x']").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_and_everything_has_a_name(
    browser: Browser, archive: Archive, served: str, scheme: Literal["light", "dark"]
) -> None:
    """On each shelf and on a record that is collected: contrast of 4.5 : 1, one heading of the first rank, names."""
    kept = Collections(archive.workspace, "Bo")
    if not kept.has("Seen"):
        made = kept.create("Seen")
        kept.add("Seen", ["SW000", "0.1,0.2,0.5,0.6@SW001"], archive.store)
        kept.note("Seen", "for the talk")
        kept.note("Seen", "edge resharpened", "SW000")
        kept.tag("Seen", ["flint"], ["SW000"])
        kept.star("Seen", ["SW000"])
        Searches(archive.workspace, "Bo").save("Seen", archive.search("axe").plan, note="for the talk")
    made = kept.get("Seen")
    context = browser.new_context(
        base_url=served, viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    shelves = ["", f"?collection={made.id}", "?show=searches", "?show=history", "?show=repeat"]
    for path in (*(f"/collections{one}" for one in shelves), "/record?id=SW000&q=axe"):
        page.goto(path)
        settled(page)
        page.wait_for_timeout(300)
        faint = sorted({f"{one.text}: {one.contrast:.2f}" for one in texts(page) if one.contrast < one.wanted})
        assert faint == [], path
        assert page.get_by_role("heading", level=1).count() == 1, path
        assert page.get_by_role("button", name=re.compile("^$")).count() == 0, path
        assert page.locator("[data-testid=stMain] img:not([alt])").count() == 0, path
    context.close()
