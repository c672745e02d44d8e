"""Variety in a ranking: diversity, one hit per object, near-duplicates stacked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.metadata.fields import SAME_PICTURE
from archive_search.plan import Plan, run, trace
from archive_search.ranking.diversity import Diversity
from archive_search.ranking.duplicates import Duplicates
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.objects import Objects
from archive_search.search import Findings, SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, Point, Query

ANGLES = {"a": 0, "b": 1, "c": 2, "d": 40, "e": 41, "f": 90}
OWNERS = {"a": "1", "b": "2", "c": "1", "d": "2", "e": ""}


def at(degrees: float) -> np.ndarray:
    """A vector in the plane."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])


class Plane:
    """Records in the plane; some share an object."""

    def __init__(self, angles=ANGLES) -> None:
        self.store = MemoryStore({"plane": 2})
        self.store.upsert(
            [Point(one, {"plane": at(angle)}, {"object_id": OWNERS.get(one)}) for one, angle in angles.items()]
        )

    def context(self, query, space=""):
        """What a step may see; there is no embedder."""
        return SearchContext(self.store, query, "plane", None, None)


def ids(ranking) -> str:
    """The ids of a ranking, in order."""
    return "".join(hit.id for hit in ranking)


def like_a(*steps) -> Plan:
    """A plan for what is like the first record."""
    return Plan(Query((Example("record", "a"),)), (Nearest(), *steps))


@given(st.lists(st.floats(0, 180), min_size=1, max_size=8))
def test_trade_off_1_changes_nothing(angles):
    """With trade-off 1, diversity leaves order and scores; with any other it loses no hit."""
    archive = Plane({"abcdefgh"[i]: angle for i, angle in enumerate(angles)})
    plain = run(like_a(), archive)
    assert run(like_a(Diversity(1.0)), archive) == plain
    assert sorted(ids(run(like_a(Diversity(0.5)), archive))) == sorted(ids(plain))


def test_diversity_by_hand():
    """After the best hit comes the one that is least like it, then the one least like both; the rest follow."""
    assert ids(run(like_a(), Plane())) == "abcdef"
    assert ids(run(like_a(Diversity(0.0)), Plane())).startswith("af")
    assert ids(run(like_a(Diversity(0.0)), Plane()))[2] in "de"
    assert ids(run(like_a(Diversity(0.0, count=3)), Plane())) == "acbdef"
    scores = [hit.score for hit in run(like_a(Diversity(0.0)), Plane())]
    assert scores == [hit.score for hit in run(like_a(), Plane())]


def test_one_hit_per_object():
    """The best picture of every object stays, the other views are told behind it; records without object stay."""
    happened = trace(like_a(Objects()), Plane())
    assert ids(happened.ranking) == "abef"
    assert happened.stacks == {"a": ("c",), "b": ("d",)}


def test_near_duplicates_are_stacked():
    """Pictures within the threshold of a better hit go behind it, in their order; the hits keep theirs."""
    within_2 = math.cos(math.radians(2.0))
    happened = trace(like_a(Duplicates(within_2)), Plane())
    assert ids(happened.ranking) == "adf"
    assert happened.stacks == {"a": ("b", "c"), "d": ("e",)}
    assert trace(like_a(Duplicates(within_2, count=3)), Plane()).stacks == {"a": ("b", "c")}


def test_a_stack_does_not_grow_along_a_chain():
    """Record c is as near to b as b to a, yet c stays: it is too far from a."""
    within_1 = math.cos(math.radians(1.0))
    assert trace(like_a(Duplicates(within_1)), Plane()).stacks == {"a": ("b",), "d": ("e",)}


def test_stacks_of_two_steps_join():
    """Where a hit with a stack is itself put behind another, its stack goes with it."""
    within_1 = math.cos(math.radians(1.0))
    happened = trace(like_a(Duplicates(within_1), Objects()), Plane())
    assert ids(happened.ranking) == "adf"
    assert happened.stacks == {"a": ("b", "c"), "d": ("e",)}
    findings = Findings(stacks={"b": ("c", "d")})
    findings.stack({"a": ["b", "e"]})
    assert findings.stacks == {"a": ("b", "c", "d", "e")}


@pytest.mark.parametrize("step", [Diversity(0.5), Duplicates(), Objects()])
def test_nothing_found_stays_nothing(step):
    """Steps for variety take an empty ranking."""
    archive = Plane()
    assert step(archive.context(Query()), ()) == ()


def test_copies_of_a_picture_are_one_object():
    """Records that show the same picture stand behind the best, and so does what is of one object with any of them."""
    archive = Plane()
    points = archive.store.points(list("abcdef"))
    archive.store.set_payload(
        list("abcdef"),
        [{**one.payload, SAME_PICTURE: "c"} if one.id in "ce" else dict(one.payload) for one in points],
    )
    happened = trace(like_a(Objects()), archive)
    assert ids(happened.ranking) == "abf"
    assert happened.stacks == {"a": ("c", "e"), "b": ("d",)}
