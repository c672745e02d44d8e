"""Every store counts, filters, scans, ranks and refuses like the exact store in memory."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import passes, years
from archive_search.metadata.table import Field
from archive_search.stores import qdrant
from archive_search.stores.ids import internal_id
from archive_search.testing import MemoryStore
from archive_search.types import (
    Filter,
    InvalidInputError,
    Match,
    Point,
    Range,
    Store,
    UnknownNameError,
    Vectors,
)


def unit_rows(count: int, dim: int, seed: int = 0) -> Vectors:
    """Random rows of length 1."""
    rows = np.random.default_rng(seed).standard_normal((count, dim))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


ROWS = unit_rows(40, 8)
PAYLOADS: list[dict[str, Any]] = [
    {
        "period": ["Iron Age", "Bronze Age", "Stone Age"][i % 3],
        "material": ["bone", "flint"] if i % 4 == 0 else "amber",
        "date_from": -500 + 50 * i,
        "date_to": -400 + 50 * i,
        "extra": {"Inv. no.": f"A{i}"},
    }
    for i in range(40)
]
POINTS = [Point(f"box {i}/photo.jpg", {"a": ROWS[i]}, PAYLOADS[i]) for i in range(40)]


def reference(points: list[Point] = POINTS) -> MemoryStore:
    """The same points in the exact store."""
    made = MemoryStore({"a": 8, "b": 3})
    made.upsert(points)
    return made


# ------------------------------------------------------------------ reading


def test_count(store: Store) -> None:
    """A store counts its points, all or those that pass."""
    store.upsert(POINTS)
    assert store.count() == 40
    assert store.count([Match("period", ("Iron Age",))]) == 14
    assert store.count([Match("material", ("flint",)), Range("date_from", low=0)]) == 7


def test_years(store: Store) -> None:
    """Filters made from two years find the records whose dating overlaps them, and the undated where they are kept."""
    store.upsert([*POINTS[:6], Point("undated", {}, {})])
    for unknown in ("keep", "drop"):
        where = years(-450, -340, unknown)
        assert store.count(where) == sum(passes(p.payload, where) for p in [*POINTS[:6], Point("undated", {}, {})])


def test_payload(store: Store) -> None:
    """A payload comes back as it was stored, with the record's id in the field id."""
    store.upsert(POINTS)
    (found,) = store.points([POINTS[4].id])
    assert found.payload == {**PAYLOADS[4], "id": POINTS[4].id}
    assert found.vectors == {}


def test_values(store: Store) -> None:
    """Values of one field come in the order asked for, whatever they are, and None where there is nothing."""
    store.upsert([*POINTS[:6], Point("bare", {}, {"odd name": {"a.b": [1, 0.5]}})])
    asked = [POINTS[4].id, "unknown", POINTS[1].id, POINTS[4].id, "bare"]
    assert store.values("material", asked) == [["bone", "flint"], None, "amber", ["bone", "flint"], None]
    assert store.values("odd name", asked) == [None, None, None, None, {"a.b": [1, 0.5]}]
    store.set_payload(["bare"], [{"material": "gold"}])
    assert store.values("material", ["bare"]) == ["gold"]
    assert store.values("material", []) == []


def test_vectors(store: Store) -> None:
    """Vectors of one space come by id, in the order asked for; who is unknown or holds none is left out."""
    store.upsert([*POINTS, Point("bare", {}, {})])
    ids = [POINTS[7].id, "nowhere", "bare", POINTS[2].id, POINTS[7].id]
    for _ in range(2):  # what is remembered is what was read
        found = store.vectors("a", ids)
        assert list(found) == [POINTS[7].id, POINTS[2].id]
        for point in store.points(list(found), "a"):
            np.testing.assert_array_equal(found[point.id], point.vectors["a"])
    assert store.vectors("a", []) == {}
    with pytest.raises(UnknownNameError, match="No space is called 'z'"):
        store.vectors("z", ids)


def test_points_in_order(store: Store) -> None:
    """Points come in the order asked for, unknown ids left out, with the vectors of the space named."""
    store.upsert(POINTS)
    ids = [POINTS[7].id, "nowhere", POINTS[2].id, POINTS[7].id]
    found = store.points(ids, space="a")
    assert [p.id for p in found] == [POINTS[7].id, POINTS[2].id, POINTS[7].id]
    np.testing.assert_allclose(found[1].vectors["a"], ROWS[2], atol=1e-6)
    assert found[1].vectors["a"].dtype == np.float32
    assert store.points(ids, space="b")[0].vectors == {}
    assert store.points([]) == []


def test_scan(store: Store) -> None:
    """A scan gives every point that passes, once, ordered by internal id, with vectors where a space is named."""
    store.upsert(POINTS)
    where = [Match("material", ("bone",))]
    found = list(store.scan(where, space="a"))
    assert [p.id for p in found] == sorted((p.id for p in POINTS[::4]), key=internal_id)
    assert all(p.vectors["a"].shape == (8,) for p in found)
    assert len(list(store.scan())) == 40


def test_ids(store: Store) -> None:
    """The ids are those of a scan, in its order, filtered or not, past the first page as well."""
    store.upsert([Point(str(i), {}, {"material": "flint" if i % 2 else "bone"}) for i in range(2500)])
    for where in ([], [Match("material", ("bone",))]):
        assert list(store.ids(where)) == [point.id for point in store.scan(where)]


def test_long_scan(store: Store) -> None:
    """A scan goes on past its first page."""
    store.upsert([Point(str(i), {}, {}) for i in range(2500)])
    assert {p.id for p in store.scan()} == {str(i) for i in range(2500)}


def test_facet(store: Store) -> None:
    """A facet counts each value of a field once per point, most frequent first, equal counts by value."""
    store.upsert([*POINTS, Point("twice", {}, {"material": ["jet", "jet"], "period": None})])
    assert list(store.facet("material").items()) == [("amber", 30), ("bone", 10), ("flint", 10), ("jet", 1)]
    assert list(store.facet("material", limit=2)) == ["amber", "bone"]
    assert store.facet("period", [Match("material", ("flint",))]) == {"Iron Age": 4, "Bronze Age": 3, "Stone Age": 3}
    assert store.facet("culture") == {}


def test_nearest(store: Store) -> None:
    """The nearest points are those of exact cosine similarity, best first, payloads left empty."""
    store.upsert(POINTS)
    for row in unit_rows(5, 8, seed=1):
        expected, found = reference().nearest("a", row, 40), store.nearest("a", row, 40)
        assert [hit.id for hit in found] == [hit.id for hit in expected]
        np.testing.assert_allclose([h.score for h in found], [h.score for h in expected], atol=1e-5)
        assert [hit.id for hit in found[:7]] == [hit.id for hit in store.nearest("a", row, 7)]
        assert all(hit.payload == {} for hit in found)


def test_nearest_filtered(store: Store) -> None:
    """Filters cut the set before the nearest are taken, not after."""
    store.upsert(POINTS)
    where: list[Filter] = [Match("period", ("Stone Age", "Iron Age")), Range("date_from", low=0, high=1000)]
    found = store.nearest("a", ROWS[0], 5, where)
    assert len(found) == 5
    assert [hit.id for hit in found] == [hit.id for hit in reference().nearest("a", ROWS[0], 5, where)]


def test_self_similarity(store: Store) -> None:
    """The nearest point to a stored vector is that point, with similarity 1."""
    store.upsert(POINTS)
    best = store.nearest("a", ROWS[11], 1)[0]
    assert best.id == POINTS[11].id
    assert best.score == pytest.approx(1.0, abs=1e-5)
    assert store.scores("a", -ROWS[11], [best.id])[0] == pytest.approx(-1.0, abs=1e-5)


def test_equal_scores_by_id(store: Store) -> None:
    """Equal scores are ordered by id; where the limit cuts through them, the same are taken by every store."""
    same = [Point(f"copy {i:02}", {"a": ROWS[0]}, {}) for i in reversed(range(30))]
    store.upsert([*same, Point("other", {"a": ROWS[1]}, {})])
    ids = [f"copy {i:02}" for i in range(30)]
    for limit in (30, 1, 2, 5):
        taken = sorted(sorted(ids, key=internal_id)[:limit])
        assert [hit.id for hit in store.nearest("a", ROWS[0], limit)] == taken


def test_no_limit_no_hits(store: Store) -> None:
    """A limit of nothing, and a store without points, give no hits."""
    assert store.nearest("a", ROWS[0], 5) == ()
    store.upsert(POINTS)
    assert store.nearest("a", ROWS[0], 0) == ()


def test_scores(store: Store) -> None:
    """Scores come in the order of the ids, NaN where a point lacks the space or there is none."""
    store.upsert([*POINTS, Point("blank", {}, {})])
    ids = [POINTS[5].id, "blank", POINTS[3].id, "nowhere", POINTS[5].id]
    found = store.scores("a", ROWS[0], ids)
    expected = np.array([ROWS[5] @ ROWS[0], np.nan, ROWS[3] @ ROWS[0], np.nan, ROWS[5] @ ROWS[0]])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert found.dtype == np.float32
    assert store.scores("a", ROWS[0], []).shape == (0,)


def test_unscaled_vectors(store: Store) -> None:
    """Similarity is that of directions: neither a stored vector nor a query need be of length 1."""
    store.upsert([Point("long", {"a": ROWS[0] * 40}, {}), Point("short", {"a": ROWS[1] / 40}, {})])
    assert store.scores("a", ROWS[0] * 3, ["long", "short"]) == pytest.approx([1.0, float(ROWS[0] @ ROWS[1])], abs=1e-5)


def test_points_without_space_are_not_found(store: Store) -> None:
    """A point that lacks a space is counted but not found by it."""
    store.upsert([Point("in a", {"a": ROWS[0]}, {}), Point("in none", {}, {})])
    assert [hit.id for hit in store.nearest("a", ROWS[0], 10)] == ["in a"]
    assert store.nearest("b", np.array([1, 0, 0], dtype=np.float32), 10) == ()
    assert store.count() == 2


# ------------------------------------------------------------------ writing


def test_upsert_replaces(store: Store) -> None:
    """A point that is stored again is replaced: its payload, its vectors, and those it no longer has."""
    b = np.array([0, 0, 1], dtype=np.float32)
    store.upsert([Point("one", {"a": ROWS[0], "b": b}, {"period": "Iron Age", "place": "Ribe"})])
    store.upsert([Point("one", {"a": ROWS[1]}, {"period": "Stone Age"})])
    assert store.count() == 1
    assert store.points(["one"])[0].payload == {"id": "one", "period": "Stone Age"}
    assert store.scores("a", ROWS[1], ["one"])[0] == pytest.approx(1.0, abs=1e-5)
    assert np.isnan(store.scores("b", b, ["one"])[0])
    assert store.facet("place") == {}


def test_last_of_equal_ids(store: Store) -> None:
    """Of several points with one id in a batch the last counts."""
    store.upsert([Point("one", {}, {"title": "first"}), Point("one", {}, {"title": "second"})])
    assert store.count() == 1
    assert store.points(["one"])[0].payload["title"] == "second"


def test_add_space(store: Store) -> None:
    """A space added later holds vectors of its own; the others, and the payloads, stay."""
    store.upsert(POINTS)
    store.add_space("palette", 2)
    store.add_space("palette", 2)
    assert store.spaces["palette"] == 2
    ids = [POINTS[3].id, POINTS[1].id]
    store.set_vectors("palette", ids, np.array([[1, 0], [0, 1]], dtype=np.float32))
    assert [hit.id for hit in store.nearest("palette", np.array([1, 0.1], dtype=np.float32), 9)] == ids
    np.testing.assert_allclose(store.scores("a", ROWS[3], ids)[0], 1.0, atol=1e-5)
    assert store.points(ids)[1].payload == {**PAYLOADS[1], "id": ids[1]}


@pytest.mark.parametrize("name", ["a:b", "a/b", "..", "../x", "a\\b", "what?", "dot.", " a", "x" * 101, "a\nb", ""])
def test_names_that_no_file_can_have(store: Store, name: str) -> None:
    """A space whose name would be no file's on some system, or a way to another, is refused and not made."""
    before = dict(store.spaces)
    with pytest.raises(InvalidInputError, match=r"No space can be called|A space needs a name"):
        store.add_space(name, 2)
    assert store.spaces == before


@pytest.mark.parametrize("name", ["clip-vit-b-32", "økse 2.0", "x", "a_b+c-tiles"])
def test_names_that_a_space_can_have(store: Store, name: str) -> None:
    """Letters of any language, digits, inner spaces and dots make a name."""
    store.add_space(name, 2)
    assert store.spaces[name] == 2


def test_set_vectors_replaces_one_space(store: Store) -> None:
    """Vectors set again replace those of their space only."""
    b = np.array([0, 1, 0], dtype=np.float32)
    store.upsert([Point("one", {"a": ROWS[0], "b": b}, {})])
    store.set_vectors("a", ["one"], ROWS[5:6])
    assert store.scores("a", ROWS[5], ["one"])[0] == pytest.approx(1.0, abs=1e-5)
    assert store.scores("b", b, ["one"])[0] == pytest.approx(1.0, abs=1e-5)


def test_set_payload(store: Store) -> None:
    """A payload set anew replaces the old one whole; vectors stay and filters follow."""
    store.upsert(POINTS)
    ids = [POINTS[0].id, POINTS[1].id]
    store.set_payload(ids, [{"period": "Viking Age"}, {"culture": "Ertebølle"}])
    assert store.points(ids)[0].payload == {"period": "Viking Age", "id": ids[0]}
    assert [p.id for p in store.scan([Match("culture", ("Ertebølle",))])] == ids[1:]
    assert store.facet("period")["Viking Age"] == 1
    np.testing.assert_allclose(store.scores("a", ROWS[1], ids)[1], 1.0, atol=1e-5)


def test_delete(store: Store) -> None:
    """Deleted points are gone from everything; unknown ids are no error."""
    store.upsert(POINTS)
    store.delete([POINTS[0].id, "nowhere"])
    assert store.count() == 39
    assert store.points([POINTS[0].id]) == []
    assert store.nearest("a", ROWS[0], 1)[0].id != POINTS[0].id
    assert store.facet("period")["Iron Age"] == 13


def test_nothing_to_write(store: Store) -> None:
    """Writing nothing is no error."""
    store.upsert([])
    store.set_vectors("a", [], np.zeros((0, 8), dtype=np.float32))
    store.set_payload([], [])
    store.delete([])
    store.flush()
    assert store.count() == 0


# ------------------------------------------------------------------ refusing


def test_unknown_space(store: Store) -> None:
    """An unknown space is refused, and the error names those there are."""
    known = ", ".join(sorted(store.spaces))
    calls = [
        lambda: store.nearest("c", ROWS[0], 1),
        lambda: store.scores("c", ROWS[0], ["one"]),
        lambda: store.points(["one"], space="c"),
        lambda: store.scan(space="c"),
        lambda: store.upsert([Point("one", {"c": ROWS[0]}, {})]),
        lambda: store.set_vectors("c", ["one"], ROWS[:1]),
    ]
    for call in calls:
        with pytest.raises(UnknownNameError, match=re.escape(f"No space is called 'c'. Known: {known}")):
            call()


def test_unknown_facet(store: Store) -> None:
    """Counting the values of a field that is no facet is refused, and the error names those that are."""
    with pytest.raises(UnknownNameError, match=r"'colour' are not counted\. Known: object_id, object_type"):
        store.facet("colour")


def test_what_is_remembered_of_ids_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many records are written and read, only so many of their ids stay in memory; hits have theirs."""
    monkeypatch.setattr(qdrant, "REMEMBERED", 5)
    for start in range(0, 40, 4):
        store.upsert(POINTS[start : start + 4])
        store.points([point.id for point in POINTS[: start + 4]])
    for row in range(40):
        assert store.nearest("a", ROWS[row], 3)[0].id == POINTS[row].id
    if isinstance(store, qdrant.QdrantStore):
        assert max(len(store._names), len(store._internal)) <= 5 + 40
    hits = store.nearest("a", ROWS[0], 40)
    assert {hit.id for hit in hits} == {point.id for point in POINTS}


def test_fields_that_come_later(store: Store) -> None:
    """A field that joins the table when points are stored already is counted, filtered and found as any other."""
    before = store.fields
    style = Field("style", {"en": "Style"}, "term", facet=True, words=2.0, own=True)
    size = Field("size", {"en": "Size"}, "number", own=True)
    store.upsert([Point("a", {}, {"own_style": ["Ribe", "plain"], "own_size": 3}), Point("b", {}, {})])
    with pytest.raises(UnknownNameError):
        store.facet("own_style")
    try:
        store.follow(STANDARD.plus([style, size]))
        assert store.facet("own_style") == {"Ribe": 1, "plain": 1}
        assert store.ends("own_size") == (3, 3)
        assert list(store.ids((Match("own_style", ("plain",)),))) == ["a"]
        store.set_payload(["b"], [{"own_style": "Ribe"}])
        assert store.facet("own_style") == {"Ribe": 2, "plain": 1}
        assert store.matching({"ribe": 1.0}, 9)[0].id == "b"
        store.follow(STANDARD.plus([style, Field("size", {"en": "Size"}, "term", own=True)]))
        store.set_payload(["a"], [{"own_size": "large"}])
        assert store.facet("own_size") == {"large": 1}
    finally:
        store.follow(before)


def test_unknown_ids(store: Store) -> None:
    """Vectors and payloads for points that do not exist are refused, and nothing is written."""
    store.upsert(POINTS[:1])
    with pytest.raises(UnknownNameError, match="No point has the id nowhere"):
        store.set_vectors("a", [POINTS[0].id, "nowhere"], ROWS[2:4])
    with pytest.raises(UnknownNameError, match="No point has the id nowhere"):
        store.set_payload([POINTS[0].id, "nowhere"], [{}, {}])
    assert store.scores("a", ROWS[0], [POINTS[0].id])[0] == pytest.approx(1.0, abs=1e-5)
    assert store.points([POINTS[0].id])[0].payload["period"] == "Iron Age"


def test_wrong_dimension(store: Store) -> None:
    """A vector of another dimension than its space's is refused, in reading and writing."""
    short = ROWS[0][:5]
    for call in (
        lambda: store.nearest("a", short, 1),
        lambda: store.scores("a", short, ["one"]),
        lambda: store.upsert([Point("one", {"a": short}, {})]),
        lambda: store.set_vectors("a", ["one"], short[None, :]),
    ):
        with pytest.raises(InvalidInputError, match="Space 'a' has 8 dimensions, got a vector with 5"):
            call()
    with pytest.raises(InvalidInputError, match="Space 'a' has 8 dimensions, not 9"):
        store.add_space("a", 9)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_not_a_number(store: Store, bad: float) -> None:
    """A vector that holds something that is not a finite number is refused, in reading and writing."""
    row = ROWS[0].copy()
    row[3] = bad
    for call in (
        lambda: store.nearest("a", row, 1),
        lambda: store.scores("a", row, ["one"]),
        lambda: store.upsert([Point("one", {"a": row}, {})]),
        lambda: store.set_vectors("a", ["one"], row[None, :]),
    ):
        with pytest.raises(InvalidInputError, match="not a finite number"):
            call()
    assert store.count() == 0


def test_unstorable_payload(store: Store) -> None:
    """A payload that JSON cannot say is refused, naming the record."""
    for value in (float("nan"), object()):
        with pytest.raises(InvalidInputError, match="payload of 'one' cannot be stored"):
            store.upsert([Point("one", {}, {"date_from": value})])


def test_refused_batches_leave_no_trace(store: Store) -> None:
    """One point that does not fit keeps its whole batch out."""
    with pytest.raises(InvalidInputError):
        store.upsert([POINTS[0], Point("", {}, {})])
    assert store.count() == 0


def test_ends(store: Store) -> None:
    """The smallest and the largest number of those that pass; None where none does; other fields are refused."""
    store.upsert(POINTS)
    for where in ([], [Match("material", ("flint",))]):
        numbers = [point.payload["date_from"] for point in store.scan(where) if "date_from" in point.payload]
        assert store.ends("date_from", where) == (min(numbers), max(numbers))
    assert store.ends("date_from", [Match("material", ("gold",))]) is None
    with pytest.raises(UnknownNameError, match="holds no numbers"):
        store.ends("title")


def test_sample(store: Store) -> None:
    """A point drawn at random passes the filters, and not always the same is drawn; from nothing none is."""
    store.upsert(POINTS)
    flint = [Match("material", ("flint",))]
    drawn = {store.sample(flint) for _ in range(60)}
    assert drawn <= set(store.ids(flint))
    assert len(drawn) > 1
    assert store.sample([Match("material", ("gold",))]) is None
