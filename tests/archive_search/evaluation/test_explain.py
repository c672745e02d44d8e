"""Why a record stands where it does."""

import json

import pytest

from archive_search.evaluation.explain import explain, step_in_words, to_json
from archive_search.plan import Plan, trace
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.filters import Filters
from archive_search.ranking.gate import Gate
from archive_search.ranking.nearest import Nearest
from archive_search.refining import with_variety
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Match, UnknownNameError

RED, AXE = Example("text", "red"), Example("text", "axe")


@pytest.fixture
def plan(ask) -> Plan:
    """Axes, the best twelve of them, then red as evidence."""
    return Plan(ask("axe", "red"), (Nearest((AXE,)), Gate(count=12), Attribute(RED, 2.0)))


def test_ranks_follow_the_trace(archive, plan):
    """Rank and score after each step are those of the trace."""
    happened = trace(plan, archive)
    for record in ("red-axe", "green-axe", "blue-axe"):
        found = explain(plan, archive, record)
        for step, stage in zip(found.steps, happened.stages, strict=True):
            rank = next((n for n, hit in enumerate(stage.ranking, 1) if hit.id == record), None)
            assert step.rank == rank
            assert step.score == (None if rank is None else stage.ranking[rank - 1].score)
            assert (step.kept, step.of) == (stage.kept, stage.of)


def test_evidence_raises(archive, plan):
    """A refinement raises what shows it; the final rank is the last step's."""
    found = explain(plan, archive, "red-axe")
    assert found.steps[0].effect == "found"
    assert found.steps[1].effect == "stayed"
    last = found.steps[-1]
    assert last.rank == found.rank == 1
    assert last.moved == found.steps[1].rank - 1
    assert last.effect == ("raised" if last.moved else "stayed")
    assert {explain(plan, archive, f"{c}-axe").steps[-1].effect for c in ("green", "blue", "grey")} & {"lowered"}


def test_a_gate_drops(archive, plan):
    """The step that drops a record is named, it is gone in those after, and the plain search knows it still."""
    last = trace(plan, archive).stages[0].ranking[-1].id
    found = explain(plan, archive, last)
    assert [one.effect for one in found.steps] == ["found", "dropped", "gone"]
    assert found.dropped_by == "gate"
    assert found.rank is None
    assert found.plain_rank is not None


def test_dropping_others_raises_nobody(archive, ask):
    """A record whose rank improves only because a step dropped others above it has not been raised."""
    drop = Plan(ask("axe"), (Nearest((AXE,)), Filters((Match("place", ("Ribe",)),))))
    found = [explain(drop, archive, hit.id) for hit in trace(drop, archive).ranking]
    assert {one.steps[1].effect for one in found} == {"stayed"}
    assert any(one.steps[1].rank < one.steps[0].rank for one in found)


def test_plain_rank(archive, ask, plan):
    """The plain rank is that of nearest-neighbour search over all that pass the filters."""
    for record in ("red-axe", "blue-comb"):
        found = explain(plan, archive, record)
        whole = archive.store.nearest("hash", archive.vector("red axe"), 24)
        assert found.plain_rank == next(n for n, hit in enumerate(whole, 1) if hit.id == record)
        assert found.plain_of == 24


def test_plain_rank_among_objects(archive, ask, plan):
    """Where a plan has one hit for each object, the plain rank is that of the object among objects, whichever view."""
    archive.group()
    by_object = with_variety(plan, per_object=True)
    found = [explain(by_object, archive, record) for record in ("red-axe", "blue-axe", "grey-coin")]
    assert [one.plain_rank for one in found[:2]] == [1, 1]
    assert {one.plain_of for one in found} == {6}
    assert 1 < found[2].plain_rank <= 6


def test_filters_drop(archive, ask):
    """A record that does not pass the filters is dropped by them, and the plain search lacks it too."""
    where = (Match("place", ("Ribe",)),)
    plan = StagedStrategy().plan(ask("axe", "red", where=where))
    record = next(one.id for one in archive.store.scan() if one.payload["place"] != "Ribe")
    found = explain(plan, archive, record)
    assert (found.steps[0].step, found.dropped_by) == ("filters", "filters")
    assert {one.effect for one in found.steps[1:]} == {"gone"}
    assert (found.rank, found.plain_rank, found.plain_of) == (None, None, 12)
    passing = next(one.id for one in archive.store.scan() if one.payload["place"] == "Ribe")
    assert explain(plan, archive, passing).steps[0].effect == "passed"


def test_below_the_limit(archive, ask):
    """A record below the plan's limit is in no list, though no step dropped it."""
    plan = Plan(ask("axe", "red"), (Nearest(),), limit=3)
    last = trace(plan, archive).ranking[-1].id
    found = explain(plan, archive, last)
    assert (found.rank, found.dropped_by, found.limit) == (None, None, 3)


def test_unknown_records(archive, plan):
    """An id that no record has is an error in words."""
    with pytest.raises(UnknownNameError, match="nowhere"):
        explain(plan, archive, "nowhere")


def test_steps_in_words(archive, plan):
    """A step is shown with what it looks for; a negative one with 'not'."""
    assert [step_in_words(step) for step in plan.steps] == ["nearest axe", "gate", "attribute red"]
    assert step_in_words(Attribute(Example("text", "drawing", -1.0))) == "attribute not drawing"


def test_explanation_as_json(archive, plan):
    """An explanation is JSON data."""
    data = json.loads(json.dumps(to_json(explain(plan, archive, "red-axe"), plan)))
    assert data["rank"] == 1
    assert data["steps"][0]["step"] == "nearest axe"
