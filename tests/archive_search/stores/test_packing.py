"""A shard that is packed while it is written."""

import numpy as np
import pytest

from archive_search.stores import edge
from archive_search.stores.edge import EdgeStore
from archive_search.types import Match, Point

DIM = 1024


def points(first, count):
    """Records with a material each, whose vectors take 4 KB."""
    random = np.random.default_rng(first)
    rows = random.standard_normal((count, DIM), dtype=np.float32)
    return [
        Point(f"r{n}", {"a": row}, {"id": f"r{n}", "title": f"bowl {n}", "material": ["flint", "bone"][n % 2]})
        for n, row in enumerate(rows, first)
    ]


@pytest.fixture
def packed(memory_path, monkeypatch):
    """A shard into which 3,000 points were written, packed after every 2,800 writes, before 10 MB are too few."""
    monkeypatch.setattr(edge, "LOOSE", 2800)
    store = EdgeStore.create(memory_path / "shard", {"a": DIM})
    for first in range(0, 3000, 200):
        store.upsert(points(first, 200))
    yield store
    store.close()


def test_what_is_written_is_packed_from_time_to_time(packed):
    """What was written is packed without being asked for, so that its indexes do not stay in memory."""
    assert packed.shard.info().indexed_vectors_count >= 2800


def test_what_was_packed_is_found_and_changed_as_all_else(packed):
    """Points that were packed while others are written are found, counted, changed and removed as those."""
    some = points(0, 200)
    assert [packed.nearest("a", one.vectors["a"], 1)[0].id for one in some[:5]] == [one.id for one in some[:5]]
    assert packed.facet("material") == {"bone": 1500, "flint": 1500}
    packed.set_payload(["r0", "r2999"], [{"id": one, "material": "amber"} for one in ("r0", "r2999")])
    packed.delete(["r1", "r2998"])
    assert packed.facet("material") == {"bone": 1498, "flint": 1498, "amber": 2}
    assert packed.holding("bowl") == 2996
    assert sorted(packed.ids((Match("material", ("amber",)),))) == ["r0", "r2999"]
