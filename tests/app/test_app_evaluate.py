"""The page that measures rankings on judged topics."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from app.asking import state_of
from app.opened import ARCHIVE
from app.pages.parts.evaluated import sentence
from app.pages.parts.tuning import verdict
from app.state import State, query
from archive_search.archive import Archive
from archive_search.evaluation.evaluate import Difference
from archive_search.evaluation.tune import Tuned
from archive_search.stores.file_copy import copy_tree
from archive_search.types import Example, Match, Missing, Query, Range
from archive_search.workspace.judgements import Judgement, Judgements
from archive_search.workspace.topics import Topic
from tests.app.browsing import PATIENCE_MS, told, watch
from tests.app.test_app_state import STATES

ROOT = Path(__file__).parents[2]
OpenPage = Callable[..., AppTest]
KINDS = {"axe": "AX", "sword": "SW", "bead": "BE"}
MATERIALS = ("flint", "bronze", "glass", "", "blue", "brown", "grey")


@pytest.fixture
def archive(museum: Path, tmp_path: Path) -> Path:
    """An archive of one's own, with 21 topics of which all that is of the kind was judged to fit."""
    copy_tree(museum, tmp_path / "archive")
    opened = Archive.open(tmp_path / "archive")
    kept = Judgements(opened.workspace)
    ids = sorted(opened.store.ids())
    for kind, prefix in KINDS.items():
        for number, material in enumerate(MATERIALS):
            words = tuple(Example("text", one) for one in (kind, material) if one)
            topic = Topic(f"{kind}{number}", Query(words), text=f"{material} {kind}".strip())
            kept.add_topics([topic])
            kept.add(Judgement(topic.id, one, "ann", 2 if one.startswith(prefix) else 0) for one in ids)
    return tmp_path / "archive"


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Runs the page headless on an archive at an address, given by its parameters."""

    def run(archive: Path, **params: str | list[str]) -> AppTest:
        monkeypatch.setenv(ARCHIVE, str(archive))
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
        at.run()
        at.switch_page("pages/evaluate.py")
        for key, value in params.items():
            at.query_params[key] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


def until(at: AppTest, said: str) -> str:
    """Run the page until it says so; gives all that it says."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        at.run()
        assert not at.exception, at.exception
        shown = "\n".join([*(one.value for one in at.markdown), *(one.proto.body for one in at.get("html"))])
        if said in shown:
            return shown
        time.sleep(0.2)
    raise AssertionError(shown)


def test_without_judgements_nothing_is_measured(open_page: OpenPage, museum: Path) -> None:
    """An archive of which nothing was judged says what is missing, and where it is made."""
    at = open_page(museum)
    assert any("Nothing can be measured yet" in one.value for one in at.markdown)
    assert not [one for one in at.button if one.key == "measure"]


def test_measured_then_said(open_page: OpenPage, archive: Path) -> None:
    """What was measured is said in a sentence first, with all measures and the worst topics; once for one state."""
    at = open_page(archive)
    assert any("**21 topics**" in one.value for one in at.markdown)
    at.button(key="measure").click()
    shown = until(at, "Plain search")
    shown = until(at, "It is better on")
    assert "nDCG@10" in shown
    links = [one.proto for one in at.get("page_link") if one.proto.label == "Look"]
    assert len(links) == 10
    assert "by=nearest&by=staged" in links[0].query_string
    again = open_page(archive)  # another session: nothing is computed again
    assert any("It is better on" in one.value for one in again.markdown)


def test_tuned_then_reported(open_page: OpenPage, archive: Path) -> None:
    """Tuning is measured on topics that were not looked at, and says whether it helped."""
    at = open_page(archive, knob="colours")
    at.button(key="tune").click()
    shown = until(at, "tuned, on topics not seen")
    assert "**Tuning" in shown


DIFFERENCE = Difference("staged", "nearest", "nDCG@10", "all", 12, 0.01, (-0.02, 0.04), 0.4, 0.4, 3, 2)


@pytest.mark.parametrize(
    ("mean", "p", "said"),
    [
        (0.01, 0.4, "With 12 topics no difference between “In stages” and “Plain search” can be told from chance."),
        (0.2, 0.001, "“In stages” finds better than “Plain search”"),
        (-0.2, 0.001, "“In stages” finds worse than “Plain search”"),
    ],
)
def test_what_the_numbers_allow_to_say(mean: float, p: float, said: str) -> None:
    """A ranking is called better or worse only where chance hardly gives as much."""
    one = Difference("staged", "nearest", "nDCG@10", "all", 12, mean, (mean - 0.03, mean + 0.03), p, p, 3, 2)
    assert said in sentence(one)
    assert "better on 3, worse on 2" in sentence(one)


@pytest.mark.parametrize(
    ("changed", "interval", "said"),
    [
        (False, (0.1, 0.2), "did not help"),
        (True, (0.1, 0.2), "Tuning helped"),
        (True, (-0.1, 0.2), "cannot be told"),
        (True, (-0.2, -0.1), "did harm"),
    ],
)
def test_what_tuning_came_to(changed: bool, interval: tuple[float, float], said: str) -> None:
    """Tuning helped only where topics that were not looked at are better for it."""
    start, end = {"colours": 0.25}, {"colours": 1.0 if changed else 0.25}
    values = {"a": 0.5}
    found = Tuned("staged", "AP", start, end, (end,), values, values, 0.1, 0.1, interval, 0.01, 1.0, 1.0, 3)
    assert said in verdict(found)


@settings(max_examples=60)
@given(STATES)
def test_a_topic_leads_to_its_search(state: State) -> None:
    """A query that an address can tell is told by it again; what it cannot tell leads nowhere, never elsewhere."""
    wanted = query(dataclasses.replace(state, picture=(), region=()), Path("queries"))
    found = state_of(wanted, Path("queries"))
    assert found is None or query(found, Path("queries")) == wanted


def test_the_usual_topics_lead_to_their_searches() -> None:
    """Words, refinements, filters and years become an address."""
    examples = (Example("text", "axe"), Example("text", "flint"), Example("text", "drawing", -1.0))
    where = (
        Match("place", ("Ribe",)),
        Missing("material"),
        Range("date_to", low=-3900),
        Range("date_from", high=-1700),
    )
    found = state_of(Query(examples, where), Path("queries"))
    assert found is not None
    assert (found.what, found.apart, found.first, found.last) == ("axe", ("flint", "-drawing"), -3900, -1700)


@pytest.mark.browser
def test_measure_and_look(
    browser: Browser, serving: Callable[[Path], str], archive: Path, complaints: list[str]
) -> None:
    """From judged topics to a measurement with progress, and from the worst topic to what the rankings find for it."""
    address = serving(archive)
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    watch(page, address, complaints)
    page.goto("/judge")
    page.get_by_role("link", name="Measure which ranking finds what fits").click()
    page.get_by_role("button", name="Measure", exact=True).click()
    expect(page.get_by_text("It is better on")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Look").first.click()
    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    assert told(page.url)["by"] == ["nearest", "staged"]
    assert told(page.url)["q"][0] in KINDS
    context.close()
    assert not complaints
