"""An outline drawn on a map: what lies within it, and how an address writes it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive_search.projection.layout import Places

Outline: TypeAlias = tuple[tuple[float, float], ...]
"""The corners, in order; the last is joined to the first."""
CORNERS = 40
"""So many corners say what a hand has drawn."""
_FAR = 10.0
_MOST = 200


def inside(places: Places, outline: Outline) -> NDArray[np.bool_]:
    """Which places lie within an outline, by the even-odd rule; within fewer than three corners none does."""
    found = np.zeros(len(places), dtype=bool)
    if len(outline) < 3:
        return found
    x, y = places[:, 0], places[:, 1]
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if y1 != y2:
            crossed = (y1 > y) != (y2 > y)
            found ^= crossed & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def simplified(x: Sequence[float], y: Sequence[float], most: int = CORNERS) -> Outline:
    """An outline of a few of these corners, evenly chosen, in thousandths of the map or, if small, its own."""
    count = min(len(x), len(y))
    if not count:
        return ()
    rows = np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int)).tolist()
    wide = max(max(x) - min(x), max(y) - min(y))
    digits = 3 + max(0, min(3, -math.floor(math.log10(wide)))) if wide > 0 else 3
    return tuple((round(float(x[row]), digits), round(float(y[row]), digits)) for row in rows)


def outline_text(outline: Outline) -> str:
    """As an address writes it: '0.1,-0.25 0.3,0 ...'."""
    return " ".join(f"{x:g},{y:g}" for x, y in outline)


def read_outline(text: str) -> Outline:
    """What `outline_text` wrote; () where it is none."""
    corners = []
    for pair in text.split()[:_MOST]:
        try:
            x, y = (float(one) for one in pair.split(","))
        except ValueError:
            return ()
        if not (abs(x) <= _FAR and abs(y) <= _FAR):  # nor NaN
            return ()
        corners.append((x, y))
    return tuple(corners) if len(corners) >= 3 else ()


def from_the_middle(places: Places, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """These rows, those in the middle of them first."""
    if not len(rows):
        return rows
    some = places[rows].astype(np.float64)
    return rows[np.argsort(((some - np.median(some, axis=0)) ** 2).sum(axis=1), kind="stable")]


def around(places: Places, row: int, count: int) -> NDArray[np.int64]:
    """The rows of those nearest to one of them on the map, itself first."""
    apart = ((places - places[row]) ** 2).sum(axis=1)
    apart[row] = -1.0
    return np.argsort(apart, kind="stable")[:count]
