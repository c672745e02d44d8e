"""
The land of the globe as outlines, cut to a part of it: what find-spots are shown on.

The outlines are those of Natural Earth at 1:50,000,000 (public domain), as the package world-atlas 2.0.2 has them. They
lie here, so that no server of maps is told where somebody looks.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from archive_search.geometry import Bounds

Point: TypeAlias = tuple[float, float]
"""Longitude and latitude."""
_FILE = Path(__file__).parents[2] / "static" / "land.json.gz"


@functools.lru_cache(maxsize=8)
def land(bounds: Bounds) -> tuple[tuple[Point, ...], ...]:
    """The outlines of the land within south, west, north, east; lakes are not cut out."""
    south, west, north, east = bounds
    sides: list[tuple[int, float, Callable[[float, float], bool]]] = [
        (0, west, float.__ge__),
        (0, east, float.__le__),
        (1, south, float.__ge__),
        (1, north, float.__le__),
    ]
    found = []
    for ring in _rings():
        longitudes, latitudes = [x for x, _ in ring], [y for _, y in ring]
        if max(longitudes) < west or min(longitudes) > east or max(latitudes) < south or min(latitudes) > north:
            continue
        points = list(ring)
        for axis, edge, inside in sides:
            points = _cut(points, axis, edge, inside)
        if len(points) > 2:
            found.append(tuple(points))
    return tuple(found)


@functools.cache
def _rings() -> list[list[Point]]:
    flat = json.loads(gzip.decompress(_FILE.read_bytes()))
    return [list(zip(ring[::2], ring[1::2], strict=True)) for ring in flat]


def _cut(ring: list[Point], axis: int, edge: float, inside: Callable[[float, float], bool]) -> list[Point]:
    """The part of a polygon on one side of a line along an axis (Sutherland and Hodgman, 1974)."""
    kept: list[Point] = []
    for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        if inside(here[axis], edge) != inside(before[axis], edge):
            share = (edge - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
            kept.append((edge, other) if axis == 0 else (other, edge))
        if inside(here[axis], edge):
            kept.append(here)
    return kept
