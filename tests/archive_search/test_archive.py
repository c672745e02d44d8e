"""The archive directory, opened for searching."""

import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.pictures.query_pictures import keep_query
from archive_search.settings import Settings, write_settings
from archive_search.types import (
    ArchiveError,
    EmbedderError,
    InvalidInputError,
    PictureError,
    Point,
    Query,
    UnknownNameError,
)


@pytest.fixture
def archive(tmp_path):
    """An archive of two records in a space without an embedder, built on the embedded store."""
    made = Archive.create(tmp_path / "museum", Settings("Museum", pictures=(str(tmp_path / "pictures"),)))
    publish(made, "a")
    return made


def publish(archive, *ids):
    """Publish a generation that holds these records besides those that were there."""
    build = archive.index.begin({"elsewhere": 2})
    source = str(archive.directory.parent / "pictures")
    said = {one: {"id": one, "ingested_from": source, "image": f"{one}.png"} for one in ids}
    build.store.upsert([Point(one, {"elsewhere": [1.0, 0.0]}, payload) for one, payload in said.items()])
    build.publish()


def test_a_directory_that_is_no_archive_is_refused(tmp_path):
    """Opening says whether the directory is missing or is something else; creating never touches other things."""
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive.open(tmp_path / "none")
    with pytest.raises(ArchiveError, match=r"no archive\.toml"):
        Archive.open(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(ArchiveError, match="is not empty and not an archive"):
        Archive.create(tmp_path)


@pytest.mark.parametrize("store", ["127.0.0.1:6333", "localhost:6333/museum", "http://127.0.0.1:6333"])
def test_a_store_that_is_no_address_is_refused(tmp_path, store):
    """An archive whose index shall lie at what is no address is not made; one that says so is refused by its file."""
    with pytest.raises(InvalidInputError, match=r"http\(s\)://host:6333/NAME"):
        Archive.create(tmp_path / "museum", Settings("Museum", store=store))
    assert list(tmp_path.iterdir()) == []
    write_settings(tmp_path / "archive.toml", Settings("Museum", store=store))
    with pytest.raises(ArchiveError, match=r"archive\.toml: .*http\(s\)://host:6333/NAME"):
        Archive.open(tmp_path)


def test_a_new_archive_has_no_generation_yet(tmp_path):
    """An archive that was never filled opens, and says so when it is searched."""
    archive = Archive.create(tmp_path / "new")
    assert archive.generation is None
    with pytest.raises(ArchiveError):
        _ = archive.store


def test_a_new_generation_is_noticed(archive):
    """An archive that is open sees what another one publishes, at the next search."""
    assert archive.store.count() == 1
    publish(Archive.open(archive.directory), "b")
    assert archive.store.count() == 2


def test_changed_settings_are_noticed(archive):
    """An archive that is open takes up a changed archive.toml."""
    write_settings(archive.directory / "archive.toml", Settings("Renamed", embedders=("elsewhere",)))
    assert archive.settings.name == "Renamed"
    assert archive.default_space() == "elsewhere"


def test_a_space_from_elsewhere_has_no_embedder(archive):
    """A space of precomputed vectors says that texts cannot be encoded for it; an unknown one lists the known."""
    with pytest.raises(EmbedderError, match="computed elsewhere"):
        archive.embedder("elsewhere")
    with pytest.raises(UnknownNameError, match=r"no space 'x'\. Known: elsewhere"):
        archive.context(Query(), "x")


def test_an_unknown_record_cannot_be_liked(archive):
    """An id that no record has is refused as liked and as disliked, naming what is spelled like it."""
    assert archive.search(like="a", liked=["a"], strategy="nearest")[0].id == "a"
    for judged in ("liked", "disliked"):
        with pytest.raises(UnknownNameError, match=r"No record has the id 'A1' in this archive\. Spelled like it: a"):
            archive.search(like="a", strategy="nearest", **{judged: ["A1"]})


def test_pictures_are_found_by_path_and_by_record(archive, tmp_path):
    """A picture is opened by its path, or as a record's original where the folder that it came from still has it."""
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (30, 20), "red").save(tmp_path / "pictures" / "a.png")
    assert archive.picture(str(tmp_path / "pictures" / "a.png")).size == (30, 20)
    assert archive.picture("a").size == (30, 20)
    assert archive.picture_file("nobody") is None
    with pytest.raises(PictureError, match="neither a picture file nor the id"):
        archive.picture("nobody")


def test_a_picture_comes_from_its_own_folder(archive, tmp_path):
    """Of two folders with a picture of one name each record has its own; no folder but those ingested is looked in."""
    for name, colour in (("pictures", "red"), ("more", "blue"), ("elsewhere", "green")):
        (tmp_path / name).mkdir()
        Image.new("RGB", (30, 20), colour).save(tmp_path / name / "a.png")
    archive.remember(pictures=(str(tmp_path / "pictures"), str(tmp_path / "more")))
    said = {one: {"image": "a.png", "ingested_from": str(tmp_path / one)} for one in ("pictures", "more", "elsewhere")}
    build = archive.index.begin({"elsewhere": 2})
    build.store.upsert([Point(one, {"elsewhere": [1.0, 0.0]}, payload) for one, payload in said.items()])
    build.publish()
    assert archive.picture_file("pictures") == tmp_path / "pictures" / "a.png"
    assert archive.picture_file("more") == tmp_path / "more" / "a.png"
    assert archive.picture("more").getpixel((0, 0)) == (0, 0, 255)
    assert archive.picture_file("elsewhere") is None
    (tmp_path / "more" / "a.png").unlink()
    assert archive.picture_file("more") is None


def test_a_kept_query_picture_goes_with_the_archive(archive, tmp_path):
    """A plan names a picture that was brought as a query relative to the archive, so an archive can be moved."""
    file = tmp_path / "mine.png"
    Image.new("RGB", (12, 8), "blue").save(file)
    key = keep_query(archive.queries, file.read_bytes())
    moved = archive.directory.rename(tmp_path / "moved")
    assert Archive.open(moved).picture(f"queries/{key}").size == (12, 8)
    with pytest.raises(PictureError):
        Archive.open(moved).picture("queries/../../mine.png")


def test_errors_name_a_picture_as_it_was_brought(archive, tmp_path):
    """An error about a picture says which one it is, and nothing of the folders of this machine."""
    (tmp_path / "mine.png").write_bytes(b"%PDF")
    file = tmp_path / "good.png"
    Image.new("RGB", (12, 8), "blue").save(file)
    key = keep_query(archive.queries, file.read_bytes(), "good.png")
    (archive.queries / key).write_bytes(b"%PDF")
    build = archive.index.begin({"hash": 2})
    (archive.thumbnails / "a.webp").parent.mkdir(exist_ok=True)
    (archive.thumbnails / "a.webp").write_bytes(b"%PDF")
    build.store.upsert([Point("r/1", {"hash": [1.0, 0.0]}, {"thumbnail": "a.webp"})])
    build.publish()
    for source, name in (
        (str(tmp_path / "mine.png"), "mine.png"),
        (f"queries/{key}", "The picture that you brought"),
        ("r/1", "The picture of the record 'r/1'"),
        (str(tmp_path / "none.png"), "'none.png'"),
    ):
        with pytest.raises(PictureError) as caught:
            archive.picture(source)
        assert str(caught.value).startswith(name)
        assert str(tmp_path) not in str(caught.value)
        assert key not in str(caught.value)
