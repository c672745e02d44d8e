"""Plans that were kept, as addresses and in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.asked import in_words, state_of
from app.language import speaking
from app.state import State, browse_plan, plan, read, strategy, write
from archive_search.archive import Archive
from archive_search.plan import to_json
from archive_search.strategy_file import described
from archive_search.types import InvalidInputError


@pytest.fixture(scope="module")
def archive(museum: Path) -> Archive:
    """The small museum; only read."""
    return Archive.open(museum)


def asked_again(archive: Archive, state: State) -> State | None:
    """The state of the plan of a state."""
    made = plan(state, archive)
    name, knobs = described(strategy(state))
    return state_of(archive, to_json(made), name, knobs)


WORDS = some.sampled_from(["axe", "polished", "Økse <b>", "flint^2", "-", "a b"])
STATES = some.builds(
    State,
    what=some.one_of(some.just(""), WORDS),
    like=some.sets(some.sampled_from(["AX000", "AX001^2", "SW003^-0.5"]), max_size=2).map(tuple),
    region=some.sets(some.sampled_from(["0.1,0.2,0.5,0.6@AX001"]), max_size=1).map(tuple),
    apart=some.lists(some.sampled_from(["polished", "-drawing", "blue^2"]), unique=True, max_size=2).map(tuple),
    liked=some.sets(some.sampled_from(["AX002", "AX003"]), max_size=1).map(tuple),
    facets=some.dictionaries(
        some.sampled_from(["material", "period"]), some.sampled_from([("flint",), ("flint", ""), ("",)]), max_size=2
    ),
    first=some.sampled_from([None, -4000, 0]),
    last=some.sampled_from([None, 1000]),
    undated=some.booleans(),
    strategy=some.sampled_from(["staged", "nearest"]),
    grouped=some.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(STATES)
def test_a_plan_of_the_pages_is_asked_by_an_address_again(archive: Archive, state: State) -> None:
    """The address of a plan that a page made asks the same: the same examples, filters, judgements and grouping."""
    state = read(write(state))
    try:
        made = plan(state, archive)
    except InvalidInputError:  # examples that cancel each other out
        return
    again = asked_again(archive, state)
    assert again is not None
    told = plan(again, archive)
    assert told.query.examples == made.query.examples
    assert set(told.query.where) == set(made.query.where)
    if made.query.examples:
        assert told.steps == made.steps


def test_settings_of_a_strategy_are_kept(archive: Archive) -> None:
    """A setting that differs from its default is in the address again."""
    again = asked_again(archive, read({"q": ["axe"], "staged.width": ["0.5"]}))
    assert again is not None
    assert again.knobs == {"width": "0.5"}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"steps": [{"step": "nobody"}]},
        {"query": {"where": [{"filter": "near", "field": "point", "latitude": 55, "longitude": 12, "km": 5}]},
         "steps": [{"step": "browse"}]},
        {"query": {"where": [{"filter": "range", "field": "length_mm", "low": 5}]}, "steps": [{"step": "browse"}]},
        {"query": {"examples": [{"kind": "video", "value": "film.mp4"}]}, "steps": [{"step": "browse"}]},
    ],
)  # fmt: skip
def test_what_no_address_says_has_none(archive: Archive, data: dict[str, object]) -> None:
    """A plan that cannot be read, or asks what no address can ask, gives no address instead of another question."""
    assert state_of(archive, data) is None
    assert in_words(data)


def test_a_plan_in_words(archive: Archive) -> None:
    """A question is told in one line, with what is not wanted, what it is like and what is known."""
    state = State(
        what="axe",
        like=("AX000",),
        region=("0.1,0.2,0.5,0.6@AX001",),
        apart=("-drawing",),
        facets={"material": ("flint",)},
        first=-100,
    )
    with speaking("en"):
        said = in_words(to_json(plan(state, archive)))
        assert said == "“axe”, like AX000, like a part of AX001, not “drawing”; flint; 1 more filter"
        assert in_words(to_json(browse_plan(State(), archive.queries, 10))) == "everything"
