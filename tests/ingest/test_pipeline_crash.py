"""What is left when an ingest dies at any moment: nothing lost, nothing twice, and readers never notice."""

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from archive_search.pictures.decoding import decode
from archive_search.stores import open_index
from archive_search.types import ArchiveError, StoreError
from ingest.ledger import GIVEN, Intent, Ledger
from ingest.loading import ENOUGH
from ingest.testing import Desk, Encoder, Pictures, Table, picture
from ingest.tiling import Tiled
from ingest.vectors import PrecomputedVectors

ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys
from pathlib import Path
from archive_search.stores import open_index
from archive_search.types import ArchiveError, StoreError
from ingest.testing import Desk, Encoder, Folder
archive, pictures, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
encoder = Encoder(seconds=seconds)
encoder.before = lambda: print("encoding", flush=True)
print("started", flush=True)
options = {"prune": True, "keep_s": 0.1, "batch": int(sys.argv[4]), "tiles": sys.argv[5] == "tiles"}
Desk(archive, open_index(archive / "index")).run(Folder(pictures, (".png", ".jpg")), encoder, options=options)
print("ended", flush=True)
"""


class Died(BaseException):
    """What a test raises in place of a kill."""


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class DyingLedger(Ledger):
    """A ledger whose process is killed just before a commit."""

    def commit(self, *_: object) -> None:
        """Die."""
        raise Died


def die_after(desk, source, batches, *, checkpoint="c1", **crash):
    """Run an ingest that dies at a batch, as a kill would: what was not flushed or committed is lost."""
    encoder = Encoder(checkpoint=checkpoint)

    def die() -> None:
        if len(encoder.batches) == batches:
            raise Died

    encoder.before = die
    with pytest.raises(Died):
        desk.run(source, encoder)
    desk.index.crash(**crash)


def held(desk):
    """The ids of the published points, and those that the ledger has."""
    with desk.ledger() as ledger:
        return sorted(point.id for point in desk.index.open().scan()), list(ledger.ids())


# ------------------------------------------------------------------ deaths at chosen moments


def test_resumed_ingest_encodes_only_the_rest(desk):
    """What was flushed before a crash is in the build and not encoded again; readers see the earlier generation."""
    source = Pictures.of(8)
    desk.run(source, Encoder())
    source.files |= {f"s{number}": picture(100 + number) for number in range(20)}
    die_after(desk, source, 3)
    assert (desk.index.generation(), desk.index.open().count()) == ("gen-000001", 8)
    again = Encoder()
    summary = desk.run(source, again)
    assert sum(again.batches) < 20
    assert summary.added == sum(again.batches)
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_lost_build_loses_its_rows(desk):
    """When the unfinished build is gone, its rows go with it: everything in it is encoded again, nothing else is."""
    source = Pictures.of(8)
    desk.run(source, Encoder())
    source.files |= {f"s{number}": picture(100 + number) for number in range(20)}
    die_after(desk, source, 3, lose_build=True)
    again = Encoder()
    assert desk.run(source, again).added == 20
    assert sum(again.batches) == 20
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_lost_build_of_the_same_name_loses_its_rows(desk):
    """A build that was begun anew under the same name is not taken for the one that the rows describe."""
    source = Pictures.of(20)
    die_after(desk, source, 3, lose_build=True)
    lost = desk.index.begin({"hash": 64})
    assert (lost.generation, lost.resumed) == ("gen-000001", False)
    assert desk.run(source, Encoder()).added == 20
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_death_between_publishing_and_noting_it(desk):
    """When the generation was published and the ledger not told, the next run tells it and has nothing to do."""
    source = Pictures.of(8)
    publish = desk.index.publish

    def die() -> None:
        publish()
        raise Died

    desk.index.publish = die
    with pytest.raises(Died):
        desk.run(source, Encoder())
    desk.index.publish = publish
    with desk.ledger() as ledger:
        assert (ledger.generation, ledger.pending, ledger.stored_count()) == (None, "gen-000001", 0)
    again = Encoder()
    assert desk.run(source, again).unchanged == 8
    assert again.batches == []
    with desk.ledger() as ledger:
        assert (ledger.generation, ledger.pending, ledger.stored_count()) == ("gen-000001", None, 8)


def test_points_written_but_not_committed_are_not_left_over(desk):
    """A point that reached the build before its row was committed goes when its picture does."""
    source = Pictures.of(4)
    desk.run(source, Encoder())
    source.put("s1", picture(101), "1")
    desk.kind = DyingLedger
    with pytest.raises(Died):
        desk.run(source, Encoder())
    desk.kind = Ledger
    assert desk.index.begin({}).store.count() == 5
    with desk.ledger() as ledger:
        assert ledger.interrupted() == [Intent("s1")]
    del source.files["s1"]
    assert desk.run(source, Encoder()).published
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_half_written_parts_are_written_again(desk):
    """A payload or vector that may not have reached the build is written again, even if the metadata changed back."""
    source = Pictures.of(4)
    desk.run(source, Encoder("one"))
    old = source.metadata["r001"]
    source.metadata["r001"] = {"title": "Changed and back"}
    desk.kind = DyingLedger
    with pytest.raises(Died):
        desk.run(source, Encoder("one"))
    desk.kind = Ledger
    source.metadata["r001"] = old
    assert desk.run(source, Encoder("one")).relabelled == 1
    assert desk.index.open().points(["r001"])[0].payload["title"] == "Object r001"


def test_a_store_that_fails_is_not_believed(desk):
    """When the index fails in the middle of a write, nothing of that batch counts as done, and it is done again."""
    source = Pictures.of(12)
    begin = desk.index.begin

    def failing(spaces, expected=0):
        build = begin(spaces, expected)
        upsert, times = build.store.upsert, []

        def half(points):
            times.append(len(points))
            if len(times) == 2:
                upsert(points[:2])
                raise StoreError("the disk is full")
            upsert(points)

        build.store.upsert = half
        return build

    desk.index.begin = failing
    with pytest.raises(StoreError, match="the disk is full"):
        desk.run(source, Encoder())
    desk.index.begin = begin
    with desk.ledger() as ledger:
        assert (ledger.pending_count(), len(ledger.interrupted())) == (4, 4)
        assert ledger.last_run().summary == {"error": "the disk is full"}
    del source.files["r004"]
    begin({}).store.__dict__.pop("upsert")
    assert desk.run(source, Encoder()).added == 7
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_two_ingests_at_once_are_refused(desk):
    """While one ingest runs, another of the same archive is refused and changes nothing."""
    source, encoder = Pictures.of(8), Encoder()
    refusals = []

    def another() -> None:
        with pytest.raises(ArchiveError, match="is being built by process"):
            desk.run(Pictures.of(8), Encoder())
        refusals.append(1)

    encoder.before = another
    assert desk.run(source, encoder).added == 8
    assert len(refusals) == 2


def test_lost_ledger_keeps_ids_and_does_everything_again(desk):
    """Without its ledger an index is encoded anew, once, and what the source no longer has is still known as gone."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    (desk.directory / "ledger.sqlite").unlink()
    del source.files["r002"]
    again = Encoder()
    summary = desk.run(source, again)
    assert (summary.extended, summary.gone) == (5, ("r002",))
    assert desk.run(source, Encoder(), options={"prune": True}).pruned == 1
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_lost_index_is_built_again(desk):
    """Without its index a ledger believes nothing of what it says is stored."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    desk.index = type(desk.index)()
    assert desk.run(source, Encoder()).added == 6
    assert held(desk) == (sorted(source.files), sorted(source.files))


def test_resumed_precomputed_vectors(desk):
    """Precomputed vectors and pictures survive a crash together, each record with its own row."""
    source = Table.of(12)
    vectors = np.random.default_rng(1).normal(size=(12, 5))
    given = [PrecomputedVectors("given", vectors)]
    encoder = Encoder()

    def die() -> None:
        if len(encoder.batches) == 2:
            raise Died

    encoder.before = die
    with pytest.raises(Died):
        desk.run(source, encoder, precomputed=given)
    desk.index.crash()
    desk.run(source, Encoder(), precomputed=given)
    for point in desk.index.open().scan(space="given"):
        row = vectors[int(point.id[1:])]
        np.testing.assert_allclose(point.vectors["given"], row / np.linalg.norm(row), atol=1e-6)
    with desk.ledger() as ledger:
        assert all(row.spaces["given"].startswith(GIVEN) for row in ledger.rows())


# ------------------------------------------------------------------ kill -9 at random moments


def ingest(archive, pictures, seconds, batch, tiles=False):
    """An ingest in a process of its own."""
    settings = [str(seconds), str(batch), "tiles" if tiles else ""]
    command = [sys.executable, "-W", "error", "-c", CHILD, str(archive), str(pictures), *settings]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_at_random(child, within_s):
    """Let an ingest start, kill it some time later; returns whether it was still alive."""
    assert child.stdout is not None
    assert child.stdout.readline() == "started\n", child.stderr.read()
    time.sleep(random.uniform(0, within_s))
    child.kill()
    output, errors = child.communicate()
    assert not errors, errors
    return "ended" not in output


def check_complete(archive, pictures, endings):
    """The published generation holds each picture of the folder once, with its own vector, payload and thumbnail."""
    store = open_index(archive / "index").open()
    points = {point.id: point for point in store.scan(space="hash")}
    files = {path.relative_to(pictures).as_posix(): path for path in pictures.rglob("*") if path.suffix in endings}
    with Ledger(archive / "ledger.sqlite") as ledger:
        rejected = {one.id for one in ledger.rejected()}
        rows = {row.id: row for row in ledger.rows()}
        assert (ledger.pending, ledger.pending_count(), ledger.interrupted()) == (None, 0, [])
    good = {name: path for name, path in files.items() if name not in rejected}
    assert store.count() == len(good)
    assert set(points) == set(rows) == set(good)
    encoder = Encoder()
    for name, path in good.items():
        data, point = path.read_bytes(), points[name]
        digest = hashlib.sha256(data).hexdigest()
        assert point.payload["content_hash"] == rows[name].content_hash == digest
        assert (archive / "thumbnails" / point.payload["thumbnail"]).stat().st_size > 0
        said = path.with_suffix(".txt")
        assert point.payload["title"] == (said.read_text() if said.is_file() else path.stem)
        expected = encoder.encode([encoder.preprocess(decode(data, at_least=ENOUGH), "image")], "image")[0]
        np.testing.assert_allclose(point.vectors["hash"], expected, atol=1e-5)
    assert not list((archive / "thumbnails" / ".part").iterdir())
    store.close()
    return rejected


@pytest.mark.slow
def test_survives_ten_kills(tmp_path):
    """Killed ten times while pictures come, change and go, an ingest ends with each once; readers always read."""
    archive, pictures = tmp_path / "archive", tmp_path / "pictures"
    archive.mkdir()
    pictures.mkdir()
    for number in range(24):
        (pictures / f"p{number:03}.png").write_bytes(picture(number))
    (pictures / "p999.png").write_bytes(picture(999)[:60])
    index = open_index(archive / "index")
    killed = 0
    for turn in range(10):
        (pictures / f"q{turn:03}.png").write_bytes(picture(200 + turn))
        (pictures / f"p{turn:03}.png").write_bytes(picture(300 + turn))
        (pictures / f"p{turn + 10:03}.txt").write_text(f"title of turn {turn}")
        if turn % 3 == 2:
            (pictures / f"p{turn + 12:03}.png").unlink()
        killed += kill_at_random(ingest(archive, pictures, 0.05, 4), 0.8)
        if index.generation() is not None:
            store = index.open()
            count = store.count()
            assert count == len(list(store.scan())) >= 24
            store.close()
    assert killed >= 5
    last = ingest(archive, pictures, 0, 4)
    output, errors = last.communicate(timeout=120)
    assert output.endswith("ended\n"), errors
    assert check_complete(archive, pictures, {".png"}) == {"p999.png"}


@pytest.mark.slow
def test_tiles_survive_ten_kills(tmp_path):
    """Killed ten times, with tiles from the second time on, an ingest ends with all tiles of every picture, once."""
    archive, pictures = tmp_path / "archive", tmp_path / "pictures"
    archive.mkdir()
    pictures.mkdir()
    for number in range(16):
        (pictures / f"p{number:03}.png").write_bytes(picture(number, (1200, 900)))
    (pictures / "small.png").write_bytes(picture(99))
    killed = 0
    for turn in range(10):
        (pictures / f"p{turn:03}.png").write_bytes(picture(300 + turn, (900, 1200)))
        (pictures / f"p{turn + 5:03}.txt").write_text(f"title of turn {turn}")
        killed += kill_at_random(ingest(archive, pictures, 0.005, 4, tiles=turn > 0), 1.2)
    assert killed >= 5
    last = ingest(archive, pictures, 0, 4, tiles=True)
    output, errors = last.communicate(timeout=120)
    assert output.endswith("ended\n"), errors
    assert check_complete(archive, pictures, {".png"}) == set()
    store, encoder = open_index(archive / "index").open(), Encoder()
    prepare = Tiled(encoder).prepare
    points = {point.id: point for point in store.scan((), "hash-tiles")}
    assert "hash-tiles" not in points["small.png"].vectors
    for path in pictures.glob("p*.png"):
        image = decode(path.read_bytes())
        cuts = prepare(image, *image.size).inputs
        assert len(cuts) > 2
        np.testing.assert_allclose(points[path.name].vectors["hash-tiles"], encoder.encode(cuts, "image"), atol=1e-5)
    store.close()


@pytest.mark.slow
def test_a_thousand_real_pictures_survive_ten_kills(tmp_path):
    """A thousand real photographs and engravings, killed ten times at random moments: each is there once."""
    data = Path(os.environ.get("ARCHIVE_SEARCH_DATA", ROOT.parent / "shared")) / "data"
    sets = [data / "met-thumbs-64", data / "pg-archaeology"]
    if not all(one.is_dir() for one in sets):
        pytest.skip(f"the real pictures are not below {data}: name their folder in ARCHIVE_SEARCH_DATA")
    archive, pictures = tmp_path / "archive", tmp_path / "pictures"
    archive.mkdir()
    for one in sets:
        for path in sorted(one.rglob("*.jpg"))[::7][:500]:
            linked = pictures / one.name / path.relative_to(one)
            linked.parent.mkdir(parents=True, exist_ok=True)
            linked.symlink_to(path)
    assert sum(path.suffix == ".jpg" for path in pictures.rglob("*")) == 1000
    killed = 0
    for turn in range(10):
        killed += kill_at_random(ingest(archive, pictures, 0.03, 16), 2 if turn % 3 else 5)
    assert killed >= 8
    last = ingest(archive, pictures, 0, 16)
    output, errors = last.communicate(timeout=300)
    assert output.endswith("ended\n"), errors
    assert output.count("encoding") < 1000 / 16, "what was done before was not done again"
    assert check_complete(archive, pictures, {".jpg"}) == set()
