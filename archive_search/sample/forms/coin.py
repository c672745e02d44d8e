"""Coins: a struck disc with a border and a motif in relief."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, blurred, noise
from archive_search.sample.curves import arc, points, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded

PROFILE = points(
    (-0.02, -0.4), (0.14, -0.36), (0.22, -0.22), (0.22, -0.1), (0.31, 0.03), (0.23, 0.06), (0.25, 0.13), (0.2, 0.19),
    (0.18, 0.27), (0.06, 0.28), (0.06, 0.38), (0.2, 0.48), (-0.3, 0.48), (-0.2, 0.34), (-0.24, 0.1), (-0.3, -0.16),
    (-0.2, -0.34),
)  # fmt: skip
HULL = points(
    (-0.44, 0.02), (-0.38, 0.16), (-0.2, 0.24), (0.2, 0.24), (0.38, 0.16), (0.44, 0.02), (0.3, 0.1), (-0.3, 0.1)
)


def _portrait(canvas: Canvas, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """A head in profile with a diadem and locks of hair."""
    facing = 1.0 if rng.random() < 0.6 else -1.0
    head = canvas.fill(smooth(PROFILE * (facing, 1.0)))
    lines = canvas.stroke(points((-0.28 * facing, -0.1), (0.2 * facing, -0.22)), 0.04)
    lines = np.maximum(lines, canvas.disc(0.13 * facing, -0.06, 0.035))
    for i in range(4):
        lock = arc((-0.12 + 0.02 * i) * facing, -0.2 + 0.14 * i, 0.12, 0.05, 0.3, 2.8)
        lines = np.maximum(lines, canvas.stroke(lock, 0.022) if i != 1 else lines * 0)
    return head, lines * head


def _cross(canvas: Canvas, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """A cross with broad ends, and a pellet in each angle."""
    arm = rng.uniform(0.4, 0.48)
    flare = points((0.045, 0.0), (0.045, -arm * 0.6), (0.12, -arm), (-0.12, -arm), (-0.045, -arm * 0.6), (-0.045, 0.0))
    cross = np.zeros_like(canvas.x)
    for quarter in range(4):
        turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
        cross = np.maximum(cross, canvas.fill(flare @ np.linalg.matrix_power(turn, quarter)))
    for x, y in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        cross = np.maximum(cross, canvas.disc(0.23 * x, 0.23 * y, 0.06))
    return np.maximum(cross, canvas.disc(0, 0, 0.07)), np.zeros_like(cross)


def _ship(canvas: Canvas, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """A ship with high stems, a mast, stays and a square sail."""
    ship = canvas.fill(smooth(HULL))
    for side in (-1, 1):
        stem = smooth(
            points((0.4 * side, 0.08), (0.45 * side, -0.06), (0.42 * side, -0.2), (0.36 * side, -0.22)), False
        )
        ship = np.maximum(ship, canvas.stroke(stem, 0.045))
        ship = np.maximum(ship, canvas.stroke(points((0.0, -0.42), (0.36 * side, 0.06)), 0.018))
    ship = np.maximum(ship, canvas.stroke(points((0, -0.46), (0, 0.12)), 0.04))
    top = rng.uniform(-0.38, -0.32)
    sail = canvas.fill(points((-0.2, top), (0.2, top), (0.25, -0.06), (-0.25, -0.06)))
    lines = canvas.stroke(points((-0.42, 0.13), (0.42, 0.13)), 0.018) * ship
    for x in (-0.24, -0.08, 0.08, 0.24):
        lines = np.maximum(lines, canvas.stroke(points((x * 0.9, top), (x, -0.06)), 0.018) * sail)
    for x in np.linspace(-0.32, 0.32, 7):
        ship = np.maximum(ship, canvas.disc(float(x), 0.09, 0.035))
    return np.maximum(ship, sail), lines


MOTIFS = {"portrait": _portrait, "cross": _cross, "ship": _ship}


def coin(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a coin, slightly out of round."""
    size = rng.uniform(0.66, 0.72)
    theta = np.arctan2(canvas.y, canvas.x)
    r = np.sqrt(canvas.x**2 + canvas.y**2)
    outline = np.float32(size) * (1 + np.float32(0.018) * np.sin(theta * 3 + np.float32(rng.uniform(0, 6))))
    mask = canvas.below(r + noise(rng, canvas.n, 14) * np.float32(0.006), outline)
    border: Plane
    if "beaded border" in depiction.details:
        beads = 46
        around = np.abs(np.mod(theta * np.float32(beads / (2 * np.pi)), 1) - np.float32(0.5)) * np.float32(0.085)
        border = canvas.below(np.hypot(around, r - np.float32(size * 0.88)), 0.026)
    elif "lettered border" in depiction.details:
        border = np.maximum(
            _letters(canvas, r, theta, size, rng), canvas.below(np.abs(r - np.float32(size * 0.95)), 0.014)
        )
        border = np.maximum(border, canvas.below(np.abs(r - np.float32(size * 0.68)), 0.01))
    else:
        border = canvas.below(np.abs(r - np.float32(size * 0.91)), 0.03)
    motif, lines = MOTIFS[depiction.decoration or "cross"](canvas, rng)
    field = canvas.below(r, (0.66 if "lettered border" in depiction.details else 0.85) * size)
    motif, lines = motif * field, lines * field
    flan = rounded(canvas, mask, 0.06, 1.0)
    relief = rounded(canvas, motif, 0.07, 1.1) + rounded(canvas, border, 0.035, 0.9) - lines * np.float32(0.02)
    parts = [Part(mask, flan + relief)]
    if "pierced" in depiction.details:
        hole = canvas.disc(0, -size * 0.8, 0.06)
        parts.append(Part(hole, np.zeros_like(mask), "gap"))
    raised = np.maximum(motif, border)
    edges = np.clip((raised - blurred(raised, 0.008)) * 3, 0, 1) * raised
    return Form(tuple(parts), canvas.x, canvas.y, np.zeros_like(mask), np.maximum(edges, lines))


def _letters(canvas: Canvas, r: Plane, theta: Plane, size: float, rng: np.random.Generator) -> Plane:
    """A ring of strokes that look like worn letters."""
    number = 22
    place = np.mod(theta * np.float32(number / (2 * np.pi)), number)
    index = place.astype(np.int32) % number
    x = (place - index - np.float32(0.5)) * np.float32(0.16)
    y = r - np.float32(size * 0.815)
    slants = rng.choice([-0.7, 0.0, 0.0, 0.7], number).astype(np.float32)[index]
    bars = rng.choice([-0.05, 0.0, 0.05, 9.0], number).astype(np.float32)[index]
    stroke = np.minimum(np.abs(x - np.float32(0.035) - y * slants), np.abs(x + np.float32(0.035) + y * slants))
    bar = np.where(np.abs(x) < 0.04, np.abs(y - bars), np.float32(9.0))
    return canvas.below(np.maximum(np.minimum(stroke, bar) * np.float32(2.4), np.abs(y) * np.float32(0.5)), 0.032)
