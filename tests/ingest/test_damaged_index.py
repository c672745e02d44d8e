"""An ingest mends a damaged index, as the error of a reader says it does, and the ledger goes along."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.file_copy import copy_tree
from archive_search.types import ArchiveError, StoreError
from ingest.testing import Desk, Encoder, Pictures, Table, picture
from ingest.vectors import PrecomputedVectors

PRUNE = {"prune": True}


def without(name: str) -> Callable[[Path], None]:
    """Damage that removes the files of a name, or the directories."""

    def damage(shard: Path) -> None:
        for one in list(shard.rglob(name)):
            shutil.rmtree(one) if one.is_dir() else one.unlink()

    return damage


def shorter(name: str) -> Callable[[Path], None]:
    """Damage that takes the second half of the files of a name."""

    def damage(shard: Path) -> None:
        for one in shard.rglob(name):
            one.write_bytes(one.read_bytes()[: one.stat().st_size // 2])

    return damage


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no directory": shutil.rmtree,
    "no segments": without("segments"),
    "no settings": without("edge_config.json"),
    "no payloads": without("payload_storage"),
    "no table of payloads": without("tracker.dat"),
    "no ids": without("mutable_id_tracker.mappings"),
    "settings cut off": shorter("edge_config.json"),
    "state cut off": shorter("segment.json"),
    "vectors cut off": shorter("chunk_0.mmap"),
    "payloads cut off": shorter("page_0.dat"),
    "CURRENT names another": lambda shard: (shard.parent / "CURRENT").write_text("gen-000009\n"),
}
"""What may become of a generation, each noticed at opening."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    """An archive that is kept in memory where there is any: a shard is many small files."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True) as name:
        yield Desk(Path(name), EdgeIndex(Path(name) / "index"))


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Pictures]:
    """An archive of two ingests, only copied: six pictures; then one changed, one relabelled, one gone, two new."""
    folder = tmp_path_factory.mktemp("ingested")
    desk, source = Desk(folder, EdgeIndex(folder / "index")), Pictures.of(6)
    desk.run(source, Encoder())
    source.put("r001", picture(101), "2")
    source.metadata["r002"] = {"title": "Relabelled"}
    del source.files["r003"]
    for name in ("s1", "s2"):
        source.put(name, picture(len(source.files) + 200), "1")
    assert desk.run(source, Encoder(), options=PRUNE).generation == "gen-000002"
    return folder, source


@pytest.fixture
def source(desk: Desk, ingested: tuple[Path, Pictures]) -> Pictures:
    """What was ingested twice into the archive on the desk."""
    desk.directory.rmdir()
    copy_tree(ingested[0], desk.directory)
    return copy.deepcopy(ingested[1])


def check_whole(desk: Desk, source: Pictures) -> None:
    """Index and ledger hold what the source has, and another ingest finds nothing to do."""
    store = desk.index.open()
    points = {point.id: point for point in store.scan((), "hash")}
    store.close()
    with desk.ledger() as ledger:
        assert ledger.generation == desk.index.generation()
        assert list(ledger.ids()) == sorted(source.files)
    assert sorted(points) == sorted(source.files)
    assert all("hash" in point.vectors for point in points.values())
    assert points["r002"].payload["title"] == source.metadata["r002"]["title"]
    again = Encoder()
    summary = desk.run(source, again, options=PRUNE)
    assert (summary.unchanged, summary.published, again.batches) == (len(source.files), False, [])


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_next_ingest_mends(desk: Desk, source: Pictures, damage: str) -> None:
    """After damage a reader is told to run the ingest again; that does again what the last one did, and no more."""
    DAMAGE[damage](desk.directory / "index" / "gen-000002")
    with pytest.raises(StoreError, match=r"is damaged: .*Run the ingest again: it goes on from gen-00000[12]"):
        desk.index.open()
    said: list[str] = []
    encoder = Encoder()
    summary = desk.run(source, encoder, options=PRUNE, on_remark=said.append)
    assert len(said) == 1
    if "goes on from gen-000001" in said[0]:
        assert (summary.added, summary.changed, summary.relabelled, summary.pruned) == (2, 1, 1, 1)
        assert (summary.unchanged, sum(encoder.batches)) == (3, 3)
        assert summary.generation == "gen-000003"
    check_whole(desk, source)


def test_mended_from_nothing(desk: Desk, source: Pictures) -> None:
    """Where no generation is whole the next ingest takes everything anew."""
    for one in (desk.directory / "index").glob("gen-*/segments"):
        shutil.rmtree(one)
    with pytest.raises(StoreError, match="run the ingest again for every source"):
        desk.index.open()
    assert desk.run(source, Encoder(), options=PRUNE).added == len(source.files)
    check_whole(desk, source)


def test_mended_after_a_stop(desk: Desk, source: Pictures) -> None:
    """An ingest that goes back and is stopped loses nothing either: the next one goes on with its build."""
    shutil.rmtree(desk.directory / "index" / "gen-000002" / "segments")
    encoder = Encoder()

    def die() -> None:
        if encoder.batches:
            raise KeyboardInterrupt

    encoder.before = die
    with pytest.raises(KeyboardInterrupt):
        desk.run(source, encoder, options={**PRUNE, "batch": 1})
    assert desk.index.generation() == "gen-000001"
    desk.run(source, Encoder(), options=PRUNE)
    check_whole(desk, source)


def test_damage_below_an_unfinished_ingest(desk: Desk, source: Pictures) -> None:
    """Where a build and what it started from are both of no use, what the build had is done again."""
    source.files |= {f"t{number}": picture(300 + number) for number in range(8)}
    encoder = Encoder()

    def die() -> None:
        if encoder.batches:
            raise KeyboardInterrupt

    encoder.before = die
    with pytest.raises(KeyboardInterrupt):
        desk.run(source, encoder)
    assert desk.index.building() == "gen-000003"
    shutil.rmtree(desk.directory / "index" / "gen-000002" / "segments")
    desk.run(source, Encoder(), options=PRUNE)
    check_whole(desk, source)


def test_damage_between_publishing_and_noting_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generation that was published and damaged before the ledger knew of it is given up alike."""
    source = Pictures.of(6)
    source.metadata["r002"] = {"title": "Object r002"}
    desk.run(source, Encoder())
    source.put("s1", picture(200), "1")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(desk.kind, "published", die)
        with pytest.raises(KeyboardInterrupt):
            desk.run(source, Encoder())
    assert desk.index.generation() == "gen-000002"
    shutil.rmtree(desk.directory / "index" / "gen-000002" / "segments")
    assert desk.run(source, Encoder()).added == 1
    check_whole(desk, source)


def test_vectors_from_elsewhere_into_a_damaged_index(desk: Desk) -> None:
    """An ingest of vectors mends as well: their dimensions are compared with the spaces of what it goes on from."""
    source = Table.of(4)
    rows = np.eye(4, dtype=np.float32)
    desk.run(source, precomputed=[PrecomputedVectors("given", rows)])
    source.metadata["r002"] = {"title": "Relabelled"}
    desk.run(source, precomputed=[PrecomputedVectors("given", rows)])
    shutil.rmtree(desk.directory / "index" / "gen-000002" / "segments")
    assert desk.run(source, precomputed=[PrecomputedVectors("given", rows)]).relabelled == 1
    assert desk.index.open().points(["r002"])[0].payload["title"] == "Relabelled"


def test_lost_current_loses_nothing(desk: Desk, source: Pictures) -> None:
    """Where CURRENT is lost nothing is encoded again: what was published is found, and named again."""
    (desk.directory / "index" / "CURRENT").write_bytes(b"\xff\xfe")
    encoder, said = Encoder(), []
    summary = desk.run(source, encoder, options=PRUNE, on_remark=said.append)
    assert (summary.unchanged, encoder.batches, summary.generation) == (7, [], "gen-000002")
    assert "names gen-000002 again" in said[0]
    check_whole(desk, source)


def test_a_damaged_ledger_is_made_from_the_index(desk: Desk, source: Pictures) -> None:
    """The error of a damaged ledger says what to move away; then an ingest makes a new one, and loses nothing."""
    ledger = desk.directory / "ledger.sqlite"
    ledger.write_bytes(b"no ledger " * 1000)
    with pytest.raises(ArchiveError, match=r"Move ledger\.sqlite, .* elsewhere, and run the ingest again") as error:
        desk.run(source, Encoder())
    assert "\n" not in str(error.value)
    for one in desk.directory.glob("ledger.sqlite*"):
        if one.name != "ledger.sqlite.lock":
            one.rename(one.with_name(f"old-{one.name}"))
    desk.run(source, Encoder(), options=PRUNE)
    check_whole(desk, source)
