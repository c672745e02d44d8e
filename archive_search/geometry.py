"""Places on the globe, in degrees: how far apart they are, and what lies in a box or a polygon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import asin, ceil, cos, degrees, pi, radians, sin, sqrt
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]
"""Latitude, -90 to 90, and longitude, -180 to 180."""
Bounds: TypeAlias = tuple[float, float, float, float]
"""South, west, north, east; a west that lies east of the east means a box across the date line."""

EARTH_KM = 6371.0088
"""The mean radius of the earth."""


def distance_km(one: Place, other: Place) -> float:
    """Kilometres between two places as the crow flies, by the haversine formula."""
    (south, west), (north, east) = [tuple(map(radians, place)) for place in (one, other)]
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def in_box(place: Place, box: Bounds) -> bool:
    """Whether a place lies in a box, not on its edge."""
    latitude, longitude = place
    south, west, north, east = box
    between = longitude > west or longitude < east if west > east else west < longitude < east
    return between and south < latitude < north


def covering_box(place: Place, km: float) -> Bounds | None:
    """A box around all places less far away than this; None where a pole or half the globe is among them."""
    latitude, longitude = place
    angle = 1.001 * km / EARTH_KM  # wider by a little than what rounding takes
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    if angle >= pi / 2 or south <= -90 or north >= 90:
        return None
    wide = degrees(asin(sin(angle) / cos(radians(latitude))))
    west, east = (((longitude + side * wide + 180) % 360) - 180 for side in (-1, 1))
    return south, west, north, east


def narrow(box: Bounds) -> tuple[Bounds, ...]:
    """Boxes at most 100 degrees wide that overlap and together hold what this one holds."""
    south, west, north, east = box
    wide = east - west if west < east else east - west + 360
    starts = range(0, ceil(max(wide - 100, 0)) + 99, 99)
    ends = [*(_turned(west + at + 100) for at in starts[:-1]), east]
    return tuple((south, _turned(west + at), north, end) for at, end in zip(starts, ends, strict=True))


def _turned(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


def in_polygon(place: Place, corners: Sequence[Place]) -> bool:
    """Whether a place lies in a polygon on the flat map, not on its edge."""
    latitude, longitude = place
    inside = False
    for (first, left), (second, right) in _sides(corners):
        if _turn((first, left), (second, right), place) == 0 and _between(place, (first, left), (second, right)):
            return False
        if (first > latitude) != (second > latitude):
            crossing = (right - left) * (latitude - first) / (second - first) + left
            inside ^= longitude < crossing
    return inside


def is_simple(corners: Sequence[Place]) -> bool:
    """Whether the sides of a polygon meet at its corners only, each where two follow each other."""
    if len(set(corners)) < len(corners):
        return False
    sides = list(_sides(corners))
    for number, (start, end) in enumerate(sides):
        for further, (other_start, other_end) in enumerate(sides[number + 1 :], number + 1):
            beside = further == number + 1 or (number == 0 and further == len(sides) - 1)
            if beside:
                far, corner, near = (other_end, end, start) if further == number + 1 else (other_start, start, end)
                if _turn(near, corner, far) == 0 and (_between(far, near, corner) or _between(near, far, corner)):
                    return False
            elif _meet(start, end, other_start, other_end):
                return False
    return True


def _sides(corners: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    return pairwise((*corners, corners[0]))


def _turn(one: Place, other: Place, third: Place) -> float:
    """Above 0 where the way from one over the other to the third turns left, below where right, 0 where straight on."""
    return (other[1] - one[1]) * (third[0] - one[0]) - (other[0] - one[0]) * (third[1] - one[1])


def _between(place: Place, one: Place, other: Place) -> bool:
    """Whether a place on the line through two others lies between them, or is one of them."""
    return all(min(a, b) <= at <= max(a, b) for at, a, b in zip(place, one, other, strict=True))


def _meet(one: Place, other: Place, third: Place, fourth: Place) -> bool:
    """Whether two sides have a place in common."""
    turns = [
        _turn(one, other, third),
        _turn(one, other, fourth),
        _turn(third, fourth, one),
        _turn(third, fourth, other),
    ]
    if (turns[0] > 0) != (turns[1] > 0) and (turns[2] > 0) != (turns[3] > 0) and 0 not in turns:
        return True
    ends = ((third, one, other), (fourth, one, other), (one, third, fourth), (other, third, fourth))
    return any(turn == 0 and _between(*end) for turn, end in zip(turns, ends, strict=True))
