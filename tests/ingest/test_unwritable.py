"""What an ingest may not read or write is told in a sentence, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

import ingest
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError
from ingest.testing import picture
from tests.permissions import forbidden

pytestmark = pytest.mark.usefixtures("hashes")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three pictures and a table of two rows in a folder of its own."""
    for number in range(3):
        path = tmp_path / "pictures" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(number))
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "rows.csv").write_text("id,file\nA,0.png\nB,1.png\n")
    return tmp_path / "pictures"


def refused(archive: Path, source: ingest.Folder) -> str:
    """The sentence with which an ingest is refused."""
    with pytest.raises(ArchiveSearchError) as caught:
        ingest.run(archive, source, embedders=["hash"])
    return str(caught.value)


def test_archives_in_places_where_none_can_be(tmp_path, pictures):
    """Below a folder that may not be written or read, below a file, in place of one, under too long a name."""
    (tmp_path / "locked").mkdir()
    source = ingest.Folder(pictures)
    with forbidden(tmp_path / "locked", 0o555):
        assert refused(tmp_path / "locked/a", source).endswith("locked/a: Permission denied.")
    with forbidden(tmp_path / "locked"):
        assert refused(tmp_path / "locked/a", source).endswith("locked/a cannot be looked at: Permission denied.")
    assert refused(pictures / "0.png/a", source).endswith("0.png/a: Not a directory.")
    assert refused(pictures / "0.png", source).endswith("0.png: File exists.")
    assert refused(tmp_path / ("x" * 300), source).endswith("File name too long.")
    assert list((tmp_path / "locked").iterdir()) == []


@pytest.mark.parametrize(
    ("part", "mode", "reason"),
    [
        ("", 0o555, "cannot be"),
        ("", 0, "cannot be looked at: Permission denied"),
        ("archive.toml", 0, "archive.toml cannot be read: Permission denied"),
        ("index", 0o555, "Permission denied"),
        ("index", 0, "cannot be read"),
        ("thumbnails", 0o555, "cannot be written: Permission denied"),
        ("thumbnails", 0, "cannot be looked at: Permission denied"),
        ("ledger.sqlite", 0o444, "cannot be used"),
        ("ledger.sqlite", 0, "cannot be used"),
    ],
)
def test_archives_that_may_not_be_written(tmp_path, pictures, part, mode, reason):
    """Whatever part of an archive is shut, the ingest says so, the archive stays as it was, and later it goes on."""
    archive = tmp_path / "archive"
    ingest.run(archive, ingest.Folder(pictures), embedders=["hash"])
    (pictures / "new.png").write_bytes(picture(9))
    with forbidden(archive / part, mode):
        assert reason in refused(archive, ingest.Folder(pictures))
    assert Archive.open(archive).store.count() == 3
    for left in archive.glob("ledger.sqlite-*"):
        left.chmod(0o644)  # SQLite gives them the mode that the ledger had
    assert ingest.run(archive, ingest.Folder(pictures)).added == 1


def test_metadata_that_may_not_be_read(tmp_path, pictures):
    """A forbidden metadata file, and one in a forbidden folder, are named."""
    table = tmp_path / "table/rows.csv"
    for shut in (table, table.parent):
        with forbidden(shut):
            said = refused(tmp_path / "archive", ingest.Folder(pictures, metadata=table))
        assert said == "rows.csv cannot be read: Permission denied."
    assert not (tmp_path / "archive").exists()
