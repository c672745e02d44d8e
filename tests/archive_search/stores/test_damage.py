"""Damage of an index is noticed when it is opened, is told with what to do, and that works; what is whole is kept."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.file_copy import copy_tree
from archive_search.stores.index_directory import IndexDirectory
from archive_search.stores.manifest import DamagedError, read_manifest
from archive_search.types import Point, StoreError

ROWS = np.random.default_rng(0).standard_normal((30, 8)).astype(np.float32)
POINTS = [Point(f"r{i}", {"a": row}, {"title": f"Axe {i}"}) for i, row in enumerate(ROWS)]
LOST: dict[str, Callable[[Path], object]] = {
    "missing": lambda current: current.unlink(),
    "empty": lambda current: current.write_bytes(b""),
    "of zeros": lambda current: current.write_bytes(b"\0" * 11),
    "not UTF-8": lambda current: current.write_bytes(b"\xff\xfe gen"),
    "garbled": lambda current: current.write_text("gen-x\n"),
}
"""What may become of the file that names the published generation."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two generations: 20 points, then 30."""
    path = tmp_path_factory.mktemp("built") / "index"
    publish(EdgeIndex(path), POINTS[:20])
    publish(EdgeIndex(path), POINTS[20:])
    return path


@pytest.fixture
def path(built: Path, memory_path: Path) -> Path:
    """A copy of that index."""
    copy = memory_path / "index"
    copy_tree(built, copy)
    return copy


def publish(index: EdgeIndex, points: list[Point]) -> str:
    """Publish a generation with these points added; its name."""
    build = index.begin({"a": 8})
    build.store.upsert(points)
    build.publish()
    return build.generation


def count(index: EdgeIndex) -> int:
    """How many points the published generation holds."""
    store = index.open()
    found = store.count()
    store.close()
    return found


def contents(path: Path) -> dict[str, str]:
    """A digest of every file below a path."""
    files = [one for one in path.rglob("*") if one.is_file()]
    return {str(one.relative_to(path)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


# ------------------------------------------------------------------ files of a generation


def test_a_file_that_is_missing_shorter_or_other_is_noticed(path: Path) -> None:
    """Whatever file of a generation is missing or shorter, or, where it is small, says something else, it is named."""
    shard = path / "gen-000002"
    manifest = read_manifest(path / "gen-000002.json")
    assert manifest is not None
    assert len(manifest.files) > 20
    for name in manifest.files:
        file = shard / name
        data = file.read_bytes()
        file.unlink()
        with pytest.raises(DamagedError, match=f"^{re.escape(name)} is missing$"):
            manifest.check(shard)
        if data:
            file.write_bytes(data[:-1])
            with pytest.raises(DamagedError, match=f"^{re.escape(name)} holds .* bytes instead of {len(data):,}$"):
                manifest.check(shard)
        if 0 < len(data) <= 1 << 16:
            file.write_bytes(bytes([data[0] ^ 1]) + data[1:])
            with pytest.raises(DamagedError, match=f"^{re.escape(name)} holds something else$"):
                manifest.check(shard)
        file.write_bytes(data)
    manifest.check(shard)


def test_damage_is_told_with_what_to_do(path: Path) -> None:
    """Opening a damaged generation names it, the first file that is wrong, how many more, and what to do."""
    for one in (path / "gen-000002").rglob("page_0.dat"):
        one.unlink()
    with pytest.raises(StoreError) as error:
        EdgeIndex(path).open()
    said = str(error.value)
    assert said.startswith(f"Generation gen-000002 in {path} is damaged: segments/")
    assert re.search(
        r"page_0\.dat is missing and \d+ more files?\. Run the ingest again: it goes on from gen-000001", said
    )
    assert "\n" not in said


@pytest.mark.parametrize("gone", ["segments", "."])
def test_deleted_segments(path: Path, gone: str) -> None:
    """A generation without its segments, or without its directory, is not taken for one that holds nothing."""
    shutil.rmtree(path / "gen-000002" / gone)
    with pytest.raises(StoreError, match="gen-000002 .* is damaged: .* goes on from gen-000001"):
        EdgeIndex(path).open()
    with pytest.raises(StoreError, match="gen-000002 .* is damaged"):
        EdgeIndex(path).begin({"a": 8})


def test_deleted_segments_without_a_manifest(path: Path) -> None:
    """A generation that was made before there were manifests is read; without its segments it is damaged."""
    (path / "gen-000002.json").unlink()
    assert count(EdgeIndex(path)) == 30
    shutil.rmtree(path / "gen-000002" / "segments")
    with pytest.raises(StoreError, match="is damaged: its segments are missing"):
        EdgeIndex(path).open()


@pytest.mark.parametrize("said", ["", "{", "[]", '{"points": 1, "log": 1, "files": {"a": 1}}'])
def test_a_broken_manifest_is_as_none(path: Path, said: str) -> None:
    """What a broken manifest says is not believed: the generation is read, and the next is built from it."""
    (path / "gen-000002.json").write_text(said)
    index = EdgeIndex(path)
    assert count(index) == 30
    assert index.restore() == ""
    assert publish(index, []) == "gen-000003"
    assert count(index) == 30


def test_another_number_of_records_is_damage(path: Path) -> None:
    """A generation that opens and holds more or fewer records than when it was published is damaged."""
    manifest = path / "gen-000002.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "points": 31}))
    with pytest.raises(StoreError, match="is damaged: it holds 30 records instead of 31"):
        EdgeIndex(path).open()


def test_restored_to_the_generation_before(path: Path) -> None:
    """A damaged generation is put aside for the one before it, and goes when the next one is published."""
    shutil.rmtree(path / "gen-000002" / "segments")
    before = contents(path / "gen-000001")
    index = EdgeIndex(path)
    said = index.restore()
    assert "gen-000002 is damaged" in said
    assert "goes on from gen-000001" in said
    assert (index.generation(), count(index), index.restore()) == ("gen-000001", 20, "")
    assert (path / "gen-000002.damaged" / "edge_config.json").is_file()
    build = index.begin({"a": 8})
    assert (build.generation, build.resumed, build.store.count()) == ("gen-000003", False, 20)
    assert (path / "gen-000002.damaged").is_dir()
    build.publish()
    assert contents(path / "gen-000001") == before
    shards = ["gen-000001", "gen-000003"]
    assert sorted(one.name for one in path.glob("gen-*")) == [name + end for name in shards for end in ("", ".json")]


def test_restored_from_nothing(path: Path) -> None:
    """Where no generation is whole that is said, and an ingest begins anew, under a name that was not used."""
    for name in ("gen-000001", "gen-000002"):
        shutil.rmtree(path / name / "segments")
    index = EdgeIndex(path)
    with pytest.raises(StoreError, match="put gen-000002 back from a backup, or run the ingest again for every source"):
        index.open()
    assert "every record is taken anew" in index.restore()
    assert (index.generation(), index.restore()) == (None, "")
    assert publish(index, POINTS[:5]) == "gen-000003"
    assert count(index) == 5


def test_put_back_from_a_backup(path: Path, built: Path) -> None:
    """A damaged generation that is put back from a backup is read again."""
    shutil.rmtree(path / "gen-000002")
    index = EdgeIndex(path)
    with pytest.raises(StoreError, match="directory is missing"):
        index.open()
    copy_tree(built / "gen-000002", path / "gen-000002")
    assert count(index) == 30


def test_damage_that_only_edge_notices(path: Path) -> None:
    """Where nothing tells what a generation held and its shard does not open, moving it away is the remedy."""
    (path / "gen-000002.json").unlink()
    for one in (path / "gen-000002").rglob("segment.json"):
        one.write_text("{")
    index = EdgeIndex(path)
    with pytest.raises(StoreError, match="gen-000002 cannot be opened.*move that directory elsewhere and run the inge"):
        index.open()
    (path / "gen-000002").rename(path.parent / "elsewhere")
    assert "goes on from gen-000001" in index.restore()
    assert count(index) == 20


def test_a_build_on_a_damaged_generation_is_begun_anew(path: Path) -> None:
    """An unfinished build of what is damaged goes with it; the next starts from the generation before."""
    index = EdgeIndex(path)
    build = index.begin({"a": 8})
    build.store.upsert([Point("new", {"a": ROWS[0]}, {})])
    build.close()
    assert index.building() == "gen-000003"
    shutil.rmtree(path / "gen-000002" / "segments")
    assert "goes on from gen-000001" in index.restore()
    again = index.begin({"a": 8})
    assert (again.resumed, again.store.count()) == (False, 20)
    again.discard()


# ------------------------------------------------------------------ CURRENT


@pytest.mark.parametrize("how", LOST)
def test_lost_current(path: Path, how: str) -> None:
    """Where CURRENT is lost the newest finished generation is read, with a remark, and never built over."""
    before = contents(path / "gen-000002")
    LOST[how](path / "CURRENT")
    index = EdgeIndex(path)
    assert (index.generation(), count(index)) == ("gen-000002", 30)
    assert "gen-000002 is read, the newest generation that was finished" in index.remark()
    assert publish(index, [Point("new", {"a": ROWS[0]}, {})]) == "gen-000003"
    assert (count(index), index.remark()) == (31, "")
    assert contents(path / "gen-000002") == before


@pytest.mark.parametrize("how", LOST)
def test_current_is_written_again(path: Path, how: str) -> None:
    """What an ingest does first mends a lost CURRENT."""
    LOST[how](path / "CURRENT")
    index = EdgeIndex(path)
    assert "names gen-000002 again" in index.restore()
    assert (path / "CURRENT").read_text() == "gen-000002\n"
    assert (index.remark(), index.restore()) == ("", "")


def test_current_names_what_is_not_there(path: Path) -> None:
    """Where CURRENT names a generation that is missing, the one before is not read in its place without a word."""
    (path / "CURRENT").write_text("gen-000009\n")
    index = EdgeIndex(path)
    with pytest.raises(StoreError, match="gen-000009 .* directory is missing.* goes on from gen-000002"):
        index.open()
    assert "goes on from gen-000002" in index.restore()
    assert count(index) == 30


@pytest.mark.parametrize("kept", [True, False])
def test_lost_current_beside_a_build(path: Path, kept: bool) -> None:
    """A build is not taken for a finished generation, closed in order or not; it is gone on with."""
    index = EdgeIndex(path)
    build = index.begin({"a": 8})
    build.store.upsert([Point("new", {"a": ROWS[0]}, {})])
    build.close()
    (path / "CURRENT").unlink()
    if not kept:
        (path / "gen-000003.json").unlink()
    assert (index.generation(), index.building()) == ("gen-000002", "gen-000003")
    again = index.begin({"a": 8})
    assert (again.resumed, again.store.count()) == (True, 31)
    again.discard()


@pytest.mark.parametrize("before", [True, False])
def test_current_lost_while_publishing(path: Path, monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    """Killed at the moment of publishing, with CURRENT lost besides: nothing that was written is lost."""
    index = EdgeIndex(path)
    if not before:
        shutil.rmtree(path)
    build = index.begin({"a": 8})
    build.store.upsert([Point("new", {"a": ROWS[0]}, {})])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(IndexDirectory, "name_current", die)
        with pytest.raises(KeyboardInterrupt):
            build.publish()
    (path / "CURRENT").unlink(missing_ok=True)
    assert (index.generation(), index.building()) == ("gen-000002" if before else None, build.generation)
    again = index.begin({"a": 8})
    assert (again.resumed, again.store.count()) == (True, 31 if before else 1)
    again.publish()
    assert count(index) == (31 if before else 1)


def test_what_nobody_can_tell(path: Path) -> None:
    """Without CURRENT and manifests nobody knows what was published: nothing is built over, and a person can say it."""
    for one in (path / "CURRENT", *path.glob("*.json")):
        one.unlink()
    before = contents(path)
    index = EdgeIndex(path)
    for call in (index.generation, index.open, index.restore, index.remark, lambda: index.begin({"a": 8})):
        with pytest.raises(StoreError, match=r"CURRENT is missing or empty.* write gen-000002 into that file"):
            call()
    assert {name: data for name, data in contents(path).items() if not name.startswith("LOCK")} == {
        name: data for name, data in before.items() if not name.startswith("LOCK")
    }
    (path / "CURRENT").write_text("gen-000002")
    assert count(index) == 30
    (path / "CURRENT").unlink()
    for name in ("gen-000001", "gen-000002"):  # the other remedy that is named
        shutil.move(path / name, path.parent / name)
    assert index.generation() is None


def test_current_cannot_be_read(path: Path) -> None:
    """Where something else is called CURRENT, removing it is the remedy."""
    (path / "CURRENT").unlink()
    (path / "CURRENT").mkdir()
    index = EdgeIndex(path)
    with pytest.raises(StoreError, match="CURRENT cannot be read.* remove it"):
        index.generation()
    (path / "CURRENT").rmdir()
    assert count(index) == 30
