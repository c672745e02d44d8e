"""The iDAI.field source: pictures with the finds that they show, from exports and copies of the database."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from archive_search.types import MetadataError, Record
from ingest.source import Rejected
from ingest.sources.idai_field import IdaiField
from ingest.testing import Desk, Encoder, picture

PROJECT = {
    "id": "project",
    "identifier": "castell",
    "category": "Project",
    "shortName": {"de": "Kastell", "en": "Fort"},
    "coordinateReferenceSystem": "EPSG4326 (WGS 84)",
}
TRENCH = {
    "id": "t1",
    "identifier": "S1",
    "category": "Trench",
    "shortDescription": {"de": "Schnitt Nord"},
    "geometry": {"type": "Polygon", "coordinates": [[[27.0, 39.0], [27.2, 39.0], [27.2, 39.2], [27.0, 39.2]]]},
    "relations": {},
}
LAYER = {"id": "l1", "identifier": "B7", "category": "Layer", "relations": {"isRecordedIn": ["t1"]}}
AXE = {
    "id": "f1",
    "identifier": "S1-17",
    "category": "Find",
    "shortDescription": {"de": "Beil", "en": "Axe"},
    "material": ["Stein"],
    "period": {"value": "Bronzezeitlich"},
    "dating": [{"type": "range", "begin": {"inputYear": 1800, "inputType": "bce"}, "end": {"year": -1500}}],
    "dimensionLength": [{"inputValue": 12.5, "inputUnit": "cm"}],
    "weight": [{"inputValue": 310, "inputUnit": "g"}],
    "relations": {"liesWithin": ["l1"], "isRecordedIn": ["t1"], "isDepictedIn": ["i1"]},
}
PHOTO = {
    "id": "i1",
    "identifier": "S1-17_a.jpg",
    "category": "Photo",
    "imageRights": {"de": "© Institut"},
    "draughtsmen": [{"value": "A. B.", "selectable": True}],
    "relations": {"depicts": ["f1"]},
}
MAP = {"id": "i2", "identifier": "plan.png", "category": "Drawing", "originalFilename": "plan 1.png", "relations": {}}
EVERYTHING = (PROJECT, TRENCH, LAYER, AXE, PHOTO, MAP)


def project(tmp_path: Path, *documents: Any, name: str = "project.jsonl", files: tuple[str, ...] = ()) -> IdaiField:
    """A project with these documents and files of pictures."""
    pictures = tmp_path / "images"
    for number, file in enumerate(files or ("S1-17_a.jpg", "plan 1.png")):
        (pictures / file).parent.mkdir(parents=True, exist_ok=True)
        (pictures / file).write_bytes(picture(number))
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in documents)
    (tmp_path / name).write_text(lines, encoding="utf-8")
    return IdaiField(tmp_path / name, pictures)


def test_a_picture_says_what_it_shows(tmp_path: Path) -> None:
    """A photograph has its find's metadata, where that was found from near to far, and its own rights."""
    source = project(tmp_path, *({"resource": one} for one in EVERYTHING))
    photo, plan = (one for one in source.records() if isinstance(one, Record))
    assert (photo.id, photo.image) == ("S1-17_a.jpg", "S1-17_a.jpg")
    expected = {
        "object_id": "S1-17",
        "title": "Beil",
        "object_type": "Find",
        "collection": "Kastell",
        "material": "Stein",
        "period": "Bronzezeitlich",
        "date_from": -1800,
        "date_to": -1500,
        "length_mm": 125.0,
        "weight_g": 310.0,
        "findspot": "B7, Schnitt Nord (S1)",
        "point": {"lat": 39.1, "lon": 27.1},
        "rights_holder": "© Institut",
        "credit": "A. B.",
        "file": "S1-17_a.jpg",
    }
    assert {name: photo.metadata.get(name) for name in expected} == expected
    assert (plan.id, plan.image, plan.metadata["title"]) == ("plan.png", "plan 1.png", "plan.png")
    assert source.read(plan) == picture(1)
    assert source.remarks == (f"6 documents in project.jsonl, 2 pictures described, 2 files in {tmp_path / 'images'}",)


@pytest.mark.parametrize("shape", ["rows", "docs", "list"])
def test_copies_of_the_database(tmp_path: Path, shape: str) -> None:
    """What CouchDB gives for all documents, a list of them, and lines mean the same."""
    lines = project(tmp_path, *EVERYTHING)
    documents = [{"_id": one["id"], "resource": one} for one in EVERYTHING]
    design = {"_id": "_design/views", "views": {}}
    data = {
        "rows": {"rows": [{"id": "x", "doc": one} for one in (design, *documents)]},
        "docs": {"docs": documents},
        "list": documents,
    }[shape]
    source = project(tmp_path, data, name="dump.json")
    assert list(source.records()) == list(lines.records())


def test_an_import_file(tmp_path: Path) -> None:
    """In files for import, things are named by their identifiers, and pictures may have no document of their own."""
    trench = {"category": "Trench", "identifier": "T", "shortDescription": "Trench"}
    pot = {"category": "Find", "identifier": "P1", "relations": {"isChildOf": "T", "isDepictedIn": ["p.png", "q.png"]}}
    source = project(tmp_path, trench, pot, files=("sub/p.png",))
    made = list(source.records())
    assert [(one.id, type(one)) for one in made] == [("p.png", Record), ("q.png", Rejected)]
    assert isinstance(made[0], Record)
    assert (made[0].image, made[0].metadata["findspot"]) == ("sub/p.png", "Trench (T)")


def test_the_store_of_images(tmp_path: Path) -> None:
    """In a copy of the program's own folder pictures are called by their ids, and smaller copies are passed over."""
    source = project(tmp_path, *EVERYTHING, files=("i1", "thumbs/i2", "original/i2"))
    assert [one.image for one in source.records() if isinstance(one, Record)] == ["i1", "original/i2"]


def test_places_in_metres_are_no_places(tmp_path: Path) -> None:
    """Geometries of a project that does not say that they are in degrees are none, unless somebody says so."""
    source = project(tmp_path, TRENCH, AXE, PHOTO)
    assert "point" not in next(iter(source.records())).metadata  # type: ignore[union-attr]
    degrees = IdaiField(source.documents, source.pictures, wgs84=True)
    assert "point" in next(iter(degrees.records())).metadata  # type: ignore[union-attr]


def test_circles_and_faults(tmp_path: Path) -> None:
    """Things that lie within each other end nowhere, what is no document is told, names that lead out find nothing."""
    one = {"identifier": "a", "relations": {"isChildOf": ["b"], "isDepictedIn": ["../../secret.png", "S1-17_a.jpg"]}}
    two = {"identifier": "b", "relations": {"isChildOf": ["a"]}}
    source = project(tmp_path, one, two, {"category": "Find"}, ["x"])
    with (tmp_path / "project.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n{\n")
    made = list(IdaiField(source.documents, source.pictures).records())
    reasons = [one.id for one in made if isinstance(one, Rejected)]
    assert reasons == ["project.jsonl, line 3", "project.jsonl, line 4", "project.jsonl, line 5", "../../secret.png"]
    assert [one.metadata["findspot"] for one in made if isinstance(one, Record)] == ["b"]


def test_what_is_not_there(tmp_path: Path) -> None:
    """A file or folder that is not there, and a file without documents, are refused in a sentence."""
    source = project(tmp_path, {"a": 1})
    with pytest.raises(MetadataError, match="holds no document"):
        list(source.records())
    with pytest.raises(MetadataError, match="There is no file"):
        list(IdaiField(tmp_path / "none", tmp_path).records())
    with pytest.raises(MetadataError, match="There is no folder"):
        list(IdaiField(project(tmp_path, *EVERYTHING).documents, tmp_path / "none").records())


def test_ingest(tmp_path: Path) -> None:
    """A project is ingested, and a second ingest reads no picture again."""
    source = project(tmp_path, *EVERYTHING)
    desk = Desk(tmp_path)
    assert desk.run(source, Encoder()).added == 2
    assert desk.run(IdaiField(source.documents, source.pictures), Encoder()).unchanged == 2


@pytest.mark.skipif(not os.environ.get("ARCHIVE_SEARCH_RECORDS"), reason="ARCHIVE_SEARCH_RECORDS names no folder")
def test_the_programs_own_import_file(tmp_path: Path) -> None:
    """The import file of the program's own tests is read: a trench and four finds, of which it shows no picture."""
    file = Path(os.environ["ARCHIVE_SEARCH_RECORDS"]) / "idai-field" / "importer-test-ok.jsonl"
    source = IdaiField(file, tmp_path)
    assert list(source.records()) == []
    assert source.remarks[0].startswith("5 documents in importer-test-ok.jsonl, 0 pictures described")
