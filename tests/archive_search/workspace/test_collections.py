"""Collections: what people do to them, alone, together, and over the years."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive_search.testing import MemoryStore
from archive_search.types import InvalidInputError, Point, UnknownNameError
from archive_search.workspace.collections import Collections
from archive_search.workspace.file import WAIT_S
from archive_search.workspace.items import item
from tests import mounts

ROOT = Path(__file__).parents[3]


def store_of(**titles: str) -> MemoryStore:
    """A store of records with these titles."""
    store = MemoryStore({})
    store.upsert([Point(name, {}, {"title": title}) for name, title in titles.items()])
    return store


STORE = store_of(a="Axe", b="Bead", c="Comb", d="Disc", e="Ear-ring")


@pytest.fixture
def kept(tmp_path) -> Collections:
    """A workspace without a file, as Ann works on it."""
    return Collections(tmp_path / "workspace.sqlite", "ann")


def ids(kept: Collections, name: str) -> list[str]:
    """The items of a collection, in order."""
    return [member.item.text for member in kept.get(name).members]


def test_reading_makes_no_file(kept):
    """Before the first act there is nothing, and asking makes no file."""
    assert kept.all() == ()
    assert kept.stamp() == 0
    with pytest.raises(UnknownNameError, match=r"No collection is called 'x'\. There is none yet\."):
        kept.get("x")
    assert not kept.journal.file.exists()


def test_a_collection_has_items_notes_tags_order_and_stars(kept):
    """Records and parts of pictures are kept in order, with notes, tags and stars of their own; so is the whole."""
    kept.create(" Axes of Jutland ")
    part = item("b", (0.1, 0.2, 0.5, 0.6))
    assert kept.add("axes of jutland", ["a", part, "b", "a"], STORE) == 3
    kept.note("Axes of Jutland", "the best one", on="a")
    kept.tag("Axes of Jutland", ["polished", "broken"], ["a", part])
    kept.untag("Axes of Jutland", ["broken"], [part])
    kept.star("Axes of Jutland", ["b"])
    kept.note("Axes of Jutland", "for the catalogue")
    kept.tag("Axes of Jutland", ["2026"])
    kept.move("Axes of Jutland", ["b"], before="a")
    found = kept.get("Axes of Jutland")
    assert [one.item.text for one in found.members] == ["b", "a", "0.1,0.2,0.5,0.6@b"]
    whole, axe, piece = found.members
    assert (axe.title, [note.text for note in axe.notes], axe.tags) == ("Axe", ["the best one"], ("polished", "broken"))
    assert (piece.tags, piece.starred, whole.starred) == (("polished",), False, True)
    assert (found.name, found.tags, found.who, found.people) == ("Axes of Jutland", ("2026",), "ann", ("ann",))
    assert [(note.text, note.who) for note in found.notes] == [("for the catalogue", "ann")]
    assert found.records() == ("b", "a")
    assert found.made < found.changed


def test_everybody_has_a_note_of_their_own(kept):
    """A note replaces the same person's earlier one and nobody else's; an empty one takes it off."""
    kept.create("axes")
    kept.add("axes", ["a"], STORE)
    bo = Collections(kept.journal.file, "bo")
    kept.note("axes", "late?", on="a")
    bo.note("axes", "early!", on="a")
    kept.note("axes", "late.", on="a")
    assert {note.who: note.text for note in kept.get("axes").members[0].notes} == {"ann": "late.", "bo": "early!"}
    kept.note("axes", "", on="a")
    assert [note.who for note in kept.get("axes").members[0].notes] == ["bo"]
    assert [event.data["text"] for event in kept.history("axes") if event.act == "note"] == [
        *("late?", "early!", "late."),
        "",
    ]


def test_what_is_put_back_has_its_notes_again(kept):
    """Taking an item out forgets nothing that was written about it."""
    kept.create("axes")
    kept.add("axes", ["a", "b"], STORE)
    kept.note("axes", "mine", on="a")
    kept.remove("axes", ["a"])
    assert ids(kept, "axes") == ["b"]
    kept.add("axes", ["a"], STORE)
    assert ids(kept, "axes") == ["b", "a"]
    assert kept.get("axes").members[1].notes[0].text == "mine"


def test_undo_takes_back_ones_own_last_act(kept):
    """Undo takes back what this person did last, whatever others did since; redo brings it back, until a new act."""
    kept.create("axes")
    bo = Collections(kept.journal.file, "bo")
    kept.add("axes", ["a"], STORE)
    bo.add("axes", ["b"], STORE)
    undone = kept.undo()
    assert (undone.act, undone.data["items"]) == ("add", [{"record": "a"}])
    assert ids(kept, "axes") == ["b"]
    kept.redo()
    assert ids(kept, "axes") == ["a", "b"]
    kept.undo()
    kept.add("axes", ["c"], STORE)
    assert kept.redo() is None
    assert ids(kept, "axes") == ["b", "c"]
    assert bo.redo() is None


def test_places_where_one_person_works_have_an_undo_each(kept):
    """Two sessions of one person do not take back each other's acts."""
    here, there = (Collections(kept.journal.file, "ann", session) for session in ("left window", "right window"))
    here.create("axes")
    there.create("pots")
    here.undo()
    assert [one.name for one in kept.all()] == ["pots"]
    assert here.undo() is None
    assert kept.undo() is None


def test_deleting_hides(kept):
    """A deleted collection is hidden and whole; undo or anybody's bring_back shows it, a new one may have its name."""
    kept.create("axes")
    kept.add("axes", ["a"], STORE)
    kept.delete("axes")
    assert kept.all() == ()
    assert [one.name for one in kept.all(deleted=True)] == ["axes"]
    with pytest.raises(UnknownNameError, match="was deleted: bring it back"):
        kept.get("axes")
    kept.undo()
    assert ids(kept, "axes") == ["a"]
    kept.delete("axes")
    kept.create("Axes")
    bo = Collections(kept.journal.file, "bo")
    with pytest.raises(InvalidInputError, match="already"):
        bo.bring_back("axes")
    kept.rename("Axes", "others")
    assert [one.item.record for one in bo.bring_back("axes").members] == ["a"]


def test_undoing_the_making_hides_what_others_put_there(kept):
    """Taking back that a collection was made loses nothing of what others did to it."""
    kept.create("axes")
    bo = Collections(kept.journal.file, "bo")
    bo.add("axes", ["a", "b"], STORE)
    kept.undo()
    assert bo.all() == ()
    assert [one.item.record for one in bo.bring_back("axes").members] == ["a", "b"]


def test_wrong_names_are_told(kept):
    """Names that are empty, taken or unknown, records and items that are not there are refused; nothing is done."""
    kept.create("axes")
    for name, said in (("  ", "needs a name"), ("AXES", "already"), ("x" * 1001, "at most 1,000"), ("\ud800", "half")):
        with pytest.raises(InvalidInputError, match=said):
            kept.create(name)
    with pytest.raises(UnknownNameError, match="Spelled like it: 'axes'"):
        kept.get("axis")
    with pytest.raises(UnknownNameError, match="No record has the id 'nowhere'"):
        kept.add("axes", ["a", "nowhere"], STORE)
    kept.add("axes", ["a"], STORE)
    for act in (kept.remove, kept.star, kept.move):
        with pytest.raises(UnknownNameError, match="'b' is not in the collection 'axes'"):
            act("axes", ["a", "b"])
    with pytest.raises(InvalidInputError, match="before itself"):
        kept.move("axes", ["a"], before="a")
    with pytest.raises(InvalidInputError, match="A tag needs"):
        kept.tag("axes", [" "])
    with pytest.raises(InvalidInputError, match="at most 100,000"):
        kept.note("axes", "x" * 100_001)
    with pytest.raises(InvalidInputError, match="left < right"):
        item("a", (0.5, 0, 0.5, 1))
    assert len(kept.history("axes")) == 2


HOSTILE = [
    *(
        "x" * 500,
        "\U0001f3fa\U0001f469\u200d\U0001f52c",
        "\u202eesrever",
        "bell\x07 \x1b[31mred",
        "a\nb\tc\rd",
        "nul\x00nul",
    ),
    *(
        "<script>alert(1)</script>",
        "=1+1",
        "@SUM(A1)",
        "'; DROP TABLE collections_events; --",
        "%_*?",
        "../../etc/passwd",
    ),
    *("0.1,0.2,0.5,0.6@a", "Økser", "花瓶", '"', "\\", "a\u2028b", "undo", "null"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_kept_as_they_are(tmp_path, text):
    """Whatever people write as names, notes, tags, ids or their own name is kept letter by letter."""
    kept = Collections(tmp_path / "workspace.sqlite", text, text)
    store = MemoryStore({})
    store.upsert([Point(text, {}, {"title": text})])
    kept.create(text)
    kept.add(text, [item(text), item(text, (0, 0, 0.5, 0.5))], store)
    kept.note(text, text, on=item(text))
    kept.tag(text, [text[:200]], [item(text)])
    kept.undo()
    kept.redo()
    (found,) = kept.all()
    assert (found.name, found.who, found.people) == (text.strip(), text, (text,))
    first, part = found.members
    assert (first.item, first.title, part.item.record) == (item(text), text, text)
    assert first.notes[0].text == first.notes[0].who == text
    assert first.tags == (text[:200].strip(),)


def test_vanished_records_stay_with_their_last_title(kept):
    """A record that is gone stays in the collection, is known to be gone, and has the title that it last had."""
    kept.create("axes")
    kept.add("axes", ["a", "b"], store_of(a="Axe", b="Bead"))
    kept.note("axes", "mine", on="a")
    assert kept.see(store_of(a="Axe-head, thin-butted", b="Bead")) == 1
    assert kept.see(store_of(b="Bead")) == 0
    found = kept.get("axes")
    assert [(one.item.record, one.title) for one in found.members] == [("a", "Axe-head, thin-butted"), ("b", "Bead")]
    assert kept.gone(found, store_of(b="Bead")) == {"a"}
    assert found.members[0].notes[0].text == "mine"
    assert kept.undo().act == "note"  # what was seen is nobody's act


def test_what_is_sensitive_is_remembered(kept):
    """A record that was sensitive is known to be so after it has vanished."""
    store = MemoryStore({})
    store.upsert([Point("s", {}, {"title": "Skull", "sensitive": "yes"}), Point("t", {}, {"title": "Tooth"})])
    kept.create("graves")
    kept.add("graves", ["s", "t"], store)
    assert [one.sensitive for one in kept.get("graves").members] == [True, False]


def test_two_collections_of_one_name(kept):
    """Where undo gave two collections one name, the name is refused and the ids serve."""
    first = kept.create("axes")
    kept.rename("axes", "old axes")
    bo = Collections(kept.journal.file, "bo")
    second = bo.create("axes")
    kept.undo()
    with pytest.raises(UnknownNameError, match=f"2 collections are called 'axes'.*{min(first.id, second.id)}"):
        kept.get("axes")
    assert kept.get(second.id).who == "bo"


def test_a_clock_that_was_put_back_changes_no_order(kept, monkeypatch):
    """Acts count in the order in which they were done, also where the clock says otherwise."""
    import archive_search.workspace.journal as journal

    kept.create("axes")
    kept.rename("axes", "second")

    class Yesterday(journal.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) - journal.timedelta(days=1)

    monkeypatch.setattr(journal, "datetime", Yesterday)
    kept.rename("second", "third")
    assert [one.name for one in kept.all()] == ["third"]


# ---------------------------------------------------------------------- several processes

WRITER = """
import sys
from pathlib import Path
from archive_search.testing import MemoryStore
from archive_search.types import Point
from archive_search.workspace.collections import Collections
store = MemoryStore({})
names = [f"{sys.argv[2]}{n}" for n in range(int(sys.argv[3]))]
store.upsert([Point(name, {}, {"title": name}) for name in names])
kept = Collections(Path(sys.argv[1]), sys.argv[2])
for name in names:
    kept.add("axes", [name], store)
    kept.note("axes", f"of {name}", on=name)
    print(name, flush=True)
"""


def writer(kept: Collections, who: str, count: int) -> subprocess.Popen[str]:
    """A process that adds records to the collection, and says which it has added."""
    command = [sys.executable, "-c", WRITER, str(kept.journal.file), who, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_at_once(kept):
    """Four processes write at once, while another reads, and nothing is lost."""
    kept.create("axes")
    running = [writer(kept, who, 15) for who in "pqrs"]
    while any(process.poll() is None for process in running):
        assert len(kept.get("axes").members) <= 60
        time.sleep(0.02)
    assert [process.returncode for process in running] == [0] * 4
    found = kept.get("axes")
    assert sorted(one.item.record for one in found.members) == sorted(f"{who}{n}" for who in "pqrs" for n in range(15))
    assert all(one.notes[0].text == f"of {one.item.record}" for one in found.members)
    for process in running:
        process.stdout.close()


def test_who_reads_and_who_writes_do_not_wait_for_each_other(kept):
    """While somebody reads, others write; what is read stays what it was when the reading began."""
    kept.create("axes")
    with kept.journal.reading() as page:
        before = page.stamp()
        began = time.monotonic()
        kept.create("pots")
        assert time.monotonic() - began < WAIT_S / 2
        assert page.stamp() == before
    assert kept.stamp() > before


def test_a_workspace_from_before_gets_a_log(kept):
    """A file that was made without a write-ahead log has one from the next act on, and loses nothing."""
    kept.create("axes")
    database = sqlite3.connect(kept.journal.file)
    assert database.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    database.close()
    kept.create("pots")
    database = sqlite3.connect(kept.journal.file)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
    assert [one.name for one in kept.all()] == ["axes", "pots"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_writer_loses_nothing_committed(kept):
    """What a process has said that it added is there after it was killed, and others go on."""
    kept.create("axes")
    process = writer(kept, "p", 100_000)
    said = [process.stdout.readline().strip() for _ in range(10)]
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.read().split("\n")[:-1]
    process.wait()
    process.stdout.close()
    found = ids(kept, "axes")
    assert found[: len(said)] == said
    assert len(found) <= len(said) + 1
    kept.add("axes", ["a"], STORE)
    assert ids(kept, "axes") == [*found, "a"]


READER = """
import sys
from pathlib import Path
from archive_search.workspace.collections import Collections
from archive_search.workspace.judgements import Judgements
kept = Collections(Path(sys.argv[1]))
print([one.item.record for one in kept.get("axes").members])
print(Judgements(Path(sys.argv[1])).present())
try:
    kept.create("more")
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("disk", ["read-only", "full"])
def test_a_disk_on_which_nobody_can_write(kept, tmp_path, disk):
    """Collections on a read-only or full disk are read, what was never written there as empty; writing is refused."""
    kept.create("axes")
    kept.add("axes", ["a"], STORE)
    file, mounted = kept.journal.file, [mounts.read_only(tmp_path)]
    if disk == "full":
        small = tmp_path / "small"
        small.mkdir()
        mounted = [f"mount -t tmpfs -o size=1m none '{small}'", f"cp '{file}' '{small}'", mounts.fill(small)]
        file = small / file.name
    done = mounts.run_with(mounted, ["-c", READER, str(file)])
    assert done.stdout.split("\n")[:3] == ["['a']", "()", "ArchiveError"], done.stderr
