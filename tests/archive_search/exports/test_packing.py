"""An export in one piece, and the provenance read out of it again."""

import io
import zipfile

import pytest

from archive_search.exporting import EXPORTS
from archive_search.packing import pack
from archive_search.rerun import told_by
from archive_search.types import InvalidInputError


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_format_is_one_file_that_can_be_rerun(name, few, tmp_path):
    """Whatever a format writes comes as one file under a safe name, and carries the provenance of the set."""
    packed = pack(few, '../a "title"\n', name)
    assert "/" not in packed.name
    assert packed.name.startswith("_a _title_")
    file = tmp_path / packed.name
    file.write_bytes(packed.data)
    assert told_by(file).carried.plan == few.head().plan
    kind = EXPORTS[name]
    if kind.folder or kind.beside:
        assert zipfile.ZipFile(io.BytesIO(packed.data)).testzip() is None
        assert packed.name.endswith(".zip")


def test_a_zip_file_of_other_things_carries_nothing(tmp_path):
    """A ZIP file without a provenance, or with two, is refused as any other file is."""
    for names in ([], ["a.provenance.json", "b.provenance.json"]):
        file = tmp_path / f"{len(names)}.zip"
        with zipfile.ZipFile(file, "w") as parts:
            for one in names:
                parts.writestr(one, "{}")
        with pytest.raises(InvalidInputError):
            told_by(file)


def test_the_first_hits_of_a_set_are_a_set_that_is_repeated_as_it_is(few, tmp_path):
    """The first two of a set are exported as two, and their provenance asks for no more."""
    packed = pack(few.first(2), "two", "jsonl")
    (tmp_path / packed.name).write_bytes(packed.data)
    carried = told_by(tmp_path / packed.name).carried
    assert [one for one, _ in carried.ranking] == [hit.id for hit in few.ranking[:2]]
    assert carried.plan["limit"] == 2
    assert len(few.first(99)) == len(few)
