"""The page that compares rankings: side by side, and blind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from app.pages.parts.bump import moves
from app.pages.parts.compared import Compared, sentences
from app.rankings import all_rankings, called, short
from app.state import State
from archive_search.archive import Archive
from archive_search.evaluation.compare import compare
from archive_search.question import question
from archive_search.stores.file_copy import copy_tree
from archive_search.strategy_file import named_strategy
from archive_search.workspace.ballots import Ballots
from tests.app.browsing import drawn, told

ROOT = Path(__file__).parents[2]
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(museum: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Runs the page headless at an address, given by its parameters; by a person of this name."""

    def run(archive: Path = museum, name: str = "", **params: str | list[str]) -> AppTest:
        monkeypatch.setenv(ARCHIVE, str(archive))
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=30)
        at.session_state["cookies kept"] = {"archive-search-name": name}
        at.run()
        at.switch_page("pages/compare.py")
        for key, value in params.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


def html(at: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in at.get("html"))


def test_without_a_question_some_are_offered(open_page: OpenPage) -> None:
    """A page without a question asks for one, and offers what the catalogue holds; a click asks it."""
    at = open_page()
    offered = [button.key.removeprefix("example-") for button in at.button if button.key.startswith("example-")]
    assert offered == ["axe", "sword", "bead"]
    at.button(key="example-sword").click().run()
    assert at.query_params["q"] == "sword"
    assert [one.value for one in at.header][:2] == ["Plain search", "In stages"]


def test_what_is_compared_unless_told(open_page: OpenPage) -> None:
    """Plain search stands beside the ranking that the question asks for, with its settings."""
    at = open_page(q="axe", **{"staged.colours": "0"})
    assert [one.value for one in at.header][:2] == ["Plain search", "In stages"]
    assert any("without “Weight of colours”" in one.value for one in at.caption)


def test_what_is_named_is_compared(open_page: OpenPage) -> None:
    """Rankings that the address names stand side by side, settings too; the rows say where the others have a record."""
    at = open_page(q="axe", by=["staged", "staged:colours=0", "nearest"], top="5")
    assert [one.value for one in at.header][:3] == ["A · In stages", "B · In stages", "C · Plain search"]
    rows = re.findall(r'<div class="title">(\d+)\. ', html(at))
    assert rows == ["1", "2", "3", "4", "5"] * 3
    assert len(re.findall(r"[ABC]: number \d+", html(at))) >= 15


def test_what_cannot_be_read_is_said(open_page: OpenPage) -> None:
    """A ranking that there is not, and a setting out of its range, are told, and the usual ones compared."""
    for wrong, said in (("nobody", "No strategy is called"), ("staged:width=7", "width must be between")):
        at = open_page(q="axe", by=["nearest", wrong])
        assert said in at.warning[0].value.replace("\\", "")
        assert [one.value for one in at.header][:2] == ["Plain search", "In stages"]


def test_no_file_is_read_for_an_address(tmp_path: Path) -> None:
    """An address names strategies and their settings, never a file of this machine."""
    (tmp_path / "mine.json").write_text('{"strategy": "staged", "settings": {"width": 0.5}}')
    asked, refused = Compared.read({"by": [str(tmp_path / "mine.json")]}, State())
    assert asked.by == ("nearest", "staged")
    assert "No strategy is called" in refused


@pytest.mark.parametrize(
    ("params", "by", "top", "blind"),
    [
        ({}, ("nearest", "staged"), 10, None),
        ({"by": ["staged", "staged"]}, ("staged", "nearest"), 10, None),
        ({"by": all_rankings()[:6]}, tuple(all_rankings()[:4]), 10, None),
        ({"by": ["staged:width=0.50"], "top": ["20"], "blind": ["17"]}, ("staged:width=0.5", "nearest"), 20, 17),
        ({"top": ["7"], "blind": ["-1"]}, ("nearest", "staged"), 10, None),
    ],
)
def test_the_address_of_a_comparison(
    params: dict[str, list[str]], by: tuple[str, ...], top: int, blind: int | None
) -> None:
    """Two to four different rankings are compared, whatever the address says."""
    asked, _refused = Compared.read(params, State())
    assert (asked.by, asked.top, asked.blind) == (by, top, blind)


def test_names_in_plain_words() -> None:
    """Rankings are called in words; a part that is switched off is said so; more than two have letters."""
    assert (
        called("staged:colours=0.0:width=0.5")
        == "In stages, Width of the category gate: 0.5, without “Weight of colours”"
    )
    assert short(["nearest", "staged"]) == {"nearest": "Plain search", "staged": "In stages"}
    assert list(short(["staged", "staged:width=0.5"]).values()) == ["A", "B"]
    for one in all_rankings():
        named_strategy(one)


def test_the_sentence_is_true(museum: Path) -> None:
    """What the sentence says is what the rankings are; a ranking beside itself shows no difference."""
    archive = Archive.open(museum)
    asked = question("axe", fields=archive.fields)
    names = ("nearest", "staged:colours=0")
    found = compare(archive, asked, {name: named_strategy(name) for name in names}, 10)
    said = " ".join(sentences(found))
    shared = len(found.shared())
    assert f"{shared} of the first 10 pictures are the same" in said or (
        shared == 10 and "the same 10 pictures" in said
    )
    twice = compare(archive, asked, {"nearest": named_strategy("nearest"), "staged": named_strategy("nearest")}, 10)
    assert sentences(twice) == ["**No difference**: both show the same 10 pictures first, in the same order."]


def test_the_lines_are_the_ranks(museum: Path) -> None:
    """Every picture of either top has a place in each ranking; what lies lower is drawn just below the rest."""
    archive = Archive.open(museum)
    names = ("nearest", "staged")
    found = compare(archive, question("axe", fields=archive.fields), {n: named_strategy(n) for n in names}, 5)
    rows = moves(found)
    assert len(rows) == 2 * len(found.union())
    for row in rows:
        rank = found.rank("nearest" if row["ranking"] == "Plain search" else "staged", row["record"])
        assert row["place"] == (rank if rank and rank <= 5 else min(rank or 99, 7))


def test_blind_is_judged_then_revealed_and_kept(open_page: OpenPage, museum: Path, tmp_path: Path) -> None:
    """A mixed list tells nothing before every picture is judged; then who gave what, who wins, and it is kept once."""
    archive = tmp_path / "archive"
    copy_tree(museum, archive)
    at = open_page(archive, name="ann", q="axe", by=["nearest", "staged"], blind="7")
    assert '<span class="own">' not in html(at)
    assert at.button(key="reveal").disabled
    many = len(at.button_group)
    for place in range(many):
        at.button_group(key=f"mark-7-{place}").set_value("1" if place < 4 else "0").run()
    assert at.query_params["marks"] == "1111" + "0" * (many - 4)
    at.button(key="reveal").click().run()
    assert at.query_params["revealed"] == "1"
    gave = re.findall(r'<span class="own">([^<]+)</span>', html(at))
    assert len(gave) == many
    (kept,) = Ballots(Archive.open(archive).workspace).all()
    assert (kept.who, kept.first, kept.second, kept.seed, len(kept.liked)) == ("ann", "nearest", "staged", 7, 4)
    assert kept.first_liked == sum(one == "Plain search" for one in gave[:4])
    assert any("One question alone says little" in one.value for one in at.markdown)
    again = open_page(archive, name="ann", q="axe", by=["staged", "nearest"], blind="8", marks="1" * many, revealed="1")
    assert any("One question alone says little" in one.value for one in again.markdown)
    at.button(key="blind-next").click().run()
    assert "q" not in at.query_params
    assert at.query_params["blind"] != "7"


def test_nobodys_blind_comparison_is_only_shown(open_page: OpenPage, museum: Path) -> None:
    """Who has given no name sees the result, is told that it is not kept, and nothing is written."""
    at = open_page(q="axe", blind="7", marks="1" * 10, revealed="1")
    assert any("not kept" in one.value for one in at.markdown)
    assert Ballots(Archive.open(museum).workspace).all() == ()


@pytest.mark.browser
def test_compare_in_the_browser(tab: Page) -> None:
    """From a question to another ranking beside it, blind, judged quickly, revealed; Back undoes a step."""
    tab.goto("/compare?q=axe&material=flint")
    drawn(tab)
    expect(tab.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    tab.get_by_role("button", name="Add").click()
    tab.get_by_role("button", name="In stages, without “Weight of colours”").click()
    expect(tab.get_by_role("heading", name="C · In stages")).to_be_visible()
    assert told(tab.url) == {"q": ["axe"], "material": ["flint"], "by": ["nearest", "staged", "staged:colours=0.0"]}
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Compare blind").click()
    marks = tab.get_by_role("radio", name="fits", exact=True).or_(tab.get_by_role("button", name="fits", exact=True))
    expect(marks.first).to_be_visible()
    drawn(tab)
    expect(tab.get_by_role("button", name="Show whose they are")).to_be_visible()
    many = marks.count()
    for place in range(many):
        marks.nth(place).click()
    tab.wait_for_url(lambda url: told(url).get("marks") == ["1" * many])
    tab.get_by_role("button", name="Show whose they are").click()
    expect(tab.locator(".tile .own")).to_have_count(many)
    expect(tab.get_by_text("more like it").or_(tab.get_by_text("comparisons"))).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("button", name="Show whose they are")).to_be_visible()
    tab.reload()
    drawn(tab)
    assert told(tab.url)["marks"] == ["1" * many]
