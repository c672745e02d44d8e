"""A reader writes nothing into a published generation, wherever it lies, and leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.private_copy import private_copy
from archive_search.types import Match, Point, Range, Store, StoreError
from tests import mounts

DIM = 1024
SEARCH = """
import sys
from pathlib import Path
from archive_search.stores.edge_index import EdgeIndex
from tests.archive_search.stores.test_private_copy import search
store = EdgeIndex(Path(sys.argv[1])).open()
search(store)
store.close()
print("searched")
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from archive_search.stores.private_copy import private_copy
with private_copy(Path(sys.argv[1])) as copy:
    print(copy, flush=True)
    if len(sys.argv) > 2:
        sys.stdin.readline()
    else:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose generation has a large segment, which Edge packs, and a small one, which it does not."""
    path = tmp_path_factory.mktemp("published") / "index"
    index = EdgeIndex(path)
    rows = np.random.default_rng(0).standard_normal((3100, DIM)).astype(np.float32)
    build = index.begin({"a": DIM, "a-tiles": 16})
    points = [
        Point(f"r{i}", {"a": row, "a-tiles": row[:64].reshape(4, 16)}, {"title": f"Axe {i}", "date_from": i})
        for i, row in enumerate(rows)
    ]
    build.store.upsert(points[:3000])
    build.publish()
    build = index.begin({})
    build.store.upsert(points[3000:])
    build.publish()
    shutil.rmtree(path / "gen-000001")
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of its own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    return place


def search(store: Store) -> None:
    """Ask a store everything that it answers."""
    query = np.ones(DIM, dtype=np.float32)
    assert store.count() == 3100
    assert len(store.nearest("a", query, 50)) == len(store.nearest("a-tiles", query[:16], 50)) == 50
    assert store.nearest("a", query, 5, [Range("date_from", 3050, 3060)])
    assert store.count([Match("title", ("Axe 7",))]) == 1
    assert len(store.matching({"axe": 1.0}, 20)) == 20
    assert store.facet("period") == {}
    assert len(list(store.scan((), "a"))) == 3100
    assert store.points(["r1", "r3050"], "a-tiles")[1].vectors["a-tiles"].shape == (4, 16)


def state(path: Path) -> dict[str, tuple[str, int, int]]:
    """Of everything below a path what it holds, its length, and when it was last written."""
    found = {}
    for one in [path, *path.rglob("*")]:
        about = one.stat()
        digest = hashlib.sha256(one.read_bytes()).hexdigest() if one.is_file() else ""
        found[str(one.relative_to(path))] = (digest, about.st_size, about.st_mtime_ns)
    return found


def kept(temporary: Path) -> list[str]:
    """What lies in the directories for private copies."""
    return sorted(one.name for one in temporary.glob("archive-search-*/*"))


def test_reading_changes_nothing(published: Path, temporary: Path) -> None:
    """Opening and searching leaves every file of an index as it was, its times included, and adds none."""
    assert {"id_tracker.e2i", "mutable_id_tracker.mappings"} <= {one.name for one in published.rglob("*")}
    before = state(published)
    for _ in range(2):
        store = EdgeIndex(published).open()
        search(store)
        store.close()
    assert state(published) == before


def test_nothing_is_left_behind(published: Path, temporary: Path) -> None:
    """The private copy is gone as soon as a store is open, also where opening fails."""
    store = EdgeIndex(published).open()
    assert kept(temporary) == []
    search(store)
    store.close()
    broken = temporary / "broken"
    shutil.copytree(published / "gen-000002", broken)
    for one in broken.rglob("segment.json"):
        one.write_text("{")
    with pytest.raises(StoreError, match="broken cannot be opened") as error:
        EdgeStore.open(broken)
    assert "archive-search-" not in str(error.value)
    assert kept(temporary) == []


def test_what_is_large_is_not_copied(published: Path, temporary: Path) -> None:
    """Of a generation as large as an archive's, a private copy takes little: vectors and metadata are linked."""
    generation = published / "gen-000002"
    with private_copy(generation) as copy:
        files = [one for one in copy.rglob("*") if one.is_file()]
        linked = {one.name for one in files if one.is_symlink() or one.stat().st_nlink > 1}
        own = sum(one.stat().st_blocks * 512 for one in files if one.name not in linked)
    whole = sum(one.stat().st_blocks * 512 for one in generation.rglob("*"))
    assert {"matrix.dat", "page_0.dat", "chunk_0.mmap"} <= linked
    assert own < whole / 5


def test_copies_of_killed_processes_go(published: Path, temporary: Path) -> None:
    """What a process left that was killed while it opened is removed by the next that opens; what is in use stays."""
    before = state(published)
    environment = {**os.environ, "PYTHONPATH": str(mounts.ROOT)}
    command = [sys.executable, "-c", KILLED, str(published / "gen-000002")]
    dead = subprocess.run(command, capture_output=True, env=environment)
    assert dead.returncode == -signal.SIGKILL
    left = Path(dead.stdout.decode().strip())
    assert left.is_dir()
    alive = subprocess.Popen([*command, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert alive.stdout is not None
    used = Path(alive.stdout.readline().decode().strip())
    assert not left.exists()
    EdgeIndex(published).open().close()
    assert kept(temporary) == [used.name, f"{used.name}.lock"]
    alive.communicate(b"\n")
    assert kept(temporary) == []
    assert state(published) == before


def test_a_directory_open_to_others_is_not_used(published: Path, temporary: Path) -> None:
    """Copies are not laid where others could change them: another place is taken."""
    own = temporary / f"archive-search-{os.getuid()}"
    own.mkdir(mode=0o700)
    own.chmod(0o777)
    with private_copy(published / "gen-000002") as copy:
        assert temporary not in copy.parents
        assert copy.parent.stat().st_mode & 0o077 == 0


def test_read_only_archive(published: Path, temporary: Path) -> None:
    """A generation on a file system that is mounted read-only is searched."""
    before = state(published)
    done = mounts.run_with([mounts.read_only(published)], ["-c", SEARCH, str(published)])
    assert (done.stdout, done.stderr) == ("searched\n", "")
    assert state(published) == before
    assert kept(temporary) == []


@pytest.mark.parametrize("temporary_in_memory", [False, True])
def test_full_disk(published: Path, temporary: Path, tmp_path: Path, temporary_in_memory: bool) -> None:
    """A generation on a disk without any room left is searched; the temporary directory may be in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    room = sum(one.stat().st_blocks * 512 for one in published.rglob("*")) // 1_000_000 + 2
    copied = f"mount -t tmpfs -o size={room}m none '{disk}' && cp -r --sparse=always '{published}' '{disk}/index'"
    memory = [f"mount -t tmpfs -o size=600m none '{temporary}'"] if temporary_in_memory else []
    done = mounts.run_with([copied, mounts.fill(disk), *memory], ["-c", SEARCH, str(disk / "index")])
    assert (done.returncode, done.stdout, done.stderr) == (0, "searched\n", "")


def test_full_temporary_directory(published: Path, temporary: Path) -> None:
    """Where the temporary directory is full, another place is taken."""
    done = mounts.run_with([mounts.full(temporary)], ["-c", SEARCH, str(published)])
    assert (done.stdout, done.stderr) == ("searched\n", "")


def test_no_room_anywhere(published: Path, temporary: Path, tmp_path: Path) -> None:
    """Where no temporary directory has room, the error says how much is needed, what was tried and what to do."""
    cache = tmp_path / "cache"
    cache.mkdir()
    usual = [one for one in map(Path, ("/var/tmp", "/tmp", "/dev/shm")) if one.is_dir()]
    around = [mounts.read_only(one) for one in usual if tmp_path.is_relative_to(one)]
    filled = [mounts.full(one) for one in (*usual, cache, temporary) if not tmp_path.is_relative_to(one)]
    done = mounts.run_with([*around, *filled], ["-c", SEARCH, str(published)], {"XDG_CACHE_HOME": str(cache)})
    last = done.stderr.splitlines()[-1]
    assert "StoreError: The index in" in last
    assert " MB of it are copied to a temporary directory, and none has room. Tried: " in last
    assert f"{temporary} (No space left on device)" in last
    assert "name another directory in the environment variable TMPDIR" in last
