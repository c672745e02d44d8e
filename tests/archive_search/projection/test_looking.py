"""What is looked at on a map: kinds with colours, outlines, neighbours; maps made beside other work."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.archive import Archive
from archive_search.projection.kinds import OTHER, UNKNOWN, kinds, scale
from archive_search.projection.making import MapMaking
from archive_search.projection.maps import kept_map
from archive_search.projection.outline import (
    CORNERS,
    around,
    from_the_middle,
    inside,
    outline_text,
    read_outline,
    simplified,
)
from archive_search.types import Point

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def test_the_most_frequent_values_are_kinds():
    """A list is of its most frequent value; the rest is other, nothing is unknown."""
    found = kinds(["flint", ["flint", "bone"], "flint", "bone", "iron", None, "", [], "amber"], most=2)
    assert found.names == ("flint", "bone")
    assert found.numbers.tolist() == [0, 0, 0, 1, OTHER, UNKNOWN, UNKNOWN, UNKNOWN, OTHER]


def test_there_is_never_a_single_other():
    """Where one value more would be all, it has a colour of its own."""
    assert kinds(["a", "a", "b", "c"], most=2).names == ("a", "b", "c")
    assert kinds([]).names == ()


def test_numbers_are_on_a_scale():
    """What is no number is not on it."""
    assert np.array_equal(scale([1, 2.5, None, "3", True]), [1, 2.5, np.nan, np.nan, np.nan], equal_nan=True)


def test_what_lies_within_an_outline():
    """Places within are in, those outside and those in a bay of it are not."""
    bay = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.5), (0.0, 2.0))
    places = np.array([[0.2, 0.2], [1.0, 1.0], [1.9, 1.0], [3.0, 1.0]], dtype=np.float32)
    assert inside(places, bay).tolist() == [True, False, True, False]
    assert not inside(places, bay[:2]).any()


@given(
    st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), min_size=3, max_size=8, unique=True),
    st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), max_size=8),
)
def test_a_place_is_within_whatever_corner_comes_first(corners, points):
    """The outline does not depend on where it begins, nor on which way it goes."""
    outline = tuple((float(x), float(y)) for x, y in corners)
    places = np.array(points, dtype=np.float32).reshape(-1, 2) + np.float32(0.5)
    found = inside(places, outline).tolist()
    assert found == inside(places, outline[2:] + outline[:2]).tolist()
    assert found == inside(places, outline[::-1]).tolist()


def test_an_outline_is_written_and_read():
    """What the address says gives the same outline back, of few corners however many were drawn."""
    angles = np.linspace(0, 6.28, 500)
    drawn = simplified(np.cos(angles), np.sin(angles))
    assert len(drawn) == CORNERS
    assert read_outline(outline_text(drawn)) == drawn
    assert simplified([], []) == ()


def test_a_small_outline_keeps_its_shape():
    """What is drawn after zooming far in is told as finely as it was drawn, and read back so."""
    angles = np.linspace(0, 6.28, 30)
    drawn = simplified(0.5 + np.cos(angles) / 1000, -0.25 + np.sin(angles) / 1000)
    assert len(set(drawn)) == 30
    assert read_outline(outline_text(drawn)) == drawn


@pytest.mark.parametrize("text", ["", "1,2 3,4", "1,2 3,4 x,5", "1,2 3,4 nan,5", "1,2 3,4 99,5", "1 2 3", "1,2,3 4,5"])
def test_what_is_no_outline_is_none(text):
    """What cannot be read counts as not said."""
    assert read_outline(text) == ()


def test_neighbours_on_the_map():
    """Those nearest to one of them come behind it; of several the middle ones come first."""
    places = np.array([[0, 0], [1, 0], [0.1, 0], [0.5, 0], [0.45, 0.1]], dtype=np.float32)
    assert around(places, 1, 3).tolist() == [1, 3, 4]
    assert from_the_middle(places, np.array([0, 1, 3])).tolist() == [3, 0, 1]
    assert from_the_middle(places, np.array([], dtype=np.int64)).tolist() == []


def test_a_map_is_made_beside_other_work(tmp_path):
    """Begun twice it is made once; when it is done it is kept, and when it cannot be made it says why."""
    archive = Archive.create(tmp_path / "archive")
    build = archive.index.begin({"made": 4})
    build.store.upsert([Point(f"r{row}", {"made": np.eye(4)[row % 4]}, {"title": "Axe"}) for row in range(20)])
    build.publish()
    making = MapMaking()
    assert making.state(archive, "made") is None
    for space in ("made", "made", "none"):
        making.begin(archive, space)
    until = time.monotonic() + 60
    while any(making.state(archive, space).running for space in ("made", "none")) and time.monotonic() < until:
        time.sleep(0.05)
    assert making.state(archive, "made").error == ""
    assert len(kept_map(archive, "made").ids) == 20
    assert "no space 'none'" in making.state(archive, "none").error
