"""The folder source: records from pictures and rows, reasons for the rest, and real collections as they are."""

from __future__ import annotations

import csv
import dataclasses
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive_search.knobs import from_data, to_data
from archive_search.types import InvalidInputError, MetadataError, PictureError, Record, UnknownNameError
from ingest.source import Rejected
from ingest.sources import SOURCES
from ingest.sources.folder import Folder


def archive(folder: Path, pictures: list[str], *lines: str) -> Folder:
    """A folder with these pictures and, if lines are given, a metadata file beside them."""
    for path in pictures:
        (folder / "images" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "images" / path).write_bytes(path.encode())
    if not lines:
        return Folder(folder / "images")
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Folder(folder / "images", folder / "metadata.csv")


def records(source: Folder) -> list[Record]:
    """The records of a source that rejects nothing."""
    found = list(source.records())
    assert not [one for one in found if isinstance(one, Rejected)]
    return [one for one in found if isinstance(one, Record)]


def rejected(source: Folder) -> list[tuple[str, str, str]]:
    """The id, picture and reason of everything rejected."""
    return [(one.id, one.image, one.reason) for one in source.records() if isinstance(one, Rejected)]


def ids(source: Folder) -> list[str]:
    """The ids of the records, in their order."""
    return [one.id for one in source.records() if isinstance(one, Record)]


# ------------------------------------------------------------------ without metadata


def test_pictures_alone(tmp_path: Path) -> None:
    """Without a metadata file a record is a path below the folder, with the title that the file's name gives."""
    found = records(archive(tmp_path, ["b/antler_hammer  1.JPG", "a.png"]))
    assert found == [
        Record("a.png", "a.png", {"title": "a", "file": "a.png"}),
        Record(
            "b/antler_hammer  1.JPG",
            "b/antler_hammer  1.JPG",
            {"title": "antler hammer 1", "file": "antler_hammer  1.JPG"},
        ),
    ]


def test_read_and_stamp(tmp_path: Path) -> None:
    """The bytes are the file's, the stamp changes with its size or time; a file that is gone is a PictureError."""
    source = archive(tmp_path, ["a.png"])
    (record,) = records(source)
    assert source.read(record) == b"a.png"
    before = source.stamp(record)
    path = tmp_path / "images/a.png"
    status = path.stat()
    assert before == f"5-{status.st_mtime_ns}"
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert source.stamp(record) != before
    path.unlink()
    assert source.stamp(record) == ""
    with pytest.raises(PictureError, match="the file cannot be read: No such file"):
        source.read(record)


def test_possible_metadata_is_pointed_out(tmp_path: Path) -> None:
    """A table in a folder that was given without metadata is pointed out, not read."""
    source = archive(tmp_path, ["a.png"], "file,title", "a.png,Axe")
    bare = Folder(tmp_path)
    assert "no metadata file was given; metadata.csv may be one" in bare.remarks
    assert records(source)[0].metadata["title"] == "Axe"


# ------------------------------------------------------------------ rows


def test_rows(tmp_path: Path) -> None:
    """A row becomes a record: its id, its mapped fields, years, the file's name, and the rest under `extra`."""
    source = archive(
        tmp_path,
        ["x/axe.jpg"],
        "id;Billede;Titel;Materiale;Datering;Længde",
        "00123;x/axe.jpg;Økse, sleben;flint; ca. 3400-2900 f.Kr. ;12,5 cm",
    )
    source = dataclasses.replace(source)
    assert records(source) == [
        Record(
            "00123",
            "x/axe.jpg",
            {
                "title": "Økse, sleben",
                "material": "flint",
                "date": "ca. 3400-2900 f.Kr.",
                "date_from": -3400,
                "date_to": -2900,
                "dated_by": "date",
                "length_mm": 125.0,
                "measurements": "Længde 12,5 cm",
                "file": "axe.jpg",
            },
        )
    ]
    assert "1 of 1 row matched: the column 'Billede' is the path of a picture" in source.remarks
    assert "material from Materiale" in source.remarks
    assert "id from id" in source.remarks


def test_order_and_repeats(tmp_path: Path) -> None:
    """Records come in the order of the rows, then pictures without a row by path; asked again, they are the same."""
    source = archive(tmp_path, ["a.jpg", "b.jpg", "c.jpg", "d.jpg"], "file,title", "c.jpg,Comb", "a.jpg,Axe")
    assert ids(source) == ["c.jpg", "a.jpg", "b.jpg", "d.jpg"]
    assert list(source.records()) == list(source.records()) == list(dataclasses.replace(source).records())


def test_without_id_column(tmp_path: Path) -> None:
    """Without an id column the path below the folder is the id, and an inventory number is the object's."""
    source = archive(tmp_path, ["x/a.jpg"], "Inventarnr,file", "1931/52,x/a.jpg")
    assert records(source) == [Record("x/a.jpg", "x/a.jpg", {"object_id": "1931/52", "file": "a.jpg"})]


def test_matched_by_number(tmp_path: Path) -> None:
    """Rows without a file column are matched by the number in the file's name, with every view of the object."""
    source = archive(
        tmp_path, ["1931_52_a.jpg", "1931_52_b.jpg", "1931_53.jpg"], "Inventarnr,Titel", "1931/52,Axe", "1931/53,Bead"
    )
    assert [(one.id, one.metadata["object_id"], one.metadata["title"]) for one in records(source)] == [
        ("1931_52_a.jpg", "1931/52", "Axe"),
        ("1931_52_b.jpg", "1931/52", "Axe"),
        ("1931_53.jpg", "1931/53", "Bead"),
    ]


def test_several_pictures_in_a_cell(tmp_path: Path) -> None:
    """A cell with several names gives several records of one object; all but the first add their name to the id."""
    source = archive(tmp_path, ["a.jpg", "b.jpg", "c.jpg"], "id,file,title", "A1,a.jpg; b.jpg,Axe", "A2,c.jpg,Comb")
    assert [(one.id, one.metadata.get("object_id")) for one in records(source)] == [
        ("A1", "A1"),
        ("A1/b.jpg", "A1"),
        ("A2", None),
    ]


def test_some_pictures_of_a_cell(tmp_path: Path) -> None:
    """Of several names in a cell those that are there become records; the others are reasons with ids of their own."""
    source = archive(tmp_path, ["b.jpg"], "id,file", "A1,gone.jpg; b.jpg")
    assert ids(source) == ["A1"]
    assert rejected(source) == [
        ("A1/gone.jpg", "gone.jpg", "line 2: there is no picture 'gone.jpg', as the column 'file' says")
    ]


def test_object_column(tmp_path: Path) -> None:
    """Rows that share an object_id stay records of their own, with it."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "id,object_id,file", "1,A,a.jpg", "2,A,b.jpg")
    assert [(one.id, one.metadata["object_id"]) for one in records(source)] == [("1", "A"), ("2", "A")]


def test_column_that_is_no_id(tmp_path: Path) -> None:
    """A column called id whose values mostly repeat names objects: then the paths are the ids, and a remark says so."""
    source = archive(tmp_path, ["a.jpg", "b.jpg", "c.jpg"], "id,file", "A,a.jpg", "A,b.jpg", "B,c.jpg")
    assert [(one.id, one.metadata["object_id"]) for one in records(source)] == [
        ("a.jpg", "A"),
        ("b.jpg", "A"),
        ("c.jpg", "B"),
    ]
    assert "object_id from id" in source.remarks
    assert "id from the path of the picture" in source.remarks


def test_duplicate_ids(tmp_path: Path) -> None:
    """The first row keeps an id; a later one is rejected with both lines and the way out."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "id,file", "A,a.jpg", "A,b.jpg")
    source = dataclasses.replace(source, fields=("id=id",))
    assert ids(source) == ["A"]
    ((id, image, reason),) = rejected(source)
    assert (id, image) == ("A", "b.jpg")
    assert reason.startswith("line 3: the id 'A' belongs to line 2 already; if that column names objects")


def test_one_picture_two_rows(tmp_path: Path) -> None:
    """A picture of two objects is two records where rows have ids, and a reason where they have none."""
    with_ids = archive(tmp_path, ["both.jpg"], "id,file,title", "1,both.jpg,Axe", "2,both.jpg,Bead")
    assert [(one.id, one.image) for one in records(with_ids)] == [("1", "both.jpg"), ("2", "both.jpg")]
    without = archive(tmp_path, ["both.jpg"], "file,title", "both.jpg,Axe", "both.jpg,Bead")
    assert ids(without) == ["both.jpg"]
    assert rejected(without)[0][2] == (
        "line 3: line 2 describes this picture already; give rows an id of their own with id=COLUMN"
    )


def test_rows_without_picture(tmp_path: Path) -> None:
    """A row whose picture is missing, unnamed or ambiguous is rejected with its line, and the others go on."""
    source = archive(
        tmp_path,
        ["a.jpg", "x/b.jpg", "y/b.jpg", "c.jpg"],
        "id,file",
        "1,a.jpg",
        "2,",
        "3,gone.jpg",
        "4,c.tif",
        "5,b.jpg",
    )
    source = dataclasses.replace(source, match="file:name")
    assert rejected(source) == [
        ("2", "", "line 3: it names no picture, the column 'file' is empty"),
        ("3", "gone.jpg", "line 4: there is no picture 'gone.jpg', as the column 'file' says"),
        ("4", "c.tif", "line 5: there is no picture 'c.tif', as the column 'file' says; is c.jpg meant?"),
        ("5", "b.jpg", "line 6: 2 pictures are called 'b.jpg', x/b.jpg and y/b.jpg; name it by its path"),
    ]
    assert ids(source) == ["1", "c.jpg", "x/b.jpg", "y/b.jpg"]


def test_listed_only(tmp_path: Path) -> None:
    """With `pictures="listed"` a picture that no row names is a reason."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "file,title", "a.jpg,Axe")
    source = dataclasses.replace(source, pictures="listed")
    assert ids(source) == ["a.jpg"]
    assert rejected(source) == [("b.jpg", "b.jpg", "no row of metadata.csv names this picture")]
    assert records(Folder(source.folder, pictures="listed"))


def test_id_that_is_another_picture(tmp_path: Path) -> None:
    """A picture without a row whose path is another record's id is a reason, not a second owner."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "id,file", "b.jpg,a.jpg")
    assert ids(source) == ["b.jpg"]
    assert rejected(source)[0][2] == "no row names this picture, and its path is the id of line 2"


# ------------------------------------------------------------------ settings


def test_mapping(tmp_path: Path) -> None:
    """Pairs choose the columns of fields, of the id and of the file."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "nr,foto,wrong,navn2", "7,a.jpg,b.jpg,Axe")
    source = dataclasses.replace(source, fields=("id=nr", "file=foto", "title=navn2"))
    assert records(source)[0] == Record("7", "a.jpg", {"title": "Axe", "extra": {"wrong": "b.jpg"}, "file": "a.jpg"})
    with pytest.raises(MetadataError, match="title is mapped to a column 'navn', which does not exist"):
        next(dataclasses.replace(source, fields=("title=navn",)).records())


def test_match(tmp_path: Path) -> None:
    """Matching can be set to a column, or a column and a way; what does not exist is refused."""
    source = archive(tmp_path, ["a.jpg", "b.jpg"], "nr,a:b,file", "b,b.jpg,a.jpg")
    assert records(source)[0].image == "a.jpg"
    assert records(dataclasses.replace(source, match="nr"))[0].image == "b.jpg"
    assert records(dataclasses.replace(source, match="nr:stem"))[0].image == "b.jpg"
    assert records(dataclasses.replace(source, match="a:b"))[0].image == "b.jpg"
    with pytest.raises(UnknownNameError, match=r"no column 'fil' to match by\. Columns: nr, a:b, file"):
        next(dataclasses.replace(source, match="fil").records())
    with pytest.raises(UnknownNameError, match=r"matched by 'size'\. Known: path, name, stem"):
        next(dataclasses.replace(source, match="file:size").records())
    with pytest.raises(
        MetadataError, match=r"metadata\.csv: No row names a picture of this folder\. Tried as path: nr"
    ):
        next(dataclasses.replace(source, match="nr:path").records())


def test_periods(tmp_path: Path) -> None:
    """Names of periods mean what the region says, the archive's own before them."""
    source = archive(tmp_path, ["a.jpg"], "file,period", "a.jpg,Bronze Age")
    assert records(source)[0].metadata["date_from"] == -1700
    assert records(dataclasses.replace(source, region="britain"))[0].metadata["date_from"] == -2600
    own = dataclasses.replace(source, periods=("Bronze Age=2000-1000 BC",))
    assert records(own)[0].metadata["date_from"] == -2000
    assert "date_from" not in records(dataclasses.replace(source, region="none"))[0].metadata
    with pytest.raises(InvalidInputError, match="such as \"Early Horizon=900-200 BC\"; got 'Bronze Age=old'"):
        next(dataclasses.replace(source, periods=("Bronze Age=old",)).records())
    with pytest.raises(UnknownNameError, match="no table of periods for 'peru'"):
        next(dataclasses.replace(source, region="peru").records())


def test_settings_as_data(tmp_path: Path) -> None:
    """The source is found by its name, and its settings survive JSON."""
    source = Folder(tmp_path, tmp_path / "m.csv", fields=("title=Titel",), pictures="listed")
    assert SOURCES["folder"] is Folder
    assert from_data(Folder, to_data(source), "source") == source
    with pytest.raises(InvalidInputError, match="pictures"):
        from_data(Folder, {"folder": ".", "pictures": "some"}, "source")


def test_faults_come_first(tmp_path: Path) -> None:
    """A missing folder or an unusable metadata file is refused before the first record."""
    with pytest.raises(MetadataError, match="There is no folder"):
        next(Folder(tmp_path / "gone").records())
    source = archive(tmp_path, ["a.jpg"], "file,file", "a.jpg,a.jpg")
    with pytest.raises(MetadataError, match="more than one column"):
        next(source.records())


def test_metadata_without_rows(tmp_path: Path) -> None:
    """A metadata file with a header only describes nothing: the pictures are taken by their names."""
    assert ids(archive(tmp_path, ["a.jpg"], "file,title")) == ["a.jpg"]


# ------------------------------------------------------------------ real collections

_SHARED = Path(os.environ.get("ARCHIVE_SEARCH_DATA", Path(__file__).resolve().parents[2].parent / "shared"))


def real(folder: str, metadata: str = "metadata.csv") -> Folder:
    """A real collection as it lies there; skips where there is none."""
    path = _SHARED / folder
    if not path.is_dir():
        pytest.skip(f"there is no real collection at {path} (set ARCHIVE_SEARCH_DATA)")
    return Folder(path, path / metadata)


@pytest.mark.parametrize(
    ("folder", "count", "titled", "dated"),
    [
        ("data/pg-archaeology/56167", 760, 760, 0),
        ("data/pg-archaeology/56168", 561, 561, 0),
        ("data/getty-cva10", 175, 175, 175),
        ("data/getty-ambers", 100, 100, 100),
        ("data/getty-romanmosaics", 21, 21, 21),
        ("data/met-thumbs-64", 8383, 8383, 0),
        ("data/chiriqui-1888-engravings", 351, 309, 0),
        ("data/texas-projectile-points", 83, 14, 0),
        ("data/bc-late-antique-textiles", 32, 32, 32),
        ("data/manila-galleon-material-culture", 33, 25, 25),
        ("bench/museum-500", 353, 353, 353),
    ],
)
def test_real(folder: str, count: int, titled: int, dated: int) -> None:
    """A real collection is taken whole, with the ids, titles and dates of its metadata as it is."""
    source = real(folder)
    found = records(source)
    assert len(found) == count
    with (source.metadata or Path()).open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert [one.id for one in found] == list(rows)
    assert all(rows[one.id]["file"].endswith(one.image) for one in found)
    assert sum("title" in one.metadata for one in found) == titled
    assert sum("date_from" in one.metadata for one in found) == dated
    assert all(source.stamp(one) and source.read(one)[:2] == b"\xff\xd8" for one in found[:5])


def test_real_folder_of_images() -> None:
    """Paths relative to the metadata file are found from the folder of images below it, too."""
    source = real("bench/museum-500/images", "../metadata.csv")
    found = records(source)
    assert (len(found), found[0].id, found[0].image) == (353, "24", "aic_24.jpg")


def test_real_views() -> None:
    """The views of a vase share its object_id, and its years before Christ come from the columns."""
    found = records(real("data/getty-cva10"))
    objects = Counter(one.metadata["object_id"] for one in found)
    assert (len(objects), objects.most_common(1)[0][1] > 5) == (24, True)
    first: Any = found[0].metadata
    assert (first["date_from"], first["date_to"], first["dated_by"]) == (-490, -480, "columns")
    assert (first["technique"], first["object_type"]) == ("Red-figure", "Krater, Column-")


def test_real_duplicate() -> None:
    """The one row that repeats an id is rejected, all others are taken."""
    source = real("data/colour-patches-and-photos")
    assert len(ids(source)) == 75
    assert [(id, reason.partition(";")[0]) for id, _, reason in rejected(source)] == [
        ("green_green1", "line 19: the id 'green_green1' belongs to line 18 already")
    ]


def test_points_out_of_range_are_told(tmp_path: Path) -> None:
    """A row whose numbers are no place on the globe is a record all the same, and a remark names the first of them."""
    lines = ["id,file,Lat,Lon", "A,a.png,55.6,12.5", "B,b.png,95.2,12.5", "C,c.png,12,999", "D,d.png,NA,NA"]
    source = archive(tmp_path, ["a.png", "b.png", "c.png", "d.png"], *lines)
    found = {one.id: one.metadata for one in records(source)}
    assert found["A"]["point"] == {"lat": 55.6, "lon": 12.5}
    assert found["B"]["extra"] == {"Lat": "95.2", "Lon": "12.5"}
    (said,) = [one for one in source.remarks if "globe" in one]
    assert said == (
        "2 rows give no place on the globe, line 3 first: latitude 95.2 does not lie between -90 and 90; "
        "kept as they are written"
    )


def test_sizes_without_a_unit_are_told(tmp_path: Path) -> None:
    """Bare numbers in a column of sizes are counted in a remark, which says truly how they are taken all the same."""
    lines = ["id;file;Længde", "A;a.png;7", "B;b.png;7,5", "C;c.png;8 cm", "D;d.png;long"]
    pictures = ["a.png", "b.png", "c.png", "d.png"]
    source = archive(tmp_path, pictures, *lines)
    (said,) = [one for one in source.remarks if "no unit" in one]
    assert said == (
        "2 cells in the column 'Længde' tell no unit and are not read as length_mm: the field mapping "
        "'length_mm=Længde' takes bare numbers as millimetres; for centimetres, call the column 'Længde (cm)'"
    )
    read = {one.id: one.metadata.get("length_mm") for one in records(source)}
    assert read == {"A": None, "B": None, "C": 80, "D": None}
    mapped = dataclasses.replace(source, fields=("length_mm=Længde",))
    assert not [one for one in mapped.remarks if "no unit" in one]
    assert {one.id: one.metadata.get("length_mm") for one in records(mapped)} == {"A": 7, "B": 7.5, "C": 80, "D": None}
    (tmp_path / "renamed").mkdir()
    renamed = archive(tmp_path / "renamed", pictures, lines[0].replace("Længde", "Længde (cm)"), *lines[1:])
    assert {one.id: one.metadata.get("length_mm") for one in records(renamed)} == {"A": 70, "B": 75, "C": 80, "D": None}


def test_one_thing_is_told_in_the_singular(tmp_path: Path) -> None:
    """One picture, one row, one other file, one cell: remarks speak of it in the singular."""
    source = archive(tmp_path, ["a.png"], "id,file,Weight,Lat,Lon", "A,a.png,7,95,12")
    (source.folder / "notes.doc").write_text("x")
    told = " | ".join(source.remarks)
    weight = "1 cell in the column 'Weight' tells no unit and is not read as weight_g: the field mapping"
    for one in (weight, "1 picture below", "1 other file passed over", "1 row in", "1 row gives no place on the globe"):
        assert one in told


# ------------------------------------------------------------------ long lists


@pytest.fixture
def short_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows decide what is what, so that a list of some dozens is a long one."""
    for module in ("ingest.tables", "ingest.sources.folder"):
        monkeypatch.setattr(f"{module}.SAMPLE", 10)


@pytest.mark.usefixtures("short_sample")
def test_long_list(tmp_path: Path) -> None:
    """The records of a long list are those of a short one; remarks say what the first rows decided."""
    pictures = [f"{number:02}.jpg" for number in range(40)]
    source = archive(tmp_path, pictures, "id,file", *(f"N{number},{name}" for number, name in enumerate(pictures)))
    assert ids(source) == [f"N{number}" for number in range(40)]
    assert ids(source) == ids(source)
    assert any(one.startswith("more than 10 rows in metadata.csv; ") for one in source.remarks)
    assert "10 of the first 10 rows matched: the column 'file' is the path of a picture" in source.remarks
    assert source.row_count() == 40
    found = [one for one in source.records() if isinstance(one, Record)]
    assert [source.row_of(one) for one in found] == list(range(40))


@pytest.mark.usefixtures("short_sample")
def test_pictures_named_late_in_a_long_list(tmp_path: Path) -> None:
    """Where the first rows name no picture, the next that do decide how rows are matched."""
    source = archive(tmp_path, ["35.jpg"], "id,file", *(f"N{number},{number}.jpg" for number in range(40)))
    assert ids(source) == ["N35"]
    assert "1 of 10 rows from line 32 on matched: the column 'file' is the path of a picture" in source.remarks


@pytest.mark.usefixtures("short_sample")
def test_views_in_a_long_list(tmp_path: Path) -> None:
    """A picture goes to the longest number that its name begins with, though that comes late in a long list."""
    numbers = [*range(1, 30), "1_5"]
    source = archive(tmp_path, ["1_5_a.jpg", "1_b.jpg", "2.jpg"], "nr", *map(str, numbers))
    source = dataclasses.replace(source, fields=("object_id=nr",))
    found = {one.image: one.metadata.get("object_id") for one in source.records() if isinstance(one, Record)}
    assert found == {"1_5_a.jpg": "1_5", "1_b.jpg": "1", "2.jpg": "2"}


def test_ragged_rows(tmp_path: Path) -> None:
    """A ragged row is a reason with its line and the picture it names, which is no record of its own meanwhile."""
    source = archive(
        tmp_path, ["a.jpg", "b.jpg", "c.jpg"], "id,file,title", "1,a.jpg,Axe", "2,b.jpg,Bead, red", "3,c.jpg,Comb"
    )
    assert ids(source) == ["1", "3"]
    ((id, image, reason),) = rejected(source)
    assert (id, image) == ("line 3", "b.jpg")
    assert reason.startswith("line 3: 4 cells where the header has 3.")
    assert [source.out_of_reach(one) for one in ("a.jpg", "b.jpg", "gone.jpg")] == [False, True, False]


def test_row_numbers_count_what_becomes_no_record(tmp_path: Path) -> None:
    """Row i stays row i behind ragged rows and rows without a picture; a second picture of an id has its own row."""
    source = archive(
        tmp_path, ["a.jpg", "b.jpg", "c.jpg"], "id,file", "1,a.jpg,x", "2,gone.jpg", "3,a.jpg", "3,b.jpg", "4,c.jpg"
    )
    source = dataclasses.replace(source, fields=("id=id",))
    every = list(source.records())
    found = [one for one in every if isinstance(one, Record)]
    assert [(one.id, source.row_of(one)) for one in found] == [("3", 2), ("4", 4)]
    ((second, row),) = [(one.record, source.row_of(one.record)) for one in every if getattr(one, "record", None)]
    assert (second.id, second.image, row) == ("3", "b.jpg", 3)
    assert source.row_count() == 5


def test_only_what_may_be_shown(tmp_path: Path) -> None:
    """What no known licence lets be shown is left out and listed with the reason; so is what has no licence."""
    for name in ("a.png", "b.png", "c.png", "d.png"):
        (tmp_path / name).write_bytes(b"")
    rows = "file,licence\na.png,CC BY-NC 4.0\nb.png,All rights reserved\nc.png,In copyright\n"
    (tmp_path / "records.csv").write_text(rows, encoding="utf-8")
    found = list(Folder(tmp_path, metadata=tmp_path / "records.csv", only_open=True).records())
    assert [one.image for one in found if isinstance(one, Record)] == ["a.png"]
    told = {one.image: one.reason for one in found if isinstance(one, Rejected)}
    assert set(told) == {"b.png", "c.png", "d.png"}
    assert told["b.png"].startswith("its licence, 'All rights reserved', is none that lets it be shown")
    assert told["d.png"].startswith("no licence is named")
