"""Beads: single ones with their hole, and strings of them."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas
from archive_search.sample.curves import profile
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, dome, turned


def bead(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a bead, or a string of beads laid in a loop."""
    details = depiction.details
    if "string" in details:
        return _string(canvas, rng)
    if "barrel-shaped" in details or "hammer-shaped" in details:
        return _long(depiction, canvas, rng)
    return _facing(depiction, canvas, rng)


def _facing(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """A round, flat or melon bead that shows its hole."""
    melon, flat = "melon" in depiction.details, "disc-shaped" in depiction.details
    size, round_ = rng.uniform(0.5, 0.6), rng.uniform(0.92, 1.06)
    r = canvas.radius(0, 0, size, size * round_)
    theta = np.arctan2(canvas.y, canvas.x)
    edge = np.full_like(r, 1.0)
    if melon:
        ribs = int(rng.integers(9, 13))
        edge = np.float32(0.94) + np.float32(0.06) * np.abs(np.cos(theta * np.float32(ribs / 2)))
    mask = canvas.below(r * np.float32(size), edge * np.float32(size))
    hole_r = size * (rng.uniform(0.3, 0.4) if flat else rng.uniform(0.16, 0.24))
    if flat:
        height = np.clip((1 - r) * 4, 0, 1) ** np.float32(0.5) * np.float32(0.12)
    else:
        height = np.sqrt(np.maximum(1 - (r / edge) ** 2, 0)) * np.float32(size * 0.9)
    if melon:
        height = height + np.abs(np.cos(theta * np.float32(ribs / 2))) * np.float32(0.09) * r
    dip = np.exp(-(canvas.radius(0, 0, hole_r * 1.15) ** 2)) * np.float32(0.06)
    hole = canvas.disc(0, 0, hole_r, hole_r * round_)
    far = canvas.disc(hole_r * 0.25, hole_r * 0.22, hole_r * 0.72)
    nothing = np.zeros_like(mask)
    parts = (Part(mask, height - dip), Part(hole, nothing, "inside"), Part(far * hole, nothing, "gap"))
    creases = None
    if melon:
        creases = np.clip(1 - np.abs(np.cos(theta * np.float32(ribs / 2))) * np.float32(9), 0, 1) * mask * (r > 0.45)
    turns = 2 * np.pi * size * 0.7
    u = theta * np.float32(round(turns / 0.66) * 0.66 / (2 * np.pi))
    v = (r - 1) * np.float32(size)
    zone = mask * (r < np.float32(0.96)) * canvas.below(np.full_like(r, hole_r * 1.12), r * np.float32(size))
    return Form(parts, u, v + np.float32(0.14), zone, creases)


def _long(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """A barrel or a small double hammer, seen from the side with the hole at one end or through its middle."""
    length = rng.uniform(0.56, 0.68)
    hammer = "hammer-shaped" in depiction.details
    if hammer:
        ys, half = profile([-0.5, -0.42, -0.15, 0.15, 0.42, 0.5], [0.3, 0.36, 0.2, 0.2, 0.36, 0.3])
    else:
        thick = rng.uniform(0.32, 0.4)
        ys, half = profile(
            [-length, -length * 0.55, 0, length * 0.55, length], [0.21, thick * 0.9, thick, thick * 0.9, 0.21]
        )
    mask, height, t = turned(canvas, ys, half)
    nothing = np.zeros_like(mask)
    if hammer:
        hole = canvas.disc(0, 0, 0.075)
        parts = [Part(mask, height), Part(hole, nothing, "gap")]
    else:
        rim, hole = canvas.disc(0, -length, 0.21, 0.085), canvas.disc(0, -length, 0.1, 0.04)
        base = canvas.disc(0, length, 0.21, 0.07) * (canvas.y > length - 0.01)
        parts = [Part(np.maximum(mask, base), height), Part(rim, nothing + np.float32(0.1)), Part(hole, nothing, "gap")]
    u = np.arcsin(t * np.float32(0.999)) * np.float32(0.36)
    v = canvas.y - height * np.float32(0.0 if hammer else 0.2)
    zone = mask * (np.abs(canvas.y) < np.float32(length * 0.8)) * (1 - parts[-1].mask)
    return Form(tuple(parts), u, v, zone)


def _string(canvas: Canvas, rng: np.random.Generator) -> Form:
    """A dozen or two of beads on a thread, laid in an open loop."""
    number = int(rng.integers(13, 22))
    theta = np.linspace(-0.5 * np.pi + 0.35, 1.5 * np.pi - 0.35, number)
    wide, tall = rng.uniform(0.5, 0.6), rng.uniform(0.5, 0.64)
    spread = 2 * np.pi * min(wide, tall) / number
    bulge = 1 + 0.35 * np.cos(theta - np.pi / 2) if rng.random() < 0.5 else np.ones(number)
    thread = np.stack([wide * np.cos(theta), tall * np.sin(theta)], axis=1)
    parts = [Part(canvas.stroke(thread, 0.018), np.zeros_like(canvas.x), "thread")]
    masks, heights = np.zeros_like(canvas.x), np.zeros_like(canvas.x)
    for (x, y), swell in zip(thread + rng.normal(0, 0.008, thread.shape), bulge, strict=True):
        mask, height = dome(canvas, float(x), float(y), spread * 0.46 * float(swell) * rng.uniform(0.88, 1.08))
        fresh = mask * (1 - masks)
        heights = heights + height * fresh
        masks = np.maximum(masks, mask)
    creases = np.zeros_like(masks)
    parts.append(Part(masks, heights))
    return Form(tuple(parts), canvas.x, canvas.y, np.zeros_like(masks), creases)
