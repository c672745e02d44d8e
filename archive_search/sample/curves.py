"""Curves: lists of points in object coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from archive_search.sample.canvas import Points


def points(*pairs: tuple[float, float]) -> Points:
    """Make points of (x, y) pairs."""
    return np.array(pairs, dtype=np.float64)


def smooth(corners: Points, closed: bool = True, steps: int = 8) -> Points:
    """A Catmull-Rom curve through the corners."""
    if closed:
        p0, p1, p2, p3 = (np.roll(corners, shift, axis=0) for shift in (1, 0, -1, -2))
    else:
        padded = np.vstack([2 * corners[0] - corners[1], corners, 2 * corners[-1] - corners[-2]])
        p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (p[:, None, :] for p in (p0, p1, p2, p3))
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, corners[-1:]])


def eased(corners: Points, steps: int = 6) -> Points:
    """An open line along the corners with each corner taken off a little and both ends kept."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    dense = np.vstack([a + (b - a) * t for a, b in pairwise(corners)] + [corners[-1:]])
    middle = (dense[:-4] + dense[1:-3] + dense[2:-2] + dense[3:-1] + dense[4:]) / 5
    return np.vstack([dense[:2], middle, dense[-2:]])


def mirrored(right: Points) -> Points:
    """A closed outline from its right half, given from top to bottom."""
    left = right[::-1] * (-1.0, 1.0)
    return np.vstack([right, left])


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float, steps: int = 24) -> Points:
    """Part of an ellipse, from one angle to another in radians (0 is right, a quarter turn is down)."""
    t = np.linspace(start, end, steps)
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], axis=1)


def ragged(outline: Points, rng: np.random.Generator, amount: float) -> Points:
    """The closed outline with small random dents, as hand work and age leave them."""
    k = len(outline)
    knots = max(4, k // 3)
    dents = rng.normal(0, amount, (knots, 2))
    where = np.arange(k) * (knots / k)
    rows = [np.interp(where, np.arange(knots + 1), np.append(dents[:, i], dents[0, i])) for i in (0, 1)]
    dented: Points = outline + np.stack(rows, axis=1)
    return dented


def profile(
    heights: Sequence[float] | Points, widths: Sequence[float] | Points, steps: int = 10
) -> tuple[Points, Points]:
    """A smooth half-width as a function of height: (ys, widths), both increasing in y and dense."""
    curve = smooth(np.stack([np.asarray(heights, float), np.asarray(widths, float)], axis=1), closed=False, steps=steps)
    ys = np.maximum.accumulate(curve[:, 0])
    return ys, np.maximum(curve[:, 1], 0.0)
