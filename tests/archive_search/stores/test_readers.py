"""Many readers of one published generation: threads of one process, and several processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores.edge_index import EdgeIndex
from archive_search.types import Point, StoreError

ROWS = np.random.default_rng(0).standard_normal((300, 32)).astype(np.float32)
ROOT = Path(__file__).parents[3]
READER = """
import sys
from pathlib import Path
import numpy as np
from archive_search.stores.edge_index import EdgeIndex
index = EdgeIndex(Path(sys.argv[1]))
for _ in range(8):
    store = index.open()
    assert store.count() == 300, store.count()
    assert len(store.nearest("a", np.ones(32, dtype=np.float32), 50)) == 50
    store.close()
"""


@pytest.fixture
def index(memory_path: Path) -> EdgeIndex:
    """An index with one published generation of 300 points."""
    found = EdgeIndex(memory_path / "index")
    build = found.begin({"a": 32})
    build.store.upsert([Point(f"r{i}", {"a": row}, {"period": "Iron Age"}) for i, row in enumerate(ROWS)])
    build.publish()
    return found


def test_threads(index: EdgeIndex) -> None:
    """Threads search one store at the same time and each gets its own answer."""
    store = index.open()
    expected = [store.nearest("a", row, 20) for row in ROWS[:40]]
    fresh = index.open()  # has yet to learn every record's id
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda row: fresh.nearest("a", row, 20), ROWS[:40]))
    assert found == expected


def test_processes(index: EdgeIndex, memory_path: Path) -> None:
    """Several processes open and search a generation over and over while it is open here and the next is built."""
    store = index.open()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", READER, str(memory_path / "index")]
    readers = [subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) for _ in range(3)]
    for _ in range(3):  # publishes nothing new, but copies what the others are opening, and removes what they opened
        index.begin({"a": 32}).publish()
    for reader in readers:
        _, errors = reader.communicate(timeout=60)
        assert (reader.returncode, errors.decode()) == (0, "")
    assert store.count() == 300


def test_published_is_only_read(index: EdgeIndex) -> None:
    """Writing to a published generation is refused and changes nothing."""
    store = index.open()
    for write in (
        lambda: store.upsert([Point("new", {}, {})]),
        lambda: store.delete(["r1"]),
        lambda: store.add_space("b", 2),
        lambda: store.set_vectors("a", ["r1"], ROWS[:1]),
        lambda: store.set_payload(["r1"], [{}]),
        store.optimize,
    ):
        with pytest.raises(StoreError, match="only read: begin a build"):
            write()
    store.flush()
    assert store.count() == index.open().count() == 300
    assert store.spaces == {"a": 32}


def test_closed_store(index: EdgeIndex) -> None:
    """A closed store answers with a StoreError."""
    store = index.open()
    store.close()
    with pytest.raises(StoreError, match="Points cannot be counted"):
        store.count()
