"""Decoration: patterns laid out on a surface by its own coordinates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from archive_search.sample.canvas import Plane

Pattern = Callable[[Plane, Plane], Plane]
"""From surface coordinates (object units) to the distance from the nearest mark, negative inside it."""

WIDTH = 0.017
"""Half the width of an incised line, object units."""


def _cell(values: Plane, period: float) -> Plane:
    """Distance from the middle of the nearest cell, -period/2 to period/2."""
    p = np.float32(period)
    nearest: Plane = np.round(values / p)
    offset: Plane = np.subtract(values, nearest * p)
    return offset


def _lines(u: Plane, v: Plane) -> Plane:
    return np.abs(_cell(v, 0.105)) - np.float32(WIDTH)


def _stripes(u: Plane, v: Plane) -> Plane:
    return np.abs(_cell(v, 0.28)) - np.float32(0.055)


def _zigzag(u: Plane, v: Plane) -> Plane:
    wave = np.abs(_cell(u, 0.22)) * np.float32(1.1)
    return (np.abs(_cell(v - wave, 0.17)) - np.float32(WIDTH * 1.35)) * np.float32(0.7)


def _crosshatching(u: Plane, v: Plane) -> Plane:
    steep = np.float32(0.75)
    one, other = np.abs(_cell(u + v * steep, 0.13)), np.abs(_cell(u - v * steep, 0.13))
    return np.minimum(one, other) * np.float32(0.8) - np.float32(WIDTH * 0.85)


def _cord(u: Plane, v: Plane) -> Plane:
    strokes = np.abs(_cell(u + v * np.float32(0.8), 0.062)) - np.float32(0.018)
    rows = np.abs(_cell(v, 0.15)) - np.float32(0.036)
    return np.maximum(strokes, rows)


def _staggered(u: Plane, v: Plane, period: float) -> Plane:
    """Distance from the nearest point of a grid whose odd rows are shifted by half a period."""
    row: Plane = np.round(v / np.float32(period))
    dv = v - row * np.float32(period)
    shifted: Plane = u + (row % 2) * np.float32(period / 2)
    du = _cell(shifted, period)
    distance: Plane = np.sqrt(du * du + dv * dv)
    return distance


def _dots(u: Plane, v: Plane) -> Plane:
    return _staggered(u, v, 0.13) - np.float32(0.034)


def _ring_and_dot(u: Plane, v: Plane) -> Plane:
    r = np.sqrt(_cell(u, 0.25) ** 2 + _cell(v, 0.25) ** 2)
    marked: Plane = np.minimum(np.abs(r - np.float32(0.08)) - np.float32(WIDTH), r - np.float32(0.024))
    return marked


def _spiral(u: Plane, v: Plane) -> Plane:
    du, dv = _cell(u, 0.32), _cell(v, 0.32)
    r = np.sqrt(du * du + dv * dv)
    turn = np.arctan2(dv, du) * np.float32(1 / (2 * np.pi))
    arm = np.abs(_cell(r - turn * np.float32(0.068), 0.068)) - np.float32(WIDTH * 0.8)
    return np.maximum(arm, r - np.float32(0.15))


def _interlace(u: Plane, v: Plane) -> Plane:
    phase = u * np.float32(2 * np.pi / 0.34)
    row = _cell(v, 0.3)
    one = np.abs(row - np.sin(phase) * np.float32(0.09))
    other = np.abs(row + np.sin(phase) * np.float32(0.09))
    over = np.where(np.cos(phase) > 0, one, other)
    under = np.where(np.cos(phase) > 0, other, one)
    band, edge = np.float32(0.036), np.float32(WIDTH * 0.8)
    lines = np.abs(over - band) - edge
    hidden = over < band
    woven: Plane = np.where(hidden, lines, np.minimum(lines, np.abs(under - band) - edge))
    return woven


PATTERNS: Mapping[str, Pattern] = {
    "incised lines": _lines,
    "stripes": _stripes,
    "zigzag": _zigzag,
    "crosshatching": _crosshatching,
    "cord impressions": _cord,
    "dots": _dots,
    "ring-and-dot": _ring_and_dot,
    "spiral": _spiral,
    "interlace": _interlace,
}


def marks(decoration: str, u: Plane, v: Plane, pixel: float) -> Plane:
    """
    Lay a pattern on a surface.

    Args:
        decoration: One of `PATTERNS`.
        u, v: Surface coordinates, object units.
        pixel: Side of a pixel, object units: marks never get thinner than what can be seen.

    Returns:
        1 in the marks, 0 between them.
    """
    distance = PATTERNS[decoration](u, v)
    soft: Plane = np.clip(np.float32(0.5) - distance / np.float32(1.3 * pixel), 0, 1)
    return soft
