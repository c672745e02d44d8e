"""Which files are pictures, and which picture a cell means."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from archive_search.types import MetadataError
from ingest.files import Files, PictureNames, Way, best_matching, files_below, names_in
from tests.permissions import forbidden


def laid(folder: Path, *paths: str) -> Path:
    """Empty files below a folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"")
    return folder


def names(*pictures: str, folder: str = "/archive/images", metadata: str = "/archive/metadata.csv") -> PictureNames:
    """The names of pictures that need not exist."""
    return PictureNames(sorted(pictures), Path(folder), Path(metadata))


# ------------------------------------------------------------------ listing


def test_listing(tmp_path: Path) -> None:
    """Pictures of all folders come sorted by path; hidden files are left out, others counted, tables noticed."""
    laid(tmp_path, "b.JPG", "a/z.png", "a/b/c.tif", "a.webp", ".hidden.jpg", ".trash/x.jpg", "._a.jpg")
    laid(tmp_path, "notes.md", "Thumbs.db", "metadata.csv", "a/other.csv", "README")
    found = files_below(tmp_path)
    assert found.pictures == ("a.webp", "a/b/c.tif", "a/z.png", "b.JPG")
    assert found.others == {".md": 1, ".db": 1, ".csv": 2, "without ending": 1}
    assert found.tables == ("metadata.csv",)
    assert found.unreadable == ()


def test_links(tmp_path: Path) -> None:
    """Links are followed; a loop ends, a folder reached twice counts once, a link to nowhere is a reason."""
    laid(tmp_path / "archive", "a.jpg", "deep/b.jpg")
    laid(tmp_path / "elsewhere", "c.jpg")
    (tmp_path / "archive/deep/loop").symlink_to(tmp_path / "archive")
    (tmp_path / "archive/more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "archive/again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "archive/gone.jpg").symlink_to(tmp_path / "gone.jpg")
    found = files_below(tmp_path / "archive")
    assert len(found.pictures) == 3
    assert {path.rpartition("/")[2] for path in found.pictures} == {"a.jpg", "b.jpg", "c.jpg"}
    assert [(one.id, one.reason) for one in found.unreadable] == [("gone.jpg", "the link leads nowhere")]


def reasons(found: Files) -> dict[str, str]:
    """Why paths were refused."""
    return {one.id: one.reason for one in found.unreadable}


def test_forbidden_folder(tmp_path: Path) -> None:
    """A folder that may not be listed is a reason, its neighbours are listed, and what lay in it may still be there."""
    laid(tmp_path, "a.jpg", "shut/b.jpg")
    with forbidden(tmp_path / "shut"):
        found = files_below(tmp_path)
    assert found.pictures == ("a.jpg",)
    assert reasons(found) == {"shut": "the folder cannot be read: Permission denied"}
    assert [found.hides(one) for one in ("shut/b.jpg", "shut/deep/c.jpg", "b.jpg", "shutter/b.jpg")] == [1, 1, 0, 0]


def test_folder_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    """A forbidden folder, one in a forbidden folder, a file, nothing, and a link to itself are told apart."""
    laid(tmp_path, "outer/inner/a.jpg", "b.jpg")
    with forbidden(tmp_path / "outer"):
        for folder in (tmp_path / "outer", tmp_path / "outer/inner"):
            with pytest.raises(MetadataError, match=f"The folder {folder} cannot be read: Permission denied"):
                files_below(folder)
    with pytest.raises(MetadataError, match="b.jpg is a file: name the folder"):
        files_below(tmp_path / "b.jpg")
    with pytest.raises(MetadataError, match="There is no folder"):
        files_below(tmp_path / "c")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    with pytest.raises(MetadataError, match="cannot be read: Too many levels of symbolic links"):
        files_below(tmp_path / "itself")


def test_links_that_cannot_be_followed(tmp_path: Path) -> None:
    """A link to itself, to nowhere, through a file, into a forbidden folder: a reason; what was there is hidden."""
    laid(tmp_path / "pictures", "a.jpg", "b.jpg")
    laid(tmp_path / "elsewhere", "c.jpg")
    links = {"itself.jpg": "itself.jpg", "itself": "itself", "disk": "../unmounted", "file.jpg": "a.jpg/x"}
    for name, target in (links | {"shut.jpg": "../elsewhere/c.jpg"}).items():
        (tmp_path / "pictures" / name).symlink_to(target)
    with forbidden(tmp_path / "elsewhere"):
        found = files_below(tmp_path / "pictures")
    assert found.pictures == ("a.jpg", "b.jpg")
    assert reasons(found) == {
        "itself": "the link leads to itself",
        "itself.jpg": "the link leads to itself",
        "disk": "the link leads nowhere",
        "file.jpg": "the link leads nowhere",
        "shut.jpg": "it cannot be read: Permission denied",
    }
    assert all(map(found.hides, (*links, "disk/2024/c.jpg", "shut.jpg")))


def test_pictures_that_are_no_files(tmp_path: Path) -> None:
    """A pipe with the name of a picture is told as what it is, and not opened."""
    laid(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    found = files_below(tmp_path)
    assert found.pictures == ("a.jpg",)
    assert reasons(found) == {"pipe.jpg": "it is no file but a pipe, a socket or a device"}


def test_empty_folders_may_be_disks_that_are_not_mounted(tmp_path: Path) -> None:
    """What lay below a folder in which there is nothing may be there again; below a folder that is gone it is gone."""
    laid(tmp_path, "a.jpg", "disk/.hidden", "other/notes.txt")
    found = files_below(tmp_path)
    assert [found.hides(one) for one in ("disk/2024/c.jpg", "other/c.jpg", "gone/c.jpg", "c.jpg")] == [1, 0, 0, 0]


def test_archives_are_passed_over(tmp_path: Path) -> None:
    """Thumbnails of an archive are no pictures of the folder, wherever it lies and however it is reached."""
    laid(tmp_path / "pictures", "a.jpg", "deep/archive/archive.toml", "deep/archive/thumbnails/aa/b.webp")
    laid(tmp_path / "archive", "archive.toml", "thumbnails/cc/d.webp")
    (tmp_path / "pictures/link").symlink_to(tmp_path / "archive")
    (tmp_path / "pictures/within").symlink_to(tmp_path / "archive/thumbnails")
    found = files_below(tmp_path / "pictures")
    assert found.pictures == ("a.jpg",)
    assert sorted(found.archives) == ["deep/archive", "link", "within"]
    for folder in ("archive", "archive/thumbnails", "pictures/within"):
        with pytest.raises(MetadataError, match="lies in the archive .*archive, which keeps copies only"):
            files_below(tmp_path / folder)


def test_name_that_is_no_text(tmp_path: Path) -> None:
    """A file whose name is no text is a reason, since its path could not be stored."""
    laid(tmp_path, "a.jpg")
    try:
        (tmp_path / os.fsdecode(b"\xf8kse.jpg")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    found = files_below(tmp_path)
    assert found.pictures == ("a.jpg",)
    assert "characters that are no text" in found.unreadable[0].reason


def test_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    """Nor can the paths below a folder whose name is no text: the folder is one reason."""
    laid(tmp_path, "a.jpg")
    try:
        laid(tmp_path / os.fsdecode(b"\xf8kser"), "b.jpg", "c.jpg")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    found = files_below(tmp_path)
    assert found.pictures == ("a.jpg",)
    assert [one.reason for one in found.unreadable] == ["its name holds characters that are no text"]


def test_nothing_there(tmp_path: Path) -> None:
    """A folder that is missing or holds no picture is refused, so that an unmounted disk does not empty an archive."""
    with pytest.raises(MetadataError, match="There is no folder"):
        files_below(tmp_path / "gone")
    laid(tmp_path, "a.txt")
    with pytest.raises(MetadataError, match=r"There is no picture below .*; 1 other file found"):
        files_below(tmp_path)


# ------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    ("value", "way", "expected"),
    [
        ("a/axe.jpg", "path", "a/axe.jpg"),
        ("images/a/axe.jpg", "path", "a/axe.jpg"),
        ("/archive/images/a/axe.jpg", "path", "a/axe.jpg"),
        ("./a/axe.jpg", "path", "a/axe.jpg"),
        ("A\\AXE.JPG", "path", "a/axe.jpg"),
        ("axe.jpg", "path", ""),
        ("axe.jpg", "name", "a/axe.jpg"),
        ("D:\\fotos\\axe.jpg", "name", "a/axe.jpg"),
        ("https://museum.dk/media/axe.jpg", "name", "a/axe.jpg"),
        ("axe", "name", ""),
        ("axe", "stem", "a/axe.jpg"),
        ("AXE ", "stem", "a/axe.jpg"),
        ("1931/52:a", "stem", "1931_52_a.png"),
        (unicodedata.normalize("NFD", "økseå.jpg"), "name", "økseå.jpg"),
        ("bead.jpg", "path", ""),
    ],
)
def test_find(value: str, way: Way, expected: str) -> None:
    """A picture is found by its path, file name or stem, whatever the case, the slashes and the form of letters."""
    found = names("a/axe.jpg", "1931_52_a.png", "økseå.jpg").find(value, way)
    assert found == ((expected,) if expected else ())


def test_path_from_the_metadata() -> None:
    """A path may begin where the metadata file lies."""
    several = names("axe.jpg", folder="/archive/pictures/2024", metadata="/archive/metadata.csv")
    assert several.find("pictures/2024/axe.jpg", "path") == ("axe.jpg",)


def test_ambiguous() -> None:
    """A file name that several pictures have finds them all, the exact case alone where it decides."""
    several = names("a/axe.jpg", "b/axe.jpg", "c/Bead.jpg", "d/bead.jpg")
    assert several.find("axe.jpg", "name") == ("a/axe.jpg", "b/axe.jpg")
    assert several.find("Bead.jpg", "name") == ("c/Bead.jpg",)


def test_views() -> None:
    """A number finds the pictures whose names go on after it, unless another number fits them better."""
    several = names("12.jpg", "12_a.jpg", "12-b.jpg", "12 (2).jpg", "123.jpg", "12_5.jpg", "12_5_a.jpg")
    several.know(["12", "12/5", "123"])
    assert several.find("12", "stem") == ("12.jpg", "12 (2).jpg", "12-b.jpg", "12_a.jpg")
    assert several.find("12/5", "stem") == ("12_5.jpg", "12_5_a.jpg")
    assert several.find("123", "stem") == ("123.jpg",)


def test_resembling() -> None:
    """The picture with another ending is the one that may be meant."""
    assert names("a/axe.jpg").resembling("axe.tif") == "a/axe.jpg"
    assert names("a/axe.jpg").resembling("comb.tif") == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("a.jpg", ["a.jpg"]),
        ("a.jpg; b.jpg", ["a.jpg", "b.jpg"]),
        ("a.jpg|b.jpg\nc.jpg|", ["a.jpg", "b.jpg", "c.jpg"]),
        ("a.jpg, b.jpg", ["a.jpg", "b.jpg"]),
        ("axe, thin.jpg", ["axe, thin.jpg"]),
        ("d;e.jpg", ["d;e.jpg"]),
        (["a.jpg", "b.jpg; c.jpg"], ["a.jpg", "b.jpg", "c.jpg"]),
        ("a.jpg;a.jpg", ["a.jpg"]),
    ],
)
def test_names_in(value: object, expected: list[str]) -> None:
    """A cell may name several pictures; a name that exists with a semicolon or comma in it is left whole."""
    assert names_in(value, names("d;e.jpg"), "name") == expected


# ------------------------------------------------------------------ matching


def test_most_rows() -> None:
    """The column and way that match most rows are taken, and said."""
    rows = [{"nr": "1", "fil": "axe.jpg"}, {"nr": "2", "fil": "bead.jpg"}, {"nr": "comb", "fil": "gone.jpg"}]
    found = best_matching(rows, names("x/axe.jpg", "x/bead.jpg", "x/comb.jpg"), ["nr", "fil"])
    assert (found.column, found.way, found.matched, found.rows) == ("fil", "name", 2, 3)
    assert found.remark == "2 of 3 rows matched: the column 'fil' is the file name of a picture"


def test_views_only() -> None:
    """Numbers match though every picture's name goes on after its number."""
    rows = [{"title": "Axe", "nr": "12"}, {"title": "Bead", "nr": "13"}]
    found = best_matching(rows, names("12_a.jpg", "12_b.jpg", "13_a.jpg"), ["title", "nr"])
    assert (found.column, found.way, found.matched) == ("nr", "stem", 2)
    assert found.pictures(rows[0]) == [("12", ("12_a.jpg", "12_b.jpg"))]


def test_equally_good() -> None:
    """Of equals the first column is taken, and the path before the name before the stem."""
    rows = [{"a": "axe", "b": "axe.jpg"}]
    assert best_matching(rows, names("axe.jpg"), ["a", "b"]).column == "a"
    assert best_matching(rows, names("axe.jpg"), ["b", "a"]).way == "path"


def test_kinds_are_no_names() -> None:
    """A column whose few values happen to be names of pictures does not pass for the one that names each."""
    rows = [{"kind": "axe", "fil": f"{number}.jpg"} for number in range(3)]
    pictures = ["axe.jpg", "0.jpg", "1.jpg"]
    assert best_matching(rows, names(*pictures), ["kind", "fil"]).column == "fil"


def test_no_match() -> None:
    """Where no row names a picture the first value and the first picture are shown."""
    with pytest.raises(MetadataError) as caught:
        best_matching([{"fil": "x.jpg"}], names("axe.jpg"), ["fil"])
    assert str(caught.value) == (
        "No row names a picture of this folder. Tried as path, name, stem: fil. "
        "The first value is 'x.jpg', the first picture axe.jpg."
    )
