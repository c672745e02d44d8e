"""One store of each kind: what the contract is tested on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient

from archive_search.stores.edge import EdgeStore
from archive_search.stores.server import ServerStore
from archive_search.testing import MemoryStore
from archive_search.types import Store

SPACES: Mapping[str, int] = {"a": 8, "b": 3, "a-tiles": 8}
KINDS = ["memory", "edge", "local server", "server"]


@pytest.fixture(params=KINDS, scope="module")
def shared(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store with the spaces a (8), b (3) and a-tiles (8), used by every test of a module in turn."""
    with in_memory() as path:
        yield from _make(request.param, path / "shard")


@pytest.fixture
def store(shared: Store) -> Store:
    """An empty store with the spaces a (8), b (3) and a-tiles (8), and perhaps others of earlier tests."""
    shared.delete([point.id for point in shared.scan()])
    assert shared.count() == 0
    return shared


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """A directory in memory where there is one: a shard is many small files, slow to sync on a busy disk."""
    with in_memory() as path:
        yield path


@contextmanager
def in_memory() -> Iterator[Path]:
    """A directory in memory where there is one."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _make(kind: str, path: Path) -> Iterator[Store]:
    made: Store
    if kind == "memory":
        made = MemoryStore(SPACES)
    elif kind == "edge":
        made = EdgeStore.create(path, SPACES)
    elif kind == "local server":
        made = ServerStore.create(QdrantClient(":memory:"), "points", SPACES, "memory")
    else:
        url = os.environ.get("QDRANT_URL")
        if not url:
            pytest.skip("QDRANT_URL names no server")
        client = QdrantClient(url=url, api_key=os.environ.get("QDRANT_API_KEY"))
        name = f"test-{uuid4()}"
        made = ServerStore.create(client, name, SPACES, url)
        yield made
        client.delete_collection(name)
        client.close()
        return
    yield made
    made.close()
