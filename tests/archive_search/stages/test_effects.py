"""What refinements and filters did to what is found."""

from archive_search.metadata.filters import years
from archive_search.plan import Plan, trace
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.phrase import phrase
from archive_search.refining import without_example
from archive_search.stages.effects import filtered, refined
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Match, Query

EAST, NORTH, NOT_SOUTH = Example("text", "east"), Example("text", "north"), Example("text", "south", -1.0)


def test_a_refinement_brings_what_would_not_be_there(compass):
    """What came for a refinement is counted: all of the first hits where it turns the question far enough."""
    plan = Plan(Query((EAST, NORTH)), (Nearest((EAST, NORTH)),), limit=100)
    ranking = trace(plan, compass).ranking
    (found,) = refined(plan, ranking, compass, first=50)
    assert (found.example, found.of, found.brought) == (NORTH, 50, 50)
    assert found.fits == 0  # at 45 degrees they are as near to north as to east: 0.7, and 0.92 stands out


def test_a_refinement_that_changes_nothing_brings_nothing(compass):
    """Where a step gives a refinement no weight, the first hits are the same without it."""
    plan = Plan(Query((EAST, NORTH)), (Nearest((EAST,)), Attribute(NORTH, 0.0)), limit=100)
    (found,) = refined(plan, trace(plan, compass).ranking, compass)
    assert found.brought == 0


def test_what_is_not_wanted_and_still_there(compass):
    """Of something that is not wanted it is told how many of the first hits look like it."""
    plan = Plan(Query((Example("text", "south"), NOT_SOUTH)), (Nearest((Example("text", "south"),)),), limit=100)
    (found,) = refined(plan, trace(plan, compass).ranking, compass, first=20)
    assert found.fits == 20


def test_nothing_found(compass):
    """Refinements of nothing did nothing."""
    plan = Plan(Query((EAST, NORTH), (Match("material", ("gold",)),)), (Nearest((EAST,)),))
    assert [(one.of, one.brought) for one in refined(plan, (), compass)] == [(0, 0)]


def test_a_staged_plan_without_a_refinement():
    """Of a staged plan the words for candidates, the colours and the cut-off lose it, as if it had never been said."""
    query = Query((EAST, NORTH, NOT_SOUTH))
    plan = StagedStrategy(weight=0.5).plan(query)
    other = StagedStrategy(weight=0.5).plan(Query((EAST, NOT_SOUTH)))
    assert without_example(plan, NORTH) == other
    assert other.steps[0] == Nearest(phrase((EAST, NOT_SOUTH)), k=500)


def test_what_filters_did(compass):
    """Of each field: what is left up to it, what without it, and what is left out for holding nothing."""
    where = (Match("material", ("flint",)), *years(-1000, -501, "keep"))
    material, dated = filtered(compass.store, where)
    early = sum(n % 4 != 0 or n < 500 for n in range(1000))
    flint = sum(n % 2 == 0 and n % 10 != 0 for n in range(1000))
    both = sum(n % 2 == 0 and n % 10 != 0 and (n % 4 != 0 or n < 500) for n in range(1000))
    assert (material.field, material.after, material.left, material.without) == ("material", flint, both, early)
    assert material.unknown == sum(n % 10 == 0 and (n % 4 != 0 or n < 500) for n in range(1000))
    assert (dated.field, dated.after, dated.left, dated.without) == ("years", both, both, flint)
    assert dated.unknown == 0  # the undated are kept
    assert dated.filters == where[1:]
    assert filtered(compass.store, ()) == ()
