"""A builder killed at any moment harms nothing that was published and loses nothing that was flushed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores.edge_index import EdgeIndex
from archive_search.testing import MemoryStore
from archive_search.types import ArchiveError, Point, Store
from tests.archive_search.stores import crash_writer

SECONDS = float(os.environ.get("CRASH_SECONDS", "8"))
"""How long builders are killed for; raise it for a longer trial."""
WRITER = Path(crash_writer.__file__)
ROOT = Path(__file__).parents[3]


def kill_a_writer(path: Path, after: float, publish_after: int, errors: Path) -> list[str]:
    """Start a writer, kill it some seconds after it began its build (or, negative, after its start); what it said."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with errors.open("wb") as log:
        writer = subprocess.Popen(
            [sys.executable, str(WRITER), str(path), str(publish_after)],
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
        )
        assert writer.stdout is not None
        said = b"" if after < 0 else writer.stdout.readline()
        time.sleep(abs(after))
        writer.kill()
        said += writer.stdout.read()
        writer.wait()
        writer.stdout.close()
    return said.decode().splitlines()


def written(batches: int) -> MemoryStore:
    """The exact store after so many batches."""
    store = MemoryStore(crash_writer.SPACES)
    for batch in range(batches):
        crash_writer.write_batch(store, batch)
    return store


def contents(store: Store) -> dict[str, tuple[str, tuple[float, ...]]]:
    """All that a store holds, comparable: payload and vectors, rounded, by record id."""
    tiles = {point.id: numbers(point, "a-tiles") for point in store.scan(space="a-tiles")}
    return {
        point.id: (json.dumps(dict(point.payload), sort_keys=True), numbers(point, "a") + tiles[point.id])
        for point in store.scan(space="a")
    }


def numbers(point: Point, space: str) -> tuple[float, ...]:
    """What a point holds in a space, rounded, row after row; () where it lacks it."""
    return tuple(np.round(point.vectors[space], 4).ravel().tolist()) if space in point.vectors else ()


def same(found: Store, expected: MemoryStore) -> None:
    """Both hold the same, by scan, by index and by search."""
    there, wanted = contents(found), contents(expected)
    assert there.keys() == wanted.keys()
    for one, (payload, vector) in wanted.items():
        assert there[one][0] == payload
        assert there[one][1] == pytest.approx(vector, abs=2e-4)
    assert found.facet("period") == expected.facet("period")
    query = crash_writer.row(1, 1)
    wanted_ids = [hit.id for hit in expected.nearest("a", query, 20)]
    assert [hit.id for hit in found.nearest("a", query, 20)] == wanted_ids
    query = crash_writer.tiles(3, 1)[0]
    wanted_scores = [hit.score for hit in expected.nearest("a-tiles", query, 20)]
    np.testing.assert_allclose([hit.score for hit in found.nearest("a-tiles", query, 20)], wanted_scores, atol=1e-6)


def test_killed_builders(memory_path: Path) -> None:
    """Killed again and again: the published generation opens and is whole; a resumed build holds what was flushed."""
    index = EdgeIndex(memory_path / "index")
    chance = random.Random(7)
    until = time.monotonic() + SECONDS
    published, flushed, rounds = -1, -1, 0
    while time.monotonic() < until or (flushed <= 5 and rounds < 100):  # a busy machine needs more rounds
        rounds += 1
        after = -chance.uniform(0.1, 0.6) if rounds % 4 == 0 else chance.uniform(0, 0.7)
        said = kill_a_writer(memory_path / "index", after, chance.choice([1, 3, 1000]), memory_path / "errors.txt")
        assert (memory_path / "errors.txt").read_text() == ""
        for line in said:
            word, _, number = line.partition(" ")
            flushed = max(flushed, int(number)) if word in ("flushed", "published") else flushed
            published = max(published, int(number)) if word == "published" else published

        try:
            store = index.open()
        except ArchiveError:
            assert published == -1  # nothing was published yet
        else:
            held = crash_writer.progress(store)
            assert held >= published
            same(store, written(held + 1))
            store.close()
            published = held

        build = index.begin(crash_writer.SPACES)
        held = crash_writer.progress(build.store)
        assert held >= flushed, "flushed points are gone"
        same(build.store, written(held + 1))
        flushed = held
        if rounds % 3 == 0:
            build.close()
        else:
            build._lock.release()  # as if this process, too, had died without a word
            build.store.close()
    assert flushed > 5


def digests(path: Path) -> dict[str, str]:
    """A digest of every file of a shard."""
    files = [one for one in path.rglob("*") if one.is_file()]
    return {str(one.relative_to(path)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def test_published_files_stay(memory_path: Path) -> None:
    """Neither reading a generation nor building and publishing the next one changes what its files hold."""
    index = EdgeIndex(memory_path / "index")
    build = index.begin(crash_writer.SPACES)
    for batch in range(3):
        crash_writer.write_batch(build.store, batch)
    build.publish()
    shard = memory_path / "index" / build.generation
    before = digests(shard)
    store = index.open()
    same(store, written(3))
    build = index.begin(crash_writer.SPACES)
    crash_writer.write_batch(build.store, 3)
    build.publish()
    same(store, written(3))
    store.close()
    assert digests(shard) == before


def test_reader_outlives_its_generation(memory_path: Path) -> None:
    """A reader goes on with the generation it opened when that is long removed from the disk."""
    index = EdgeIndex(memory_path / "index")
    reader = None
    for batch in range(4):
        build = index.begin(crash_writer.SPACES)
        crash_writer.write_batch(build.store, batch)
        build.publish()
        reader = reader or index.open()
    assert not (memory_path / "index" / "gen-000001").exists()
    assert reader is not None
    same(reader, written(1))
    reader.close()


@pytest.mark.parametrize("damage", ["shard", "segments", "log", "both", "manifest"])
def test_damaged_build(memory_path: Path, damage: str) -> None:
    """A build closed in order and damaged since is made anew: from its log, or, without one, from what is published."""
    path = memory_path / "index"
    index = EdgeIndex(path)
    build = index.begin(crash_writer.SPACES)
    crash_writer.write_batch(build.store, 0)
    build.publish()
    build = index.begin(crash_writer.SPACES)
    crash_writer.write_batch(build.store, 1)
    build.close()
    if damage in ("shard", "both"):
        for one in (path / build.generation).rglob("segment.json"):
            one.write_text("{")
        (path / build.generation / "edge_config.json").write_text('{"vec')
    if damage in ("log", "both"):
        (path / f"{build.generation}.log").write_bytes(b"\x07" * 300)
    if damage == "segments":
        shutil.rmtree(path / build.generation / "segments")
    if damage == "manifest":
        (path / f"{build.generation}.json").unlink()
    again = index.begin(crash_writer.SPACES)
    lost = damage in ("log", "both")
    assert again.resumed is not lost
    same(again.store, written(1 if lost else 2))
    again.publish()
    store = index.open()
    same(store, written(1 if lost else 2))
    store.close()


def test_stale_lock(memory_path: Path) -> None:
    """The lock of a builder that died is taken over at once."""
    said = kill_a_writer(memory_path / "index", 0.05, 1000, memory_path / "errors.txt")
    assert said[0].startswith("began")
    build = EdgeIndex(memory_path / "index").begin(crash_writer.SPACES)
    assert (memory_path / "index" / "LOCK.pid").read_text(encoding="utf-8") == str(os.getpid())
    build.discard()


def test_unlogged_leftovers(memory_path: Path) -> None:
    """A directory that is neither published nor a build is removed by the next build."""
    index = EdgeIndex(memory_path / "index")
    build = index.begin(crash_writer.SPACES)
    build.store.upsert([Point("one", {}, {})])
    build.publish()
    leftover = memory_path / "index" / "gen-000002" / "segments"
    leftover.mkdir(parents=True)
    (leftover / "half").write_text("half a file")
    assert index.building() is None
    build = index.begin(crash_writer.SPACES)
    assert (build.generation, build.resumed, build.store.count()) == ("gen-000002", False, 1)
    build.publish()


def test_unreadable_current(memory_path: Path) -> None:
    """An index whose CURRENT names no generation is refused rather than built over."""
    index = EdgeIndex(memory_path / "index")
    (memory_path / "index").mkdir()
    (memory_path / "index" / "CURRENT").write_text("something\n")
    with pytest.raises(Exception, match="names no generation: 'something'"):
        index.begin(crash_writer.SPACES)
