"""Texts from outside on the pages, in a real browser: shown as written, never as markup, and nothing is fetched."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from playwright.sync_api import Browser, Page, expect

from app.testing import FIELDS, draw, ingest
from archive_search.archive import Archive
from archive_search.settings import Settings
from archive_search.visible import visible
from ingest.sources.folder import Folder

pytestmark = pytest.mark.browser

HOSTILE = [
    "![a](http://evil.example/a.png)",
    "[click](http://evil.example/)",
    "<img src=http://evil.example/b.png onerror=alert(1)>",
    "<b>bold</b> &amp; &#x41;",
    "1. Pinax",
    "12) Krater",
    "- a list",
    "# a heading",
    "> a quotation",
    "| a | b |",
    "    four spaces",
    "*a* **b** _c_ __d__ ~e~ ~~f~~ `g`",
    "$x^2$ and $$y$$",
    ":material/home: :material_home: :streamlit: :smile: :+1: :a:smile:b:",
    ":red[x] :blue-background[y] :color[z]{foreground='red'} ::a[b]{c} :::d :small[]",
    "http://evil.example/c www.evil.example HTTPS://EVIL.example a@evil.example mailto:a@evil.example ftp://evil.example",
    "a -> b <- c <-> d -- e >= f <= g ~= h ->",
    ":-> :-- :<- :>=",
    "[^1] [ ] [x] [a]: http://evil.example",
    "\\ \\\\ \\* \\",
    "--- === ***",
    "\x1b[31mred\x07 \x9b5m \u202eright to left\u202c \x00",
    "two\nlines\r\nand\ta tab",
]
PIECES = [*"*_`~$:[](){}<>!#|&-+=.^/@\\'\";,0123 ", "a", "Kr", "www", "http://", "smile", "material", "red", "->", "\n"]


def shown_as(text: str) -> str:
    """What a page should show of a text: in one line, with signs for what has none."""
    return " ".join(visible(text, lines=True).split())


def foreign(asked: list[str], address: str) -> list[str]:
    """Those addresses that another machine would have to answer."""
    return [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))]


texts = some.one_of(
    some.lists(some.sampled_from(PIECES), max_size=14).map("".join),
    some.text(some.characters(exclude_categories=["Cs", "Co", "Cn"]), max_size=20),
    some.sampled_from(HOSTILE),
)


@pytest.fixture(scope="module")
def shown(
    browser: Browser, starting: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[list[str]], Page]:
    """Shows texts on a page."""
    folder = tmp_path_factory.mktemp("texts")
    address = starting(str(Path(__file__).with_name("shown_texts.py")), str(folder))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def show(wanted: list[str]) -> Page:
        name = str(len(list(folder.iterdir())))
        (folder / f"{name}.json").write_text(json.dumps(wanted), encoding="utf-8")
        page.goto(f"{address}/?texts={name}")
        expect(page.locator(".st-key-done")).to_have_text("done", timeout=60_000)
        expect(page.get_by_test_id("stButton")).to_have_count(len(wanted))
        expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
        assert not foreign(asked, address)
        return page

    return show


READ = """() => Object.fromEntries([...document.querySelectorAll('[class*="st-key-text-"], [class*="st-key-heading-"], \
[class*="st-key-label-"], [class*="st-key-picture-"]')].map(box => {
    const markup = [...box.querySelectorAll('[data-testid="stMarkdownContainer"] *')].map(one => one.tagName)
    const key = [...box.classList].find(name => name.startsWith('st-key-'))
    const picture = box.querySelector('img')
    return [key, [key.includes('picture') ? picture.alt : box.textContent, [...new Set(markup)]]]
}))"""


def check(page: Page, wanted: list[str]) -> None:
    """Hold what is shown to what was given."""
    found = page.evaluate(READ)
    for number, text in enumerate(wanted):
        for kind, allowed in (("text", {"P"}), ("heading", set()), ("label", {"P"}), ("picture", {"P", "IMG"})):
            said, markup = found[f"st-key-{kind}-{number}"]
            assert unicodedata.normalize("NFC", said) == unicodedata.normalize("NFC", shown_as(text)), (kind, text)
            assert set(markup) <= {*allowed, "SPAN", "H2", "DIV"}, (kind, text, markup)


def test_hostile_texts(shown: Callable[[list[str]], Page]) -> None:
    """Markdown, HTML, lists, headings, icons, emoji, maths, colours and addresses are shown as they are written."""
    page = shown(HOSTILE)
    check(page, HOSTILE)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(wanted=some.lists(texts, min_size=15, max_size=40))
def test_any_text(shown: Callable[[list[str]], Page], wanted: list[str]) -> None:
    """Whatever the text, the page shows it and nothing else, as text, heading, label and name of a picture."""
    check(shown(wanted), wanted)


PICTURE = "![a](http://evil.example/a.png)"
TAG = "<img src=http://evil.example/b.png onerror=alert(1)>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose name, ids, titles, terms and columns are all hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "pictures").mkdir()
    rows = []
    for number, text in enumerate(HOSTILE):
        draw(folder / "pictures" / f"{number}.png", "red", number)
        known = dict.fromkeys((*FIELDS, "finder", PICTURE, TAG), text)
        known |= {"file": f"pictures/{number}.png", "id": f"{text} {number}", "object_id": f"{PICTURE} {number // 2}"}
        known |= {"material": PICTURE, "object_type": TAG, "date_from": str(-500 - number), "date_to": "-400"}
        known |= {"record_url": f"http://museum.example/{quote(text)}"}
        rows.append(known)
    lines = [json.dumps(row) for row in rows]
    (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    archive = Archive.create(folder / "archive", Settings(f"{PICTURE} :material/home:", embedders=("hash",)))
    summary = ingest(archive, Folder(folder, folder / "records.jsonl"))
    assert summary.added == len(HOSTILE), summary
    return archive.directory


@pytest.fixture(scope="module")
def hostile_address(serving: Callable[[Path], str], hostile: Path) -> str:
    """The address of its server."""
    return serving(hostile)


def _addresses() -> list[str]:
    bad = quote(f"{PICTURE} {TAG} :material/home: $x$ www.evil.example", safe="")
    record = quote(f"{HOSTILE[0]} 0", safe="")
    return [
        "/",
        f"/?q={bad}&apart={bad}&apart=-{bad}&material={quote(PICTURE, safe='')}&place={bad}",
        f"/?q={quote(f'{PICTURE} 0', safe='')}",
        f"/?q={record}",
        f"/?strategy={bad}",
        f"/?q=a&space={bad}",
        f"/?staged.{bad}={bad}",
        f"/?strategy=staged&staged.width={bad}",
        f"/?like={bad}",
        f"/?like={record}",
        f"/?picture={bad}",
        f"/record?id={bad}",
        f"/record?id={record}&q={bad}",
        f"/record?id={record}&space={bad}",
    ]


@pytest.mark.parametrize("path", _addresses())
def test_hostile_archive(browser: Browser, hostile_address: str, path: str) -> None:
    """Whatever the archive and the address say, nothing is asked of other hosts, and no text becomes a picture."""
    context = browser.new_context(base_url=hostile_address, viewport={"width": 1400, "height": 1200})
    page = context.new_page()
    page.set_default_navigation_timeout(120_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"a dialog: {dialog.message}"))
    page.goto(path)
    shown = page.get_by_test_id("stApp")
    expect(page.locator(".st-key-archive-name")).to_contain_text(PICTURE, timeout=60_000)
    expect(shown).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    for button in page.get_by_test_id("stPopoverButton").filter(visible=True).all():
        button.click()
        page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")
    pictures = page.evaluate("[...document.images].map(image => image.getAttribute('src'))")
    assert all(source.startswith(("/thumbnail/", "/picture", "/query/")) for source in pictures), pictures
    marked = page.evaluate(
        """[...document.querySelectorAll('[data-testid="stMarkdownContainer"] :is(ol, ul, li, .katex, a, table)')]
        .filter(one => !one.closest('[data-testid="stPageLink"]'))
        .filter(one => !one.matches('[aria-label="Link to heading"]')).map(one => one.outerHTML)"""
    )
    assert not marked
    assert "evil.example" in page.locator("body").inner_text()
    assert not foreign(asked, hostile_address)
    context.close()
