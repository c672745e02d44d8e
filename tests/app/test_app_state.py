"""The address and the state that it tells."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.state import (
    UNKNOWN,
    VIEWS,
    State,
    checked,
    filters,
    plan,
    query,
    read,
    refinement,
    said,
    weighted,
    with_weight,
    write,
)
from archive_search.archive import Archive
from archive_search.metadata.fields import STANDARD
from archive_search.types import ArchiveSearchError, Example, Match, Missing, PictureError, Query, Range

WORDS = some.text("abc æøå+-&=%?#/", min_size=1, max_size=12).map(str.strip).filter(bool)
SEVERAL = some.lists(WORDS, max_size=3, unique=True).map(tuple)
STATES = some.builds(
    State,
    what=some.one_of(some.just(""), WORDS),
    like=SEVERAL,
    picture=some.sampled_from([(), ("0" * 64,), ("0" * 64 + "^-1.5",)]),
    region=some.sampled_from([(), ("0.1,0.2,0.5,0.75@A 1",), ("0,0,1,1@queries/" + "0" * 64 + "^2",)]),
    apart=some.lists(WORDS.map(refinement).filter(bool), max_size=3, unique=True).map(tuple),
    off=some.sampled_from([(), ("q",), ("where", "apart=polished")]),
    liked=some.sampled_from([(), ("A 1", "B")]),
    disliked=some.sampled_from([(), ("C",)]),
    box=some.sampled_from([None, (54.5, 8.0, 57.75, 15.2)]),
    grouped=some.booleans(),
    parts=some.booleans(),
    view=some.sampled_from(VIEWS),
    facets=some.dictionaries(
        some.sampled_from(STANDARD.facets),
        some.lists(some.one_of(some.just(UNKNOWN), WORDS), min_size=1, max_size=3, unique=True).map(tuple),
        max_size=3,
    ),
    first=some.one_of(some.none(), some.integers(-9999, 2000)),
    last=some.one_of(some.none(), some.integers(-9999, 2000)),
    undated=some.booleans(),
    strategy=some.sampled_from(["nearest", "staged"]),
    space=some.sampled_from(["", "hash"]),
    page=some.integers(1, 50),
)


@given(STATES)
def test_state_survives_its_address(state: State) -> None:
    """Every state is read back from its address unchanged."""
    assert read(write(state)) == state


def test_empty_address() -> None:
    """The empty address is the start page, and the start page's address is empty."""
    assert read({}) == State()
    assert write(State()) == {}


def test_unreadable_parts_are_left_out() -> None:
    """What cannot be read in an address counts as not said."""
    assert read({"page": ["x"], "from": ["long ago"], "apart": ["-", " "], "nonsense": ["1"]}) == State()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" polished ", "polished"), ("+polished", "polished"), ("- drawing", "-drawing"), ("−x", "-x"), ("-", "")],
)
def test_refinement(typed: str, kept: str) -> None:
    """A minus before a refinement asks for less; a plus is the same as nothing."""
    assert refinement(typed) == kept


@given(WORDS | some.sampled_from(["A^2", "^", "A^-1^3"]), some.sampled_from([1, 2, 0.5, -1, -0.25]))
def test_weight_is_read_back(value: str, weight: float) -> None:
    """What an example stands for and its weight are read back from how the address writes them, whatever the id."""
    assert weighted(with_weight(value, weight)) == (value, weight)


@pytest.mark.parametrize(
    ("written", "words", "weight"),
    [("polished", "polished", 1), ("polished^2", "polished", 2), ("-drawing^0.5", "drawing", -0.5)],
)
def test_weight_of_a_refinement(written: str, words: str, weight: float) -> None:
    """A refinement may say how much it counts; a minus before it asks for less."""
    assert said(refinement(written)) == (words, weight)


def test_switched_off_is_not_asked(tmp_path: Path) -> None:
    """What is switched off stays in the address and is left out of the query."""
    state = State(what="axe", apart=("polished", "-drawing^2"), facets={"material": ("flint",)})
    off = dataclasses.replace(state, off=("q", "where", "apart=drawing"))
    assert query(off, tmp_path) == Query((Example("text", "polished"),))
    assert read(write(off)) == off


def test_query_of_a_state(tmp_path: Path) -> None:
    """What is looked for comes first, then what sets it apart, with its sign."""
    state = State(what="axe", like=("AX000",), apart=("polished", "-drawing"))
    assert query(state, tmp_path).examples == (
        Example("text", "axe"),
        Example("record", "AX000"),
        Example("text", "polished"),
        Example("text", "drawing", -1.0),
    )


def test_filters_of_a_state() -> None:
    """Values of one facet are alternatives, unknown is one of them; years overlap and keep or drop the undated."""
    facets = {"material": ("flint", UNKNOWN), "place": (UNKNOWN,)}
    assert filters(State(facets=facets, first=-3900, last=-1700, undated=False)) == (
        Match("material", ("flint",), unknown="keep"),
        Missing("place"),
        Range("date_to", low=-3900, unknown="drop"),
        Range("date_from", high=-1700, unknown="drop"),
    )


def test_missing_picture(tmp_path: Path) -> None:
    """An address with a picture that was not kept here says so."""
    with pytest.raises(PictureError, match="not kept in this archive"):
        query(State(picture=("0" * 64,)), tmp_path)


def test_checked() -> None:
    """A strategy or a setting that does not exist gives the default strategy and a sentence."""
    state, why = checked(State(strategy="magic"))
    assert state == State()
    assert "No strategy is called 'magic'" in why
    state, why = checked(State(strategy="staged", knobs={"width": "7"}))
    assert state == State()
    assert "width must be between" in why
    assert checked(State(knobs={"width": "0.3"})) == (State(knobs={"width": "0.3"}), "")


LONG = ["9" * 400, "-" + "9" * 400, "9" * 5000, "1e400", "nan", "٣", "1_0", "", " 7 ", "10000000000"]
NAMES = [
    "q",
    "like",
    "picture",
    "region",
    "liked",
    "off",
    "box",
    "view",
    "apart",
    "material",
    "from",
    "to",
    "undated",
    "strategy",
    "space",
    "page",
    "staged.width",
]


@settings(deadline=None)  # the first plan imports the strategies
@given(
    params=some.dictionaries(some.sampled_from(NAMES), some.lists(some.one_of(some.text(), some.sampled_from(LONG))))
)
def test_any_address(museum: Path, params: dict[str, list[str]]) -> None:
    """Whatever an address says, it is a search that can be told again, or a sentence, with numbers to count with."""
    state = read(params)
    assert read(write(state)) == state
    assert all(number is None or abs(number) <= 10**9 for number in (state.first, state.last, state.page))
    state, why = checked(state)
    assert isinstance(why, str)
    try:
        plan(state, Archive.open(museum))
    except ArchiveSearchError:
        return
