"""Swords: a blade, and a hilt of guard, grip and pommel or only the tang that held it."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane
from archive_search.sample.curves import eased, points, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded


def _blade(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """The blade, point upwards, and its height."""
    wide = rng.uniform(0.085, 0.115)
    details = depiction.details
    if "single-edged" in details:
        bend = rng.uniform(0.16, 0.24) if "curved blade" in details else 0.0
        y = np.linspace(-0.95, 0.45, 30)
        lean = -bend * ((y - 0.45) / 1.4) ** 2
        belly = wide * np.minimum(1.0, np.sqrt((y + 0.95) / 0.4))
        right = np.stack([lean + belly, y], axis=1)
        left = np.stack([lean - wide * 0.75 + 0.0 * y, y], axis=1)
        mask = canvas.fill(np.vstack([right, left[::-1]]))
        bent = canvas.x + np.float32(bend) * ((canvas.y - np.float32(0.45)) / np.float32(1.4)) ** 2
        height = (np.float32(wide) - bent) * np.float32(0.5) + rounded(canvas, mask, 0.05, 0.5)
        return mask, height
    if "leaf-shaped blade" in details or depiction.material == "bronze":
        half = points(
            (0, -0.95),
            (wide * 0.7, -0.72),
            (wide * 1.25, -0.38),
            (wide * 0.78, 0.1),
            (wide * 0.85, 0.36),
            (wide * 1.1, 0.46),
        )
    else:
        half = points((0, -0.95), (wide * 0.55, -0.84), (wide * 0.8, -0.7), (wide, 0.1), (wide * 1.05, 0.46))
    half = eased(half)
    mask = canvas.fill(np.vstack([half, half[::-1] * (-1.0, 1.0)]))
    t = np.abs(canvas.x) / np.float32(wide)
    height = np.maximum(1 - t, 0) * np.float32(wide * 0.75)
    if "fuller" in details:
        groove = np.exp(-((canvas.x / np.float32(wide * 0.4)) ** 2)) * (canvas.y > -0.7)
        height = height - groove * np.float32(wide * 0.75)
    return mask, height + rounded(canvas, mask, 0.05, 0.4)


def sword(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a sword, point upwards."""
    details = depiction.details
    mask, height = _blade(depiction, canvas, rng)
    parts = [Part(mask, height)]
    creases = canvas.stroke(points((0, -0.72), (0, 0.44)), 0.008) * mask
    if "fuller" in details:
        creases = np.zeros_like(mask)
        for x in (-0.034, 0.034):
            creases = np.maximum(creases, canvas.stroke(points((x, -0.68), (x, 0.44)), 0.008) * mask)
    if "single-edged" in details:
        creases = creases * 0
    bare = "tang" in details or ("single-edged" in details and rng.random() < 0.5)
    if bare:
        tang = canvas.fill(points((-0.05, 0.44), (0.05, 0.44), (0.032, 0.86), (-0.032, 0.86)))
        return Form((Part(tang, rounded(canvas, tang, 0.06)), *parts), canvas.x, canvas.y, mask * 0, creases)
    grip = canvas.fill(points((-0.055, 0.46), (0.055, 0.46), (0.048, 0.8), (-0.048, 0.8)))
    wrap = np.abs(np.sin(canvas.y * np.float32(70))) * np.float32(0.012)
    wooden = "body" if depiction.material == "bronze" else "leather"
    parts.append(Part(grip, rounded(canvas, grip, 0.1, 1.2) + wrap, wooden))
    reach = rng.uniform(0.17, 0.23)
    if depiction.material == "bronze":
        collar = canvas.fill(
            smooth(points((-0.13, 0.42), (0, 0.36), (0.13, 0.42), (0.13, 0.52), (0, 0.56), (-0.13, 0.52)))
        )
    else:
        collar = canvas.fill(
            smooth(points((-reach, 0.43), (0, 0.41), (reach, 0.43), (reach, 0.5), (0, 0.49), (-reach, 0.5)))
        )
    parts.append(Part(collar, rounded(canvas, collar, 0.06, 1.6) + np.float32(0.05)))
    if "lobed pommel" in details:
        pommel = canvas.fill(points((-0.17, 0.79), (0.17, 0.79), (0.16, 0.84), (-0.16, 0.84)))
        for x, r in ((-0.105, 0.055), (0.0, 0.085), (0.105, 0.055)):
            pommel = np.maximum(pommel, canvas.disc(x, 0.855, r, r * 1.05))
    elif "disc pommel" in details:
        pommel = canvas.disc(0, 0.87, 0.105)
    else:
        pommel = canvas.disc(0, 0.83, 0.1, 0.055)
    parts.append(Part(pommel, rounded(canvas, pommel, 0.08, 1.8) + np.float32(0.05)))
    return Form(tuple(parts), canvas.x, canvas.y, mask * 0, creases)
