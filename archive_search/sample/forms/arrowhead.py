"""Arrowheads: a blade with a point, and below it barbs, a tang, a hollow base or a socket."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Points
from archive_search.sample.curves import eased, mirrored, points, profile, ragged
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded, turned

OUTLINES: dict[str, Points] = {
    "barbed": points((0, -0.74), (0.13, -0.42), (0.27, -0.02), (0.46, 0.5), (0.36, 0.52), (0.2, 0.26), (0.12, 0.3)),
    "tanged": points((0, -0.74), (0.15, -0.4), (0.28, -0.02), (0.35, 0.22), (0.3, 0.26), (0.12, 0.27)),
    "hollow base": points(
        (0, -0.7), (0.15, -0.4), (0.3, 0.02), (0.41, 0.62), (0.33, 0.63), (0.2, 0.44), (0.1, 0.34), (0, 0.31)
    ),
    "leaf-shaped": points((0, -0.74), (0.14, -0.5), (0.26, -0.12), (0.27, 0.12), (0.2, 0.4), (0.1, 0.6), (0, 0.68)),
    "triangular": points((0, -0.7), (0.14, -0.36), (0.28, 0.06), (0.42, 0.52), (0.2, 0.56), (0, 0.55)),
    "socketed": points((0, -0.74), (0.14, -0.45), (0.25, -0.1), (0.26, 0.08), (0.16, 0.26), (0.09, 0.32), (0, 0.32)),
}
TANG = points((0.12, 0.42), (0.1, 0.64), (0.06, 0.68), (0, 0.69))
LONG_TANG = points((0.055, 0.3), (0.05, 0.6), (0.03, 0.76), (0, 0.78))


def _outline(depiction: Depiction) -> Points:
    details = depiction.details
    metal = depiction.material != "flint"
    if "leaf-shaped" in details and "tanged" in details:
        return np.vstack([OUTLINES["leaf-shaped"][:4] * (0.9, 0.8), points((0.09, 0.2)), LONG_TANG])
    shape = next(name for name in ("barbed", *OUTLINES) if name in details)
    half = OUTLINES[shape]
    if "tanged" in details:
        half = np.vstack([half[:-1], points((0.07, 0.26)), LONG_TANG]) if metal else np.vstack([half, TANG])
    return half


def arrowhead(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape an arrowhead, point upwards; a drawing shows its side view as well."""
    width, length = rng.uniform(0.8, 1.12), rng.uniform(0.9, 1.06)
    side = depiction.style == "drawing"
    front = canvas.moved(-0.24, 0) if side else canvas
    half = _outline(depiction) * (width, length)
    flint = depiction.material == "flint"
    outline = ragged(mirrored(eased(half)), rng, 0.011 if flint else 0.004)
    mask = front.fill(outline)
    height = rounded(front, mask, 0.16, 1.0 if flint else 0.7)
    parts = [Part(mask, height)]
    creases = None
    if not flint:
        rib = np.exp(-((front.x / np.float32(0.05)) ** 2)) * mask
        parts = [Part(mask, height + rib * np.float32(0.06))]
        creases = front.stroke(points((0, -0.6), (0, 0.2)), 0.01) * mask
    if "socketed" in depiction.details:
        ys, widths = profile([0.0, 0.25, 0.5, 0.72], [0.05, 0.085, 0.1, 0.12])
        socket, tube, _ = turned(front, ys, widths)
        parts.append(Part(socket, tube + np.float32(0.03)))
        mouth = front.disc(0, 0.72, 0.115, 0.035)
        parts.append(Part(mouth, np.zeros_like(mouth), "gap"))
    if side:
        ys, widths = profile(
            [-0.72 * length, -0.3, 0.1, 0.35, 0.68 * length], [0.0, 0.05, 0.075, 0.055, 0.02 if flint else 0.03]
        )
        mask, height, _ = turned(canvas.moved(0.52, 0), ys, widths)
        parts.append(Part(mask, height))
    flaked = parts[0].mask if flint else None
    if flaked is not None and side:
        flaked = np.maximum(flaked, parts[-1].mask)
    return Form(tuple(parts), u=front.x, v=front.y, zone=np.zeros_like(mask), creases=creases, flaked=flaked)
