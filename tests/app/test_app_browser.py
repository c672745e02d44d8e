"""The pages in a real browser: what only there can be seen."""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.testing import TOTAL, build, draw, ingest, source
from archive_search.archive import Archive
from archive_search.types import Record
from tests.app.browsing import PATIENCE_MS, TILE, ask, ready, titles, told

pytestmark = pytest.mark.browser


def test_search_refine_filter_page_open_reload(tab: Page) -> None:
    """A whole search: type, refine, filter, page, open a record, go back, and reload the address to the same."""
    tab.goto("/")
    ready(tab)
    box = tab.get_by_label("1 · What is it?")
    box.fill("axe")
    box.press("Enter")
    expect(tab).to_have_url(re.compile(r"\?q=axe$"))
    more = tab.get_by_role("textbox", name="2 · What sets it apart?")
    for text in ("polished", "-blue"):
        more.fill(text)
        more.press("Enter")
        expect(more).to_have_value("")
    expect(tab).to_have_url(re.compile(r"apart=polished&apart=-blue"))
    tab.get_by_role("button", name="flint 20").click()
    tab.get_by_role("button", name="bronze 20").click()
    expect(tab).to_have_url(re.compile(r"material=flint&material=bronze"))
    expect(tab.get_by_text("40 of 60 pictures")).to_be_visible()
    tab.get_by_role("button", name="Page 2").click()
    expect(tab).to_have_url(re.compile(r"page=2"))
    expect(tab.locator(TILE)).to_have_count(12)
    ready(tab)
    shown = titles(tab)

    tab.locator("[class*=st-key-tiles] li > a.picture").nth(2).click()
    expect(tab.get_by_role("heading", name=shown[2])).to_be_visible()
    expect(tab.get_by_text("27 of 36")).to_be_visible()
    tab.get_by_role("button", name="Next").click()
    expect(tab.get_by_role("heading", name=shown[3])).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("heading", name=shown[2])).to_be_visible()
    tab.reload()
    expect(tab.get_by_role("heading", name=shown[2])).to_be_visible()
    tab.get_by_role("link", name="All results").click()
    expect(tab.locator(".tile .title")).to_have_text(shown)

    tab.reload()
    expect(tab.locator(".tile .title")).to_have_text(shown)
    expect(tab.get_by_label("1 · What is it?")).to_have_value("axe")
    expect(tab.get_by_role("button", name="− blue")).to_be_visible()


PASTE = """async ({kind, data}) => {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const clipboard = new DataTransfer();
    clipboard.items.add(new File([bytes], "clipboard", {type: kind}));
    document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
}"""


def test_pasted_picture(tab: Page, museum: Path) -> None:
    """A picture that is pasted anywhere on the page is searched with; one that cannot be read is refused."""
    tab.goto("/")
    ready(tab)
    tab.evaluate(PASTE, {"kind": "image/png", "data": base64.b64encode(b"%PDF-1.7 none").decode()})
    expect(tab.get_by_text("it is not a picture but a PDF document")).to_be_visible()
    data = io.BytesIO()
    Image.new("RGB", (40, 40), "blue").save(data, "PNG")
    tab.evaluate(PASTE, {"kind": "image/png", "data": base64.b64encode(data.getvalue()).decode()})
    tab.wait_for_url("**/?picture=*")
    ready(tab)
    assert (museum / "queries" / told(tab.url)["picture"][0]).read_bytes() == data.getvalue()
    expect(tab.get_by_text("Like the picture you brought").first).to_be_visible()


def test_back_and_forward(tab: Page) -> None:
    """Back undoes one change after the other, in the controls and in the results; Forward does it again."""
    tab.goto("/")
    ready(tab)
    box = tab.get_by_label("1 · What is it?")
    box.fill("sword")
    box.press("Enter")
    expect(tab).to_have_url(re.compile(r"\?q=sword$"))
    ready(tab)
    swords = titles(tab)
    box.fill("bead")
    box.press("Enter")
    expect(tab).to_have_url(re.compile(r"\?q=bead$"))
    expect(tab.locator(".tile .title").first).not_to_have_text(swords[0])
    tab.go_back()
    expect(box).to_have_value("sword")
    expect(tab.locator(".tile .title")).to_have_text(swords)
    tab.go_back()
    expect(box).to_have_value("")
    tab.go_forward()
    expect(box).to_have_value("sword")


def test_typed_text_survives(tab: Page) -> None:
    """What is typed but not yet sent stays while another control is used."""
    tab.goto("/?q=axe&apart=polished")
    ready(tab)
    tab.get_by_role("textbox", name="2 · What sets it apart?").press_sequentially("blu")
    tab.get_by_role("button", name="Drop polished").click()
    # leaving the box takes the word as it is: it becomes a refinement, together with the click
    expect(tab.get_by_role("button", name="+ polished")).to_have_count(0)
    expect(tab.get_by_role("button", name="+ blu")).to_be_visible()


def test_keyboard(tab: Page) -> None:
    """A search can be made and a record opened without a mouse."""
    tab.goto("/")
    ready(tab)
    box = tab.get_by_label("1 · What is it?")
    box.focus()
    tab.keyboard.type("axe")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile(r"\?q=axe$"))
    ready(tab)
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.closest('[class*=\"st-key-tiles\"]') !== null"):
            break
    name = titles(tab)[0]
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name=name)).to_be_visible()
    expect(tab.get_by_text("1 of 53", exact=True)).to_be_visible()
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_text("2 of 53")).to_be_visible()
    tab.keyboard.press("ArrowLeft")
    expect(tab.get_by_role("heading", name=name)).to_be_visible()


def test_a_number_printed_on_the_record_finds_it(tab: Page) -> None:
    """The museum's number, read off a record's page and typed in one's own way, finds the record in both boxes."""
    tab.goto("/record?id=SW003")
    tab.get_by_text("All else that the catalogue says").click()
    row = tab.locator("table.metadata tr", has_text="Accession number")
    number = row.locator("td").inner_text()
    assert number == "SW.86.3"
    tab.get_by_role("link", name="All results").click()
    ready(tab)
    tab.get_by_role("button", name="Number").click()
    box = tab.get_by_label("Inventory number")
    box.fill(number.lower().replace(".", " "))
    box.press("Enter")
    expect(tab.get_by_role("heading", name="Bronze sword 3")).to_be_visible()
    tab.get_by_role("link", name="All results").click()
    ready(tab)
    ask(tab, number)
    expect(tab.locator(".st-key-tiles-numbered .tile .title")).to_have_text(["Bronze sword 3"])
    tab.locator(".st-key-tiles-numbered a.picture").click()
    expect(tab.get_by_role("heading", name="Bronze sword 3")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/?q=axe&apart=polished", "/?material=flint&period=Viking+Age", "/record?id=AX000&q=axe"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow(browser: Browser, address: str, path: str, scheme: str) -> None:
    """On a telephone's width nothing must be scrolled sideways, and every picture is loaded and has a text."""
    context = browser.new_context(
        base_url=address, viewport={"width": 400, "height": 850}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto(path)
    expect(page.locator(".tile, .st-key-without-all").first).to_be_visible()
    if "Viking" not in path:
        page.wait_for_function("document.images.length && [...document.images].every(image => image.naturalWidth > 0)")
        assert page.evaluate("[...document.images].every(image => image.alt.trim() !== '')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    context.close()


def test_pictures_are_whole(tab: Page) -> None:
    """A tile shows its picture in its own proportions."""
    tab.goto("/")
    ready(tab)
    fit = tab.locator('[class*="st-key-tiles"] img').first.evaluate("image => getComputedStyle(image).objectFit")
    assert fit == "contain"


@dataclass(frozen=True)
class Waiting:
    """A source that stops before its last picture until it is told to go on."""

    inner: object
    reached: threading.Event
    go_on: threading.Event
    last: str

    @property
    def origin(self) -> str:
        """What the inner source says."""
        return self.inner.origin  # type: ignore[attr-defined, no-any-return]

    def file(self, record: Record) -> Path | None:
        """Where the inner source says."""
        return self.inner.file(record)  # type: ignore[attr-defined, no-any-return]

    def records(self) -> Iterator[object]:
        """What the inner source has."""
        return self.inner.records()  # type: ignore[attr-defined, no-any-return]

    def stamp(self, record: Record) -> str:
        """What the inner source says."""
        return self.inner.stamp(record)  # type: ignore[attr-defined, no-any-return]

    def read(self, record: Record) -> bytes:
        """The bytes, once allowed."""
        if record.id == self.last:
            self.reached.set()
            assert self.go_on.wait(60)
        return self.inner.read(record)  # type: ignore[attr-defined, no-any-return]


def test_record_asked_first(browser: Browser, serving: Callable[[Path], str], museum: Path) -> None:
    """A link to a record works as the first thing a new server is asked."""
    page = browser.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto(f"{serving(museum)}/record?id=AX000")
    expect(page.get_by_role("heading", name="Flint axe 0")).to_be_visible()
    expect(page.get_by_text("Test museum")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    page.close()


def test_search_during_an_ingest(
    browser: Browser, serving: Callable[[Path], str], tmp_path: Path, complaints: list[str]
) -> None:
    """While an ingest runs a search is answered from the old generation; after it ended, from the new one."""
    archive = Archive.open(build(tmp_path))
    context = browser.new_context(base_url=serving(archive.directory))
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto("/?q=axe")
    ready(page)
    expect(page.get_by_text(f"{TOTAL} pictures", exact=True)).to_be_visible()

    for number in range(3):
        draw(tmp_path / "museum" / "pictures" / f"ZZ{number}.png", "red", number)
    museum = replace(source(tmp_path / "museum"))
    waiting = Waiting(museum, threading.Event(), threading.Event(), "pictures/ZZ2.png")
    running = threading.Thread(target=ingest, args=(archive, waiting))
    running.start()
    try:
        assert waiting.reached.wait(60)
        box = page.get_by_label("1 · What is it?")
        box.fill("sword")
        box.press("Enter")
        expect(page).to_have_url(re.compile("q=sword"))
        ready(page)
        expect(page.get_by_text(f"{TOTAL} pictures", exact=True)).to_be_visible()
    finally:
        waiting.go_on.set()
        running.join(60)
    box.fill("bead")
    box.press("Enter")
    expect(page.get_by_text(f"{TOTAL + 3} pictures", exact=True)).to_be_visible()
    page.go_back()
    expect(box).to_have_value("sword")
    expect(page.get_by_text(f"{TOTAL + 3} pictures", exact=True)).to_be_visible()
    context.close()
