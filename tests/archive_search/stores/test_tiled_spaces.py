"""Every store keeps several vectors per point in a space of tiles, and ranks the points by the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from archive_search.stores.ids import internal_id
from archive_search.stores.server import ServerStore
from archive_search.types import (
    Filter,
    InvalidInputError,
    Match,
    Missing,
    Point,
    Range,
    Store,
    UnknownNameError,
    Vector,
    Vectors,
)


def tiles(rows: int, seed: int, dim: int = 8) -> Vectors:
    """Random rows of length 1."""
    found = np.random.default_rng(seed).standard_normal((rows, dim))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


HELD = [tiles(1 + i % 7, seed=i) for i in range(40)]
WHOLE = tiles(40, seed=99)
POINTS = [
    Point(
        f"box {i}/photo.jpg",
        {"a": WHOLE[i], "a-tiles": HELD[i]},
        {"period": ["Iron Age", "Stone Age"][i % 2], "date_from": 10 * i},
    )
    for i in range(40)
]
IDS = [point.id for point in POINTS]
QUERIES = tiles(5, seed=1000)


def best(query: Vector, held: Sequence[Vectors] = HELD) -> list[float]:
    """The similarity of the best row of each, in plain numpy."""
    return [float(np.max(rows.astype(np.float64) @ query.astype(np.float64))) for rows in held]


def assert_held(store: Store, point: Point, rows: Vectors, space: str = "a-tiles") -> None:
    """A point holds these rows in this order, bit for bit (local mode scales them once more)."""
    found = point.vectors[space]
    assert found.dtype == np.float32
    assert found.shape == rows.shape
    if isinstance(store, ServerStore):
        np.testing.assert_allclose(found, rows, atol=2e-7)
    else:
        np.testing.assert_array_equal(found, rows)


# ------------------------------------------------------------------ reading


def test_nearest(store: Store) -> None:
    """The nearest points are those whose best row is most similar; scores and any limit agree with plain numpy."""
    store.upsert(POINTS)
    for query in QUERIES:
        scores = best(query)
        expected = sorted(range(40), key=lambda i: -scores[i])
        found = store.nearest("a-tiles", query, 40)
        assert [hit.id for hit in found] == [IDS[i] for i in expected]
        np.testing.assert_allclose([hit.score for hit in found], sorted(scores, reverse=True), atol=1e-6)
        assert [hit.id for hit in store.nearest("a-tiles", query, 6)] == [IDS[i] for i in expected[:6]]
        assert all(hit.payload == {} for hit in found)


def test_best_row_counts(store: Store) -> None:
    """One row that is the query gives score 1, whatever the others are and however many."""
    far = -np.repeat(QUERIES[:1], 20, axis=0)
    store.upsert([Point("one of many", {"a-tiles": np.vstack([far, QUERIES[:1]])}, {}), *POINTS])
    hit = store.nearest("a-tiles", QUERIES[0], 1)[0]
    assert hit.id == "one of many"
    assert hit.score == pytest.approx(1.0, abs=1e-6)
    store.set_vectors("a-tiles", ["one of many"], [far])
    assert store.nearest("a-tiles", QUERIES[0], 41)[-1].id == "one of many"


def test_filtered(store: Store) -> None:
    """Filters cut the set before the nearest are taken."""
    store.upsert(POINTS)
    asked: list[tuple[list[Filter], range]] = [
        ([Match("period", ("Stone Age",))], range(1, 40, 2)),
        ([Match("period", ("Iron Age",)), Range("date_from", low=200)], range(20, 40, 2)),
        ([Missing("period")], range(0)),
    ]
    for where, passing in asked:
        scores = best(QUERIES[1])
        expected = sorted(passing, key=lambda i: -scores[i])
        assert [hit.id for hit in store.nearest("a-tiles", QUERIES[1], 5, where)] == [IDS[i] for i in expected[:5]]


def test_scores(store: Store) -> None:
    """Scores come in the order of the ids, NaN where a point lacks the space or there is none."""
    store.upsert([*POINTS, Point("whole only", {"a": WHOLE[0]}, {})])
    scores = best(QUERIES[2])
    found = store.scores("a-tiles", QUERIES[2], [IDS[6], "whole only", IDS[3], "nowhere", IDS[6]])
    np.testing.assert_allclose(found, [scores[6], np.nan, scores[3], np.nan, scores[6]], atol=1e-6)
    assert found.dtype == np.float32
    assert store.scores("a-tiles", QUERIES[2], []).shape == (0,)


def test_points_without_tiles_are_not_found(store: Store) -> None:
    """A point that lacks the space is counted, not found by it, and comes back without it."""
    store.upsert([POINTS[0], Point("whole only", {"a": WHOLE[0]}, {}), Point("bare", {}, {})])
    assert [hit.id for hit in store.nearest("a-tiles", QUERIES[0], 9)] == [IDS[0]]
    assert store.count() == 3
    assert [point.vectors for point in store.points(["whole only", "bare"], "a-tiles")] == [{}, {}]
    assert {point.id for point in store.scan(space="a-tiles") if point.vectors} == {IDS[0]}


def test_equal_scores_by_id(store: Store) -> None:
    """Points with the same best row are ordered by id, whatever their other rows."""
    row = QUERIES[:1]
    far = -QUERIES[:1]
    same = [
        Point(f"copy {i:02}", {"a-tiles": np.vstack([far] * (i % 4) + [row] + [far] * (i % 3))}, {})
        for i in reversed(range(30))
    ]
    store.upsert([*same, *POINTS])
    for limit in (30, 12, 1):
        found = store.nearest("a-tiles", QUERIES[0], limit)
        assert [hit.id for hit in found] == sorted(sorted((one.id for one in same), key=internal_id)[:limit])


def test_points_come_back(store: Store) -> None:
    """A point gives back all its rows in the order written, beside its one vector of a plain space."""
    store.upsert(POINTS)
    for found, i in zip(store.points([IDS[13], IDS[2], IDS[39]], "a-tiles"), (13, 2, 39), strict=True):
        assert found.id == IDS[i]
        assert_held(store, found, HELD[i])
    assert store.points([IDS[13]], "a")[0].vectors["a"].shape == (8,)


def test_scan(store: Store) -> None:
    """A scan gives every point that passes with its rows, ordered by internal id."""
    store.upsert(POINTS)
    found = list(store.scan([Match("period", ("Stone Age",))], space="a-tiles"))
    assert [point.id for point in found] == sorted(IDS[1::2], key=internal_id)
    for point in found:
        assert_held(store, point, HELD[IDS.index(point.id)])


def test_wide_points(store: Store) -> None:
    """Points too large to be read or written together come back whole, each once."""
    store.add_space("wide-tiles", 1024)
    held = [tiles(rows, seed=rows, dim=1024) for rows in (40, 1, 700, 3, 16, 90)]
    ids = [str(i) for i in range(6)]
    store.upsert([Point(one, {"wide-tiles": rows}, {}) for one, rows in zip(ids[:3], held, strict=False)])
    store.upsert([Point(one, {}, {}) for one in ids[3:]])
    store.set_vectors("wide-tiles", ids[3:], held[3:])
    found = {point.id: point for point in store.scan(space="wide-tiles")}
    assert sorted(found) == ids
    for one, rows in zip(ids, held, strict=True):
        assert_held(store, found[one], rows, "wide-tiles")
    assert store.nearest("wide-tiles", held[2][699], 1)[0].id == "2"


# ------------------------------------------------------------------ writing


def test_upsert_replaces(store: Store) -> None:
    """A point that is stored again holds its new rows only, be they more or fewer, or none."""
    for rows in (HELD[6], HELD[1], HELD[5]):
        store.upsert([Point("one", {"a-tiles": rows}, {})])
        assert_held(store, store.points(["one"], "a-tiles")[0], rows)
        assert store.scores("a-tiles", QUERIES[0], ["one"])[0] == pytest.approx(best(QUERIES[0], [rows])[0], abs=1e-6)
    store.upsert([Point("one", {"a": WHOLE[0]}, {})])
    assert np.isnan(store.scores("a-tiles", QUERIES[0], ["one"])[0])


def test_add_space_and_set_vectors(store: Store) -> None:
    """A space of tiles added later takes arrays of different lengths; the other spaces and the payloads stay."""
    store.upsert(POINTS)
    store.add_space("b-tiles", 3)
    store.add_space("b-tiles", 3)
    assert store.spaces["b-tiles"] == 3
    held = [tiles(rows, seed=rows, dim=3) for rows in (4, 1, 9)]
    store.set_vectors("b-tiles", IDS[:3], held)
    query = held[2][5]
    assert store.nearest("b-tiles", query, 9)[0].id == IDS[2]
    np.testing.assert_allclose(store.scores("b-tiles", query, IDS[:4]), [*best(query, held), np.nan], atol=1e-6)
    for found, rows in zip(store.points(IDS[:3], "b-tiles"), held, strict=True):
        assert_held(store, found, rows, "b-tiles")
        assert found.payload["period"] == POINTS[IDS.index(found.id)].payload["period"]
    assert_held(store, store.points([IDS[6]], "a-tiles")[0], HELD[6])
    assert store.scores("a", WHOLE[1], [IDS[1]])[0] == pytest.approx(1.0, abs=1e-5)


def test_set_vectors_replaces(store: Store) -> None:
    """Rows set again replace those of their space only; arrays of one length may come as one array."""
    store.upsert(POINTS[:3])
    new = np.stack([tiles(5, seed=1), tiles(5, seed=2)])
    store.set_vectors("a-tiles", IDS[1:3], new)  # type: ignore[arg-type]
    assert_held(store, store.points([IDS[0]], "a-tiles")[0], HELD[0])
    for found, rows in zip(store.points(IDS[1:3], "a-tiles"), new, strict=True):
        assert_held(store, found, rows)
    assert store.scores("a", WHOLE[2], [IDS[2]])[0] == pytest.approx(1.0, abs=1e-5)
    store.set_payload([IDS[2]], [{"period": "Viking Age"}])
    assert_held(store, store.points([IDS[2]], "a-tiles")[0], new[1])


def test_delete(store: Store) -> None:
    """Deleted points are found by none of their rows."""
    store.upsert(POINTS)
    store.delete(IDS[:39])
    for query in HELD[5]:
        assert [hit.id for hit in store.nearest("a-tiles", query, 5)] == [IDS[39]]


def test_unscaled_rows(store: Store) -> None:
    """Similarity is that of directions: no row need be of length 1, nor the query."""
    store.upsert([Point("one", {"a-tiles": HELD[4] * np.array([[9], [0.1], [1], [40], [2]], np.float32)}, {})])
    assert store.scores("a-tiles", QUERIES[0] * 7, ["one"])[0] == pytest.approx(
        best(QUERIES[0], HELD[4:5])[0], abs=1e-6
    )
    lengths = np.linalg.norm(store.points(["one"], "a-tiles")[0].vectors["a-tiles"], axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


# ------------------------------------------------------------------ refusing


def refused(store: Store, space: str, held: Any, match: str) -> None:
    """Both ways of writing refuse what is no content of this space, and write nothing."""
    before = store.count()
    with pytest.raises(InvalidInputError, match=match):
        store.upsert([Point("good", {}, {}), Point("bad", {space: held}, {})])
    assert store.count() == before
    with pytest.raises(InvalidInputError, match=match):
        store.set_vectors(space, [IDS[0], IDS[1]], [HELD[0] if space == "a-tiles" else WHOLE[0], held])
    if space == "a-tiles":
        assert_held(store, store.points([IDS[0]], space)[0], HELD[0])


@pytest.mark.parametrize(
    ("held", "match"),
    [
        (WHOLE[0], r"one row or more in space 'a-tiles': an array \(rows, 8\), got one of shape \(8,\)"),
        (np.zeros((0, 8), np.float32), r"one row or more in space 'a-tiles'.*got one of shape \(0, 8\)"),
        (HELD[1][None], r"one row or more in space 'a-tiles'.*got one of shape \(1, 2, 8\)"),
        (tiles(2, 0, dim=5), "Space 'a-tiles' has 8 dimensions, got a vector with 5"),
        ([[1.0] * 8, [1.0] * 7], "for space 'a-tiles' is no array of numbers"),
        (np.full((2, 8), np.nan, np.float32), "'a-tiles' holds a value that is not a finite number"),
        (np.ones((1 << 17, 8), np.float32), "at most 131071 rows in space 'a-tiles', got 131072"),
    ],
)
def test_rows_that_do_not_fit(store: Store, held: Any, match: str) -> None:
    """A space of tiles refuses one vector, no row, other axes or dimensions, and more than can be kept."""
    store.upsert(POINTS[:2])
    refused(store, "a-tiles", held, match)


def test_several_rows_in_a_plain_space(store: Store) -> None:
    """A plain space refuses several rows per point."""
    store.upsert(POINTS[:2])
    with pytest.raises(
        InvalidInputError, match=r"One vector has one axis, got an array of shape \(2, 8\) for space 'a'"
    ):
        store.upsert([Point("bad", {"a": HELD[1]}, {})])
    with pytest.raises(
        InvalidInputError, match=r"Space 'a' has one vector per point: \(n, 8\), got an array \(2, 2, 8\)"
    ):
        store.set_vectors("a", IDS[:2], np.stack([HELD[1], HELD[1]]))
    with pytest.raises(InvalidInputError, match="for space 'a' is no array of numbers"):
        store.set_vectors("a", IDS[:2], [HELD[1], HELD[2]])


def test_queries_of_several_rows(store: Store) -> None:
    """A query is one vector, also in a space of tiles."""
    for ask in (store.nearest, store.scores):
        with pytest.raises(InvalidInputError, match=r"One vector has one axis, got an array of shape \(2, 8\)"):
            ask("a-tiles", QUERIES[:2], 5)  # type: ignore[operator]


def test_unknown_ids(store: Store) -> None:
    """Rows for points that do not exist are refused, and nothing is written."""
    store.upsert(POINTS[:1])
    with pytest.raises(UnknownNameError, match="No point has the id nowhere"):
        store.set_vectors("a-tiles", [IDS[0], "nowhere"], HELD[5:7])
    assert_held(store, store.points([IDS[0]], "a-tiles")[0], HELD[0])
