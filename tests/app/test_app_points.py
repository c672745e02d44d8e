"""What the browser asks of a map: where points lie, what one of them is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.opened import ARCHIVE
from app.server import routes
from archive_search.archive import Archive
from archive_search.projection.maps import kept_map, make_map, map_time
from archive_search.stores.file_copy import copy_tree

TITLE = '<b>Axe</b> & "co"'


@pytest.fixture(scope="module")
def mapped(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A copy of the museum whose map is drawn, and where a title looks like HTML."""
    copy = copy_tree(museum, tmp_path_factory.mktemp("mapped") / "archive")
    archive = Archive.open(copy)
    point = archive.store.points(["AX003"], "hash")[0]
    build = archive.index.begin(dict(archive.store.spaces))
    build.store.upsert([type(point)("AX003", point.vectors, {**point.payload, "title": TITLE})])
    build.publish()
    make_map(Archive.open(copy))
    return Archive.open(copy)


@pytest.fixture
def asked(mapped: Archive, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Asks a server of it."""
    monkeypatch.setenv(ARCHIVE, str(mapped.directory))
    return TestClient(Starlette(routes=routes()))


def test_places_are_those_of_the_map(mapped: Archive, asked: TestClient) -> None:
    """Where points lie is told as numbers of four bytes, in the order of the map, to be kept."""
    made = map_time(mapped, "hash")
    found = asked.get("/points", params={"space": "hash", "made": made})
    assert found.status_code == 200
    assert "immutable" in found.headers["cache-control"]
    drawn = kept_map(mapped, "hash")
    assert drawn is not None
    assert np.frombuffer(found.content, dtype="<f4").tolist() == drawn.places.ravel().tolist()


def test_a_point_tells_of_its_record(mapped: Archive, asked: TestClient) -> None:
    """A point tells title, number, date and the field that colours the map, as they are written, and its thumbnail."""
    drawn = kept_map(mapped, "hash")
    assert drawn is not None
    of = {"space": "hash", "made": map_time(mapped, "hash"), "by": "object_type", "language": "da"}
    said = asked.get(f"/points/{drawn.ids.index('AX003')}", params=of).json()
    assert (said["id"], said["title"]) == ("AX003", TITLE)
    assert "Genstandstype: axe" in said["lines"]
    assert asked.get(said["picture"]).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("row", ["60", "-1", "x", "9" * 5000, "²"])
def test_no_other_point_is_told(mapped: Archive, asked: TestClient, row: str) -> None:
    """What is no number of a point is answered with 404."""
    of = {"space": "hash", "made": map_time(mapped, "hash")}
    assert asked.get(f"/points/{row}", params=of).status_code == 404


@pytest.mark.parametrize("of", [{}, {"space": "hash", "made": "1"}, {"space": "../x", "made": "0"}])
def test_nothing_is_told_of_another_map(asked: TestClient, of: dict[str, str]) -> None:
    """Where the map is not, or no more, the one that is asked for, nothing is told: its numbers are others."""
    assert asked.get("/points", params=of).status_code == 404
    assert asked.get("/points/0", params=of).status_code == 404
