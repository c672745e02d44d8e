"""The whole ingest in one call, as a notebook makes it."""

import threading

import pytest
from PIL import Image

import ingest
from archive_search import Archive
from archive_search.types import InvalidInputError, UnknownNameError
from archive_search.workspace.collections import Collections

pytestmark = pytest.mark.usefixtures("hashes")


@pytest.fixture
def pictures(tmp_path):
    """Three pictures and a table that describes two of them."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("red", "green", "blue"):
        Image.new("RGB", (40, 30), name).save(folder / f"{name}.png")
    (tmp_path / "records.csv").write_text("file,Titel,material\nred.png,Axe,flint\ngreen.png,Bead,amber\n")
    return folder


def test_an_archive_in_two_lines(tmp_path, pictures):
    """A directory, a folder and an embedder make an archive that can be searched; the second time nothing changes."""
    archive = Archive.create(tmp_path / "archive")
    told = []
    source = ingest.Folder(pictures, metadata=tmp_path / "records.csv")
    summary = ingest.run(archive, source, embedders=["hash"], on_remark=told.append)
    assert (summary.added, summary.published) == (3, True)
    assert any("title from Titel" in one for one in told)
    assert archive.search("axe", where={"material": "flint"})[0].payload["title"] == "Axe"
    again = ingest.run(archive, source)
    assert (again.unchanged, again.published) == (3, False)


def test_what_is_remembered(tmp_path, pictures):
    """Embedders, tiles and the folder are kept, so that the next ingest needs no words."""
    summary = ingest.run(tmp_path / "archive", ingest.Folder(pictures), embedders=["hash"], tiles=True)
    assert summary.added == 3
    settings = Archive.open(tmp_path / "archive").settings
    assert (settings.embedders, settings.tiles) == (("hash",), True)
    assert settings.pictures == (str(pictures.resolve()),)


def test_progress_and_stop(tmp_path, pictures):
    """Progress is told as it goes; once it is to stop, the rest is left for the next call."""
    stop, told = threading.Event(), []
    stop.set()
    stopped = ingest.run(tmp_path / "archive", ingest.Folder(pictures), embedders=["hash"], stop=stop)
    assert stopped.stopped
    done = ingest.run(tmp_path / "archive", ingest.Folder(pictures), embedders=["hash"], on_progress=told.append)
    assert not done.stopped
    assert told


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        ({"embedders": ["nope"]}, UnknownNameError, "No embedder is called 'nope'"),
        ({"embedders": ["hash"], "space": "x"}, InvalidInputError, "Vectors and space belong together"),
        ({"embedders": ["hash"], "options": ingest.Options(batch=0)}, InvalidInputError, "batch must be"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(tmp_path, pictures, said, error, told):
    """A call that cannot work says so before it makes anything."""
    with pytest.raises(error, match=told):
        ingest.run(tmp_path / "archive", ingest.Folder(pictures), **said)
    assert not (tmp_path / "archive").exists()


def test_a_store_cannot_be_changed_afterwards(tmp_path, pictures):
    """An archive with its own index is not moved to a server by an ingest."""
    ingest.run(tmp_path / "archive", ingest.Folder(pictures), embedders=["hash"])
    with pytest.raises(InvalidInputError, match="cannot be moved to http://localhost:6333/x"):
        ingest.run(tmp_path / "archive", ingest.Folder(pictures), store="http://localhost:6333/x")


def test_what_people_wrote_survives_an_ingest(tmp_path, pictures):
    """After an ingest a collection is as it was; a record that has vanished is gone with the title that it last had."""
    archive, table = Archive.create(tmp_path / "archive"), tmp_path / "records.csv"

    def again(embedders=()):
        source, options = ingest.Folder(pictures, metadata=table), ingest.Options(prune=True)
        return ingest.run(archive, source, embedders=embedders, options=options)

    again(["hash"])
    by_title = {point.payload.get("title"): point.id for point in archive.store.scan()}
    axe, bead = by_title["Axe"], by_title["Bead"]
    kept = Collections(archive.workspace, "ann")
    kept.create("finds")
    kept.add("finds", [axe, bead], archive.store)
    kept.note("finds", "mine", on=axe)
    table.write_text("file,Titel,material\nred.png,Thin-butted axe,flint\ngreen.png,Bead,amber\n")
    again()
    (pictures / "red.png").unlink()
    table.write_text("file,Titel,material\ngreen.png,Bead,amber\n")
    again()
    found = kept.get("finds")
    assert [(one.item.record, one.title) for one in found.members] == [(axe, "Thin-butted axe"), (bead, "Bead")]
    assert kept.gone(found, archive.store) == {axe}
    assert found.members[0].notes[0].text == "mine"
    archive.workspace.write_bytes(b"damaged" * 1000)
    assert again().unchanged == 2  # and no ingest fails for it
