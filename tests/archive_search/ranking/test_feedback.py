"""Feedback by liked and disliked records, on vectors in the plane."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.plan import Plan, from_json, run, to_json, trace
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.gate import Gate
from archive_search.ranking.nearest import Nearest
from archive_search.refining import with_feedback
from archive_search.search import SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, InvalidInputError, Point, Query, UnknownNameError

ANGLES = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 180}


def at(degrees: float) -> np.ndarray:
    """A vector in the plane."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])


class Plane:
    """Records in the plane, five if no others are given; a query is a record."""

    def __init__(self, angles: dict[str, float] = ANGLES) -> None:
        self.store = MemoryStore({"plane": 2})
        self.store.upsert([Point(one, {"plane": at(angle)}, {}) for one, angle in angles.items()])

    def context(self, query, space=""):
        """What a step may see; there is no embedder."""
        return SearchContext(self.store, query, "plane", None, None)


def ids(ranking) -> str:
    """The ids of a ranking, in order."""
    return "".join(hit.id for hit in ranking)


EAST = Plan(Query((Example("record", "a"),)), (Nearest(),))


def test_by_hand():
    """
    After one like (d) and one dislike (b): towards d and away from b, seen from the mean of all, four fifths of it.

    The dislike weighs 1.5 / 2.5 of gamma beside one like; d gains as much as anyone and b loses as much as anyone.
    """
    ranking = run(with_feedback(EAST, ["d"], ["b"]), Plane())
    mean = np.mean([at(angle) for angle in ANGLES.values()], axis=0)
    moved = 0.8 * (at(90) - mean - 0.5 * 0.6 * (at(30) - mean))
    gains = {one: float(at(angle) @ moved) for one, angle in ANGLES.items()}
    gains |= {"d": max(gains.values()), "b": min(gains.values())}
    expected = {one: float(at(0) @ at(angle)) + gains[one] for one, angle in ANGLES.items()}
    assert {hit.id: pytest.approx(hit.score, abs=1e-6) for hit in ranking} == expected


def test_liking_raises_and_disliking_lowers():
    """Seen from what all have in common, what is like a liked record gains; what is like a disliked one loses."""
    plain = {hit.id: hit.score for hit in run(EAST, Plane())}
    for judged, order in (((["d"], []), "abecd"), (([], ["d"]), "dceba")):
        gains = {hit.id: hit.score - plain[hit.id] for hit in run(with_feedback(EAST, *judged), Plane())}
        assert "".join(sorted(gains, key=gains.__getitem__)) == order
        assert gains["c"] * gains["a"] < 0


@given(st.lists(st.integers(-1800, 1800), min_size=3, max_size=12, unique=True), st.data())
def test_no_liked_record_falls_and_no_disliked_one_rises(tenths, data):
    """A liked record stays before all that it was before, a disliked one behind all that it was behind."""
    angles = {f"r{n}": tenth / 10 for n, tenth in enumerate(tenths)}
    archive, names = Plane(angles), list(angles)
    liked = data.draw(st.lists(st.sampled_from(names), unique=True))
    disliked = [one for one in data.draw(st.lists(st.sampled_from(names), unique=True)) if one not in liked]
    plan = Plan(Query((Example("record", names[0]),)), (Nearest(),))
    before = [hit.id for hit in run(plan, archive)]
    after = [hit.id for hit in run(with_feedback(plan, liked, disliked), archive)]
    for one in liked:
        assert set(after[: after.index(one)]) <= set(before[: before.index(one)])
    for one in disliked:
        assert set(after[after.index(one) :]) <= set(before[before.index(one) :])


def test_without_judgements_nothing_changes():
    """No judgements, or ones about records that are gone, leave the ranking; the latter are remarked upon."""
    archive = Plane()
    assert with_feedback(EAST, []) == EAST
    plan = Plan(EAST.query, (Nearest(), Feedback(liked=("gone",))))
    assert run(plan, archive) == run(EAST, archive)
    said = trace(Plan(EAST.query, (Nearest(), Feedback(("gone",), ("d",)))), archive).remarks
    assert said == ("Judged records that are not in this archive count nothing: gone.",)


def test_ids_that_were_just_typed_are_looked_up():
    """With a store to look in, an id that no record has is an error; without one, the plan remarks on it as it runs."""
    assert with_feedback(EAST, ["d"], ["b"], Plane().store) == with_feedback(EAST, ["d"], ["b"])
    with pytest.raises(UnknownNameError, match="No record has the id 'dd'"):
        with_feedback(EAST, ["d"], ["dd"], Plane().store)


def test_judged_records_that_are_not_in_the_ranking_count():
    """A liked record that an earlier step dropped still says what is wanted, and does not come back."""
    plan = Plan(EAST.query, (Nearest(), Gate(count=3), Feedback(liked=("d",))))
    assert ids(run(plan, Plane())) == "cba"


def test_judgements_live_in_the_plan():
    """Judged ids go to JSON and back; new judgements replace the earlier ones and keep the step's settings."""
    plan = Plan(EAST.query, (Nearest(), Feedback(("b",), ("e",), beta=2.0)))
    assert from_json(to_json(plan)) == plan
    assert with_feedback(plan, ["c"]).steps == (Nearest(), Feedback(("c",), (), beta=2.0))
    assert with_feedback(plan, []).steps == (Nearest(),)
    assert with_feedback(Plan(EAST.query, (Nearest(), Cutoff())), ["c"]).steps == (
        Nearest(),
        Feedback(("c",)),
        Cutoff(),
    )


def test_liked_and_disliked_at_once_is_refused():
    """One record cannot be liked and disliked."""
    with pytest.raises(InvalidInputError, match="both liked and disliked: b"):
        Feedback(("a", "b"), ("b",))
