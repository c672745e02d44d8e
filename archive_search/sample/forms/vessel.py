"""Pots and bowls: bodies turned about an axis, with an opening, and perhaps handles, lugs or a foot."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, Points
from archive_search.sample.curves import points, profile, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, dome, rounded, turned

Outline = tuple[list[float], list[float]]
"""Heights from rim to base, and the half-width at each."""


def _pot(details: tuple[str, ...], rng: np.random.Generator) -> Outline:
    """Half-widths of a pot from its rim to its base, before scaling."""
    belly, base = rng.uniform(0.46, 0.58), rng.uniform(0.17, 0.25)
    at = rng.uniform(-0.05, 0.15)
    if "funnel neck" in details:
        return [-0.62, -0.42, -0.24, at, 0.36, 0.62], [
            belly * 0.86,
            belly * 0.7,
            belly * 0.62,
            belly,
            belly * 0.8,
            base,
        ]
    if "narrow neck" in details:
        neck = rng.uniform(0.15, 0.2)
        return [-0.68, -0.56, -0.34, at, 0.38, 0.66], [neck * 1.35, neck, neck * 1.15, belly, belly * 0.78, base]
    if "biconical" in details:
        return [-0.6, -0.3, at - 0.04, at + 0.04, 0.3, 0.64], [
            0.33,
            0.43,
            belly + 0.03,
            belly + 0.03,
            belly * 0.72,
            base,
        ]
    if "everted rim" in details:
        return [-0.6, -0.52, -0.42, at, 0.36, 0.62], [
            belly * 0.86,
            belly * 0.68,
            belly * 0.66,
            belly,
            belly * 0.82,
            base,
        ]
    return [-0.6, -0.4, at - 0.1, 0.3, 0.64], [belly * 0.8, belly * 0.93, belly, belly * 0.85, base * 1.3]


def _bowl(details: tuple[str, ...], rng: np.random.Generator) -> Outline:
    """Half-widths of a bowl from its rim to its base, before scaling."""
    rim, base = rng.uniform(0.62, 0.7), rng.uniform(0.18, 0.28)
    top = -0.28
    if "everted rim" in details:
        return [top - 0.02, top + 0.06, top + 0.12, 0.08, 0.3, 0.42], [
            rim + 0.03,
            rim - 0.1,
            rim - 0.1,
            rim * 0.82,
            0.4,
            base,
        ]
    return [top, -0.1, 0.14, 0.32, 0.44], [rim, rim * 0.97, rim * 0.78, rim * 0.54, base]


def _handle(canvas: Canvas, side: int, ys: Points, widths: Points, top: float, end: float) -> Part:
    """A strap from the neck to the belly on one side."""
    reach = 0.22
    at_top, at_end = (float(np.interp(y, ys, widths)) for y in (top, end))
    out = max(at_top, at_end)
    curve = smooth(
        points(
            (side * (at_top - 0.04), top),
            (side * (out + reach * 0.7), top - 0.03),
            (side * (out + reach), (top + end) / 2),
            (side * (at_end + 0.06), end),
            (side * (at_end - 0.05), end + 0.02),
        ),
        closed=False,
    )
    mask = canvas.stroke(curve, 0.085)
    return Part(mask, rounded(canvas, mask, 0.09, 1.6))


def vessel(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """
    Shape a pot or a bowl, upright.

    A photograph is taken from a little above, the second view from higher. A drawing shows no perspective, and most
    often cuts away the left half to show the section through the wall.
    """
    details = depiction.details
    pot = depiction.kind == "pot"
    heights, widths = (_pot if pot else _bowl)(details, rng)
    if "foot" in details:
        heights, widths = (
            [*heights, heights[-1] + 0.04, heights[-1] + 0.13],
            [*widths, widths[-1] * 0.85, widths[-1] * 1.4],
        )
    middle = (heights[0] + heights[-1]) / 2
    heights = [y - middle for y in heights]
    stretch = rng.uniform(0.86, 1.0) if pot else rng.uniform(0.9, 1.15)
    ys, half = profile(np.array(heights) * stretch, widths)
    drawn = depiction.style == "drawing"
    tilt = 0.0 if drawn else (0.1 if depiction.view == 0 else 0.34) * rng.uniform(0.8, 1.2) * (1 if pot else 1.3)
    body, height, t = turned(canvas, ys, half)
    rim_y, rim_r, base_y, base_r = float(ys[0]), float(half[0]), float(ys[-1]), float(half[-1])
    if tilt:
        body = np.maximum(body, canvas.disc(0, base_y, base_r, base_r * tilt) * (canvas.y >= base_y - 0.01))
    parts = [Part(body, height)]
    if "handle" in details or "two handles" in details:
        top, end = (ys[0] + 0.12, ys[0] + 0.55) if pot else (ys[0] + 0.05, ys[0] + 0.36)
        sides = (-1, 1) if "two handles" in details else (1,)
        parts = [_handle(canvas, side, ys, half, float(top), float(end)) for side in sides] + parts
    if "lugs" in details:
        y = float(ys[0]) + (0.5 if pot else 0.2)
        w = float(np.interp(y, ys, half))
        for x in (-w * 0.97, w * 0.97, 0.0 if tilt else w * 0.45):
            lug, bulge = dome(canvas, x, y, 0.075, 1.2)
            parts.append(Part(lug, bulge + height * np.float32(0.95)))
    blank = solid = None
    creases = np.zeros_like(body)
    if tilt:
        parts += _opening(canvas, rim_y, rim_r, tilt)
    elif rng.random() < 0.75:
        blank = body * (canvas.x < 0)
        inner = half - 0.05
        wall = canvas.below(np.abs(canvas.x), np.interp(canvas.y, ys, inner).astype(np.float32))
        floor = canvas.y > np.float32(base_y - 0.06)
        solid = np.maximum(blank * (1 - wall), blank * floor)
        creases = np.maximum(canvas.stroke(points((0, rim_y), (0, base_y)), 0.008), creases)
    curve = np.sqrt(np.maximum(1 - t * t, 0)) * np.interp(canvas.y, ys, half).astype(np.float32)
    u = np.arcsin(t * np.float32(0.999)) * np.float32(half.max())
    v = canvas.y - curve * np.float32(tilt)
    low, high = (
        (rim_y + 0.1, rim_y + rng.uniform(0.55, 0.72)) if pot else (rim_y + 0.07, rim_y + rng.uniform(0.32, 0.42))
    )
    zone = body * ((v > low) & (v < high))
    if blank is not None:
        zone = zone * (1 - blank)
    return Form(tuple(parts), u, v - np.float32(low + 0.05), zone, creases, solid=solid, blank=blank)


def _opening(canvas: Canvas, y: float, radius: float, tilt: float) -> list[Part]:
    """The rim seen from above, and the inside behind it."""
    rim: Plane = canvas.disc(0, y, radius, radius * tilt)
    inside = canvas.disc(0, y, radius - 0.045, (radius - 0.045) * tilt)
    hollow = (canvas.x * np.float32(-0.6) + (canvas.y - np.float32(y)) * np.float32(-0.5)) * inside
    return [Part(rim, np.full_like(rim, radius * 0.1)), Part(inside, hollow, "inside")]
