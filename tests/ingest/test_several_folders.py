"""Several folders in one archive, and folders that move."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ingest
from archive_search.archive import Archive
from archive_search.types import InvalidInputError
from ingest.ledger import Ledger
from ingest.progress import Summary
from ingest.testing import picture

pytestmark = pytest.mark.usefixtures("hashes")


@pytest.fixture
def museum(tmp_path: Path) -> Path:
    """Photographs and drawings of the same objects, called alike, in two folders; the photographs are ingested."""
    for place, folder in enumerate(("photos", "drawings")):
        (tmp_path / folder).mkdir()
        for number in range(3):
            (tmp_path / folder / f"A{number}.png").write_bytes(picture(10 * place + number))
    rows = "".join(f"A{number},A{number}.png,Axe {number}\n" for number in range(3))
    (tmp_path / "rows.csv").write_text(f"id,file,title\n{rows}")
    assert bring(tmp_path, "photos").added == 3
    return tmp_path


def bring(museum: Path, folder: str, prune: bool = False, **settings: str) -> Summary:
    """Ingest one of the folders."""
    source = ingest.Folder(museum / folder, metadata=museum / "rows.csv", **settings)
    return ingest.run(museum / "archive", source, embedders=["hash"], options=ingest.Options(prune=prune))


def sources(museum: Path) -> dict[str, str]:
    """The folder that each record says it came from, by its name."""
    points = Archive.open(museum / "archive").store.scan()
    return {one.id: Path(one.payload["ingested_from"]).name for one in points}


def test_a_second_folder_with_the_same_ids_replaces_nothing(museum):
    """Drawings with the ids of photographs are rejected; with a prefix they are records beside them, of one object."""
    summary = bring(museum, "drawings")
    assert (summary.added, summary.rejected, summary.taken) == (0, 3, {str(museum / "photos"): 3})
    assert bring(museum, "drawings", id_prefix="drawing/").added == 3
    archive = Archive.open(museum / "archive")
    for number in range(3):
        assert archive.picture_file(f"A{number}") == museum / "photos" / f"A{number}.png"
        assert archive.picture_file(f"drawing/A{number}") == museum / "drawings" / f"A{number}.png"
    assert bring(museum, "photos", prune=True).unchanged == 3
    again = bring(museum, "drawings", prune=True, id_prefix="drawing/")
    assert (again.unchanged, again.rejected, again.pruned) == (3, 0, 0)


def test_pictures_without_rows_take_the_prefix_too(museum):
    """Where the path is the id, the prefix stands before it."""
    source = ingest.Folder(museum / "drawings", id_prefix="d-")
    assert ingest.run(museum / "archive", source).added == 3
    assert {"d-A0.png", "d-A1.png", "d-A2.png"} < set(sources(museum))


def test_a_folder_that_was_moved_stays_the_same(museum):
    """A folder that was moved as a whole is recognised: the records are its own now, and nothing is encoded again."""
    (museum / "photos").rename(museum / "moved")
    summary = bring(museum, "moved")
    assert (summary.moved, summary.rejected, summary.gone) == (3, 0, ())
    assert set(sources(museum).values()) == {"moved"}
    assert Archive.open(museum / "archive").picture_file("A1") == museum / "moved" / "A1.png"
    assert bring(museum, "moved").unchanged == 3
    (museum / "moved" / "A1.png").unlink()
    assert bring(museum, "moved", prune=True).pruned == 1


def test_a_copy_is_taken_over_only_where_somebody_says_so(museum):
    """While the first folder is there, a copy of it takes nothing, unless it is said to be the same pictures."""
    shutil.copytree(museum / "photos", museum / "copy")
    assert bring(museum, "copy").taken == {str(museum / "photos"): 3}
    (museum / "copy" / "A1.png").write_bytes(picture(77))
    (museum / "copy" / "A2.png").unlink()
    summary = bring(museum, "copy", moved_from=str(museum / "photos"))
    assert (summary.moved, summary.changed, summary.gone) == (1, 1, ("A2",))
    assert sources(museum) == {"A0": "copy", "A1": "copy", "A2": "photos"}
    assert bring(museum, "copy", prune=True, moved_from=str(museum / "photos")).pruned == 1
    assert bring(museum, "copy").unchanged == 2


def test_a_disk_that_is_away_loses_nothing_to_another(museum):
    """Other pictures under the same ids are not taken for those of a folder that cannot be seen now."""
    (museum / "photos").rename(museum / "unmounted")
    assert bring(museum, "drawings").taken == {str(museum / "photos"): 3}
    assert set(sources(museum).values()) == {"photos"}


def test_a_move_from_nowhere_is_refused(museum):
    """Where no record came from the folder named, those that records came from are listed."""
    with pytest.raises(InvalidInputError, match=f"No record came from .*foto. Records came from: {museum}/photos"):
        bring(museum, "drawings", moved_from=str(museum / "foto"))


def test_a_lost_ledger_forgets_no_source(museum):
    """Records know where they came from themselves: without the ledger a second folder still replaces nothing."""
    (museum / "archive" / "ledger.sqlite").unlink()
    summary = bring(museum, "drawings")
    assert (summary.added, summary.taken, summary.gone) == (0, {str(museum / "photos"): 3}, ())
    with Ledger(museum / "archive" / "ledger.sqlite") as ledger:
        assert ledger.origins() == [str(museum / "photos")]
    assert bring(museum, "photos", prune=True).rejected == 0
    assert len(sources(museum)) == 3


def test_a_row_that_cannot_be_read_loses_nothing(museum):
    """A row that has become ragged is rejected by its line; the record that it was stays, whatever is to be removed."""
    rows = "id,file,title\nA0,A0.png,Axe 0\nA1,A1.png,Axe, long\nA2,A2.png,Axe 2\n"
    (museum / "rows.csv").write_text(rows)
    summary = bring(museum, "photos", prune=True)
    assert (summary.unchanged, summary.rejected, summary.added, summary.pruned) == (2, 1, 0, 0)
    assert summary.out_of_reach == ("A1",)
    archive = Archive.open(museum / "archive")
    assert sorted(one.id for one in archive.store.scan()) == ["A0", "A1", "A2"]
    with Ledger(archive.ledger) as ledger:
        ((id, image, reason),) = [(one.id, one.image, one.reason) for one in ledger.rejected()]
    assert (id, image) == ("line 3", "A1.png")
    assert reason.startswith("line 3: 4 cells where the header has 3. A cell that holds ','")
    (museum / "rows.csv").write_text(rows.replace("Axe, long", "Axe 1"))
    assert (bring(museum, "photos", prune=True).unchanged, ledger_rejects(museum)) == (3, 0)


def test_an_unreadable_line_that_names_no_picture_loses_nothing_either(museum):
    """Where nobody can tell which record a line described, every record whose picture is there stays."""
    (museum / "rows.csv").unlink()
    lines = [f'{{"id": "A{number}", "file": "A{number}.png", "title": "Axe {number}"}}\n' for number in range(3)]
    listed = museum / "rows.jsonl"
    listed.write_text("".join(lines))
    source = ingest.Folder(museum / "photos", metadata=listed)
    prune = ingest.Options(prune=True)
    assert ingest.run(museum / "archive", source, embedders=["hash"], options=prune).unchanged == 3
    listed.write_text(lines[0] + lines[1] + lines[2][:20] + "\n")
    summary = ingest.run(
        museum / "archive",
        ingest.Folder(museum / "photos", metadata=listed, pictures="listed"),
        embedders=["hash"],
        options=prune,
    )
    assert (summary.unchanged, summary.pruned, summary.out_of_reach) == (2, 0, ("A2",))


def ledger_rejects(museum: Path) -> int:
    """How many records the ledger has as rejected."""
    with Ledger(Archive.open(museum / "archive").ledger) as ledger:
        return ledger.rejected_count()
