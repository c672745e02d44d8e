"""Strategies read from files of steps: what they become for a query, and what is refused with which words."""

import json

import pytest

from archive_search.plan import from_json, to_json
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.browse import Browse
from archive_search.ranking.gate import Gate
from archive_search.ranking.nearest import Nearest
from archive_search.strategies.staged import StagedStrategy
from archive_search.strategy_file import as_text, load_strategy, read_strategy
from archive_search.types import Example, InvalidInputError, Query, UnknownNameError

AXE, RED, OLD = Example("text", "an axe"), Example("text", "red"), Example("text", "old", -1.0)
STEPS = [
    {"step": "nearest", "examples": "$category", "k": 500},
    {"step": "nearest", "examples": "$all"},
    {"step": "attribute", "example": "$refinements", "weight": 0.25},
    {"step": "gate", "count": 50},
]


def test_placeholders_become_the_examples_of_the_query():
    """The category, all words together, and one step for every refinement; the plan goes to JSON and back."""
    plan = read_strategy({"summary": "mine", "steps": STEPS}).plan(Query((AXE, RED, OLD)), 20, "clip")
    assert plan.steps == (
        Nearest((AXE,), k=500),
        Nearest((Example("text", "red axe"), OLD)),
        Attribute(RED, 0.25),
        Attribute(OLD, 0.25),
        Gate(count=50),
    )
    assert (plan.limit, plan.space) == (20, "clip")
    assert from_json(to_json(plan)) == plan


def test_a_placeholder_without_examples_leaves_its_step_out():
    """A query without refinements loses the steps for them; one without examples is browsed."""
    strategy = read_strategy({"steps": STEPS})
    assert [type(step) for step in strategy.plan(Query((AXE,))).steps] == [Nearest, Nearest, Gate]
    assert strategy.plan(Query()).steps == (Browse(k=100),)


def test_a_file_is_read_and_a_name_is_found(tmp_path):
    """A strategy comes from a file or by its name; a file may also hold settings for a named strategy."""
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"summary": "mine", "steps": STEPS}), encoding="utf-8")
    assert load_strategy(file).summary == "mine"
    assert load_strategy("staged") == StagedStrategy()
    file.write_text(json.dumps({"strategy": "staged", "settings": {"width": 0.5}}), encoding="utf-8")
    assert load_strategy(str(file)) == StagedStrategy(width=0.5)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "either 'steps' or 'strategy'"),
        ({"steps": []}, "at least one step. Known steps: .*nearest"),
        ({"steps": STEPS, "sumary": "x"}, "no field 'sumary'. Known: summary, steps"),
        ({"steps": STEPS, "summary": 3}, "summary must be a text"),
        ({"steps": [{"step": "nearest", "kk": 3}]}, r"step 1 \(nearest\) has no field 'kk'. Known: examples, k"),
        ({"steps": [{"step": "nearest", "k": 0}]}, "k must be between 1"),
        (
            {"steps": [{"step": "nearest", "examples": "$al"}]},
            r"placeholder is called '\$al'. Known: \$category, \$all",
        ),
        ({"steps": [{"step": "nearest", "examples": "axe"}]}, "examples must be a list"),
        ({"strategy": 3}, "strategy must be a name. Known: .*staged"),
        ({"strategy": "staged", "settings": {"widht": 1}}, "no field 'widht'. Known: .*width"),
    ],
)
def test_mistakes_are_named(data, said):
    """A mistake is told when the file is read, with the field and what is possible."""
    with pytest.raises(InvalidInputError, match=said):
        read_strategy(data)


def test_unknown_names_list_what_there_is(tmp_path):
    """An unknown step, strategy or file is answered with those that exist."""
    with pytest.raises(UnknownNameError, match="No ranking step is called 'nearst'. Known: .*nearest"):
        read_strategy({"steps": [{"step": "nearst"}]})
    with pytest.raises(UnknownNameError, match="No strategy is called 'stagd'. Known: .*staged; or the path"):
        load_strategy("stagd")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="is not JSON"):
        load_strategy(tmp_path / "broken.json")
    (tmp_path / "latin.json").write_bytes(b"\xff")
    with pytest.raises(InvalidInputError, match="is not text in UTF-8"):
        load_strategy(tmp_path / "latin.json")


def test_a_strategy_for_refinements_only_is_refused_for_a_query_without():
    """Where no step is left, it is said so."""
    strategy = read_strategy({"steps": [{"step": "nearest", "examples": "$refinements"}]})
    with pytest.raises(InvalidInputError, match="no step is left"):
        strategy.plan(Query((AXE,)))


def test_settings_in_the_name():
    """A name with settings behind colons is that strategy with them, and is written as it is read."""
    made = load_strategy("staged:width=0.5:colours=0")
    assert made == StagedStrategy(width=0.5, colours=0)
    assert as_text(made) == "staged:width=0.5:colours=0.0"
    assert load_strategy(as_text(made)) == made
    assert as_text(StagedStrategy()) == "staged"
    with pytest.raises(InvalidInputError, match=r"Settings of 'staged': there is none called 'wide'"):
        load_strategy("staged:wide=1")
    with pytest.raises(InvalidInputError, match="NAME=VALUE"):
        load_strategy("staged:")
    with pytest.raises(UnknownNameError):
        load_strategy("nobody:width=1")
