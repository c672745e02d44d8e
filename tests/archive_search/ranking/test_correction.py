"""Hub correction, feedback by the best hits, diffusion, the category gate and the cut-off, by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.calibration.hubness import FIELD
from archive_search.plan import Plan, run, trace
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.diffusion import Diffusion, mutual
from archive_search.ranking.hubness import Hubness
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.evidence import is_noise
from archive_search.ranking.pseudo_feedback import PseudoFeedback
from archive_search.ranking.within import Within
from archive_search.types import Example, Point, Query
from tests.archive_search.ranking.test_steps import Compass, at, ids, text

EAST = Query((text("east"),))


def measured(**rows) -> Compass:
    """The archive in the plane, with what was measured against neutral phrases for some records."""
    archive = Compass()
    for name, row in rows.items():
        (point,) = archive.store.points([name])
        archive.store.set_payload([name], [{**point.payload, FIELD: {"compass": row}}])
    return archive


def scores(ranking) -> dict[str, float]:
    """Scores by id."""
    return {hit.id: hit.score for hit in ranking}


# ------------------------------------------------------------------ hub correction


def test_hubness_takes_the_bias_off():
    """Each score loses strength times its record's bias; one that was not measured loses the mean."""
    archive = measured(a=[0.8, 0, 1], b=[0.2, 0, 1])
    found = scores(run(Plan(EAST, (Nearest(k=3), Hubness(0.5))), archive))
    assert found == pytest.approx({"a": 1 - 0.4, "b": math.sqrt(3) / 2 - 0.1, "c": 0.5 - 0.25}, abs=1e-6)
    assert ids(run(Plan(EAST, (Nearest(k=3), Hubness(0.5))), archive)) == "bac"


def test_hubness_says_where_nothing_was_measured():
    """Without measures nothing changes, and the trace says what to do."""
    happened = trace(Plan(EAST, (Nearest(), Hubness())), Compass())
    assert happened.ranking == trace(Plan(EAST, (Nearest(),)), Compass()).ranking
    assert "No hub correction" in happened.remarks[0]


@given(st.floats(-1, 1), st.floats(0, 2))
def test_one_bias_for_all_changes_no_order(bias, strength):
    """Where every record is as much of a hub as the others, the order stays."""
    archive = measured(**{name: [bias, 0, 1] for name in "abcde"})
    assert ids(run(Plan(EAST, (Nearest(), Hubness(strength))), archive)) == "abcde"


# ------------------------------------------------------------------ steps that are switched off


@pytest.mark.parametrize(
    "step",
    [
        Hubness(0.0),
        PseudoFeedback(beta=0.0),
        Diffusion(weight=0.0),
        Within(text("north"), 1.0),
        Cutoff(),
    ],
)
def test_without_strength_nothing_changes(step):
    """A step of strength 0, a gate of full width and a cut-off that does not drop leave order and scores."""
    archive = measured(a=[0.5, 0.1, 0.2], d=[0.9, 0.1, 0.2])
    assert run(Plan(EAST, (Nearest(), step)), archive) == run(Plan(EAST, (Nearest(),)), archive)


# ------------------------------------------------------------------ feedback by the best hits


def test_feedback_by_hand():
    """With one best hit its likeness is added; with two, the second weighs half."""
    found = scores(run(Plan(Query((text("north"),)), (Nearest(), PseudoFeedback(1, 0.5))), Compass()))
    assert found["d"] == pytest.approx(1 + 0.5, abs=1e-6)  # d itself is the best
    assert found["a"] == pytest.approx(0 + 0.5 * 0, abs=1e-6)
    found = scores(run(Plan(EAST, (Nearest(), PseudoFeedback(2, 1.0, 0.5))), Compass()))
    mean = at(0) + 0.5 * at(30)
    assert found["c"] == pytest.approx(0.5 + float(mean / np.linalg.norm(mean) @ at(60)), abs=1e-5)


def test_feedback_keeps_what_earlier_steps_added():
    """A correction made before stays in the score."""
    archive = measured(a=[1.0, 0, 1], b=[0.0, 0, 1], c=[0.0, 0, 1], d=[0.0, 0, 1], e=[0.0, 0, 1])
    plain = scores(run(Plan(EAST, (Nearest(), PseudoFeedback(1, 0.5))), archive))
    corrected = scores(run(Plan(EAST, (Nearest(), Hubness(0.1), PseudoFeedback(1, 0.5))), archive))
    assert plain["a"] - corrected["a"] == pytest.approx(0.1, abs=1e-6)


# ------------------------------------------------------------------ diffusion


def test_mutual_neighbours():
    """Two are mutual neighbours if each is among the other's nearest: b and c, with one neighbour each, not a and b."""
    places = np.array([0.0, 2.0, 3.0, 9.0])
    linked = mutual(-np.abs(places[:, None] - places[None, :]), 1)
    assert linked.tolist() == [
        [False, False, False, False],
        [False, False, True, False],
        [False, True, False, False],
        4 * [False],
    ]


def test_diffusion_by_hand():
    """Mutual neighbours share; who has none keeps its score; what was not looked at stays below."""
    archive = Compass()
    archive.store.upsert([Point("f", {"compass": at(62)}, {})])
    plain = scores(run(Plan(EAST, (Nearest(),)), archive))
    found = run(Plan(EAST, (Nearest(), Diffusion(count=4, neighbours=1, weight=0.5))), archive)
    assert ids(found)[4:] == "de"
    mixed = (plain["c"] + plain["f"]) / 2
    ours = scores(found)
    assert (ours["c"], ours["f"]) == pytest.approx((mixed, mixed), abs=1e-6)
    assert ours["a"] == pytest.approx((plain["a"] + plain["b"]) / 2, abs=1e-6)


# ------------------------------------------------------------------ refinements that are noise


def noisy(spread: float, shift: float = 0.0) -> Compass:
    """Forty records between east and north-east, whose similarities to phrases have this mean shift and spread."""
    archive = Compass()
    for i in range(40):
        angle = 45 + i
        near = float(np.cos(np.radians(90 - angle)))
        row = [0.0, near - shift - spread * 0.1 * (i % 2), spread]
        archive.store.upsert([Point(f"n{i:02}", {"compass": at(angle)}, {FIELD: {"compass": row}})])
    return archive


def test_a_refinement_that_is_noise_is_left_out():
    """What is as far above neutral phrases for every record says nothing: nothing changes, one remark says so."""
    archive, step = noisy(0.2), Attribute(text("north"), 2.0)
    happened = trace(Plan(EAST, (Nearest(), step)), archive)
    assert [hit.id for hit in happened.ranking] == [hit.id for hit in run(Plan(EAST, (Nearest(),)), archive)]
    (remark,) = happened.remarks
    assert "no better than noise" in remark
    twice = trace(Plan(EAST, (Nearest(), step, step)), archive)
    assert twice.remarks == happened.remarks


@given(st.floats(0.01, 1.0), st.floats(-0.5, 0.5))
def test_noise_does_not_depend_on_how_near_everything_is(spread, shift):
    """Only the spread over records counts, against that over phrases, not how similar all of them are."""
    archive = noisy(spread, shift)
    search = archive.context(EAST)
    names = [f"n{i:02}" for i in range(40)]
    north = text("north")
    similar = search.similarities((north,), names)
    assert is_noise(search, north, similar, names)
    assert not is_noise(search, north, similar + 2 * spread * (np.arange(40) % 2), names)


def test_where_nothing_was_measured_nothing_is_noise():
    """Few records, records that were not measured, and examples other than texts are never called noise."""
    archive = noisy(0.2)
    search = archive.context(EAST)
    names = [f"n{i:02}" for i in range(40)]
    flat = np.zeros(40)
    assert not is_noise(search, text("north"), flat[:20], names[:20])
    assert not is_noise(search, Example("record", "a"), flat, names)
    assert not is_noise(search, text("north"), np.zeros(5), list("abcde"))
    bare = Compass()
    bare.store.upsert([Point(name, {"compass": at(9)}, {}) for name in names])
    assert not is_noise(bare.context(EAST), text("north"), flat, names)


# ------------------------------------------------------------------ the category gate


def test_within_drops_what_is_least_like_the_category():
    """The half of the archive nearest to north passes, whatever came before; never fewer than asked; scores stay."""
    ranking = run(Plan(EAST, (Nearest(), Within(text("north"), 0.5, at_least=1))), Compass())
    assert ids(ranking) == "bcd"
    assert ranking[0].score == pytest.approx(math.sqrt(3) / 2, abs=1e-6)
    assert ids(run(Plan(EAST, (Nearest(k=3), Within(text("north"), 0.5, at_least=1))), Compass())) == "bc"
    assert len(run(Plan(EAST, (Nearest(), Within(text("north"), 0.01, at_least=4))), Compass())) >= 4


# ------------------------------------------------------------------ the cut-off


def test_cutoff_counts_what_stands_out():
    """Hits that are more than the threshold's spreads above their own background count; drop ends the list there."""
    archive = measured(a=[0, 0.2, 0.1], b=[0, 0.2, 0.1], c=[0, 0.4, 0.1], d=[0, 0.2, 0.1])
    plan = Plan(EAST, (Nearest(), Cutoff(threshold=2.5)))
    assert trace(plan, archive).cut == 2  # a and b; c stands 1 spread above, d below, e was not measured
    assert len(trace(plan, archive).ranking) == 5
    assert ids(run(Plan(EAST, (Nearest(), Cutoff(threshold=2.5, drop=True))), archive)) == "ab"
    assert ids(run(Plan(EAST, (Nearest(), Cutoff(threshold=20, drop=True))), archive)) == "a"


def test_cutoff_without_measures_suggests_nothing():
    """Where no record was measured there is no cut, and nothing is dropped."""
    happened = trace(Plan(EAST, (Nearest(), Cutoff(drop=True))), Compass())
    assert (happened.cut, len(happened.ranking)) == (None, 5)
