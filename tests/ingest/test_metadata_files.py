"""Folders and tables that people choose on a page."""

from pathlib import Path

import pytest

from archive_search.types import InvalidInputError
from ingest.metadata_files import likely_table, metadata_files, readable_folder
from tests.permissions import forbidden


def test_tables_in_a_folder_and_beside_it_are_offered(tmp_path):
    """Those in the folder come first; what is no table is not offered, and only one that stands alone is proposed."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for file in (
        folder / "b.csv",
        folder / "A.XLSX",
        tmp_path / "beside.json",
        folder / "axe.jpg",
        folder / "read.txt",
    ):
        file.write_text("")
    assert [one.name for one in metadata_files(folder)] == ["A.XLSX", "b.csv", "read.txt", "beside.json"]
    assert likely_table(metadata_files(folder)) is None
    (folder / "b.csv").unlink()
    assert likely_table(metadata_files(folder)) == folder / "A.XLSX"
    assert metadata_files(folder / "none") == [folder / "A.XLSX", folder / "read.txt"]


@pytest.mark.parametrize("typed", ["pictures", "./pictures", "/no/such/folder", "\0", "https://example.org/"])
def test_what_is_no_folder_of_this_machine_is_refused(typed):
    """A path that is not whole, or leads nowhere, is refused in a sentence."""
    with pytest.raises(InvalidInputError):
        readable_folder(typed)


def test_a_folder_is_given_whole(tmp_path, monkeypatch):
    """Spaces around it do not count, and ~ is one's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "pictures").mkdir()
    assert readable_folder(f"  {tmp_path / 'pictures'} ") == tmp_path / "pictures"
    assert readable_folder("~/pictures") == tmp_path / "pictures"


def test_a_folder_that_may_not_be_read_is_refused(tmp_path):
    """What the user of this program may not read is refused, and has no tables."""
    (tmp_path / "secret").mkdir()
    with forbidden(tmp_path / "secret"):
        with pytest.raises(InvalidInputError, match="may not be read"):
            readable_folder(str(tmp_path / "secret"))
        assert metadata_files(tmp_path / "secret") == []
