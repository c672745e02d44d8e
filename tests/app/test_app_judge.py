"""The page on which topics are made and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from app.commands.demo import JUDGE, keep_topics
from app.opened import ARCHIVE
from app.pages.parts.topics import agreement_said
from archive_search.archive import Archive
from archive_search.evaluation.agreement import Agreement
from archive_search.sample.archive import write_sample
from archive_search.stores.file_copy import copy_tree
from archive_search.types import Example, Query
from archive_search.workspace.judgements import Judgements
from archive_search.workspace.topics import Topic, topic_id
from tests.app.browsing import PATIENCE_MS, drawn, told, watch

ROOT = Path(__file__).parents[2]
AXE, BEAD = (Query((Example("text", word),)) for word in ("axe", "bead"))
OpenPage = Callable[..., AppTest]


@pytest.fixture
def archive(museum: Path, tmp_path: Path) -> Path:
    """An archive of one's own."""
    copy_tree(museum, tmp_path / "archive")
    return tmp_path / "archive"


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, archive: Path) -> OpenPage:
    """Runs the page headless at an address, given by its parameters; by a person of this name."""

    def run(name: str = "", **params: str | list[str]) -> AppTest:
        monkeypatch.setenv(ARCHIVE, str(archive))
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=30)
        at.session_state["cookies kept"] = {"archive-search-name": name}
        at.run()
        at.switch_page("pages/judge.py")
        for key, value in params.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


def kept(archive: Path) -> Judgements:
    """The judgements of an archive."""
    return Judgements(Archive.open(archive).workspace)


def html(at: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in at.get("html"))


def test_a_search_becomes_a_topic(open_page: OpenPage, archive: Path) -> None:
    """The search in the address is kept as a topic with its words, and is to be judged next; it is made only once."""
    at = open_page(name="ann", q="axe", apart="-blue")
    title, description = at.text_input[0], at.text_input[1]
    assert (title.label, title.value) == ("Title", "axe, not blue")
    title.set_value("Axes that are not blue")
    description.set_value("Any axe.")
    at.text_area[0].set_value("A fragment counts.")
    next(one for one in at.button if "Keep this topic" in one.label).click().run()
    (topic,) = kept(archive).topics()
    assert (topic.title, topic.description, topic.narrative) == (
        "Axes that are not blue",
        "Any axe.",
        "A fragment counts.",
    )
    assert [(one.value, one.weight) for one in topic.query.examples] == [("axe", 1.0), ("blue", -1.0)]
    assert at.query_params["topic"] == topic.id
    again = open_page(name="ann", q="axe", apart="-blue")
    assert any("is a topic already" in one.value for one in again.markdown)
    assert again.button(key="judge-this")


def test_the_list_tells_how_far_one_is(open_page: OpenPage, archive: Path) -> None:
    """Every topic says how much of it oneself has judged, and who else has; never what they said."""
    own = kept(archive)
    own.add_topics([Topic("a", AXE, text="Axes"), Topic("b", BEAD, text="Beads")])
    for record, grade in (("AX000", 3), ("AX001", 0)):
        own.judge("a", record, "bo", grade)
    own.judge("b", "BE000", "ann", 2)
    shown = html(open_page(name="ann"))
    rows = re.findall(r'<div class="title">(\w+)</div><div class="number">([^<]*)</div>', shown)
    assert [title for title, _said in rows] == ["Axes", "Beads"]
    assert "0 of" in rows[0][1]
    assert "also judged by bo" in rows[0][1]
    assert "bo" not in rows[1][1]


def test_who_judges_is_asked_first(open_page: OpenPage, archive: Path) -> None:
    """Nothing is judged before a name is given."""
    kept(archive).add_topics([Topic("a", AXE, text="Axes")])
    at = open_page(topic="a")
    assert [one.label for one in at.text_input] == ["Your name"]
    at.text_input[0].set_value("ann")
    next(one for one in at.button if one.label == "Begin").click().run()
    assert not at.exception
    assert not at.text_input


def test_a_topic_that_is_not_there_is_said(open_page: OpenPage) -> None:
    """An address with a topic that the archive does not keep shows the list, and says so."""
    assert "There is no topic" in open_page(topic="nobody").warning[0].value


@pytest.mark.parametrize(
    ("kappa", "items", "said"),
    [(0.9, 40, "almost always"), (0.7, 40, "mostly"), (0.1, 40, "hardly ever"), (-0.5, 40, "hardly ever")],
)
def test_agreement_in_words(kappa: float, items: int, said: str) -> None:
    """A kappa is said in words; few pictures and equal grades are said to tell little."""
    one = Agreement(("ann", "bo"), items, 0.9, kappa, kappa, kappa)
    assert said in agreement_said(one)
    assert "so few" not in agreement_said(one)
    assert "so few" in agreement_said(Agreement(("ann", "bo"), 12, 0.9, kappa, kappa, kappa))
    assert "too few" in agreement_said(Agreement(("ann", "bo"), 8, 0.9, kappa, kappa, kappa))
    assert "cannot be told" in agreement_said(Agreement(("ann", "bo"), 8, 1.0, None, None, None))


def test_the_demo_keeps_the_topics_of_the_sample(archive: Path, tmp_path: Path) -> None:
    """A demo archive has the sample's topics and judgements, once."""
    write_sample(tmp_path / "sample", records=20, size=64)
    keep_topics(tmp_path / "sample", archive)
    topics = kept(archive).topics()
    assert len(topics) > 5
    assert topics[0].text
    keep_topics(tmp_path / "sample", archive)
    assert kept(archive).topics() == topics
    assert set(kept(archive).judges()) <= {JUDGE}


# ------------------------------------------------------------------ in the browser


@pytest.fixture
def open_tab(
    browser: Browser, serving: Callable[[Path], str], archive: Path, complaints: list[str]
) -> Iterator[Callable[[str], Page]]:
    """Opens the pages of the archive as a person of this name."""
    kept(archive).add_topics([Topic("a", AXE, text="Axes"), Topic("b", BEAD, text="Beads")])
    address = serving(archive)
    contexts = []

    def open_as(name: str) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "archive-search-name", "value": name, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_navigation_timeout(PATIENCE_MS)
        watch(page, address, complaints)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert not complaints


@pytest.mark.browser
def test_judging_by_keys(open_tab: Callable[[str], Page], archive: Path) -> None:
    """Grades by keys pressed quickly are all kept, each for the picture that was seen; undo, skip; nobody sees them."""
    page = open_tab("ann")
    page.goto("/judge?topic=a")
    picture, status = page.locator(".judging-picture img"), page.locator(".judging-status")
    expect(picture).to_be_visible()
    of = int(re.search(r"of (\d+)", status.inner_text())[1])  # type: ignore[index]
    seen = []
    for grade in "2013":
        page.wait_for_function("document.querySelector('.judging-picture img')?.complete")
        seen.append((page.locator(".judging-known").get_attribute("data-record"), int(grade)))
        page.keyboard.press(grade)
    expect(status).to_have_text(f"4 of {of} judged by you")
    expect(page.locator(".judging")).to_have_attribute("data-pending", "0")
    assert [(one.record, one.grade) for one in kept(archive).history()] == seen
    page.keyboard.press("u")  # the last one comes back, and is judged otherwise
    expect(page.locator(".judging-known")).to_have_attribute("data-record", seen[3][0] or "")
    page.get_by_role("button", name="fits a little").click()
    expect(status).to_have_text(f"4 of {of} judged by you")
    put_off = page.locator(".judging-known").get_attribute("data-record")
    page.keyboard.press("s")
    expect(page.locator(".judging-known")).not_to_have_attribute("data-record", put_off or "")
    for done in range(4, of):
        page.wait_for_function("document.querySelector('.judging-picture img')?.complete")
        page.keyboard.press("0")
        expect(status).to_have_text(re.compile(rf"{done + 1} of {of}|everything"))
    expect(status).to_have_text("You have judged everything that was found for this topic.")
    expect(page.locator(".judging")).to_have_attribute("data-pending", "0")
    now = {one.record: one.grade for one in kept(archive).present("a", ["ann"])}
    assert len(now) == of
    assert [now[record or ""] for record, _grade in seen] == [2, 0, 1, 1]
    page.get_by_role("button", name="Next topic").click()
    page.wait_for_url(lambda url: told(url).get("topic") == ["b"])
    expect(page.get_by_role("heading", name="Beads")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Axes")).to_be_visible()
    other = open_tab("bo")  # who sees nothing of it
    other.goto("/judge?topic=a")
    expect(other.locator(".judging-status")).to_have_text(f"0 of {of} judged by you")


@pytest.mark.browser
def test_files_go_out_and_in(open_tab: Callable[[str], Page], archive: Path, tmp_path: Path) -> None:
    """What was judged is taken out as qrels, and taken in again under another judge's name; then they agree."""
    own = kept(archive)
    for place, record in enumerate(("AX000", "AX001", "SW000", "SW001")):
        own.judge("a", record, "ann", 2 if place < 2 else 0)
    page = open_tab("bo")
    page.goto("/judge")
    drawn(page)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_text("Files: take topics and judgements out, or in").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Judgements as TREC qrels").click()
    download.value.save_as(tmp_path / "qrels.txt")
    assert (tmp_path / "qrels.txt").read_text().splitlines()[0] == "a 0 AX000 2"
    page.locator("input[type=file]").first.set_input_files(tmp_path / "qrels.txt")
    expect(page.get_by_text("qrels.txt").first).to_be_visible()
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_text("4 judgements were added")).to_be_visible()
    assert own.judges() == {"ann": 4, "bo": 4}
    expect(page.get_by_text("have judged the same 4 pictures")).to_be_visible()


def test_topics_have_the_ids_of_their_queries() -> None:
    """The same search makes the same topic, wherever it is made."""
    assert topic_id(AXE) == topic_id(Query((Example("text", "axe"),))) != topic_id(BEAD)


def test_texts_from_outside_are_shown_as_written(open_page: OpenPage, archive: Path) -> None:
    """Titles of topics and names of judges are no markup."""
    own = kept(archive)
    own.add_topics([Topic("a", AXE, text="<img src=x> *b*", narrative="[c](http://evil.example)")])
    own.judge("a", "AX000", "<b>bo</b>", 2)
    shown = html(open_page(name="ann"))
    assert "&lt;img src=x&gt; *b*" in shown
    assert "&lt;b&gt;bo&lt;/b&gt;" in shown
    at = open_page(name="ann", topic="a")
    assert at.title[0].value == r"\<img src\=x\> \*b\*"
    assert any(r"\[c\]" in one.value for one in at.markdown)
