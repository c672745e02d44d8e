"""The parts of pictures with tiles: which one stands for a picture, and what feedback and diffusion make of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.calibration.hubness import FIELD
from archive_search.plan import Plan, run, trace
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.diffusion import Diffusion
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.best_part import best_parts, best_similarities
from archive_search.ranking.pseudo_feedback import PseudoFeedback
from archive_search.ranking.within import Within
from archive_search.spaces import tile_space
from archive_search.types import Query
from tests.archive_search.ranking.test_steps import Compass, at, text

EAST = Query((text("east"),))
TILES = tile_space("compass")


def tiled(**degrees) -> Compass:
    """The archive in the plane, with tiles at these degrees for some records."""
    archive = Compass()
    archive.store.add_space(TILES, 2)
    archive.store.set_vectors(
        TILES, list(degrees), [np.stack([at(one) for one in tiles]) for tiles in degrees.values()]
    )
    return archive


def scores(ranking) -> dict[str, float]:
    """Scores by id."""
    return {hit.id: hit.score for hit in ranking}


def test_the_nearest_part_stands_for_a_picture():
    """A tile nearer to the query than the whole picture takes its place, one further away does not."""
    search = tiled(c=[200, 10], b=[80, 90]).context(EAST)
    parts = best_parts(search, ["a", "b", "c", "nobody"])
    assert list(parts) == ["a", "b", "c"]
    assert parts["c"] == pytest.approx(at(10))
    assert parts["b"] == pytest.approx(search.store.points(["b"], "compass")[0].vectors["compass"])


def test_tiles_can_be_left_out():
    """With tiles off, whole pictures are all there is."""
    search = tiled(c=[10]).context(EAST)
    plain = Compass().context(EAST)
    assert best_parts(search, ["c"], tiles=False)["c"] == pytest.approx(best_parts(plain, ["c"])["c"])
    assert best_similarities(search, at(0), ["c"], tiles=False) == pytest.approx(best_similarities(plain, at(0), ["c"]))


@given(st.floats(0, 359), st.lists(st.floats(0, 359), min_size=1, max_size=4))
def test_tiles_never_make_less_similar(direction, degrees):
    """The most similar part of a picture is at least as similar as the whole; other pictures stay as they were."""
    ids = list("abcde")
    before = best_similarities(Compass().context(EAST), at(direction), ids)
    after = best_similarities(tiled(d=degrees).context(EAST), at(direction), ids)
    best = max(float(at(one) @ at(direction)) for one in degrees)
    assert after[3] == pytest.approx(max(before[3], best), abs=1e-6)
    assert np.delete(after, 3) == pytest.approx(np.delete(before, 3))


def test_feedback_follows_the_part_that_fits():
    """Feedback by a best hit with a tile due east looks east, and finds the tile of another picture there."""
    archive = tiled(a=[0], e=[0])
    found = scores(run(Plan(EAST, (Nearest(), PseudoFeedback(1, 0.5))), archive))
    plain = scores(run(Plan(EAST, (Nearest(),)), archive))
    assert found["e"] - plain["e"] == pytest.approx(0.5, abs=1e-6)
    off = scores(run(Plan(EAST, (Nearest(), PseudoFeedback(1, 0.5, tiles=False))), archive))
    assert off["e"] < found["e"]


def test_diffusion_links_parts_that_fit():
    """A picture whose tile lies beside the best hit shares with it, and does not where tiles are off."""
    archive = tiled(d=[1])
    steps = {"count": 5, "neighbours": 1, "weight": 0.5}
    plain = scores(run(Plan(EAST, (Nearest(),)), archive))
    found = scores(run(Plan(EAST, (Nearest(), Diffusion(**steps))), archive))
    assert found["d"] == pytest.approx((plain["d"] + plain["a"]) / 2, abs=1e-6)
    off = scores(run(Plan(EAST, (Nearest(), Diffusion(**steps, tiles=False))), archive))
    assert off["d"] != pytest.approx(found["d"], abs=1e-3)


def test_a_gate_sees_tiles():
    """A record that is far from the category as a whole passes by a tile that is near."""
    gate = Within(text("east"), share=0.4, at_least=1)
    assert set(scores(run(Plan(EAST, (Nearest(), gate)), tiled(e=[3])))) == {"a", "e"}
    assert set(scores(run(Plan(EAST, (Nearest(), replace(gate, tiles=False))), tiled(e=[3])))) == {"a", "b"}


def test_liking_a_plate_follows_the_part_that_fits():
    """Liking a picture for its tile near the query raises what has such a tile, not what is like the whole picture."""
    archive = tiled(d=[5], e=[5])
    plain = scores(run(Plan(EAST, (Nearest(),)), archive))
    liked = scores(run(Plan(EAST, (Nearest(), Feedback(liked=("d",)))), archive))
    whole = scores(run(Plan(EAST, (Nearest(), Feedback(liked=("d",), tiles=False))), archive))
    assert liked["e"] - plain["e"] > 1.5
    assert whole["e"] - plain["e"] < 0.5


def test_a_cut_off_counts_what_stands_out_by_a_tile():
    """A record whose tile stands out from neutral texts belongs to the hits that the list could end after."""
    archive = tiled(e=[3])
    for point in archive.store.points(list("abcde")):
        archive.store.set_payload([point.id], [{**point.payload, FIELD: {"compass": [0.5, 0.0, 0.35]}}])
    assert trace(Plan(EAST, (Nearest(), Cutoff())), archive).cut == 3
    assert trace(Plan(EAST, (Nearest(), Cutoff(tiles=False))), archive).cut == 2
