"""Which tiles an ingest keeps, by hand and on a drawn plate."""

import numpy as np
import pytest

from archive_search.spaces import BOXES, tile_space
from archive_search.testing import MemoryStore
from archive_search.types import Point
from ingest.clear_tiles import drop_unclear

TILES = tile_space("plane")
BANK = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (5, 1))


def at(degrees: float) -> np.ndarray:
    """A direction in the plane; the bank's texts all lie at 0."""
    angle = np.radians(degrees)
    return np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)


def store_of(whole: float, *tiles: float) -> MemoryStore:
    """One record with a whole picture and tiles at these degrees, and one without tiles."""
    store = MemoryStore({"plane": 2, TILES: 2})
    vectors = {"plane": at(whole), TILES: np.stack([at(one) for one in tiles])}
    store.upsert([Point("plate", vectors, {"title": "Plate 1"}), Point("pot", {"plane": at(0)}, {})])
    return store


def tiles_of(store: MemoryStore) -> np.ndarray:
    """What is left of the plate's tiles."""
    return store.points(["plate"], TILES)[0].vectors[TILES]


def test_clearer_tiles_stay_in_their_order():
    """Tiles nearer to texts than the whole picture stay, the others go, and nothing else changes."""
    store = store_of(40, 50, 10, 30, 41)
    assert drop_unclear(store, "plane", BANK) == 2
    assert tiles_of(store) == pytest.approx(np.stack([at(10), at(30)]))
    (plate,) = store.points(["plate"], "plane")
    assert plate.vectors["plane"] == pytest.approx(at(40))
    assert plate.payload["title"] == "Plate 1"
    assert TILES not in store.points(["pot"], TILES)[0].vectors


def test_the_whole_stands_in_where_no_tile_is_clear():
    """A picture whose tiles all show less is found by the whole picture alone."""
    store = store_of(20, 50, 60)
    assert drop_unclear(store, "plane", BANK) == 2
    assert tiles_of(store) == pytest.approx(at(20)[None])


@pytest.mark.parametrize("tiles", [(50, 10), (50, 60)])
def test_a_second_look_drops_nothing(tiles):
    """What was chosen stays chosen."""
    store = store_of(40, *tiles)
    drop_unclear(store, "plane", BANK)
    before = tiles_of(store)
    assert drop_unclear(store, "plane", BANK) == 0
    assert np.array_equal(tiles_of(store), before)


def test_too_few_texts_tell_nothing():
    """Without a bank worth the name every tile stays."""
    store = store_of(20, 50, 60)
    assert drop_unclear(store, "plane", BANK[:3]) == 0
    assert len(tiles_of(store)) == 2


@pytest.mark.parametrize(
    ("tiles", "left"), [((50, 10, 30, 41), [[1, 1, 2, 2], [2, 2, 3, 3]]), ((50, 60), [[0, 0, 1, 1]])]
)
def test_boxes_go_with_their_tiles(tiles, left):
    """The boxes that are left are those of the tiles that are left; where none is, the whole picture's."""
    store = store_of(40, *tiles)
    boxes = [[n, n, n + 1, n + 1] for n in range(len(tiles))]
    store.set_payload(["plate"], [{"title": "Plate 1", BOXES: {TILES: boxes, "other-tiles": boxes}}])
    drop_unclear(store, "plane", BANK)
    (plate,) = store.points(["plate"])
    assert plate.payload[BOXES] == {TILES: left, "other-tiles": boxes}
    assert len(tiles_of(store)) == len(left)
