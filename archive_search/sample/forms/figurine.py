"""Figurines: people, horses, birds and boars."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from archive_search.sample.canvas import Canvas, Plane
from archive_search.sample.curves import points, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded


def figurine(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a figurine: people face the viewer, animals are seen from the side."""
    shape = SHAPES[next(name for name in SHAPES if name in depiction.details)]
    pieces, lines, trunk = shape(depiction, canvas, rng)
    parts = tuple(Part(piece, rounded(canvas, piece, 0.2, 1.1) + rounded(canvas, piece, 0.07, 1.0)) for piece in pieces)
    return Form(parts, canvas.x, canvas.y, trunk, lines)


Shaped = tuple[list[Plane], Plane, Plane]
"""Pieces from back to front, lines, and where decoration may be."""


def _human(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Shaped:
    wide = rng.uniform(0.2, 0.26)
    legs = np.maximum(
        canvas.stroke(points((-wide * 0.5, 0.2), (-wide * 0.55, 0.68)), 0.17),
        canvas.stroke(points((wide * 0.5, 0.2), (wide * 0.55, 0.68)), 0.17),
    )
    half = points(
        (0.07, -0.4), (wide, -0.32), (wide * 0.95, -0.1), (wide * 0.8, 0.06), (wide * 1.05, 0.3), (0.06, 0.36)
    )
    trunk = canvas.fill(smooth(np.vstack([half, half[::-1] * (-1.0, 1.0)])))
    arms = np.zeros_like(trunk)
    raised = "raised arms" in depiction.details
    for s in (-1, 1):
        if raised:
            line = points((s * wide * 0.8, -0.28), (s * (wide + 0.2), -0.34), (s * (wide + 0.26), -0.66))
        else:
            line = points((s * wide * 0.9, -0.26), (s * (wide + 0.1), 0.0), (s * wide * 0.55, 0.08))
        arms = np.maximum(arms, canvas.stroke(smooth(line, False), 0.1))
    head = canvas.disc(0, -0.57, 0.135, 0.17)
    neck = canvas.stroke(points((0, -0.45), (0, -0.32)), 0.11)
    lines = np.zeros_like(trunk)
    for s in (-1, 1):
        lines = np.maximum(lines, canvas.disc(s * 0.05, -0.6, 0.022))
    lines = np.maximum(lines, canvas.stroke(points((0, -0.6), (0, -0.53)), 0.016))
    lines = np.maximum(lines, canvas.stroke(points((-0.04, -0.48), (0.04, -0.48)), 0.016))
    belt = canvas.stroke(points((-wide * 1.2, 0.13), (wide * 1.2, 0.13)), 0.016) * trunk
    body = np.maximum(trunk, legs)
    pieces = [arms, neck, body, head] if raised else [neck, body, arms, head]
    return pieces, np.maximum(lines, belt), trunk * (canvas.y > -0.24) * (canvas.y < 0.34)


def _legs(canvas: Canvas, places: tuple[float, ...], top: float, foot: float, width: float) -> Plane:
    legs = np.zeros_like(canvas.x)
    for x in places:
        line = points((x, top), (x * 1.04, (top + foot) / 2), (x * 1.06, foot))
        legs = np.maximum(legs, canvas.stroke(line, width))
    return legs


def _horse(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Shaped:
    body = canvas.fill(
        smooth(points((-0.46, -0.12), (-0.2, -0.16), (0.14, -0.13), (0.34, -0.18), (0.42, 0.05), (0.3, 0.22),
                      (-0.1, 0.2), (-0.4, 0.22), (-0.5, 0.05)))
    )  # fmt: skip
    neck = canvas.fill(
        smooth(points((0.2, -0.1), (0.3, -0.42), (0.44, -0.58), (0.56, -0.5), (0.5, -0.3), (0.42, 0.05)))
    )
    head = canvas.fill(
        smooth(points((0.4, -0.56), (0.5, -0.62), (0.62, -0.5), (0.76, -0.34), (0.7, -0.26), (0.52, -0.36)))
    )
    ear = canvas.fill(points((0.42, -0.56), (0.45, -0.72), (0.52, -0.58)))
    tail = canvas.stroke(smooth(points((-0.46, -0.08), (-0.6, 0.02), (-0.62, 0.3), (-0.56, 0.42)), False), 0.075)
    near = _legs(canvas, (-0.38, 0.33), 0.1, rng.uniform(0.58, 0.66), 0.11)
    far = _legs(canvas, (-0.24, 0.2), 0.1, 0.6, 0.1)
    mane = np.zeros_like(body)
    for i in range(6):
        x, y = 0.2 + 0.035 * i, -0.2 - 0.065 * i
        mane = np.maximum(mane, canvas.stroke(points((x, y), (x + 0.1, y + 0.05)), 0.014))
    lines = np.maximum(mane * neck, canvas.disc(0.57, -0.48, 0.02))
    return [far, tail, near, body, neck, np.maximum(head, ear)], lines, body * (canvas.x < 0.25)


def _bird(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Shaped:
    body = canvas.fill(
        smooth(
            points((0.36, -0.2), (0.42, 0.06), (0.22, 0.34), (-0.14, 0.36), (-0.46, 0.16), (-0.3, -0.04), (0.06, -0.22))
        )
    )
    tail = canvas.fill(points((-0.3, 0.02), (-0.74, 0.1), (-0.76, 0.28), (-0.3, 0.26)))
    head = canvas.disc(0.32, -0.36, rng.uniform(0.16, 0.19))
    neck = canvas.stroke(points((0.22, -0.06), (0.31, -0.34)), 0.26)
    beak = canvas.fill(points((0.46, -0.44), (0.7, -0.32), (0.46, -0.27)))
    legs = np.maximum(
        canvas.stroke(points((0.02, 0.3), (0.04, 0.6)), 0.06), canvas.stroke(points((0.16, 0.3), (0.2, 0.6)), 0.06)
    )
    base = canvas.fill(points((-0.16, 0.57), (0.36, 0.57), (0.36, 0.66), (-0.16, 0.66)))
    wing = smooth(points((0.2, -0.04), (0.18, 0.16), (-0.06, 0.22), (-0.44, 0.16), (-0.2, -0.02)))
    lines = canvas.stroke(np.vstack([wing, wing[:1]]), 0.018)
    for i in range(3):
        lines = np.maximum(lines, canvas.stroke(points((-0.32 + 0.13 * i, 0.16), (-0.1 + 0.1 * i, 0.03)), 0.014))
        lines = np.maximum(lines, canvas.stroke(points((-0.72, 0.13 + 0.05 * i), (-0.46, 0.11 + 0.05 * i)), 0.012))
    lines = np.maximum(lines, canvas.disc(0.36, -0.39, 0.025))
    return [legs, base, tail, neck, body, head, beak], lines, body * (canvas.y > 0.2)


def _boar(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Shaped:
    body = canvas.fill(
        smooth(points((-0.56, -0.08), (-0.36, -0.26), (0.0, -0.34), (0.32, -0.26), (0.5, -0.08), (0.46, 0.16),
                      (0.24, 0.26), (-0.3, 0.28), (-0.56, 0.18)))
    )  # fmt: skip
    head = canvas.fill(
        smooth(points((0.34, -0.24), (0.52, -0.16), (0.78, 0.08), (0.77, 0.19), (0.5, 0.22), (0.34, 0.12)))
    )
    ear = canvas.fill(points((0.34, -0.2), (0.4, -0.42), (0.52, -0.18)))
    legs = _legs(canvas, (-0.42, 0.34), 0.16, rng.uniform(0.46, 0.54), 0.15)
    far = _legs(canvas, (-0.26, 0.2), 0.16, 0.46, 0.12)
    tail = canvas.stroke(smooth(points((-0.54, -0.06), (-0.68, -0.02), (-0.66, 0.1), (-0.62, 0.06)), False), 0.04)
    bristles = np.zeros_like(body)
    for x in np.linspace(-0.42, 0.34, 12):
        top = -0.36 + 0.3 * float(x + 0.02) ** 2
        bristles = np.maximum(
            bristles, canvas.stroke(points((float(x), top + 0.07), (float(x) - 0.03, top - 0.08)), 0.035)
        )
    tusk = canvas.stroke(points((0.64, 0.16), (0.68, 0.06)), 0.025)
    lines = np.maximum(canvas.disc(0.53, -0.06, 0.025), tusk)
    return [far, tail, bristles, legs, body, np.maximum(head, ear)], lines, body * (canvas.x < 0.3)


SHAPES: Mapping[str, Callable[[Depiction, Canvas, np.random.Generator], Shaped]] = {
    "human": _human,
    "horse": _horse,
    "bird": _bird,
    "boar": _boar,
}
