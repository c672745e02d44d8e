"""The commands for collections, saved searches, histories, exports by name, backup and restore, on a small museum."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from app.command import cli
from archive_search.archive import Archive
from archive_search.stores.file_copy import copy_tree
from archive_search.types import ArchiveSearchError, InvalidInputError, UnknownNameError
from archive_search.workspace.collections import Collections

HOSTILE = "\x1b[31m=1+1 \u202e<b>" + "x" * 500


@pytest.fixture
def own(museum, tmp_path) -> Path:
    """A copy of the archive that may be written to."""
    return copy_tree(museum, tmp_path / "own")


@pytest.fixture
def run(own):
    """Runs a command line on that archive in this process; an error of ours is raised."""

    def invoke(*arguments: object, who: str = "ann") -> Result:
        said = [str(one) for one in arguments]
        environment = {"ARCHIVE_SEARCH_ARCHIVE": str(own), "ARCHIVE_SEARCH_WHO": who}
        result = CliRunner().invoke(cli, said, env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return invoke


def test_an_evening_with_a_collection(run, own):
    """A collection is made, filled, described, put in order and shown."""
    assert "Axes: made" in run("collections", "create", "Axes", "--note", "for the paper").stdout
    assert "Axes: 3 added" in run("collections", "add", "axes", "AX000", "AX001", "0.1,0.2,0.5,0.6@AX002").stdout
    assert "1 added, 1 there already" in run("collections", "add", "axes", "AX000", "AX003").stdout
    run("collections", "note", "axes", "broken edge", "--on", "AX001")
    run("collections", "tag", "axes", "grey", "broken", "--on", "AX001", "--on", "AX003")
    run("collections", "tag", "axes", "broken", "--off", "--on", "AX003")
    run("collections", "star", "axes", "AX003")
    run("collections", "star", "axes")
    run("collections", "move", "axes", "AX003", "--to", "1")
    run("collections", "move", "axes", "AX000", "--last")
    run("collections", "move", "axes", "AX001", "--before", "0.1,0.2,0.5,0.6@AX002")
    shown = run("collections", "show", "axes").stdout.splitlines()
    assert shown[:2] == ["* Axes: 4 items", "note: ann: for the paper"]
    rows = [line.split() for line in shown[3:]]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0][1:3] == ["*", "AX003"]
    assert rows[1][1] == "AX001"
    assert "ann: broken edge" in shown[4]
    assert "grey, broken" in shown[4]
    assert rows[3][1] == "AX000"
    told = json.loads(run("collections", "show", "axes", "--json").stdout)
    assert told["members"][2]["item"] == {"record": "AX002", "box": [0.1, 0.2, 0.5, 0.6]}
    assert "* Axes" in " ".join(run("collections", "list").stdout.split())
    assert "ann  create Axes" in run("collections", "log", "axes").stdout


def test_undo_and_deleting(run):
    """Undo goes by the name of who works; what was deleted is listed and brought back."""
    run("collections", "create", "Axes")
    run("collections", "add", "Axes", "AX000", who="bo")
    assert "taken back: create Axes (Axes)" in run("collections", "undo").stdout
    assert "no collection yet" in run("collections", "list").stdout
    assert "done again: create Axes" in run("collections", "redo").stdout
    assert "nothing of yours" in run("collections", "undo", who="cy").stdout
    run("collections", "delete", "Axes")
    assert "Axes" in run("collections", "list", "--deleted").stdout
    assert "1 item" in run("collections", "bring-back", "axes", who="cy").stdout
    run("collections", "rename", "Axes", "Blades")
    assert "taken back: rename Blades" in run("collections", "undo").stdout
    assert "undo: rename Blades" in run("collections", "log", "axes").stdout


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("collections", "show", "Axis"), UnknownNameError, "Spelled like it: 'Axes'"),
        (("collections", "create", "axes"), InvalidInputError, "already"),
        (("collections", "add", "axes"), InvalidInputError, "by their ids, or a saved search"),
        (("collections", "add", "axes", "AX999"), UnknownNameError, "No record has the id 'AX999'"),
        (("collections", "remove", "axes", "AX001"), UnknownNameError, "is not in the collection"),
        (("collections", "move", "axes", "AX000"), InvalidInputError, "in one way"),
        (("export", "nothing", "csv", "x.csv"), UnknownNameError, "no collection, no saved search, and no file"),
        (("export", "axes", "docx", "x.docx"), UnknownNameError, "docx"),
        (("searches", "run", "axes"), UnknownNameError, "No search is called 'axes'"),
        (("restore", "none.zip"), InvalidInputError, "No such file"),
        (("backup", "/dev/null/x.zip"), ArchiveSearchError, "cannot be written"),
    ],
)
def test_errors_say_what_was_possible(run, arguments, error, said):
    """What cannot be done is told with what can."""
    run("collections", "create", "Axes")
    run("collections", "add", "Axes", "AX000")
    with pytest.raises(error, match=said):
        run(*arguments)


def test_saved_searches(run, own):
    """A search is saved as it is asked, run, told what is new, put into a collection and deleted."""
    saved = run("searches", "save", "Blue things", "glass bead", "--refine", "blue", "--where", "material=glass")
    assert "Blue things: saved; 15 records now" in saved.stdout
    assert "glass bead, blue; 1 filter" in run("searches", "list").stdout
    assert "0 of 15 records are new since" in run("searches", "new", "blue things").stdout
    told = run("searches", "new", "blue things", "--peek", who="bo").stdout
    assert "15 of 15 records are new to you" in told
    assert "BE000" in run("searches", "run", "blue things", "--show", "15").stdout
    assert "and 13 more" in run("searches", "run", "blue things", "--show", "2").stdout
    assert len(json.loads(run("searches", "run", "blue things", "--json").stdout)["hits"]) == 15
    run("collections", "create", "Beads")
    assert "4 added" in run("collections", "add", "Beads", "--from-search", "blue things", "--first", "4").stdout
    run("searches", "save", "blue things", "flint axe", "--limit", "3", "--replace")
    assert "0 of 3 records are new" in run("searches", "new", "blue things").stdout
    run("searches", "rename", "blue things", "Axes")
    run("searches", "delete", "axes")
    assert "No search is saved" in run("searches", "list").stdout
    run("searches", "undo")
    assert "flint axe" in run("searches", "list").stdout
    assert "taken back: rename" in run("searches", "undo").stdout
    assert "done again: rename Axes" in run("searches", "redo").stdout


def test_a_collection_a_search_and_a_plan_are_exported(run, own, tmp_path):
    """Each is written by its name, a collection in its own order with what was written; who asked stands in it."""
    run("collections", "create", "Axes")
    run("collections", "add", "Axes", "AX003", "AX001")
    run("collections", "note", "Axes", "=1+1", "--on", "AX001")
    told = run("export", "axes", "csv", tmp_path / "axes.csv")
    assert "2 records as csv" in told.stdout
    assert "It is no ranking" in told.stderr
    frame = pd.read_csv(tmp_path / "axes.csv", dtype=str, keep_default_na=False)
    assert list(frame["id"]) == ["AX003", "AX001"]
    assert list(frame["collected_note"]) == ["", "ann: =1+1"]
    run("searches", "save", "beads", "glass bead", "--limit", "5")
    assert "5 records as jsonl" in run("export", "beads", "jsonl", tmp_path / "beads.out").stdout
    head = json.loads((tmp_path / "beads.out").read_text(encoding="utf-8").partition("\n")[0])
    assert (head["provenance"]["who"], head["provenance"]["strategy"]) == ("ann", "staged")
    plan = tmp_path / "plan.json"
    plan.write_text(run("search", "flint axe", "--limit", "3", "--json").stdout, encoding="utf-8")
    assert "3 records as csv" in run("export", plan, "csv", tmp_path / "plan.csv").stdout
    run("searches", "save", "Axes", "flint axe")
    with pytest.raises(InvalidInputError, match="collection:axes or search:axes"):
        run("export", "axes", "csv", tmp_path / "axes.csv", "--overwrite")
    assert "2 records" in run("export", "collection:axes", "csv", tmp_path / "axes.csv", "--overwrite").stdout
    assert "https://example.org/set, where nothing is" in run("export", "beads", "iiif", tmp_path / "set").stderr


def test_an_exported_collection_is_the_same_again(run, tmp_path):
    """Rerunning the export of a collection finds the same records in the same order."""
    run("collections", "create", "Axes")
    run("collections", "add", "Axes", "AX003", "BE001", "AX001")
    run("export", "Axes", "csv", tmp_path / "axes.csv")
    assert "the same 3 records in the same order" in run("rerun", tmp_path / "axes.csv").stdout


def test_an_export_that_can_never_be_rerun_says_so(run, own, tmp_path):
    """Where the question names a sensitive record that stays, the export says so; where it may leave, it is rerun."""
    archive = Archive.open(own)
    build = archive.index.begin(dict(archive.store.spaces))
    (point,) = archive.store.points(["AX000"])
    vectors = {space: archive.store.vectors(space, ["AX000"])["AX000"] for space in archive.store.spaces}
    build.store.upsert([replace(point, vectors=vectors, payload={**point.payload, "sensitive": "yes"})])
    build.publish()
    ask = ("search", "--like", "AX000", "--limit", "5")
    said = run(*ask, "--export", tmp_path / "x.csv").stderr
    assert "x.csv can never be rerun" in said
    assert "export again with --sensitive AX000" in said
    run("searches", "save", "Like it", *ask[1:])
    assert "x.jsonl can never be rerun" in run("export", "like it", "jsonl", tmp_path / "x.jsonl").stderr
    refused = CliRunner().invoke(cli, ["rerun", str(tmp_path / "x.csv"), "--archive", str(own)])
    assert (refused.exit_code, "cannot be rerun" in refused.stderr) == (2, True)
    assert "rerun" not in run(*ask, "--export", tmp_path / "y.csv", "--sensitive", "AX000").stderr
    assert "the same 5 records" in run("rerun", tmp_path / "y.csv").stdout
    assert "rerun" not in run("search", "flint axe", "--export", tmp_path / "z.csv").stderr


def test_histories(run, own):
    """Nothing is kept before it is switched on; then searches are, and are shown, and cleared."""
    run("search", "flint axe")
    assert "No searches are kept of ann" in run("history", "show").stdout
    run("history", "on")
    run("search", "glass bead", "--refine", "blue")
    run("search", "iron sword", who="")
    shown = run("history", "show").stdout
    assert "glass bead, blue" in shown
    assert "flint axe" not in shown
    assert "iron sword" not in shown
    assert json.loads(run("history", "show", "--json").stdout)[0]["count"] == 20
    assert "1 still there" in run("history", "off").stdout
    assert "searches of ann removed: 1" in run("history", "clear").stdout
    with pytest.raises(InvalidInputError, match="name yourself"):
        run("history", "on", who="")


def test_backup_and_restore(run, own, museum, tmp_path):
    """What people made goes into a file and comes back from it, into another archive as well."""
    run("collections", "create", HOSTILE)
    run("judgements", "add", "t1", "AX000", "2", "--judge", "ann")
    assert "acts on collections: 1," in run("backup", tmp_path / "b.zip").stdout
    (own / "workspace.sqlite").unlink()
    told = run("restore", tmp_path / "b.zip").stdout
    assert "acts on collections: 1 of 1 added" in told
    assert "judgements: 1 of 1 added" in told
    assert "judgements: 0 of 1 added, the others were there" in run("restore", tmp_path / "b.zip").stdout
    assert [one.name for one in Collections(own / "workspace.sqlite").all()] == [HOSTILE]


def test_last_looks_come_back(run, own, tmp_path):
    """What somebody has looked at before a backup is not new to them after a restore, but it is to others."""
    run("searches", "save", "Beads", "glass bead", "--limit", "5")
    assert "last looks: 1;" in run("backup", tmp_path / "b.zip").stdout
    (own / "workspace.sqlite").unlink()
    assert "last looks at saved searches: 1 of 1 added" in run("restore", tmp_path / "b.zip").stdout
    assert "0 of 5 records are new since" in run("searches", "new", "beads").stdout
    assert "5 of 5 records are new to you" in run("searches", "new", "beads", who="bo").stdout


def test_what_people_wrote_cannot_move_the_cursor(run, tmp_path):
    """Names, notes and tags are shown with escapes where they hold what no terminal should be told."""
    said = [run("collections", "create", HOSTILE, who=HOSTILE)]
    run("collections", "add", HOSTILE, "AX000", who=HOSTILE)
    run("collections", "note", HOSTILE, HOSTILE, "--on", "AX000", who=HOSTILE)
    run("collections", "tag", HOSTILE, HOSTILE[:100], who=HOSTILE)
    run("searches", "save", HOSTILE, "flint axe", who=HOSTILE)
    run("history", "on", who=HOSTILE)
    run("search", HOSTILE, who=HOSTILE)
    commands = [
        *(("collections", "list"), ("collections", "show", HOSTILE), ("collections", "log", HOSTILE)),
        *(("searches", "list"), ("searches", "new", HOSTILE), ("history", "show"), ("collections", "undo")),
        ("export", f"collection:{HOSTILE}", "csv", tmp_path / "x.csv"),
    ]
    said += [run(*command, who=HOSTILE) for command in commands]
    with pytest.raises(UnknownNameError) as refused:
        run("collections", "show", "\x1b[31m")
    assert "\x1b" not in "".join(one.output for one in said)
    assert "\u202e" not in "".join(one.output for one in said)
    assert "\\x1b" in said[1].output
    assert "\\x1b" in str(refused.value)


def test_every_command_of_collections_and_searches_takes_who():
    """--who may stand behind every one of them, reading ones too, so that habit and aliases do no harm."""
    groups = [command for name, command in get_command(cli).commands.items() if name in ("collections", "searches")]
    commands = [command for group in groups for command in group.commands.values()]
    assert len(commands) > 20
    assert [one.name for one in commands if not any("--who" in option.opts for option in one.params)] == []


def test_showing_takes_who(run):
    """A name changes nothing of what is listed, shown and told."""
    run("collections", "create", "Axes")
    for command in (("list",), ("show", "axes"), ("log", "axes")):
        said = run("collections", *command, "--who", "Åse").stdout
        assert said == run("collections", *command).stdout
        assert "Axes" in said


def test_vanished_records_are_shown(run, own):
    """A record that is no longer in the archive is shown as gone, with its title."""
    run("collections", "create", "Axes")
    run("collections", "add", "Axes", "AX000", "AX001")
    archive = Archive.open(own)
    build = archive.index.begin(dict(archive.store.spaces))
    build.store.delete(["AX000"])
    build.publish()
    shown = run("collections", "show", "axes")
    (line,) = [line for line in shown.stdout.splitlines() if "AX000" in line]
    assert "Flint axe 0" in line
    assert line.rstrip().endswith("gone")
    assert "1 record marked 'gone'" in shown.stderr
