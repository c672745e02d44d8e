"""Places on the globe: distances that are known, and laws of boxes and polygons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.geometry import (
    EARTH_KM,
    Bounds,
    Place,
    covering_box,
    distance_km,
    in_box,
    in_polygon,
    is_simple,
    narrow,
)
from archive_search.types import InvalidInputError, Near, Within

PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
GRID = st.tuples(st.integers(-8, 8), st.integers(-8, 8)).map(lambda at: (at[0] / 2, at[1] / 2))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((55.6761, 12.5683), (51.5072, -0.1276), 956),  # Copenhagen to London
        ((-33.8688, 151.2093), (51.5072, -0.1276), 16994),  # Sydney to London
        ((0, 179.5), (0, -179.5), 111.2),  # across the date line
        ((90, 0), (-90, 77), 20015.1),  # pole to pole
    ],
)
def test_known_distances(one: Place, other: Place, km: float) -> None:
    """Distances are those of an atlas."""
    assert distance_km(one, other) == pytest.approx(km, rel=0.002)


@given(PLACES, PLACES)
def test_distance_is_the_same_both_ways(one: Place, other: Place) -> None:
    """A distance is the same there and back, and at most half of the way round."""
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert 0 <= distance_km(one, other) <= 3.1416 * EARTH_KM


@given(GRID, st.integers(-8, 7), st.integers(-8, 7), st.integers(1, 8), st.integers(1, 8))
def test_a_box_is_a_polygon_of_four_corners(place: Place, south: int, west: int, high: int, wide: int) -> None:
    """What lies in a box lies in the polygon of its corners, whichever way round, and nothing else does."""
    north, east = south + high, west + wide
    corners = ((south, west), (north, west), (north, east), (south, east))
    assert is_simple(corners)
    inside = in_box(place, (south, west, north, east))
    assert in_polygon(place, corners) == in_polygon(place, corners[::-1]) == inside


BOXES = st.tuples(st.integers(-90, 89), st.integers(-180, 180), st.integers(-89, 90), st.integers(-180, 180)).filter(
    lambda box: box[0] < box[2] and box[1] != box[3]
)


@given(PLACES, BOXES)
def test_narrow_boxes_hold_the_same(place: Place, box: Bounds) -> None:
    """A box and the narrow boxes that it is divided into hold the same places, across the date line as well."""
    assert in_box(place, box) == any(in_box(place, one) for one in narrow(box))
    assert all((east - west) % 360 <= 100 for _, west, _, east in narrow(box))


@given(PLACES, PLACES, st.floats(0.1, 20_000))
def test_a_circle_lies_in_its_box(centre: Place, place: Place, km: float) -> None:
    """What is near a place lies in the box around it, where there is one."""
    box = covering_box(centre, km)
    if box is not None and distance_km(centre, place) < km:
        assert in_box(place, box)


def test_polygons_with_a_bay() -> None:
    """A place in the bay of a polygon is outside, one on either side of it inside."""
    bay = ((0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (4, 3), (4, 4), (0, 4))
    assert [in_polygon(one, bay) for one in ((3, 2), (3, 0.5), (3, 3.5), (0.5, 2))] == [False, True, True, True]


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (2, 2), (2, 0), (0, 2)),  # a bow
        ((0, 0), (0, 2), (0, 4)),  # a line
        ((0, 0), (0, 4), (0, 2), (2, 2)),  # back on itself
        ((0, 0), (4, 0), (4, 4), (2, 0)),  # a corner on another side
        ((0, 0), (1, 0), (0, 0), (1, 1)),  # one corner twice
    ],
)
def test_sides_that_meet(corners: tuple[Place, ...]) -> None:
    """A polygon whose sides cross, touch or run back is none; it is refused in a sentence."""
    assert not is_simple(corners)
    with pytest.raises(InvalidInputError, match="sides that do not cross"):
        Within("point", polygon=corners)


@pytest.mark.parametrize(
    ("latitude", "longitude", "km", "message"),
    [
        (90.5, 0, 1, "latitude lies between -90 and 90 degrees, got 90.5"),
        (0, -181, 1, "longitude lies between -180 and 180 degrees, got -181"),
        (float("nan"), 0, 1, "latitude lies"),
        (0, 0, 0, "distance lies above 0"),
        (0, 0, float("inf"), "got inf"),
    ],
)
def test_no_place(latitude: float, longitude: float, km: float, message: str) -> None:
    """What is no place on the globe, or no distance, is refused in a sentence."""
    with pytest.raises(InvalidInputError, match=message):
        Near("point", latitude, longitude, km)


@pytest.mark.parametrize(
    ("box", "polygon", "message"),
    [
        (None, (), "a box, or a polygon"),
        ((0, 0, 1, 1), ((0, 0), (1, 0), (0, 1)), "a box, or a polygon"),
        ((1, 0, 0, 1), (), "south, west, north, east, with room between; got 1, 0, 0, 1"),
        ((0, 0, 91, 1), (), "latitude lies"),
        (None, ((0, 0), (1, 1)), "these 2 corners"),
        (None, ((0, 0), (1, 0), (0, 200)), "longitude lies"),
    ],
)
def test_no_box(box: tuple[float, float, float, float] | None, polygon: tuple[Place, ...], message: str) -> None:
    """A box without room, a polygon of two corners, both or neither are refused in a sentence."""
    with pytest.raises(InvalidInputError, match=message):
        Within("point", box, polygon)
