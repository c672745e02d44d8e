"""The source `lido`: files, folders and zips of LIDO records."""

import os
import threading
import zipfile

import pytest

from archive_search.archive import Archive
from archive_search.types import Record, SourceError
from ingest.recipe import run
from ingest.source import Rejected
from ingest.sources.lido import Lido
from ingest.testing import picture
from tests.ingest.records import real, record


def given(path, archive, stop=None, **settings):
    """What a source of these files gives in an archive."""
    archive.mkdir(exist_ok=True)
    with Lido(path, allow_private=True, **settings).opened(archive, stop or threading.Event()) as opened:
        return list(opened.records())


def lido(*ids, image="https://museum.example/{}.jpg"):
    """A document of records with a picture each."""
    records = "".join(
        f"<l:lido><l:lidoRecID>{id}</l:lidoRecID><l:descriptiveMetadata/><l:administrativeMetadata><l:resourceWrap>"
        f"<l:resourceSet><l:resourceRepresentation><l:linkResource>{image.format(id)}</l:linkResource>"
        "</l:resourceRepresentation></l:resourceSet></l:resourceWrap></l:administrativeMetadata></l:lido>"
        for id in ids
    )
    return f'<l:lidoWrap xmlns:l="http://www.lido-schema.org">{records}</l:lidoWrap>'


@pytest.mark.usefixtures("hashes")
def test_a_file_becomes_an_archive(server, tmp_path):
    """Links are fetched, paths are read beside the file, what has no picture is told; then nothing is asked."""
    for name in ("A1", "A1-back"):
        server.answer(f"/{name}.jpg", picture(1), type="image/png")
    folder = tmp_path / "records"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "B7.jpg").write_bytes(picture(2))
    (folder / "a.xml").write_bytes(record("lido-1.0.xml").replace(b"https://museum.example", server.url.encode()))
    (folder / "b.xml").write_bytes(record("lido-1.1.xml"))
    source = Lido(folder, allow_private=True, rate=1000.0)
    summary = run(tmp_path / "archive", source, embedders=["hash"])
    assert (summary.added, summary.rejected, summary.published) == (3, 1, True)
    found = Archive.open(tmp_path / "archive").store.points(["MUS/A1", "MUS/A1/2", "MUS/B7"])
    assert [one.payload["object_id"] for one in found] == ["Museet A 1", "Museet A 1", "MUS/B7"]
    assert [one.payload["language"] for one in found] == ["da", "da", "de"]
    assert Archive.open(tmp_path / "archive").picture_file("MUS/B7") == folder / "pictures" / "B7.jpg"
    server.forget()
    assert run(tmp_path / "archive", source, embedders=["hash"]).unchanged == 3
    assert not server.paths()


def test_a_zip_is_read_as_a_folder_is(tmp_path):
    """Its files come in the order of their names; what is no XML is left out."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("2.xml", lido("c"))
        packed.writestr("in/1.xml", lido("d"))
        packed.writestr("1.xml", lido("a", "b"))
        packed.writestr("notes.txt", "no record")
    assert [one.id for one in given(tmp_path / "all.zip", tmp_path / "archive")] == ["a", "b", "c", "d"]


def test_a_file_that_breaks_off_gives_what_came_before_and_says_so(tmp_path):
    """The records before the break are taken, so are those of the other files; the file is told with its line."""
    (tmp_path / "1.xml").write_text(lido("a", "b")[:-100])
    (tmp_path / "2.xml").write_text(lido("c"))
    found = given(tmp_path, tmp_path / "archive")
    assert [one.id for one in found] == ["a", "1.xml", "c"]
    assert "cannot be read as XML from line 1" in found[1].reason
    assert "What came before that (1 record) is taken" in found[1].reason


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<!DOCTYPE l [<!ENTITY a "b">]>' + lido("&a;").encode(), "document type"),
        (lido("økse").encode("latin-1"), "cannot be read as XML"),
        (b"<html/>", "holds no LIDO record"),
        (b"", "cannot be read as XML"),
        (lido(" ").encode(), "no lidoRecID"),
    ],
)
def test_what_is_no_lido_is_refused_with_a_reason(tmp_path, content, why):
    """Entities, wrong encodings, other documents, nothing at all and records without an id."""
    (tmp_path / "a.xml").write_bytes(content)
    (refused,) = given(tmp_path / "a.xml", tmp_path / "archive")
    assert isinstance(refused, Rejected)
    assert why in refused.reason


def test_a_zip_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path, monkeypatch):
    """Megabytes of spaces in a small zip are not unpacked."""
    monkeypatch.setattr("ingest.sources.lido._BOMB_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", " " * 2_000_000)
    (refused,) = given(tmp_path / "a.zip", tmp_path / "archive")
    assert "times its size in the zip" in refused.reason


@pytest.mark.parametrize("kind", ["data", "directory", "locked", "packing"])
def test_a_damaged_zip_is_told_and_the_rest_is_taken(tmp_path, kind):
    """A zip that is damaged, locked, or packed in an unknown way is refused, the file beside it is not."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", lido(*"abcdefgh"))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    listed = data.find(b"PK\1\2")  # where the directory lists the file
    places = {"data": (45, 46), "directory": (listed,), "locked": (6, listed + 8), "packing": (8, listed + 10)}
    for place in places[kind]:
        data[place] = {"locked": 1, "packing": 99}.get(kind, 0xFF)
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "b.xml").write_text(lido("last"))
    found = given(tmp_path, tmp_path / "archive")
    assert found[-1].id == "last"
    assert isinstance(found[-2], Rejected)
    assert found[-2].id.startswith("a.zip")


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/hostname", "no.png", "lido:linkResource", "in/link.png", "\x00"]
)
def test_a_path_leads_nowhere_but_below_the_folder(tmp_path, path):
    """What lies outside, is not there, or is a link to elsewhere is refused."""
    folder = tmp_path / "records"
    (folder / "in").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(picture(1))
    (folder / "in" / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "a.xml").write_text(lido("a", image=path.replace("\x00", "a" * 5000)))
    (refused,) = given(folder / "a.xml", tmp_path / "archive")
    assert isinstance(refused, Rejected)
    assert "no picture below the folder" in refused.reason


def test_only_open_licences_are_taken_where_that_is_wanted(tmp_path):
    """The licence of a picture beside the file counts as that of a link does."""
    (tmp_path / "a.xml").write_bytes(record("lido-1.1.xml"))
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "B7.jpg").write_bytes(picture(2))
    assert isinstance(given(tmp_path / "a.xml", tmp_path / "archive", only_open=True)[0], Record)
    (tmp_path / "a.xml").write_bytes(
        record("lido-1.1.xml").replace(b"publicdomain/zero/1.0", b"x").replace(b">CC0<", b">?<")
    )
    (refused,) = given(tmp_path / "a.xml", tmp_path / "other", only_open=True)
    assert (isinstance(refused, Rejected), refused.image) == (True, "pictures/B7.jpg")


def test_it_goes_on_where_it_was_and_anew_where_the_file_has_changed(tmp_path):
    """A harvest that was stopped gives the rest; of a file that is another by then everything, nothing twice."""
    file, ids = tmp_path / "a.xml", [f"o{number}" for number in range(250)]
    file.write_text(lido(*ids))
    for archive, changed in (("archive", False), ("other", True)):
        stop = threading.Event()
        stop.set()
        assert [one.id for one in given(file, tmp_path / archive, stop)] == ids[:100]
        if changed:
            file.write_text(lido(*ids, "more"))
            os.utime(file, (1, 1))
        assert [one.id for one in given(file, tmp_path / archive)] == [*ids, "more"] if changed else ids


def test_a_file_that_is_not_there_is_said(tmp_path):
    """A wrong path is an error in a sentence, and so is a folder without records."""
    with pytest.raises(SourceError, match="There is no file"):
        given(tmp_path / "no.xml", tmp_path / "archive")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no XML file"):
        given(tmp_path / "empty", tmp_path / "archive")


def test_real_files_are_taken_whole(tmp_path):
    """A folder of real LIDO files gives every picture; only the one whose link is a placeholder is refused."""
    found = given(real("lido"), tmp_path / "archive")
    refused = [one for one in found if isinstance(one, Rejected)]
    # the two files that describe the same cabinet have the same ids
    assert (len(found) - len(refused), len(refused)) == (161, 1)
    assert "lido:linkResource" in refused[0].reason
