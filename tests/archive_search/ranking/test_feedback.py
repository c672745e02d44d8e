"""Feedback by liked and disliked records, on vectors in the plane."""

import math

import numpy as np
import pytest

from archive_search.plan import Plan, from_json, run, to_json, trace
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.feedback import Feedback, logistic
from archive_search.ranking.nearest import Nearest
from archive_search.refining import with_feedback
from archive_search.search import SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, InvalidInputError, Point, Query

ANGLES = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 180}


def at(degrees: float) -> np.ndarray:
    """A vector in the plane."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])


class Plane:
    """Five records in the plane; a query is a record."""

    def __init__(self) -> None:
        self.store = MemoryStore({"plane": 2})
        self.store.upsert([Point(one, {"plane": at(angle)}, {}) for one, angle in ANGLES.items()])

    def context(self, query, space=""):
        """What a step may see; there is no embedder."""
        return SearchContext(self.store, query, "plane", None, None)


def ids(ranking) -> str:
    """The ids of a ranking, in order."""
    return "".join(hit.id for hit in ranking)


EAST = Plan(Query((Example("record", "a"),)), (Nearest(),))


def test_on_nearest_neighbours_it_is_rocchio_by_hand():
    """After one like (d) and one dislike (b) scores are those of query + beta x liked - gamma x disliked."""
    ranking = run(with_feedback(EAST, ["d"], ["b"]), Plane())
    moved = at(0) + 1.0 * at(90) - 0.5 * at(30)
    expected = {one: float(at(angle) @ moved) for one, angle in ANGLES.items()}
    assert {hit.id: pytest.approx(hit.score, abs=1e-6) for hit in ranking} == expected
    assert ids(ranking) == "cbdae"


def test_liking_raises_and_disliking_lowers():
    """What is like a liked record rises; what is like a disliked one falls."""
    assert ids(run(with_feedback(EAST, ["d"]), Plane())).index("c") < ids(run(EAST, Plane())).index("c")
    assert ids(run(with_feedback(EAST, [], ["d"]), Plane()))[:2] == "ab"


def test_without_judgements_nothing_changes():
    """No judgements, or ones about records that are gone, leave the ranking; the latter are remarked upon."""
    archive = Plane()
    assert with_feedback(EAST, []) == EAST
    plan = Plan(EAST.query, (Nearest(), Feedback(liked=("gone",))))
    assert run(plan, archive) == run(EAST, archive)
    assert (
        "not in this archive" in trace(Plan(EAST.query, (Nearest(), Feedback(("gone",), ("d",)))), archive).remarks[0]
    )


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


def test_the_logistic_model_is_the_most_likely_one():
    """At the weights found the gradient of the penalised likelihood is zero, and few judgements stay near the query."""
    query, liked, disliked = at(0), np.stack([at(60), at(80)]), np.stack([at(-60), at(20), at(180)])
    weights = logistic(query, liked, disliked, variance=0.5, scale=2.0)
    rows, labels = np.concatenate([liked, disliked]), np.array([1, 1, 0, 0, 0])
    lows, highs = -50.0, 50.0
    for _ in range(200):  # the free intercept, by bisection: its own gradient must vanish as well
        middle = (lows + highs) / 2
        chance = 1 / (1 + np.exp(-(2.0 * rows @ weights + middle)))
        lows, highs = (lows, middle) if np.sum(chance - labels) + 1e-3 * middle > 0 else (middle, highs)
    gradient = 2.0 * rows.T @ (chance - labels) + (weights - query) / 0.5
    assert np.abs(gradient).max() < 1e-6
    assert weights @ at(70) > query @ at(70)
    assert np.abs(logistic(query, liked, disliked, variance=1e-9) - query).max() < 1e-6


def test_enough_judgements_are_learned_from():
    """With `learn_at` reached the ranking is that of the learned movement; with one kind of judgement it is Rocchio."""
    archive = Plane()
    learned = Plan(EAST.query, (Nearest(), Feedback(("d",), ("b",), learn_at=2)))
    half = (at(90) - 0.5 * at(30) + logistic(at(0), at(90)[None], at(30)[None]) - at(0)) / 2
    expected = {one: float(at(angle) @ (at(0) + half)) for one, angle in ANGLES.items()}
    assert {hit.id: pytest.approx(hit.score, abs=1e-6) for hit in run(learned, archive)} == expected
    one_kind = Plan(EAST.query, (Nearest(), Feedback(("d", "c"), learn_at=2)))
    assert run(one_kind, archive) == run(with_feedback(EAST, ["d", "c"]), archive)
