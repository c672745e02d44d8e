"""Rerunning an export: the same search gives the same set, and what is another is told."""

import json
from dataclasses import replace

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.commands import rerun as command
from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.exporting import EXPORTS, export
from archive_search.rerun import moved_between, rerun
from archive_search.settings import Settings
from archive_search.stores.file_copy import copy_tree
from archive_search.testing import HashEmbedder
from archive_search.types import (
    ArchiveError,
    ArchiveSearchError,
    EmbedderInfo,
    InvalidInputError,
    Point,
    UnknownNameError,
)
from archive_search.workspace.chosen_set import chosen_set
from archive_search.workspace.collections import Collections
from tests.permissions import forbidden

EMBEDDER = HashEmbedder()
cli = typer.Typer(rich_markup_mode=None)
cli.command()(command.rerun)


def points(names, texts=(), **payload):
    """Records with the vectors of texts; those of their names unless told."""
    rows = EMBEDDER.encode([EMBEDDER.preprocess(text, "text") for text in texts or names], "text")
    return [Point(one, {"hash": row}, {"title": one, **payload}) for one, row in zip(names, rows, strict=True)]


def publish(archive, new=(), gone=()):
    """Publish a generation with records added and others deleted."""
    build = archive.index.begin({"hash": 64})
    build.store.upsert(list(new))
    build.store.delete(list(gone))
    build.publish()


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """An archive of 300 records, one of them sensitive, published once and only read."""
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: EMBEDDER)
    with EMBEDDERS.register("hash", info):
        made = Archive.create(tmp_path_factory.mktemp("rerun") / "archive", Settings("Museum", ("hash",)))
        records = points([f"r{n}" for n in range(300)], [f"axe {n}" for n in range(300)], licence="CC BY 4.0")
        records[9] = replace(records[9], payload={**records[9].payload, "sensitive": "yes"})
        publish(made, records)
        yield made


@pytest.fixture
def archive(unchanged, tmp_path):
    """The same, to be changed."""
    copy_tree(unchanged.directory, tmp_path / "archive")
    return Archive.open(tmp_path / "archive")


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("ending", [True, False])
def test_on_the_same_generation_all_is_the_same(name, ending, unchanged, tmp_path):
    """Ids, order and scores are those of the export, of every format, also where its name does not tell which it is."""
    target = tmp_path / f"set{(*EXPORTS[name].endings, '')[0] if ending else ''}"
    export(unchanged.search("axe 7", refine=["worn"], limit=50), target, name, only_open=True)
    found = rerun(unchanged, target)
    assert (found.same, found.same_scores, found.largest_difference, found.overlap) == (True, True, 0.0, 1.0)
    assert (found.new, found.gone, found.moved, found.causes) == ([], [], [], [])
    assert found.before == found.after >= 49


def test_saved_sets_are_rerun_too(archive, tmp_path):
    """A saved result set and the provenance beside a CSV file carry all that is needed."""
    found = archive.search("axe 9", limit=300)
    assert rerun(archive, found.save(tmp_path / "set.json")).same
    assert rerun(archive, found.save(tmp_path / "set.json")).after == 300
    export(found, tmp_path / "set.csv")
    assert rerun(archive, tmp_path / "set.csv.provenance.json").after == 299
    assert rerun(archive, tmp_path / "set.csv").same


def test_what_is_another_is_told(archive, tmp_path):
    """A new record, one that is gone and one that moved are told with their places, and the generation as the cause."""
    export(archive.search("axe 7", strategy="nearest", limit=300), tmp_path / "set.jsonl", sensitive=["r9"])
    ids = [hit.id for hit in archive.search("axe 7", strategy="nearest", limit=300)]
    publish(archive, points(["new", ids[100]], ["axe 7", "axe 7"]), gone=[ids[50]])
    found = rerun(archive, tmp_path / "set.jsonl")
    assert not found.same
    assert [(one.id, one.before) for one in found.new] == [("new", None)]
    assert [(one.id, one.before, one.why) for one in found.gone] == [(ids[50], 51, "not in the archive any more")]
    assert [(one.id, one.before) for one in found.moved] == [(ids[100], 101)]
    assert found.moved[0].after <= 3
    assert found.moved[0].why in ("100 to 1 of 299 in both", "100 to 2 of 299 in both")
    assert 0 < found.overlap < 1
    assert {one.what: (one.before, one.now) for one in found.causes} == {"generation": ("gen-000001", "gen-000002")}
    older = rerun(archive, tmp_path / "set.jsonl", at="gen-000001")
    assert (older.same, older.same_scores, older.causes) == (True, True, [])


def test_why_a_record_is_gone(archive, tmp_path):
    """A record that fell below the end, became sensitive or closed is told so; one that left by name leaves again."""
    first = archive.search("axe 7", strategy="nearest", limit=10)
    export(first, tmp_path / "set.jsonl", only_open=True)
    ids = [hit.id for hit in first]
    again = {point.id: point for point in archive.store.points(ids)}
    rows = archive.store.vectors("hash", ids)
    changed = [
        Point(ids[0], {"hash": rows[ids[0]]}, {**again[ids[0]].payload, "sensitive": "yes"}),
        Point(ids[1], {"hash": rows[ids[1]]}, {**again[ids[1]].payload, "licence": "all rights reserved"}),
        Point(ids[2], {"hash": -rows[ids[0]]}, again[ids[2]].payload),
    ]
    publish(archive, changed)
    why = {one.id: one.why for one in rerun(archive, tmp_path / "set.jsonl").gone}
    assert why == {
        ids[0]: "now sensitive",
        ids[1]: "its licence does not allow it any more",
        ids[2]: "not among the first 10",
    }
    export(archive.search("axe 7", strategy="nearest", limit=10), tmp_path / "two.jsonl", sensitive=[ids[0]])
    assert rerun(archive, tmp_path / "two.jsonl").same


def test_another_archive_is_told(archive, tmp_path):
    """In another archive the search runs, and that it is another is the first cause."""
    export(archive.search("axe 7", limit=5), tmp_path / "set.csv")
    other = Archive.create(tmp_path / "other", Settings("Other", ("hash",)))
    publish(other, points([f"r{n}" for n in range(20)]))
    found = rerun(other, tmp_path / "set.csv")
    assert [one.what for one in found.causes] == ["archive", "archive_id", "records"]
    told = json.loads((tmp_path / "set.csv.provenance.json").read_text(encoding="utf-8"))
    told["provenance"]["versions"]["numpy"] = "0.1"
    (tmp_path / "old.json").write_text(json.dumps(told), encoding="utf-8")
    assert [(one.what, one.before, one.now) for one in rerun(archive, tmp_path / "old.json").causes] == [
        ("numpy", "0.1", np.__version__)
    ]


def test_what_cannot_be_rerun_is_told(archive, tmp_path):
    """A question that named a sensitive record, a generation or step that is gone, a file that carries nothing."""
    export(archive.search(like="r9", limit=5), tmp_path / "set.jsonl")
    with pytest.raises(InvalidInputError, match="names 1 sensitive record left out of the export"):
        rerun(archive, tmp_path / "set.jsonl")
    export(archive.search(like="r9", limit=5), tmp_path / "set.jsonl", sensitive=["r9"], overwrite=True)
    assert rerun(archive, tmp_path / "set.jsonl").same
    with pytest.raises(ArchiveError, match="'gen-000009' is not there \\(any more\\): there are gen-000001"):
        rerun(archive, tmp_path / "set.jsonl", at="gen-000009")
    for name, content in (("a.json", "{}"), ("b.csv", "a,b\n1,2"), ("c", "text"), ("d.xlsx", "PK"), ("e.parquet", "")):
        (tmp_path / name).write_text(content)
        with pytest.raises(InvalidInputError, match="provenance"):
            rerun(archive, tmp_path / name)
    with pytest.raises(InvalidInputError, match="does not exist"):
        rerun(archive, tmp_path / "nothing.csv")
    saved = json.loads("".join(archive.search("axe 7", limit=2).json_lines()))
    saved["plan"]["steps"][0]["step"] = "of tomorrow"
    (tmp_path / "new.json").write_text(json.dumps(saved))
    with pytest.raises((InvalidInputError, UnknownNameError), match="of tomorrow"):
        rerun(archive, tmp_path / "new.json")


@pytest.mark.parametrize("name", ["set.json", "set.csv", "set", "set.xlsx", "set.bib"])
def test_a_file_that_may_not_be_read_is_told(name, unchanged, tmp_path):
    """A file, whatever its name, or a folder that nobody may look into is refused in a sentence."""
    (tmp_path / name).write_text("{}")
    with forbidden(tmp_path / name), pytest.raises(ArchiveSearchError):
        rerun(unchanged, tmp_path / name)
    (tmp_path / "folder").mkdir()
    with forbidden(tmp_path / "folder"), pytest.raises(ArchiveSearchError):
        rerun(unchanged, tmp_path / "folder")


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_without_what_moved_the_order_is_the_same(order, lost, added):
    """
    Without the records that moved, and those that stand where they stood among the shared, the order is the same.

    Of one that was moved only it is named, and none is named that has kept its place among the records of both.
    """
    old = [str(n) for n in range(12) if n not in added]
    new = [str(n) for n in order if n not in lost]
    moved = {one.id for one in moved_between(old, new)}
    was, now = [one for one in old if one in new], [one for one in new if one in old]
    stand = {one for one, other in zip(was, now, strict=True) if one == other}
    assert not moved & stand
    assert bool(moved) == (was != now)
    shared = was
    without = moved | (stand if moved else set())
    assert [one for one in was if one not in without] == [one for one in now if one not in without]
    if shared:
        assert len(moved_between(shared, [*shared[1:], shared[0]])) == (len(shared) > 1)


def test_what_others_pushed_has_not_moved():
    """New and gone records move nobody; of a pair that changed places around one that stayed, that one is not named."""
    assert moved_between(list("abcde"), list("xabdyez")) == []
    assert {one.id for one in moved_between(list("abcde"), list("decab"))} <= set("abde")


def test_another_archive_is_told_first(archive, tmp_path):
    """In another archive the command says so first, by name and id; nothing is called gone, new or of before there."""
    export(archive.search("axe 7", strategy="nearest", limit=30), tmp_path / "set.csv")
    other = Archive.create(tmp_path / "other", Settings("Other", ("hash",)))
    publish(other, points([f"r{n}" for n in range(20)]))
    done = CliRunner().invoke(cli, [str(tmp_path / "set.csv"), "--archive", str(other.directory)])
    assert done.exit_code == 1
    first, second, *rest = done.output.splitlines()
    ids = (other.settings.id, archive.settings.id)
    assert first == f"This is another archive 'Other' ({ids[0]}): the set was found in 'Museum' ({ids[1]})."
    assert "29 records there, 20 here" in second
    assert "not in this archive" in done.output
    for word in ("any more", "gone", "new", "generation", "now "):
        assert word not in "\n".join((first, second, *rest)), word
    assert rerun(other, tmp_path / "set.csv").elsewhere
    assert not rerun(archive, tmp_path / "set.csv").elsewhere


def test_the_command_tells_by_its_status(archive, tmp_path):
    """The status is 0 where all is the same, 1 where it is not, 2 where the search cannot be run again."""
    export(archive.search("axe 7", strategy="nearest", limit=300), tmp_path / "set.csv")
    where = ["--archive", str(archive.directory)]
    done = CliRunner().invoke(cli, [str(tmp_path / "set.csv"), *where])
    assert done.exit_code == 0
    assert "the same 299 records in the same order, with the same scores." in done.output
    publish(archive, points(["new"], ["axe 7"]), gone=["r5"])
    done = CliRunner().invoke(cli, [str(tmp_path / "set.csv"), *where])
    assert done.exit_code == 1
    assert "299 records then, 299 now; 1 new, 1 gone, 0 moved." in done.output
    assert "gen-000001 is still there: --at gen-000001 searches it" in done.output
    assert CliRunner().invoke(cli, [str(tmp_path / "set.csv"), *where, "--at", "gen-000001"]).exit_code == 0
    told = json.loads(CliRunner().invoke(cli, [str(tmp_path / "set.csv"), *where, "--json"]).stdout)
    assert [one["id"] for one in told["new"]] == ["new"]
    done = CliRunner().invoke(cli, [str(tmp_path / "set.csv"), *where, "--at", "gen-000007"])
    assert done.exit_code == 2
    assert "there are gen-000002, gen-000001" in done.stderr


def test_a_collection_goes_by_no_model(archive, tmp_path):
    """A collection that is found again is the same set; no space, embedder or weights are told as other ones."""
    kept = Collections(archive.workspace, "ann")
    kept.create("finds")
    kept.add("finds", ["r3", "r1", "r2"], archive.store)
    export(chosen_set(archive, kept.get("finds")), tmp_path / "finds.csv")
    found = rerun(archive, tmp_path / "finds.csv")
    assert found.same
    assert found.causes == []
