"""Details: the better of a picture and its tiles counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.plan import Plan, from_json, run, to_json, trace
from archive_search.ranking.hubness import Hubness
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.tiles import Tiles
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Match, Query
from tests.archive_search.ranking.test_correction import measured, scores
from tests.archive_search.ranking.test_steps import Compass, at, ids, text

EAST = Query((text("east"),))


def plates(**angles) -> Compass:
    """The archive in the plane, with tiles at these angles."""
    archive = Compass()
    archive.store.add_space("compass-tiles", 2)
    for name, some in angles.items():
        archive.store.set_vectors("compass-tiles", [name], [np.stack([at(one) for one in some])])
    return archive


def test_the_better_of_whole_and_tile_counts():
    """A picture with a tile that fits rises to that tile; one whose tiles fit worse keeps its score."""
    archive = plates(a=[90, 120], d=[180, 10])
    found = scores(run(Plan(EAST, (Nearest(), Tiles())), archive))
    assert found == pytest.approx({"a": 1, "b": 3**0.5 / 2, "c": 0.5, "d": np.cos(np.radians(10)), "e": -1}, abs=1e-6)
    assert ids(run(Plan(EAST, (Nearest(), Tiles())), archive)) == "adbce"


def test_half_a_weight_goes_half_the_way():
    """A score rises by the weight's share of what the tile is better."""
    found = scores(run(Plan(EAST, (Nearest(), Tiles(weight=0.5))), plates(d=[60])))
    assert found["d"] == pytest.approx(0.25, abs=1e-6)


def test_what_a_tile_raised_is_told():
    """The trace names the records of which a tile fits better than the whole picture, and no others."""
    archive = plates(a=[90, 120], d=[180, 10], e=[20])
    assert trace(Plan(EAST, (Nearest(), Tiles())), archive).details == {"d", "e"}
    assert trace(Plan(EAST, (Nearest(),)), archive).details == frozenset()


def test_records_that_only_a_tile_brings_in_are_added():
    """What is not among the nearest whole pictures is found by its tile; others by theirs at most k."""
    archive = plates(d=[10], e=[20])
    happened = trace(Plan(EAST, (Nearest(k=2), Tiles(k=1))), archive)
    assert ids(happened.ranking) == "adb"
    assert [(stage.kept, stage.of) for stage in happened.stages] == [(2, 5), (3, 2)]


def test_filters_hold_for_what_is_added():
    """A record that the filters exclude is not brought in by its tile."""
    bronze = Query((text("east"),), (Match("material", ("bronze",)),))
    assert ids(run(Plan(bronze, (Nearest(k=1), Tiles())), plates(b=[0], c=[0], d=[0]))) == "ac"


def test_equal_scores_are_in_order_of_id():
    """Ties are broken by id, whichever way a record came in."""
    assert ids(run(Plan(EAST, (Nearest(k=1), Tiles())), plates(a=[0], c=[0], b=[0], e=[0]))) == "abce"


@given(
    st.dictionaries(st.sampled_from("abcde"), st.lists(st.floats(0, 359), min_size=1, max_size=3)), st.integers(1, 5)
)
def test_no_score_falls_and_no_record_is_lost_or_doubled(angles, k):
    """Whatever the tiles, records stay and are there once, and no score is lower than before."""
    archive = plates(**angles)
    before = run(Plan(EAST, (Nearest(k=k),)), archive)
    after = run(Plan(EAST, (Nearest(k=k), Tiles(k=k))), archive)
    assert len({hit.id for hit in after}) == len(after)
    assert {hit.id for hit in before} <= {hit.id for hit in after}
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)
    assert all(scores(after)[hit.id] >= hit.score for hit in before)


@pytest.mark.parametrize("step", [Tiles(), Tiles(weight=0.0)])
def test_without_tiles_or_weight_nothing_changes_silently(step):
    """An archive without tiles, and a step without weight, leave the ranking as it is and say nothing."""
    archive = Compass() if step.weight else plates(e=[0])
    happened = trace(Plan(EAST, (Nearest(), step)), archive)
    assert (
        happened.ranking
        == run(Plan(EAST, (Nearest(),)), Compass())[:0] + trace(Plan(EAST, (Nearest(),)), Compass()).ranking
    )
    assert happened.remarks == ()


def test_similarities_seen_are_those_of_whole_pictures():
    """Steps after this one reckon with whole pictures, as they would without tiles."""
    archive = plates(d=[0], e=[0])
    search = archive.context(EAST)
    Tiles()(search, Nearest(k=2)(search, ()))
    (seen,) = search.seen.values()
    assert seen == pytest.approx({"a": 1, "b": 3**0.5 / 2, "d": 0, "e": -1}, abs=1e-6)


def test_hub_correction_takes_the_bias_of_the_whole_picture_off():
    """What a tile gained stays; the bias is that of the whole picture."""
    archive = plates(d=[0])
    archive.store.set_payload(["d"], [measured(d=[0.5, 0, 1]).store.points(["d"])[0].payload])
    found = scores(run(Plan(EAST, (Nearest(), Tiles(), Hubness(0.4))), archive))
    assert found["d"] == pytest.approx(1 - 0.2, abs=1e-6)


def test_a_record_asks_by_its_whole_picture():
    """More like this: the record's whole picture is compared with the tiles of others."""
    archive = plates(a=[90], c=[0])
    like = Query((Example("record", "a"),))
    assert ids(run(Plan(like, (Nearest(k=1), Tiles())), archive)) == "ac"


def test_staged_looks_at_tiles_right_after_the_candidates():
    """The strategy has the step by default, with the words of the candidates, and leaves it out at weight 0."""
    red = Query((text("east"), text("north")))
    steps = StagedStrategy().plan(red).steps
    assert isinstance(steps[1], Tiles)
    assert steps[1].examples == steps[0].examples
    assert from_json(to_json(StagedStrategy().plan(red))) == StagedStrategy().plan(red)
    assert not any(isinstance(step, Tiles) for step in StagedStrategy(tiles=0).plan(red).steps)


@given(
    st.dictionaries(st.sampled_from("abcde"), st.lists(st.floats(0, 359), min_size=1, max_size=3)), st.integers(1, 5)
)
def test_a_search_by_picture_looks_no_further_than_it_must(angles, limit):
    """By one picture or record, as many candidates as are wanted give the same hits as all of them."""
    archive = plates(**angles)
    query = Query((Example("record", "a"),))
    plan = StagedStrategy().plan(query, limit)
    assert [step.k for step in plan.steps] == [limit, limit]
    further = Plan(query, (Nearest(query.examples, k=500), Tiles(query.examples, k=500)), limit)
    assert run(plan, archive) == run(further, archive)
