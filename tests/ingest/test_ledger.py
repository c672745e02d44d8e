"""The ledger: what it remembers, and that pending rows never mix with published ones."""

import sqlite3
import threading
import tracemalloc
from dataclasses import replace

import pytest

from archive_search.types import ArchiveError
from ingest.ledger import Attempt, Changes, Intent, Ledger, Row, Run
from ingest.pipeline import _left_out
from ingest.source import Rejected
from tests.permissions import forbidden

AXE = Row("axe", "a/axe.jpg", "10-1", "aa11", "m1", 640, 480, {"hash": "c1"})
BOWL = Row("bowl", "b.jpg", "20-1", "bb22", "m1", 64, 48, {"hash": "c1", "given": "row:0a"})


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def publish(ledger, generation, *changes):
    ledger.building(generation)
    for one in changes:
        ledger.commit(one, run=1)
    ledger.published(generation)


def test_rows_are_pending_until_published(ledger):
    """A committed row is known at once, counts as stored only when its generation is published."""
    ledger.building("gen-000001")
    ledger.commit(Changes(rows=[AXE, BOWL]), run=1)
    assert (ledger.row("axe"), ledger.row("sword")) == (AXE, None)
    assert (ledger.stored_count(), ledger.pending_count(), ledger.pending) == (0, 2, "gen-000001")
    ledger.published("gen-000001")
    assert (ledger.stored_count(), ledger.pending_count(), ledger.pending) == (2, 0, None)
    assert (ledger.generation, list(ledger.rows()), list(ledger.ids())) == ("gen-000001", [AXE, BOWL], ["axe", "bowl"])


def test_dropped_build_leaves_the_published_rows(ledger):
    """When an unfinished build is dropped, changes, additions and removals in it are forgotten and nothing else is."""
    publish(ledger, "gen-000001", Changes(rows=[AXE, BOWL]))
    ledger.building("gen-000002")
    changed, sword = replace(AXE, content_hash="cc33"), replace(AXE, id="sword")
    ledger.intend([Intent("sword")])
    ledger.commit(Changes(rows=[changed, sword], gone=["bowl"]), run=2)
    assert list(ledger.rows()) == [changed, sword]
    ledger.intend([Intent("spear")])
    ledger.drop_pending()
    assert list(ledger.rows()) == [AXE, BOWL]
    assert (ledger.pending, ledger.interrupted()) == (None, [])


def test_gone_back_to_the_generation_before(ledger):
    """Going back undoes what the last generation added, changed and removed; then every record counts as unmeasured."""
    publish(ledger, "gen-000001", Changes(rows=[AXE, BOWL]))
    changed, sword = replace(AXE, content_hash="cc33"), replace(AXE, id="sword")
    publish(ledger, "gen-000002", Changes(rows=[changed, sword], gone=["bowl"]))
    assert (ledger.generation, ledger.before, list(ledger.ids())) == ("gen-000002", "gen-000001", ["axe", "sword"])
    ledger.building("gen-000003")
    ledger.commit(Changes(rows=[replace(AXE, id="spear")]), run=1)
    ledger.note_measured("hash", "v1")
    assert list(ledger.unmeasured("hash", "v1")) == []
    ledger.go_back()
    assert (ledger.generation, ledger.before, ledger.pending) == ("gen-000001", None, None)
    assert list(ledger.rows()) == [AXE, BOWL]
    assert sorted(ledger.unmeasured("hash", "v1")) == ["axe", "bowl"]
    publish(ledger, "gen-000004", Changes(rows=[sword]))
    assert (ledger.before, list(ledger.ids())) == ("gen-000001", ["axe", "bowl", "sword"])


def test_what_measured_a_record_is_known(ledger):
    """By space it is known which phrases measured a record: all others are found, and noted at once."""
    measured = replace(AXE, measured={"hash": "v1"})
    publish(ledger, "gen-000001", Changes(rows=[measured, BOWL]))
    assert ledger.row("axe") == measured
    assert list(ledger.unmeasured("hash", "v1")) == ["bowl"]
    assert sorted(ledger.unmeasured("hash", "v2")) == ["axe", "bowl"]
    assert (ledger.measured_by("hash", "v1"), ledger.measured_by("hash", "v2")) == (True, False)
    ledger.building("gen-000002")
    ledger.commit(Changes(rows=[replace(AXE, id="sword"), replace(BOWL, measured={"hash": "v1"})]), run=2)
    assert list(ledger.unmeasured("hash", "v1")) == ["sword"]
    ledger.published("gen-000002")
    ledger.note_measured("hash", "v1")
    ledger.note_measured("hash-tiles", "v1")
    assert ledger.row("sword").measured == {"hash": "v1", "hash-tiles": "v1"}
    assert list(ledger.unmeasured("hash-tiles", "v1")) == []


def test_a_ledger_of_the_sixth_version_knows_its_spaces(tmp_path):
    """Rows of a ledger that did not note which phrases measured them are taken over: what is outdated is found."""
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        publish(ledger, "gen-000001", Changes(rows=[AXE, BOWL]))
    with sqlite3.connect(tmp_path / "ledger.sqlite") as old:
        for table in ("stored", "pending", "replaced"):
            old.execute(f"DROP INDEX IF EXISTS {table}_kind")
            old.execute(f"ALTER TABLE {table} DROP COLUMN kind")
        old.execute("DROP TABLE kinds")
        old.execute("PRAGMA user_version = 6")
    old.close()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert list(ledger.rows()) == [AXE, BOWL]
        assert list(ledger.outdated("hash", "c2")) == [AXE, BOWL]
        assert list(ledger.outdated("hash", "c1")) == []
        assert ledger.spaces() == {"given": {"given": 1}, "hash": {"c1": 2}}
        publish(ledger, "gen-000002", Changes(rows=[replace(AXE, stamp="11-1")]))
        ledger.go_back()
        assert list(ledger.rows()) == [AXE, BOWL]


def test_a_ledger_of_the_second_version_can_go_back_from_now_on(tmp_path):
    """A ledger that was written before it could go back is taken over with its rows."""
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        publish(ledger, "gen-000001", Changes(rows=[AXE]))
    with sqlite3.connect(tmp_path / "ledger.sqlite") as old:
        for change in ("DROP TABLE replaced", "ALTER TABLE state DROP COLUMN before", "PRAGMA user_version = 2"):
            old.execute(change)
    old.close()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert (ledger.generation, ledger.before, list(ledger.ids())) == ("gen-000001", None, ["axe"])
        publish(ledger, "gen-000002", Changes(gone=["axe"]))
        ledger.go_back()
        assert list(ledger.ids()) == ["axe"]


def test_rows_of_another_build_are_dropped(ledger):
    """Pending rows belong to one build: beginning another drops them, resuming the same keeps them."""
    ledger.building("gen-000001")
    ledger.commit(Changes(rows=[AXE]), run=1)
    ledger.building("gen-000001")
    assert list(ledger.ids()) == ["axe"]
    ledger.building("gen-000002")
    assert list(ledger.ids()) == []


def test_removed_rows_go_when_published(ledger):
    """A removal hides the row at once and takes effect with its generation; the record may come back."""
    publish(ledger, "gen-000001", Changes(rows=[AXE, BOWL]))
    publish(ledger, "gen-000002", Changes(gone=["axe"]))
    assert (ledger.row("axe"), ledger.stored_count(), list(ledger.ids())) == (None, 1, ["bowl"])
    publish(ledger, "gen-000003", Changes(gone=["bowl"]), Changes(rows=[BOWL]))
    assert list(ledger.ids()) == ["bowl"]


def test_intended_writes_are_known_until_committed(ledger):
    """Writes that were noted and never committed are remembered, whole ones and parts."""
    ledger.building("gen-000001")
    intents = [Intent("axe"), Intent("bowl", ["hash"])]
    ledger.intend(intents)
    assert ledger.interrupted() == intents
    ledger.commit(Changes(rows=[AXE]), run=1)
    assert ledger.interrupted() == []


def test_stamps_follow_the_picture(ledger):
    """A new stamp reaches the rows with the same picture, published or pending, and no others."""
    publish(ledger, "gen-000001", Changes(rows=[AXE]))
    ledger.commit(Changes(stamps=[("axe", "aa11", "10-2"), ("axe", "other", "10-3")]), run=1)
    assert ledger.row("axe") == replace(AXE, stamp="10-2")


def test_rejections_have_reasons_and_marks(ledger):
    """A rejection is listed with stage and reason; its mark tells what was tried; a later one replaces it."""
    first = Rejected("axe", "axe.jpg", "opened", "The file is empty.")
    second = Rejected("axe", "axe.jpg", "encoded", "The model choked.")
    twice = Rejected("axe", "axe.jpg", "record", "Another record has this id.")
    ledger.commit(Changes(attempts=[Attempt(first, "10-1"), Attempt(twice)]), run=1)
    assert (ledger.attempt("axe", "axe.jpg"), ledger.attempt("axe", "other.jpg")) == ("10-1", None)
    ledger.commit(Changes(attempts=[Attempt(second, "10-2")]), run=1)
    assert ledger.rejected() == [second, twice]
    assert ledger.rejected(limit=1, offset=1) == [twice]
    assert ledger.reasons() == {"encoded": 1, "record": 1}
    ledger.building("gen-000001")
    ledger.commit(Changes(rows=[AXE], taken=["axe"]), run=2)
    assert ledger.rejected() == [twice]


def test_complete_runs_forget_rejections_they_did_not_meet(ledger):
    """A rejection stays while runs meet it again, survives a stopped run, and goes after a complete one without it."""
    one, two = (Rejected(name, f"{name}.jpg", "opened", "Empty.") for name in ("one", "two"))
    first = ledger.start_run("a")
    ledger.commit(Changes(attempts=[Attempt(one), Attempt(two)]), first)
    ledger.end_run(first, {}, complete=True)
    ledger.end_run(ledger.start_run("a"), {}, complete=False)
    assert ledger.rejected() == [one, two]
    third = ledger.start_run("a")
    ledger.commit(Changes(still_rejected=[("two", "two.jpg")]), third)
    ledger.end_run(third, {}, complete=True)
    assert ledger.rejected() == [two]


def test_runs_are_remembered(ledger):
    """The last run has its times and summary; one that was killed has no end."""
    assert ledger.last_run() is None
    number = ledger.start_run("a")
    assert (ledger.last_run().ended, ledger.last_run().summary) == (None, {})
    ledger.end_run(number, {"added": 3}, complete=True)
    found = ledger.last_run()
    assert (found.number, found.summary) == (1, {"added": 3})
    assert found.started <= found.ended


def test_spaces_by_checkpoint(ledger):
    """Published vectors are counted by space and checkpoint, precomputed ones together."""
    more = [replace(BOWL, id="cup", spaces={"hash": "c2", "given": "row:0b"})]
    publish(ledger, "gen-000001", Changes(rows=[AXE, BOWL, *more]))
    assert ledger.spaces() == {"given": {"given": 2}, "hash": {"c1": 2, "c2": 1}}
    assert [row.id for row in ledger.outdated("hash", "c1")] == ["cup"]
    assert list(ledger.outdated("other", "c1")) == []
    assert ledger.unused({"aa11", "bb22", "cc33"}) == {"cc33"}


def test_adopting_replaces_everything(ledger):
    """A ledger that did not belong to its index starts again from what the index holds."""
    publish(ledger, "gen-000001", Changes(rows=[AXE]))
    ledger.building("gen-000002")
    ledger.commit(Changes(rows=[replace(AXE, id="pending")]), run=1)
    ledger.adopt([BOWL], "gen-000009")
    assert (list(ledger.ids()), ledger.generation, ledger.pending) == (["bowl"], "gen-000009", None)


def test_a_failed_change_changes_nothing(ledger):
    """What fails in the middle of a commit leaves the ledger as it was."""
    ledger.building("gen-000001")
    with pytest.raises(ArchiveError, match="cannot be used: NOT NULL"):
        ledger.commit(Changes(rows=[AXE, replace(BOWL, image=None)]), run=1)
    assert list(ledger.ids()) == []


def test_readers_go_on_while_an_ingest_writes(tmp_path, ledger):
    """A second connection reads the last commit while the first is in the middle of the next."""
    publish(ledger, "gen-000001", Changes(rows=[AXE]))
    with ledger._change(), Ledger(tmp_path / "ledger.sqlite") as reader:
        ledger._db.execute("DELETE FROM stored")
        assert list(reader.ids()) == ["axe"]


def test_threads_may_share_a_ledger(ledger):
    """One thread may commit while another looks up."""
    ledger.building("gen-000001")
    rows = [replace(AXE, id=f"r{number}") for number in range(300)]
    committing = threading.Thread(target=lambda: [ledger.commit(Changes(rows=[row]), run=1) for row in rows])
    committing.start()
    while committing.is_alive():
        found = ledger.row("r299")
        assert found is None or found.id == "r299"
    committing.join()
    assert ledger.pending_count() == 300


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    """Another file, or a ledger of a later version, is refused in a sentence that names it."""
    (tmp_path / "text").write_text("this is not a database, and long enough to be taken for something else " * 20)
    with pytest.raises(ArchiveError, match="text cannot be used"):
        Ledger(tmp_path / "text")
    Ledger(tmp_path / "later").close()
    db = sqlite3.connect(tmp_path / "later")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveError, match="later version"):
        Ledger(tmp_path / "later")


def test_a_record_taken_in_the_place_of_another_leaves_its_rejection(ledger):
    """Two records of a run have one id: that the second was stored does not hide why the first was not."""
    ledger.building("gen-000001")
    broken = Rejected("axe", "broken.jpg", "opened", "The file is empty.")
    ledger.commit(Changes(attempts=[Attempt(broken, "1")]), run=1)
    ledger.commit(Changes(rows=[AXE], taken=["axe"]), run=1)
    assert ledger.rejected() == [broken]
    ledger.commit(Changes(still_rejected=[("axe", "broken.jpg")], rows=[AXE], taken=["axe"]), run=2)
    assert ledger.rejected() == [broken]
    ledger.commit(Changes(rows=[AXE], taken=["axe"]), run=3)
    assert ledger.rejected() == []


def test_a_ledger_that_cannot_be_written_is_read(tmp_path):
    """In a directory that may only be read the ledger tells what it held, to those who only read."""
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.commit(Changes(rows=[AXE]), run=1)
        ledger.published("gen-000001")
    with forbidden(tmp_path, 0o555):
        with Ledger(tmp_path / "ledger.sqlite", reading=True) as reader:
            assert (reader.stored_count(), reader.generation) == (1, "gen-000001")
        with pytest.raises(ArchiveError, match="cannot be used"):
            Ledger(tmp_path / "ledger.sqlite")
    with forbidden(tmp_path / "ledger.sqlite"), pytest.raises(ArchiveError, match="cannot be used"):
        Ledger(tmp_path / "ledger.sqlite", reading=True)


def test_a_ledger_from_before_sources_were_noted_is_migrated(tmp_path):
    """A ledger of the first form is opened, keeps its rows and its unfinished build, and is written to as any other."""
    columns = """id TEXT PRIMARY KEY, image TEXT NOT NULL, stamp TEXT NOT NULL, content_hash TEXT NOT NULL,
        metadata_hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, spaces TEXT NOT NULL"""
    old = sqlite3.connect(tmp_path / "ledger.sqlite")
    old.executescript(f"""
        CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), published TEXT, pending TEXT);
        INSERT INTO state VALUES (1, 'gen-000001', 'gen-000002');
        CREATE TABLE stored ({columns}) WITHOUT ROWID;
        CREATE TABLE pending ({columns}, gone INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE writing (id TEXT PRIMARY KEY, spaces TEXT) WITHOUT ROWID;
        CREATE TABLE rejected (id TEXT, image TEXT, stage TEXT, reason TEXT NOT NULL, attempt TEXT NOT NULL,
            run INTEGER NOT NULL, PRIMARY KEY (id, image, stage)) WITHOUT ROWID;
        CREATE TABLE runs (number INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL, summary TEXT);
        INSERT INTO runs VALUES (1, 100.0, 200.0, '{{"added": 2}}');
        INSERT INTO stored VALUES ('axe', 'a/axe.jpg', '10-1', 'aa11', 'm1', 640, 480, '{{"hash": "c1"}}');
        INSERT INTO stored VALUES ('bowl', 'b.jpg', '20-1', 'bb22', 'm1', 64, 48, '{{"hash": "c1"}}');
        INSERT INTO pending VALUES ('bowl', '', '', '', '', 0, 0, '{{}}', 1);
        INSERT INTO pending VALUES ('sword', 's.jpg', '5-1', 'dd44', 'm1', 8, 8, '{{"hash": "c1"}}', 0);
        PRAGMA user_version = 1;
    """)
    old.close()
    sword = Row("sword", "s.jpg", "5-1", "dd44", "m1", 8, 8, {"hash": "c1"})
    for _ in range(2):  # the second time there is nothing to migrate
        with Ledger(tmp_path / "ledger.sqlite") as ledger:
            assert list(ledger.rows()) == [AXE, sword]
            assert list(ledger.ids("a source", "")) == ["axe", "sword"]
            assert ledger.last_run() == Run(1, 100.0, 200.0, {"added": 2})
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.start_run("a source") == 2
        ledger.commit(Changes(rows=[replace(BOWL, origin="a source")]), run=2)
        ledger.published("gen-000002")
        assert list(ledger.rows()) == [AXE, replace(BOWL, origin="a source"), sword]
        assert list(ledger.ids("another source", "")) == ["axe", "sword"]


def test_many_records_take_bounded_memory(ledger):
    """What an ingest asks about all records is answered a page at a time, however many there are."""
    count = 60_000
    for start in range(0, count, 20_000):
        numbers = range(start, start + 20_000)
        ledger.commit(Changes(rows=[replace(AXE, id=f"{number:0100}", spaces={"hash": "c0"}) for number in numbers]), 1)
    asked = {
        "unmeasured": lambda: ledger.unmeasured("hash", "v1"),
        "ids": ledger.ids,
        "outdated": lambda: ledger.outdated("hash", "c1"),
        "missing": lambda: _left_out(ledger.ids(), ledger.ids()),
    }
    for name, ask in asked.items():
        tracemalloc.start()
        found = sum(1 for _ in ask())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found == (0 if name == "missing" else count)
        assert peak < 8_000_000, name
