"""Backup and restore of what people made."""

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive_search.archive import Archive
from archive_search.plan import Plan
from archive_search.ranking.browse import Browse
from archive_search.spreadsheet_cells import as_it_was
from archive_search.testing import MemoryStore
from archive_search.types import Example, InvalidInputError, Point, Query
from archive_search.workspace.backup import Contents, backup, restore
from archive_search.workspace.ballots import Ballot, Ballots
from archive_search.workspace.collections import Collections
from archive_search.workspace.history import History
from archive_search.workspace.items import item
from archive_search.workspace.judgements import Judgement, Judgements
from archive_search.workspace.looks import LastLook, Looks
from archive_search.workspace.searches import Searches
from archive_search.workspace.topics import Topic

STORE = MemoryStore({})
STORE.upsert([Point(one, {}, {"title": f"=Title of {one}"}) for one in "abc"])
AXE = Query((Example("text", "axe"),))
AT = "2026-01-01T00:00:00.000000+00:00"
BALLOT = {
    **{"who": "ann", "topic": "q-1", "first": "a", "second": "b", "seed": 7, "at": AT},
    **{"liked": ["r"], "first_liked": 1, "second_liked": 0},
}


def state(archive: Archive) -> tuple:
    """All that people made, as it is now and as it came about."""
    kept, judged, saved = Collections(archive.workspace), Judgements(archive.workspace), Searches(archive.workspace)
    return (
        *(kept.all(), kept.all(deleted=True), saved.all(), saved.all(deleted=True)),
        *(judged.topics(), judged.history(), judged.present(), Looks(archive.workspace).all()),
        Ballots(archive.workspace).all(),
    )


@pytest.fixture
def full(tmp_path) -> Archive:
    """An archive with something of everything."""
    made = Archive.create(tmp_path / "full")
    fill(made, "ann", "Økser & \u202e=1+1")
    History(made.workspace, "ann").keep()
    return made


def fill(archive: Archive, who: str, name: str) -> None:
    """Somebody makes something of everything."""
    kept = Collections(archive.workspace, who)
    kept.create(name)
    kept.add(name, ["a", item("b", (0, 0, 0.5, 0.5))], STORE)
    kept.note(name, "=cmd\nsecond line", on="a")
    kept.tag(name, ["red; green"], ["a"])
    kept.star(name)
    kept.undo()
    kept.create(f"{name} of before")
    kept.delete(f"{name} of before")
    saved = Searches(archive.workspace, who).save(name, Plan(AXE, (Browse(),), 10))
    Looks(archive.workspace).keep(LastLook(saved.id, who, AT, ["a", "Ø & \u202e"]))
    Ballots(archive.workspace).cast(Ballot(who, "q-1", "nearest", "staged", 7, ("a", "Ø"), 2, 0))
    judged = Judgements(archive.workspace)
    judged.add_topics([Topic(f"t {who}", AXE, "g", "An axe")])
    judged.add([Judgement(f"t {who}", "a", who, grade) for grade in (1, 1, None, 3)])


def test_a_round_trip_into_nothing(full, tmp_path):
    """Restored into an empty archive everything is as it was, its history too; a second time adds nothing."""
    told = backup(full, tmp_path / "backup.zip")
    assert told == Contents(collections=8, searches=1, looks=1, topics=1, judgements=4, ballots=1)
    empty = Archive.create(tmp_path / "empty")
    done = restore(empty, tmp_path / "backup.zip")
    assert (done.found, done.added, done.archive, done.own) == (told, told, "full", False)
    assert state(empty) == state(full)
    assert restore(empty, tmp_path / "backup.zip").added == Contents()
    assert state(empty) == state(full)
    own = Collections(empty.workspace, "ann")
    own.undo()  # and undo goes on where it was
    assert own.get("Økser & \u202e=1+1 of before").deleted is False


def test_it_is_readable_without_this_program(full, tmp_path):
    """The file is a ZIP of text: a README, JSON lines, and tables that no spreadsheet runs."""
    backup(full, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as pack:
        texts = {name: pack.read(name).decode() for name in pack.namelist()}
    for name in texts:
        assert name in texts["README.txt"] or name == "README.txt"
    assert json.loads(texts["backup.json"])["holds"]["judgements"] == 4
    assert [json.loads(line)["act"] for line in texts["collections.jsonl"].splitlines()][:3] == [
        "create",
        "add",
        "note",
    ]
    rows = list(csv.DictReader(io.StringIO(texts["collections.csv"], newline="")))
    assert [as_it_was(row["title"]) for row in rows] == ["", "=Title of a", "=Title of b"]
    assert [row["title"][:1] for row in rows[1:]] == ["'", "'"]
    assert as_it_was(rows[1]["notes"]) == "ann: =cmd\nsecond line"
    assert "history" not in " ".join(name for name in texts if name != "README.txt")


def test_what_was_done_since_stays(full, tmp_path):
    """Restoring an older backup takes back nothing that was done since."""
    backup(full, tmp_path / "backup.zip")
    kept = Collections(full.workspace, "bo")
    name = kept.all()[0].name
    kept.note(name, "later")
    kept.remove(name, ["a"])
    Judgements(full.workspace).judge("t ann", "a", "ann", 0)
    before = state(full)
    assert restore(full, tmp_path / "backup.zip").added == Contents()
    assert state(full) == before


def test_an_older_judgement_does_not_overrule_a_newer_one(tmp_path):
    """What comes from elsewhere joins the history; the newest judgement of a judge counts, on whichever side it is."""
    here, there = (Archive.create(tmp_path / name) for name in ("here", "there"))
    one = Judgements(here.workspace)
    one.add([Judgement("t", "a", "ann", 3, "2026-05-01T00:00:00+00:00"), Judgement("t", "b", "ann", 3, "2026-05-01")])
    other = Judgements(there.workspace)
    other.add([Judgement("t", "a", "ann", 1, "2026-04-01T00:00:00+00:00"), Judgement("t", "b", "ann", 0, "2026-06-01")])
    backup(there, tmp_path / "b.zip")
    assert restore(here, tmp_path / "b.zip").added.judgements == 2
    assert {judged.record: judged.grade for judged in one.present()} == {"a": 3, "b": 0}
    assert restore(here, tmp_path / "b.zip").added.judgements == 0
    assert {judged.record: judged.grade for judged in one.present()} == {"a": 3, "b": 0}


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(["ann", ""]), st.integers(1, 9), st.sets(st.sampled_from("abc")))
    ),
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(["ann", ""]), st.integers(1, 9), st.sets(st.sampled_from("abc")))
    ),
)
@settings(max_examples=20, deadline=None)
def test_of_two_copies_the_later_look_of_each_person_stays(ours, theirs):
    """Restored on both sides, both have of each person at each search the later look; a second time adds nothing."""
    with tempfile.TemporaryDirectory() as folder:
        sides = [Archive.create(Path(folder) / name) for name in ("left", "right")]
        for archive, made in zip(sides, (ours, theirs), strict=True):
            for search, who, day, ids in made:
                at = f"2026-05-0{day}T00:00:00.000000+00:00"
                Looks(archive.workspace).keep(LastLook(f"s{search}", who, at, sorted(ids)))
        before = [one for archive in sides for one in Looks(archive.workspace).all()]
        for archive in sides:
            backup(archive, Path(folder) / f"{archive.directory.name}.zip")
        for archive, other in zip(sides, ("right", "left"), strict=True):
            restore(archive, Path(folder) / f"{other}.zip")
            assert restore(archive, Path(folder) / f"{other}.zip").added.looks == 0
        left, right = (Looks(archive.workspace).all() for archive in sides)
        assert left == right
        latest: dict[tuple[str, str], str] = {}
        for one in before:
            latest[one.search, one.who] = max(latest.get((one.search, one.who), ""), one.at)
        assert {(one.search, one.who): one.at for one in left} == latest


def test_a_topic_that_asks_something_else_is_left_out(full, tmp_path):
    """A topic whose id stands for another question here is refused, with its judgements; all else is restored."""
    backup(full, tmp_path / "b.zip")
    other = Archive.create(tmp_path / "other")
    Judgements(other.workspace).add_topics([Topic("t ann", Query((Example("text", "pot"),)))])
    done = restore(other, tmp_path / "b.zip")
    assert (done.refused, done.added.judgements, done.added.topics) == (("t ann",), 0, 0)
    assert done.added.collections == 8
    assert Judgements(other.workspace).topics()[0].query.examples[0].value == "pot"


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_merging_loses_nothing_on_either_side(data):
    """Whatever two people did apart, both backups restored on both sides make the same collections, and lose no act."""
    with tempfile.TemporaryDirectory() as folder:
        sides = [Archive.create(Path(folder) / name) for name in ("left", "right")]
        for archive, who in zip(sides, ("ann", "bo"), strict=True):
            kept, judged = Collections(archive.workspace, who), Judgements(archive.workspace)
            made = [kept.create(name).id for name in ("axes", "pots")]
            if who == "bo":
                made = [one.id for one in Collections(sides[0].workspace).all()]
                backup(sides[0], Path(folder) / "start.zip")
                restore(archive, Path(folder) / "start.zip")
            for _ in range(data.draw(st.integers(0, 5))):
                act = data.draw(st.sampled_from(["add", "note", "undo", "redo", "delete", "judge"]))
                shown = [one.id for one in kept.all() if one.id in made]
                if act in ("undo", "redo"):
                    getattr(kept, act)()
                elif act == "judge":
                    judged.judge("t", data.draw(st.sampled_from("ab")), who, data.draw(st.integers(0, 3)))
                elif shown:
                    name = data.draw(st.sampled_from(shown))
                    arguments = {"add": (["a", "b"], STORE), "note": (data.draw(st.text(max_size=4)),), "delete": ()}
                    getattr(kept, act)(name, *arguments[act])
        histories = [state(archive)[5] for archive in sides]
        files = [Path(folder) / f"{archive.directory.name}.zip" for archive in sides]
        for archive, file in zip(sides, files, strict=True):
            backup(archive, file)
        for archive in sides:
            for file in files:
                restore(archive, file)
        left, right = map(state, sides)
        assert left[:5] == right[:5]
        assert left[6] == right[6]
        for archive, before in zip(sides, histories, strict=True):
            assert state(archive)[5][: len(before)] == before


GOOD = {"id": "e", "subject": "s", "act": "create", "data": {"name": "x"}, "target": "", "who": "", "session": ""}


def packed(file: Path, **texts: str) -> Path:
    """A backup with other texts in it."""
    about = json.dumps({"format": "archive-search backup", "version": 1, "archive": "x", "archive_id": "y"})
    names = ("collections.jsonl", "searches.jsonl", "topics.jsonl", "judgements.jsonl")
    with zipfile.ZipFile(file, "w") as pack:
        for name, text in {"backup.json": about, **dict.fromkeys(names, ""), **texts}.items():
            if text is not None:
                pack.writestr(name, text)
    return file


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"backup.json": None}, "no backup"),
        ({"backup.json": "{"}, "not JSON"),
        ({"backup.json": '{"format": "other"}'}, "says something else"),
        ({"backup.json": '{"format": "archive-search backup", "version": 9}'}, "use a later one"),
        ({"collections.jsonl": None}, "no whole backup: it has no collections.jsonl"),
        ({"collections.jsonl": "\n[]"}, "line 2"),
        ({"collections.jsonl": json.dumps(GOOD)}, "at"),
        ({"collections.jsonl": json.dumps({**GOOD, "at": "yesterday"})}, "a time is UTC"),
        ({"collections.jsonl": json.dumps({**GOOD, "at": "9999-12-31T23:59:59.999999+00:00"})}, "before the year"),
        ({"collections.jsonl": json.dumps({**GOOD, "at": AT, "data": {"name": 7}})}, "name"),
        ({"collections.jsonl": json.dumps({**GOOD, "at": AT, "act": "explode"})}, "explode"),
        ({"collections.jsonl": json.dumps({**GOOD, "at": AT, "id": ""})}, "an id"),
        (
            {
                "collections.jsonl": json.dumps(
                    {**GOOD, "at": AT, "act": "remove", "data": {"items": [{"record": "a", "box": [1, 0, 0, 1]}]}}
                )
            },
            "left < right",
        ),
        ({"searches.jsonl": json.dumps({**GOOD, "at": AT, "act": "save"})}, "plan"),
        ({"looks.jsonl": json.dumps({"search": "s", "who": "", "at": AT, "ids": "abc"})}, "ids"),
        ({"looks.jsonl": json.dumps({"search": "s", "who": "", "at": "2026", "ids": []})}, "a time is UTC"),
        ({"looks.jsonl": json.dumps({"search": "", "who": "", "at": AT, "ids": []})}, "names a search"),
        ({"ballots.jsonl": json.dumps({**BALLOT, "who": ""})}, "has a who"),
        ({"ballots.jsonl": json.dumps({**BALLOT, "second": "a"})}, "with itself"),
        ({"ballots.jsonl": json.dumps({**BALLOT, "at": "2026"})}, "a time is UTC"),
        ({"topics.jsonl": '{"id": "t"}'}, "needs a category"),
        ({"judgements.jsonl": '{"topic": "t", "record": "a", "judge": "ann", "grade": 7, "at": "x"}'}, "0 to 3"),
        ({"judgements.jsonl": '{"topic": "t", "record": "a", "judge": "ann", "grade": 1}'}, "has a time"),
        ({"judgements.jsonl": '{"topic": "\\ud800"}'}, "half of a character"),
    ],
)
def test_a_wrong_file_is_refused_whole(full, tmp_path, texts, said):
    """What is no backup, or not a whole one, is told with file and line, and nothing of it is added."""
    before = state(full)
    good = json.dumps({**GOOD, "at": AT})
    file = packed(tmp_path / "b.zip", **{"collections.jsonl": good, **texts})
    with pytest.raises(InvalidInputError, match=said):
        restore(full, file)
    assert state(full) == before


def test_a_file_that_is_cut_off_or_no_zip(full, tmp_path):
    """A file that is missing, no ZIP, cut off or changed within is told in a sentence."""
    backup(full, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    within = whole.index(b"collections.jsonl") + 100
    for number, data in enumerate((b"", b"PK", whole[:-40], whole[:within] + b"x" * 60 + whole[within + 60 :])):
        file = tmp_path / f"{number}.zip"
        file.write_bytes(data)
        with pytest.raises(InvalidInputError, match=r"backup|damaged"):
            restore(full, file)
    with pytest.raises(InvalidInputError, match="No such file"):
        restore(full, tmp_path / "none.zip")


def test_a_good_file_made_by_hand_is_restored(full, tmp_path):
    """What the README says is enough to write a backup by hand."""
    assert restore(full, packed(tmp_path / "b.zip", **{"collections.jsonl": json.dumps({**GOOD, "at": AT})})).added == (
        Contents(collections=1)
    )
    assert Collections(full.workspace).get("x").id == "s"


def test_an_archives_own_words_are_in_it(full, tmp_path):
    """Its `vocabulary.csv` comes back where there is none, and takes the place of none."""
    (full.directory / "vocabulary.csv").write_text("term,prompt\ncelt,axe\n", encoding="utf-8")
    backup(full, tmp_path / "b.zip")
    empty = Archive.create(tmp_path / "empty")
    assert restore(empty, tmp_path / "b.zip").vocabulary
    assert empty.local_terms.terms[0].prompt == "axe"
    (empty.directory / "vocabulary.csv").write_text("term,prompt\ncelt,club\n", encoding="utf-8")
    assert not restore(empty, tmp_path / "b.zip").vocabulary
    assert empty.local_terms.terms[0].prompt == "club"
