"""Every text of the pages goes through the catalogue, and has a translation there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from playwright.sync_api import Browser, Page, expect

from app.catalogues import _of_code, catalogue, texts
from app.language import LANGUAGES
from tests.app.browsing import PATIENCE_MS, POPOVERS, close_popover, drawn, open_popover

APP = Path(__file__).parents[2] / "app"
DRAWING = [*sorted((APP / "pages").rglob("*.py")), APP / "frame.py", APP / "login.py", APP / "main.py"]
OTHERS = list(LANGUAGES)[1:]


def variants(message: Message) -> tuple[list[str], list[str]]:
    """A text and its translation, in every number of things."""
    source = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
    target = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
    return source, [one or "" for one in target]


@pytest.mark.parametrize("language", OTHERS)
def test_catalogue_is_up_to_date(language: str) -> None:
    """The catalogue holds the texts of the code, all of them and no others (python -m app.catalogues mends that)."""
    wanted = {tuple(variants(one)[0]) for one in texts() if one.id}
    assert {tuple(variants(one)[0]) for one in catalogue(language) if one.id} == wanted


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    """Every text has a translation, in the singular and the plural where it has both."""
    kept = catalogue(language)
    lacking = []
    for one in kept:
        source, target = variants(one)
        if one.id and (not all(target) or len(target) != (kept.num_plurals if len(source) > 1 else 1)):
            lacking.append(source[0])
    assert lacking == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_say_the_same_values(language: str) -> None:
    """A translation has the values that its text has, and keeps its signs and what stands in bold."""
    for one in catalogue(language):
        source, target = variants(one)
        for said, meant in zip(source, target, strict=True) if one.id else ():
            for what in (r"\{\w*\}", r":material/\w+:", r"\*\*"):
                assert sorted(re.findall(what, said)) == sorted(re.findall(what, meant)), (said, meant)
            assert said[:1].isspace() == meant[:1].isspace(), said
            assert said[-1:].isspace() == meant[-1:].isspace(), said


def test_texts_within_a_format_are_found() -> None:
    """A text that is marked within an f-string is in the catalogue, as are those of several numbers."""
    code = """st.write(f"**{_('Words')}** {ngettext('{count} word', '{count} words', 2)}", _(known))"""
    assert [text for text, _line in _of_code(code)] == ["Words", ("{count} word", "{count} words")]


# ------------------------------------------------------------------ texts that go past the catalogue

WRITES = frozenset(
    """
    write markdown caption title header subheader text info warning error success toast html spinner
    button toggle checkbox text_input text_area selectbox multiselect radio slider number_input pills
    file_uploader download_button expander popover form_submit_button link_button metric dialog
    menu_button segmented_control date_input color_picker select_slider chat_input feedback status
    """.split()  # noqa: SIM905
)
"""Functions whose first argument people read; `bound` and `popover` of our own are among those that hand it on."""
READ = {"label", "help", "placeholder", "text", "body", "title", "caption"}
"""Arguments that people read, whatever the function."""
NO_TEXT = {
    "86.AE.205": "a number as an example",
    "https://": "the beginning of an address",
    "archive-search": "a command",
    "style.css": "a file",
}
"""Literals with letters that need no translation, by how they begin, and why."""


def literals(node: ast.expr | None) -> Iterator[str]:
    """The texts written out in an expression; what is in a call is for that to translate."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
    elif isinstance(node, ast.BinOp):
        yield from (*literals(node.left), *literals(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)


def untranslated(tree: ast.AST) -> list[str]:
    """The texts that people would read in English, whatever their language."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        drawn = name.startswith(("st.", "cells.", "column")) or name in ("bound", "popover")
        read: list[ast.expr] = [one.value for one in node.keywords if drawn and one.arg in READ]
        if name == "bound":
            read += node.args[1:2]
        elif drawn and (last in WRITES or "column_config" in name):
            read += node.args[:1]
        for one in read:
            for text in literals(one):
                plain = re.sub(r"<[^>]*>|:material/\w+:|&\w+;|~~|\*\*", "", text)
                if re.search(r"[^\W\d_]", plain) and not plain.startswith(tuple(NO_TEXT)):
                    found.append(f"{name}: {text!r}")
    return found


@pytest.mark.parametrize("file", DRAWING, ids=lambda file: str(file.relative_to(APP)))
def test_no_text_goes_past_the_catalogue(file: Path) -> None:
    """No label, text, help or placeholder is written out without being looked up in the catalogue."""
    assert untranslated(ast.parse(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        'st.button("Go")',
        'st.button(_("Go"), help="Goes")',
        'st.caption(f"{count} pictures")',
        'bound(st.text_input, "Words", key="q")',
        'st.write("one" if few else _("many"))',
        'st.html("<p>Hello</p>")',
        'popover("Settings", icon=":material/tune:")',
    ],
)
def test_what_goes_past_it_is_seen(code: str) -> None:
    """A text written out is found, wherever it stands."""
    assert len(untranslated(ast.parse(code))) == 1


@pytest.mark.parametrize(
    "code", ['st.button(_("Go"), key="go")', 'st.html("<p>")', 'st.caption(f":material/info: {_(said)}")', 'f("Go")']
)
def test_what_is_looked_up_is_not(code: str) -> None:
    """What is looked up, a key, a sign and a tag are no texts."""
    assert untranslated(ast.parse(code)) == []


# ------------------------------------------------------------------ in the browser

SEEN = """() => {
    const found = new Set();
    const streamlits = 'style, script, svg, [data-testid=stIconMaterial], [data-testid=stElementToolbar]';
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let one = walk.nextNode(); one; one = walk.nextNode()) {
        if (one.parentElement.closest(streamlits)) continue;
        found.add(one.textContent.trim());
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        for (const one of document.querySelectorAll(`[${name}]`))
            if (!one.closest(streamlits)) found.add(one.getAttribute(name).trim());
    return [...found].filter((one) => one.length > 1);
}"""


@pytest.fixture
def danish(browser: Browser, address: str) -> Iterator[Page]:
    """A tab of somebody who reads Danish."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="da-DK")
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    yield page
    context.close()


def english() -> list[re.Pattern[str]]:
    """How each text of the catalogue looks in English, whatever its values, where the Danish one looks different."""
    found = []
    for one in catalogue("da"):
        source, target = variants(one)
        for said, meant in zip(source, target, strict=True):
            words = re.sub(r"\{\w*\}|\*", " ", said)
            if said != meant and len(re.findall(r"[^\W\d_]{2,}", words)) >= (2 if "{" in said else 1):
                parts = [re.escape(part.replace("*", "")) for part in re.split(r"\{\w*\}", said)]
                found.append(re.compile(r".{1,60}".join(parts)))
    return found


STREAMLITS = {"Open", "Search"}
"""What Streamlit itself says, in English only, on lists and above tables, where we say the same elsewhere."""


def english_on(page: Page, known: list[re.Pattern[str]]) -> list[str]:
    """What is said on a page in the English of the catalogue."""
    return sorted(said for said in {*page.evaluate(SEEN)} - STREAMLITS if any(one.fullmatch(said) for one in known))


@pytest.mark.browser
@pytest.mark.parametrize(
    "path",
    [
        "/?q=axe&apart=polished&material=bronze&from=-3000&like=AX001",
        "/record?id=AX000&q=axe",
        "/compare?q=axe",
        "/judge?q=axe",
        "/evaluate",
        "/map",
        "/collections",
        "/archive",
    ],
)
def test_danish_pages_are_danish(danish: Page, path: str) -> None:
    """Who reads Danish reads none of the English texts, on the page, in what opens, and by a screen reader."""
    known = english()
    danish.goto(path)
    drawn(danish)
    expect(danish.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    danish.wait_for_timeout(500)
    assert danish.locator("html").get_attribute("lang") == "da"
    assert english_on(danish, known) == []
    for place in range(danish.locator(POPOVERS).count()):
        open_popover(danish, place)
        assert english_on(danish, known) == []
        close_popover(danish)
