"""A build of a large index begins with links to what never changes, and no write reaches what is published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import qdrant_edge as edge

from archive_search.stores import edge_config, edge_files, shard_copy
from archive_search.stores.edge_build import BuildStore
from archive_search.stores.edge_files import fixed_files
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.precision import Choice
from archive_search.testing import MemoryStore
from archive_search.types import Point, Store
from tests import mounts
from tests.archive_search.stores.conftest import in_memory

DIM = 128
SPACES = {"a": DIM, "a-tiles": 64}
PACKED, LOOSE = 400, 100
"""Points in the segment that Edge packs, and in the one that it does not."""
SMALL = edge.EdgeOptimizersConfig(default_segment_number=8, indexing_threshold=100)
"""Packs segments of 100 KB already."""


def points(first: int, last: int, seed: int = 0) -> list[Point]:
    """Records with a vector and every second with tiles, and with metadata of every kind."""
    rows = np.random.default_rng([seed, first]).standard_normal((last - first, DIM)).astype(np.float32)
    return [
        Point(
            f"r{i}",
            {"a": row} | ({"a-tiles": row[: 64 * (1 + i // 2 % 2)].reshape(-1, 64)} if i % 2 else {}),
            {
                "title": f"Axe {i} {seed}",
                "material": ["flint"],
                "date_from": i,
                "point": {"lat": i % 80, "lon": i},
                "description": "x" * (37 * i % 300),
            },
        )
        for i, row in enumerate(rows, first)
    ]


@pytest.fixture(scope="module", params=["float32", "4-bit"])
def index(request: pytest.FixtureRequest) -> Iterator[EdgeIndex]:
    """An index of either precision with a packed segment and a loose one, taken for a large one."""
    with in_memory() as place, pytest.MonkeyPatch.context() as patch:
        made = EdgeIndex(place / "index", choice=Choice(request.param))
        patch.setattr(shard_copy, "LINKED", 0)
        patch.setattr(shard_copy, "clone_file", lambda *_: False)  # as on a file system that shares no blocks
        patch.setattr(edge_config, "PACKED", SMALL)
        for first, last in ((0, PACKED), (PACKED, PACKED + LOOSE)):
            build = made.begin(SPACES)
            build.store.upsert(points(first, last))
            build.publish()
        yield made


def published(index: EdgeIndex) -> Path:
    """The directory of what is published."""
    return index._path / str(index.generation())


def seen(path: Path) -> dict[str, tuple[int, int, int]]:
    """Of every file below a path what it holds, its length, and when it was last written."""
    found = {}
    for one in path.rglob("*"):
        if one.is_file():
            about = one.stat()
            found[str(one.relative_to(path))] = (zlib.crc32(one.read_bytes()), about.st_size, about.st_mtime_ns)
    return found


def new_index(store: BuildStore) -> None:
    """Index a field that had none, and index another no more."""
    store._update([edge.UpdateOperation.create_field_index("description", edge.PayloadSchemaType.Keyword)])
    store._update([edge.UpdateOperation.delete_field_index("material")])


def new_space(store: BuildStore) -> None:
    """Add spaces, and fill one for some points."""
    store.add_space("b", 8)
    store.add_space("b-tiles", 8)
    store.set_vectors("b", ["r1", f"r{PACKED}"], np.eye(8, dtype=np.float32)[:2])


def old(first: int, last: int) -> list[str]:
    """The ids of records."""
    return [f"r{i}" for i in range(first, last)]


WRITES: dict[str, Callable[[Any], object]] = {
    "nothing": lambda store: None,
    "new points": lambda store: store.upsert(points(5000, 5030)),
    "points replaced": lambda store: store.upsert(points(100, 130, seed=1)),
    "points deleted": lambda store: store.delete([*old(2, 30), *old(PACKED + 2, PACKED + 30)]),
    "payloads": lambda store: store.set_payload(old(200, 220), [{"title": "Adze"}] * 20),
    "vectors": lambda store: store.set_vectors("a", old(300, 320), np.ones((20, DIM), dtype=np.float32)),
    "tiles": lambda store: store.set_vectors("a-tiles", old(320, 340), [np.ones((2, 64), dtype=np.float32)] * 20),
    "a new space": new_space,
    "a new index": new_index,
    "packing new points": lambda store: (store.upsert(points(5000, 5400)), store.optimize()),
    "packing what is left": lambda store: (store.delete(old(0, PACKED // 2)), store.optimize()),
}


def test_no_write_reaches_what_is_published(index: EdgeIndex) -> None:
    """Whatever is written to a build, every file of the published generation holds what it did, and is as old."""
    before = seen(published(index))
    build = index.begin({})
    files = [one for one in (index._path / build.generation).rglob("*") if one.is_file()]
    linked = {one.name for one in files if one.stat().st_nlink > 1}
    assert {"matrix.dat", "page_0.dat", "chunk_0.mmap", "id_tracker.e2i", "values_to_points.bin"} <= linked
    for write in WRITES.values():
        write(build.store)
        build.store.settle()
    build.discard()
    assert seen(published(index)) == before


def test_publishing_changes_nothing_before(index: EdgeIndex) -> None:
    """A generation built from links holds what was written, and the one before is as it was."""
    source, name = published(index), str(index.generation())
    before = seen(source)
    expected = MemoryStore(SPACES)
    expected.upsert([*points(0, PACKED), *points(PACKED, PACKED + LOOSE)])
    build = index.begin({})
    for write in ("new points", "points replaced", "points deleted", "payloads", "vectors", "tiles"):
        for store in (build.store, expected):
            WRITES[write](store)
    build.publish()
    assert seen(source) == before
    there = index.open()
    assert titles(there) == titles(expected)
    query = np.ones(DIM, dtype=np.float32)
    assert [hit.id for hit in there.nearest("a", query, 50)] == [hit.id for hit in expected.nearest("a", query, 50)]
    assert index.open(name).count() == PACKED + LOOSE  # what is before can be gone back to


def titles(store: Store) -> dict[str, str]:
    """The title of every record."""
    return {one.id: one.payload["title"] for one in store.scan()}


def test_few_are_not_packed_again(index: EdgeIndex) -> None:
    """A few new points leave the packed segments as they are: the next generation links the same files."""
    before = {one.name for one in published(index).glob("segments/*") if (one / "id_tracker.e2i").exists()}
    build = index.begin({})
    build.store.upsert(points(8000, 8020))
    build.publish()
    segments = list(published(index).glob("segments/*"))
    assert {one.name for one in segments if (one / "id_tracker.e2i").exists()} == before
    links = [one.stat().st_nlink for segment in segments if segment.name in before for one in fixed_files(segment)]
    assert all(count > 1 for count in links)


def test_small_indexes_are_copied(index: EdgeIndex, memory_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a copy takes no time, generations share nothing."""
    monkeypatch.undo()
    monkeypatch.setattr(shard_copy, "LINKED", 500_000_000)
    copy = shard_copy.copy_shard(published(index), memory_path / "copy")
    assert not any(one.stat().st_nlink > 1 for one in copy.rglob("*") if one.is_file())


def test_another_version_links_nothing(index: EdgeIndex, memory_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a version of Qdrant Edge that was not tried everything is copied, and the archive says so."""
    assert index.remark() == ""
    monkeypatch.setattr(edge_files, "edge_version", lambda: "99.0")
    monkeypatch.setattr(shard_copy, "edge_version", lambda: "99.0")
    copy = shard_copy.copy_shard(published(index), memory_path / "copy")
    assert not any(one.stat().st_nlink > 1 for one in copy.rglob("*") if one.is_file())
    assert "copies the whole index" in index.remark()
    assert "99.0" in index.remark()


KILLED = """
import sys
from pathlib import Path
from archive_search.stores import edge_config, shard_copy
from archive_search.stores.edge_index import EdgeIndex
from tests.archive_search.stores.test_shard_copy import WRITES
from tests.archive_search.stores.test_shard_copy import SMALL
edge_config.PACKED = SMALL
shard_copy.LINKED = 0
shard_copy.clone_file = lambda *_: False
while True:
    build = EdgeIndex(Path(sys.argv[1])).begin({})
    print("began", flush=True)
    for name, write in WRITES.items():
        write(build.store)
        build.store.settle()
    build.discard()
"""


@pytest.mark.slow
def test_a_killed_build_changes_nothing_before(index: EdgeIndex) -> None:
    """A process that is killed at any moment while it writes to a build leaves what is published as it was."""
    before = seen(published(index))
    environment = {**os.environ, "PYTHONPATH": str(mounts.ROOT)}
    for number in range(8):
        command = [sys.executable, "-c", KILLED, str(index._path)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"began\n"
        try:
            writer.wait(0.3 * number)
        except subprocess.TimeoutExpired:
            writer.kill()
        assert writer.wait() == -signal.SIGKILL
        writer.stdout.close()
        assert seen(published(index)) == before
