"""Combs: single-sided, double-sided, or with a long handle."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane
from archive_search.sample.curves import arc, points
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded


def _teeth(
    canvas: Canvas, left: float, right: float, top: float, end: float, rng: np.random.Generator, lost: float
) -> Plane:
    """Teeth that hang from `top` to `end`; a share of them is lost."""
    period = rng.uniform(0.066, 0.082)
    number = int((right - left) / period)
    place = (canvas.x - np.float32(left)) / np.float32(period)
    index = np.clip(place.astype(np.int32), 0, number - 1)
    lengths = np.where(rng.random(number) < lost, rng.uniform(0.1, 0.7, number), rng.uniform(0.95, 1.0, number))
    reach = np.abs(canvas.y - np.float32(top)) / np.float32(abs(end - top))
    downwards = (canvas.y - np.float32(top)) * np.float32(np.sign(end - top)) >= 0
    thin = np.float32(0.32) - np.float32(0.14) * np.clip(reach, 0, 1)
    tooth = canvas.below(np.abs(place - index - np.float32(0.5)) * np.float32(period), thin * np.float32(period))
    within = (place >= 0) & (place < number) & (reach <= lengths.astype(np.float32)[index]) & downwards
    teeth: Plane = tooth * within
    return teeth


def comb(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a comb; a broken one has lost many of its teeth as well."""
    details = depiction.details
    lost = 0.45 if depiction.condition == "broken" else 0.0
    wide = rng.uniform(0.6, 0.72)
    bar = np.zeros_like(canvas.x)
    if "double-sided" in details:
        plate = canvas.fill(points((-wide, -0.13), (wide, -0.13), (wide, 0.13), (-wide, 0.13)))
        guard = canvas.fill(points((-wide, -0.42), (-wide + 0.06, -0.42), (-wide + 0.06, 0.42), (-wide, 0.42)))
        guards = np.maximum(
            guard, canvas.fill(points((wide - 0.06, -0.42), (wide, -0.42), (wide, 0.42), (wide - 0.06, 0.42)))
        )
        teeth = _teeth(canvas, -wide + 0.07, wide - 0.07, 0.1, 0.43, rng, lost)
        teeth = np.maximum(np.maximum(teeth, guards), _teeth(canvas, -wide + 0.07, wide - 0.07, -0.1, -0.43, rng, lost))
        bar, low, high = plate, -0.13, 0.13
    elif "long handle" in details:
        half = points((0.1, -0.74), (0.13, -0.68), (0.12, -0.1), (0.2, 0.06), (0.22, 0.3))
        bar = canvas.fill(np.vstack([half, half[::-1] * (-1.0, 1.0)]))
        bar = bar * (1 - canvas.disc(0, -0.64, 0.035))
        teeth = _teeth(canvas, -0.215, 0.215, 0.25, 0.7, rng, lost)
        low, high = -0.5, 0.18
    else:
        top = arc(0, -0.06, wide, rng.uniform(0.34, 0.42), np.pi, 2 * np.pi) if "curved back" in details else points(
            (-wide, -0.34), (wide, -0.34)
        )  # fmt: skip
        bar = canvas.fill(np.vstack([top, points((wide, 0.02), (-wide, 0.02))]))
        teeth = _teeth(canvas, -wide + 0.02, wide - 0.02, 0.0, 0.46, rng, lost)
        low, high = (-0.3, -0.02)
    parts = [
        Part(teeth, rounded(canvas, teeth, 0.03, 1.2)),
        Part(bar, rounded(canvas, bar, 0.08, 1.1) + np.float32(0.02)),
    ]
    zone = (
        bar
        * ((canvas.y > low + 0.02) & (canvas.y < high - 0.02))
        * canvas.below(1 - rounded(canvas, bar, 0.02, 50), 0.1)
    )
    creases = np.zeros_like(bar)
    if "long handle" not in details:
        for y in (low + 0.02, high - 0.01):
            creases = np.maximum(creases, canvas.stroke(points((-wide, y), (wide, y)), 0.009) * bar)
    if "rivets" in details:
        middle = (low + high) / 2
        spots = (
            [(0.0, y) for y in (-0.4, 0.0)]
            if "long handle" in details
            else [(x, middle) for x in np.linspace(-0.86, 0.86, 6) * wide]
        )
        for x, y in spots:
            rivet = canvas.disc(float(x), y, 0.03)
            zone = zone * (1 - canvas.disc(float(x), y, 0.05))
            parts.append(Part(rivet, rounded(canvas, rivet, 0.03, 2) + np.float32(0.09), "rivet"))
    return Form(tuple(parts), canvas.x, canvas.y - np.float32((low + high) / 2), zone, creases)
