"""A field has an index from the first point that holds it; of fields that nobody holds all is known without one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.table import Field
from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_index import EdgeIndex
from archive_search.testing import MemoryStore
from archive_search.types import Filter, Match, Missing, Near, Payload, Point, Range

SPACES = {"a": 4}
FILTERS: tuple[Filter, ...] = (
    Match("material", ("flint",)),
    Match("period", ("Iron Age",)),
    Match("period", ("Iron Age",), unknown="keep"),
    Missing("period"),
    Missing("material"),
    Range("date_from", low=0),
    Range("date_from", low=0, unknown="keep"),
    Near("point", 55.0, 10.0, 100.0),
)


def points(first: int, payloads: Sequence[Payload]) -> list[Point]:
    """Records with these payloads."""
    return [Point(f"r{i}", {"a": np.eye(4, dtype=np.float32)[i % 4]}, one) for i, one in enumerate(payloads, first)]


def indexed(store: EdgeStore) -> set[str]:
    """The fields that have an index."""
    return set(store.shard.info().payload_schema)


def agree(store: EdgeStore, expected: MemoryStore) -> None:
    """What two stores answer about every filter, and about values and numbers, is the same."""
    for one in FILTERS:
        assert store.count((one,)) == expected.count((one,)), one
        assert {hit.id for hit in store.nearest("a", np.ones(4, np.float32), 9, (one,))} == {
            point.id for point in expected.scan((one,))
        }
    for name in ("material", "period"):
        assert store.facet(name) == expected.facet(name)
    assert store.ends("date_from") == expected.ends("date_from")


def test_a_field_is_indexed_when_it_is_first_held(memory_path: Path) -> None:
    """Only what some point holds has an index, before and after publishing, and every filter is answered as it is."""
    index, expected = EdgeIndex(memory_path / "index"), MemoryStore(SPACES)
    batches = [
        ({"material": ["flint"], "title": "Axe"}, {"title": "Sword"}),
        ({"date_from": -500}, {"period": ["Iron Age"], "material": ["iron"]}),
    ]
    for number, payloads in enumerate(batches):
        build = index.begin(SPACES)
        agree(build.store, expected)
        for store in (build.store, expected):
            store.upsert(points(2 * number, payloads))
        agree(build.store, expected)
        build.publish()
        agree(index.open(), expected)
    there = indexed(index.open())
    assert {"material", "period", "date_from"} <= there
    assert not {"creator", "point", "findspot", "date_to"} & there
    build = index.begin(SPACES)
    for store in (build.store, expected):
        store.set_payload(["r0"], [{"point": {"lat": 55.0, "lon": 10.0}}])
    agree(build.store, expected)
    assert "point" in indexed(build.store)
    build.discard()


def test_a_build_that_was_left_knows_what_nobody_holds(memory_path: Path) -> None:
    """A build that is closed, or of which only the log is whole, goes on with the indexes that it had."""
    index, expected = EdgeIndex(memory_path / "index"), MemoryStore(SPACES)
    for whole in (True, False):
        build = index.begin(SPACES)
        for store in (build.store, expected):
            store.upsert(points(0 if whole else 1, [{"material": ["flint"]} if whole else {"period": ["Iron Age"]}]))
        build.close()
        if not whole:
            (index._path / f"{build.generation}.json").unlink()
    again = index.begin(SPACES)
    agree(again.store, expected)
    assert {"material", "period"} <= indexed(again.store)
    assert "creator" not in indexed(again.store)
    again.discard()


@pytest.mark.parametrize("known_before", [True, False])
def test_a_field_new_in_the_table_is_indexed(memory_path: Path, known_before: bool) -> None:
    """What points hold is found by filters once the table has that field, whenever it came into the table."""
    own = STANDARD.plus([Field("style", {"en": "Style"}, "term", own=True)])
    build = EdgeIndex(memory_path / "index", own if known_before else STANDARD).begin(SPACES)
    build.store.upsert(points(0, [{"own_style": ["Gothic"]}, {}]))
    build.publish()
    index = EdgeIndex(memory_path / "index", own)
    build = index.begin(SPACES)
    build.store.upsert(points(2, [{}]))
    build.publish()
    store = index.open()
    assert store.facet("own_style") == {"Gothic": 1}
    assert store.count((Missing("own_style"),)) == 2
    assert store.count((Match("own_style", ("Gothic",)),)) == 1
