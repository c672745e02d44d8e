"""Laws that hold on every store whatever is stored and asked."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.metadata.filters import passes
from archive_search.testing import MemoryStore
from archive_search.types import Filter, Match, Missing, Payload, Point, Range, Store

ROWS = np.random.default_rng(0).standard_normal((10, 8)).astype(np.float32)
IDS = [str(i) for i in range(10)]

WORDS = ("bone", "flint", "Ærø", "", 'a "quoted" word', "a.b[0]")
LEAVES = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.integers(-5000, 5000),
    st.integers(-9999, 9999).map(lambda n: n / 4),  # Edge reads back other floats with an error of the last bit
    st.booleans(),
)
VALUES = st.one_of(LEAVES, st.lists(LEAVES, max_size=3))
FIELDS = ("material", "period", "date_from", "date_to", "not indexed", "width", "extra")
PAYLOAD = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5)
UNKNOWN = st.sampled_from(["keep", "drop"])
BOUND = st.one_of(st.none(), st.integers(-5000, 5000), st.sampled_from([-500.5, 0.0, 1066.25]))
FILTER = st.one_of(
    st.builds(Match, st.sampled_from(FIELDS), st.lists(st.sampled_from(WORDS), max_size=3).map(tuple), UNKNOWN),
    st.builds(Range, st.sampled_from(FIELDS), BOUND, BOUND, UNKNOWN),
    st.builds(Missing, st.sampled_from(FIELDS)),
)


def stored(payloads: list[Payload]) -> list[Point]:
    """Ten points with these payloads."""
    return [Point(one, {"a": row}, payload) for one, row, payload in zip(IDS, ROWS, payloads, strict=True)]


@settings(max_examples=60, deadline=None)
@given(payloads=st.lists(PAYLOAD, min_size=10, max_size=10), asked=st.lists(st.lists(FILTER, max_size=3), max_size=6))
def test_filters_mean_what_passes_says(shared: Store, payloads: list[Payload], asked: list[list[Filter]]) -> None:
    """Whatever the payloads and filters, a store finds exactly the points that `filters.passes` lets through."""
    shared.upsert(stored(payloads))
    for where in asked:
        expected = {str(i) for i, payload in enumerate(payloads) if passes(payload, where)}
        assert {point.id for point in shared.scan(where)} == expected, where
        assert shared.count(where) == len(expected)
        assert {hit.id for hit in shared.nearest("a", ROWS[0], 99, where)} == expected


@settings(max_examples=40, deadline=None)
@given(payloads=st.lists(PAYLOAD, min_size=10, max_size=10), where=st.lists(FILTER, max_size=2))
def test_facets_like_memory(shared: Store, payloads: list[Payload], where: list[Filter]) -> None:
    """Whatever the payloads, a store's facets and payloads are those of the store in memory."""
    memory = MemoryStore({"a": 8})
    memory.upsert(stored(payloads))
    shared.upsert(stored(payloads))
    for field in ("material", "period"):
        assert list(shared.facet(field, where).items()) == list(memory.facet(field, where).items())
    assert list(shared.scan(where)) == list(memory.scan(where))


@settings(max_examples=30, deadline=None)
@given(where=st.lists(FILTER, max_size=2), limit=st.integers(1, 12), seed=st.integers(0, 99))
def test_rankings_like_memory(shared: Store, where: list[Filter], limit: int, seed: int) -> None:
    """Whatever is asked, a store ranks like exact numpy and its `scores` are those of its ranking."""
    payloads: list[Payload] = [{"material": ["bone", "flint"][i % 2 :], "date_from": 100 * i} for i in range(10)]
    memory = MemoryStore({"a": 8})
    memory.upsert(stored(payloads))
    shared.upsert(stored(payloads))
    query = np.random.default_rng(seed).standard_normal(8).astype(np.float32)
    expected, found = memory.nearest("a", query, limit, where), shared.nearest("a", query, limit, where)
    assert [hit.id for hit in found] == [hit.id for hit in expected]
    scores = shared.scores("a", query, [hit.id for hit in found])
    np.testing.assert_allclose(scores, [hit.score for hit in expected], atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(where=st.lists(FILTER, max_size=2), limit=st.integers(1, 12), seed=st.integers(0, 99))
def test_one_tile_ranks_as_the_whole(shared: Store, where: list[Filter], limit: int, seed: int) -> None:
    """A space of tiles in which every point has one row ranks and scores as the plain space with the same vectors."""
    payloads: list[Payload] = [{"material": ["bone", "flint"][i % 2 :], "date_from": 100 * i} for i in range(10)]
    shared.upsert(
        [Point(p.id, {"a": p.vectors["a"], "a-tiles": p.vectors["a"][None]}, p.payload) for p in stored(payloads)]
    )
    query = np.random.default_rng(seed).standard_normal(8).astype(np.float32)
    expected, found = shared.nearest("a", query, limit, where), shared.nearest("a-tiles", query, limit, where)
    assert [hit.id for hit in found] == [hit.id for hit in expected]
    np.testing.assert_allclose([hit.score for hit in found], [hit.score for hit in expected], atol=1e-6)
    np.testing.assert_allclose(shared.scores("a-tiles", query, IDS), shared.scores("a", query, IDS), atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    held=st.lists(st.integers(0, 4), min_size=10, max_size=10),
    asked=st.lists(st.integers(0, 9), max_size=40),
    where=st.lists(FILTER, max_size=2),
    limit=st.integers(0, 12),
)
def test_asked_together_as_asked_alone(
    shared: Store, held: list[int], asked: list[int], where: list[Filter], limit: int
) -> None:
    """However many vectors are asked together, each gets what it gets alone to the last bit, ties by id and filters."""
    payloads: list[Payload] = [{"material": WORDS[i % 2], "date_from": 100 * i} for i in range(10)]
    rows = [ROWS[one] for one in held]  # some alike: scores tie
    shared.upsert(
        [
            Point(one, {"a": row, "a-tiles": np.stack([row, ROWS[9]])}, payload)
            for one, row, payload in zip(IDS, rows, payloads, strict=True)
        ]
    )
    for space in ("a", "a-tiles"):
        alone = [shared.nearest(space, ROWS[one], limit, where) for one in asked]
        assert shared.nearest_each(space, [ROWS[one] for one in asked], limit, where) == alone


@settings(max_examples=30, deadline=None)
@given(
    counts=st.lists(st.integers(0, 6), min_size=10, max_size=10),
    again=st.lists(st.integers(1, 6), max_size=10),
    limit=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_tiles_like_memory(shared: Store, counts: list[int], again: list[int], limit: int, seed: int) -> None:
    """Whatever the numbers of tiles, set at once and set anew, a store holds and ranks them like the one in memory."""
    random = np.random.default_rng(seed)
    memory = MemoryStore({"a-tiles": 8})
    points = [
        Point(one, {"a-tiles": random.standard_normal((count, 8))} if count else {}, {})
        for one, count in zip(IDS, counts, strict=True)
    ]
    anew = [random.standard_normal((count, 8)).astype(np.float32) for count in again]
    query = random.standard_normal(8).astype(np.float32)
    for store in (shared, memory):
        store.upsert(points)
        store.set_vectors("a-tiles", IDS[: len(again)], anew)
    expected, found = memory.nearest("a-tiles", query, limit), shared.nearest("a-tiles", query, limit)
    assert [hit.id for hit in found] == [hit.id for hit in expected]
    np.testing.assert_allclose(shared.scores("a-tiles", query, IDS), memory.scores("a-tiles", query, IDS), atol=1e-6)
    for one, other in zip(shared.scan(space="a-tiles"), memory.scan(space="a-tiles"), strict=True):
        assert one.vectors.keys() == other.vectors.keys()
        for space, rows in other.vectors.items():
            np.testing.assert_allclose(one.vectors[space], rows, atol=1e-6)
