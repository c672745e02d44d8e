"""GeoJSON: what is on the map, and what is not, read by other programs."""

import json
from dataclasses import replace

import geojson
import pytest
import shapely

from archive_search.exporting import export
from archive_search.results import ResultSet, SavedHoldings
from archive_search.types import UnknownNameError

POINTS = {
    "r0": {"lat": 55.6, "lon": 12.1},
    "r1": {"lat": -33.9, "lon": 151.2},
    "r2": {"lat": 91.0, "lon": 12.0},
    "r3": {"lat": "north", "lon": 12.0},
    "r4": {"lat": 0, "lon": 0},
}


@pytest.fixture
def placed(few):
    """Eight records, five with a point, two of these points on no earth."""
    known = {
        hit.id: {**hit.payload, **({"point": POINTS[hit.id]} if hit.id in POINTS else {}), "colours": ["red"]}
        for hit in few
    }
    return ResultSet(few.plan, few.trace, SavedHoldings(known), lambda: few.provenance)


def test_find_spots_are_on_the_map(placed, tmp_path):
    """Records with a point are features there, longitude first, as shapely and geojson read them, with their row."""
    export(placed, tmp_path / "set.geojson")
    text = (tmp_path / "set.geojson").read_text(encoding="utf-8")
    read = geojson.loads(text)
    assert read.is_valid
    found = {one.id: (one.geometry.coordinates, one.properties) for one in read.features}
    assert {one: tuple(where) for one, (where, _) in found.items()} == {
        "r0": (12.1, 55.6),
        "r1": (151.2, -33.9),
        "r4": (0, 0),
    }
    assert [shapely.geometry.shape(one.geometry).geom_type for one in read.features] == ["Point"] * 3
    assert found["r0"][1]["title"] == "Økse af flint"
    assert found["r0"][1]["rank"] == placed.ranks["r0"]
    data = json.loads(text)
    assert (data["with_point"], data["hits"]) == (3, 8)
    assert {one["id"] for one in data["without_point"]} == {"r2", "r3", "r5", "r6", "r7"}
    assert {one["geometry"] for one in data["without_point"]} == {None}
    assert data["name"] == "axe 1"


def test_only_the_properties_that_are_wanted(placed, tmp_path):
    """Named fields are the properties, beside the ranks; a name that nothing has is refused."""
    export(placed, tmp_path / "set.geojson", settings={"fields": ["title"]}, overwrite=True)
    data = json.loads((tmp_path / "set.geojson").read_text(encoding="utf-8"))
    for one in data["features"] + data["without_point"]:
        assert set(one["properties"]) - {"title"} == {"rank", "plain_rank", "score", "id"}
    with pytest.raises(UnknownNameError, match="no record|No record"):
        export(placed, tmp_path / "other.geojson", settings={"fields": ["nothing"]})


def test_a_set_without_any_point_is_valid(few, tmp_path):
    """Where nothing has a point the collection is empty, and everything is listed apart."""
    none = ResultSet(few.plan, replace(few.trace), few.holdings, lambda: few.provenance)
    export(none, tmp_path / "set.geojson")
    read = geojson.loads((tmp_path / "set.geojson").read_text(encoding="utf-8"))
    assert read.is_valid
    assert (len(read.features), len(read["without_point"])) == (0, 8)


def test_hostile_titles_come_back(found, tmp_path):
    """Five hundred hostile titles are what they were."""
    export(found, tmp_path / "set.geojson")
    data = json.loads((tmp_path / "set.geojson").read_text(encoding="utf-8"))
    wanted = {hit.id: hit.payload["title"] for hit in found if hit.id != "r3"}
    assert {one["id"]: one["properties"]["title"] for one in data["without_point"]} == wanted
