"""Plans are data: to JSON and back, and refused by name when they are wrong."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search import types as place
from archive_search.metadata.filters import years
from archive_search.plan import Plan, from_json, query_from_json, query_to_json, to_json
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.gate import Gate
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.text import Text
from archive_search.ranking.within import Within
from archive_search.strategies import STRATEGIES
from archive_search.types import (
    ArchiveSearchError,
    Example,
    InvalidInputError,
    Match,
    Missing,
    Near,
    Query,
    Range,
    UnknownNameError,
)

texts = st.text(min_size=1).filter(str.strip)
examples = st.builds(
    Example,
    st.sampled_from(["text", "image", "record"]),
    texts,
    st.floats(-100, 100).filter(lambda weight: weight != 0),
)
numbers = st.none() | st.floats(-10_000, 10_000)
unknown = st.sampled_from(["keep", "drop"])
filters = st.one_of(
    st.builds(Match, texts, st.lists(texts, min_size=1, max_size=3).map(tuple), unknown),
    st.builds(Range, texts, numbers, numbers, unknown),
    st.builds(Missing, texts),
    st.builds(Near, texts, st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 20_000), unknown),
    st.builds(place.Within, texts, st.just((-1.5, 179.0, 2.0, -170.0)), unknown=unknown),
    st.builds(place.Within, texts, polygon=st.just(((0.0, 0.0), (4.5, 0.0), (2.0, 7.25))), unknown=unknown),
)
queries = st.builds(Query, st.lists(examples, max_size=4).map(tuple), st.lists(filters, max_size=3).map(tuple))


@given(queries, st.sampled_from(list(STRATEGIES)), st.integers(1, 5000), st.text())
def test_plans_go_to_json_and_back(query, strategy, limit, space):
    """Whatever a strategy plans for a query, its JSON text gives the same plan back."""
    plan = STRATEGIES[strategy]().plan(query, limit, space)
    assert from_json(json.dumps(to_json(plan))) == plan
    assert query_from_json(query_to_json(query)) == query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The plan is not JSON"),
        ("[]", "the plan must be an object"),
        ('{"steps": []}', "at least one step. Known steps: attribute, browse"),
        ('{"stepps": []}', "the plan has no field 'stepps'. Known: query, steps, limit, space."),
        ('{"steps": [{"step": "nearst"}]}', "No ranking step is called 'nearst'. Known: attribute, browse"),
        ('{"steps": [{"step": "nearest", "k": 0}]}', "step 1 (nearest): k must be between 1 and 1000000, got 0."),
        ('{"steps": [{"step": "nearest", "kk": 1}]}', "step 1 (nearest) has no field 'kk'. Known: examples, k, share"),
        (
            '{"steps": [{"step": "gate"}, {"step": "nearest", "k": "abc"}]}',
            "step 2 (nearest): k must be a whole number",
        ),
        ('{"steps": [{"step": "gate", "share": NaN}]}', "The plan is not JSON: NaN is no number"),
        ('{"steps": [{"step": "gate"}], "limit": 0}', "limit must be between 1 and 1000000, got 0"),
        ('{"steps": [{"step": "gate"}], "limit": "all"}', "limit must be a whole number, got 'all'"),
        ('{"steps": [{"step": "gate"}], "space": 3}', "space must be a name"),
        (
            '{"steps": [{"step": "attribute", "example": {"kind": "smell", "value": "x"}}]}',
            "'text', 'image', 'video', 'audio', 'region' or 'record'",
        ),
        ('{"steps": [{"step": "gate"}], "query": {"examples": [{"kind": "text"}]}}', "value: Field required"),
        ('{"steps": [{"step": "gate"}], "query": {"examples": [{"kind": "record", "value": " "}]}}', "value is empty"),
        (
            '{"steps": [{"step": "gate"}], "query": {"examples": [{"kind": "text", "value": "x", "weight": 1e9}]}}',
            "between -100 and 100",
        ),
        (
            '{"steps": [{"step": "gate"}], "query": {"where": [{"filter": "matsch"}]}}',
            "'filter' is one of match, range, missing",
        ),
        (
            '{"steps": [{"step": "gate"}], "query": {"where": [{"filter": "match", "field": "x"}]}}',
            "values: Field required",
        ),
        (
            '{"steps": [{"step": "gate"}], "query": {"where": [{"filter": "range", "field": "x", "low": 1e999}]}}',
            "x can lie between numbers, or be left open, but not end at inf",
        ),
        ('{"steps": [{"step": "gate"}], "query": {"where": 3}}', "examples and where must be lists"),
    ],
)
def test_a_bad_plan_is_refused(text, message):
    """A bad plan is refused with the field's name and what was possible."""
    with pytest.raises((InvalidInputError, UnknownNameError)) as caught:
        from_json(text)
    assert message in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["query", "steps", "limit", "examples", "where", "step", "x"]), inner)
        ),
    )
)
def test_no_data_crashes_the_reader(data):
    """Whatever JSON data comes in, reading gives a plan or one of our errors."""
    with contextlib.suppress(ArchiveSearchError):
        from_json(data)


def test_nearest_joins_words_and_staged_keeps_them_apart():
    """The baseline asks for all words at once; staged search gates by the category and adds each refinement."""
    query = Query(
        (Example("text", "A car"), Example("text", "red"), Example("text", "drawing", -1.0)), years(-100, 100)
    )
    nearest = STRATEGIES["nearest"]().plan(query, 20)
    assert nearest.steps == (Nearest((Example("text", "red car"), Example("text", "drawing", -1.0)), k=20),)
    staged = STRATEGIES["staged"](weight=0.1).plan(query, 20)
    assert staged.steps[0] == Nearest((Example("text", "red car"), Example("text", "drawing", -1.0)), k=500)
    assert [one.example for one in staged.steps if isinstance(one, Within)] == [Example("text", "A car")]
    evidence = [one.example for one in staged.steps if isinstance(one, Attribute)]
    assert evidence == [Example("text", "red"), Example("text", "drawing", -1.0)]


def test_staged_reads_the_catalogue():
    """The catalogue's words count wherever a text is asked for, beside a record too; weight 0 switches them off."""
    texts = (Example("text", "axe"), Example("text", "polished"))
    for examples in (texts, (Example("record", "a"), *texts)):
        assert Text(weight=0.15) in STRATEGIES["staged"]().plan(Query(examples), 20).steps
        steps = STRATEGIES["staged"](catalogue=0.0).plan(Query(examples), 20).steps
        assert not any(isinstance(one, Text) for one in steps)
    steps = STRATEGIES["staged"]().plan(Query((Example("record", "a"),)), 20).steps
    assert not any(isinstance(one, Text) for one in steps)


def test_a_plan_without_steps_is_refused():
    """A plan needs a step, and a limit that can be met."""
    with pytest.raises(InvalidInputError, match="at least one step"):
        Plan(Query(), ())
    with pytest.raises(InvalidInputError, match="limit must be between"):
        Plan(Query(), (Gate(),), 0)
