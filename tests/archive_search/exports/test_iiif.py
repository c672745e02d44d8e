"""IIIF: manifests and collections that follow the published schema, with their pictures."""

import json
import shutil
from itertools import chain
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from archive_search.exporting import EXPORTS, export
from archive_search.exports.parts.provenance import read
from archive_search.results import ResultSet
from archive_search.types import Box, InvalidInputError

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "iiif-presentation-3.json").read_text(encoding="utf-8"))
CHECK = jsonschema.Draft7Validator(SCHEMA)
BASE = "https://museum.example/axes"


def published(found, folder, name="manifest.json", **settings):
    """A set that is valid, as data."""
    shutil.rmtree(folder / "set", ignore_errors=True)
    export(found, folder / "set", "iiif", settings={"base": BASE + "/", **settings})
    data = json.loads((folder / "set" / name).read_text(encoding="utf-8"))
    assert not [f"{error.json_path}: {error.message[:200]}" for error in CHECK.iter_errors(data)]
    return data


class WithMore:
    """Holdings in which some records have more fields than they had."""

    def __init__(self, holdings, more):
        self.holdings, self.more = holdings, more

    def payloads(self, ids):
        """The payloads, with more in some."""
        return {one: {**payload, **self.more.get(one, {})} for one, payload in self.holdings.payloads(ids).items()}

    def __getattr__(self, name):
        return getattr(self.holdings, name)


@pytest.fixture
def rich(few):
    """Eight records; of two a part fits best, one is on the web, one has a find-spot."""
    more = {
        "r0": {"language": ["da"], "description": "<p>Slebet</p>", "point": {"lat": 55.6, "lon": 12.0}},
        "r1": {"image_url": "https://img.example/1.png", "width": 3000, "height": 2000, "extra": {"Regal": "7"}},
        "r2": {"record_url": "https://museum.example/2", "material": ["flint", "bone"]},
        "r3": {"record_url": "javascript:alert(1)"},
        "r4": {"length_mm": 133.5, "colours": ["red"], "dated_by": "columns", "file": "4.png"},
    }
    boxes = {"r0": Box(0.5, 0.25, 1.0, 0.75)}
    return ResultSet(few.plan, few.trace, WithMore(few.holdings, more), lambda: few.provenance, boxes=boxes)


def test_a_manifest_shows_every_hit(rich, tmp_path):
    """A canvas for each hit, in order, with label, metadata in languages, rights, statement, homepage and find-spot."""
    data = published(rich, tmp_path)
    assert data["id"] == f"{BASE}/manifest.json"
    assert data["label"] == {"en": ["axe 1"]}
    assert [one["id"] for one in data["items"]] == [f"{BASE}/canvas/{rank}" for rank in range(1, 9)]
    canvases = {hit.id: canvas for hit, canvas in zip(rich, data["items"], strict=True)}
    axe = canvases["r0"]
    assert axe["label"] == {"da": ["Økse af flint"]}
    assert axe["summary"] == {"da": ["<\u2060p>Slebet<\u2060/p>"]}
    assert axe["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    assert axe["requiredStatement"]["value"] == {"da": ["Foto: Ann. Museum A"]}
    assert axe["navPlace"]["features"][0]["geometry"]["coordinates"] == [12.0, 55.6]
    assert (axe["width"], axe["height"]) == (300, 200)
    assert axe["annotations"][0]["items"][0]["target"] == f"{axe['id']}#xywh=150,50,150,100"
    assert "annotations" not in canvases["r1"]
    assert canvases["r1"]["items"][0]["items"][0]["body"]["id"] == "https://img.example/1.png"
    assert (canvases["r1"]["width"], canvases["r1"]["height"]) == (3000, 2000)
    assert {"label": {"none": ["Regal"]}, "value": {"none": ["7"]}} in canvases["r1"]["metadata"]
    assert canvases["r2"]["requiredStatement"]["value"] == {"none": ["All rights reserved"]}
    assert "rights" not in canvases["r2"]
    assert canvases["r2"]["homepage"][0]["id"] == "https://museum.example/2"
    material = [pair for pair in canvases["r2"]["metadata"] if pair["label"].get("en") == ["Material"]]
    assert material[0]["label"]["da"] == ["Materiale"]
    assert material[0]["value"] == {"none": ["flint", "bone"]}
    assert "homepage" not in canvases["r3"]
    pairs = {
        pair["label"].get("en", pair["label"].get("none"))[0]: pair["value"] for pair in canvases["r4"]["metadata"]
    }
    assert pairs["From year"] == {"none": ["3900 BCE"]}
    assert pairs["Length"] == {"none": ["133.5 mm"]}
    assert set(pairs) == {"Rank", "Record", "From year", "To year", "Length", "Find-spot"}
    assert canvases["r7"]["items"][0]["items"] == []


def test_its_pictures_are_in_the_folder(rich, tmp_path):
    """What a canvas shows lies where its address says, as a JPEG of the size that is told; thumbnails too."""
    data = published(rich, tmp_path, pixels=100)
    seen = 0
    for canvas in data["items"]:
        bodies = [one["body"] for page in canvas["items"] for one in page["items"]] + canvas.get("thumbnail", [])
        for body in bodies:
            if body["id"].startswith(BASE):
                seen += 1
                with Image.open(tmp_path / "set" / body["id"].removeprefix(f"{BASE}/")) as opened:
                    assert (opened.format, opened.size) == ("JPEG", (body["width"], body["height"]))
                    assert max(opened.size) <= 100
    assert seen == 6 + 7
    none = published(rich, tmp_path, pictures="none")
    assert not [one for canvas in none["items"] for page in canvas["items"] for one in page["items"]]


def test_a_collection_lists_manifests(rich, tmp_path):
    """As a collection every record has a manifest of its own, valid, at the address that the list gives."""
    data = published(rich, tmp_path, "collection.json", collection=True, number=5)
    assert data["type"] == "Collection"
    assert len(data["items"]) == 5
    for item in data["items"]:
        own = json.loads((tmp_path / "set" / item["id"].removeprefix(f"{BASE}/")).read_text(encoding="utf-8"))
        assert not [*CHECK.iter_errors(own)]
        assert own["label"] == item["label"]
        assert len(own["items"]) == 1


def test_provenance_is_linked_and_carried(few, tmp_path):
    """The manifest links to the provenance, which is read from the folder and from the manifest's own path."""
    data = published(few, tmp_path)
    assert data["seeAlso"][0]["id"] == f"{BASE}/provenance.json"
    for target in (tmp_path / "set", tmp_path / "set" / "manifest.json"):
        assert read(EXPORTS["iiif"].carried(target), "it").hits() == few.ranking


def test_only_the_metadata_that_is_wanted(rich, tmp_path):
    """Named fields and columns are the pairs, beside rank and record."""
    data = published(rich, tmp_path, fields=["material", "Regal"])
    labels = {
        label for canvas in data["items"] for pair in canvas["metadata"] for label in chain(*pair["label"].values())
    }
    assert {"Rank", "Record", "Material", "Regal"} <= labels
    assert "Find-spot" not in labels


def test_hostile_titles_in_a_manifest(found, tmp_path):
    """Five hundred titles come back as they were, and none can be taken for HTML."""
    data = published(found, tmp_path, pictures="none")
    titles = [canvas["label"]["none"][0] for canvas in data["items"]]
    assert [one.replace("\u2060", "") for one in titles] == [hit.payload["title"] for hit in found if hit.id != "r3"]
    assert "<script" not in (tmp_path / "set" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("base", ["", "museum", "ftp://museum.example", "javascript:1"])
def test_an_address_that_is_none_is_refused(base, few, tmp_path):
    """Ids are addresses of the web: another is refused, and nothing is written."""
    with pytest.raises(InvalidInputError, match="must begin with http"):
        export(few, tmp_path / "set", "iiif", settings={"base": base})
    assert not list(tmp_path.iterdir())


def test_a_set_without_an_address_says_so(few, tmp_path):
    """Whoever exports without the address of the folder is told that the set cannot be published so."""
    told = export(few, tmp_path / "a", "iiif", settings={"pictures": "none"})
    assert len(told.remarks) == 1
    assert "https://example.org/set" in told.remarks[0]
    assert "base=" in told.remarks[0]
    assert export(few, tmp_path / "b", "iiif", settings={"pictures": "none", "base": "https://a.org/b"}).remarks == ()
