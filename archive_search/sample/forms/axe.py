"""Axes: polished and knapped flint, stone with a shaft hole, cast bronze, forged iron, antler."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, noise
from archive_search.sample.curves import arc, eased, mirrored, points, profile, ragged, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded, turned


def axe(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape an axe head, edge downwards; a drawing shows its side view as well."""
    side = depiction.style == "drawing" and depiction.material != "iron"
    front = canvas.moved(-0.26, 0) if side else canvas
    makers = {"flint": _flint, "iron": _iron, "bronze": _cast, "copper": _cast}
    if "shaft hole" in depiction.details:
        form = _pierced(depiction, front, rng)
    else:
        form = makers.get(depiction.material, _flint)(depiction, front, rng)
    if not side:
        return form
    ys, widths = profile([-0.7, -0.35, 0.1, 0.45, 0.7], [0.06, 0.1, 0.115, 0.085, 0.0])
    mask, height, _ = turned(canvas.moved(0.56, 0), ys, widths)
    flaked = None if form.flaked is None else np.maximum(form.flaked, mask * np.float32(form.flaked.max()))
    return Form((*form.parts, Part(mask, height)), form.u, form.v, form.zone, form.creases, flaked=flaked)


def _surface(canvas: Canvas, mask: Plane, low: float, high: float) -> Plane:
    """Where decoration goes: a band of the mask between two heights."""
    band: Plane = mask * ((canvas.y > low) & (canvas.y < high))
    return band


def _flint(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """A flint or stone axe head without a hole: a long body that widens towards a curved edge."""
    details = depiction.details
    edge = rng.uniform(0.28, 0.38)
    butt = {"thin-butted": 0.13, "thick-butted": 0.24}.get(details[0], rng.uniform(0.14, 0.22))
    right = np.vstack(
        [
            points((0, -0.74), (butt * 0.8, -0.73), (butt, -0.66), (edge * 0.86, -0.1), (edge, 0.42)),
            arc(0, 0.46, edge, rng.uniform(0.14, 0.24), 0.12, np.pi / 2, 6),
        ]
    )
    knapped = "knapped" in details and depiction.material == "flint"
    mask = canvas.fill(ragged(mirrored(eased(right)), rng, 0.012 if knapped else 0.004))
    height = rounded(canvas, mask, 0.3, 0.9)
    creases = None
    if "polished" in details:
        creases = canvas.stroke(arc(0, 0.38, edge * 0.93, 0.1, 0.15, np.pi - 0.15), 0.01) * mask
    if "grooved" in details:
        groove = np.exp(-(((canvas.y + np.float32(0.25)) / np.float32(0.07)) ** 2))
        height = height - groove * np.float32(0.09)
        creases = canvas.stroke(points((-0.5, -0.33), (0.5, -0.33)), 0.012) * mask
        creases = np.maximum(creases, canvas.stroke(points((-0.5, -0.17), (0.5, -0.17)), 0.012) * mask)
    flaked = None
    if depiction.material == "flint":  # polishing spares the deepest scars, near the butt
        spared = np.clip((-0.22 - canvas.y) * 3 + noise(rng, canvas.n, 7) * np.float32(0.5), 0, 1)
        flaked = mask if knapped else mask * spared.astype(np.float32) * np.float32(0.8)
    return Form((Part(mask, height),), canvas.x, canvas.y, _surface(canvas, mask, -0.5, 0.1), creases, flaked=flaked)


def _pierced(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """An axe or hammer with a shaft hole, seen along the hole."""
    middle = rng.uniform(0.22, 0.28)
    hole_y, hole_r = rng.uniform(-0.24, 0.02), rng.uniform(0.085, 0.115)
    if depiction.material == "antler":
        middle *= 0.85
        heights, widths = [-0.72, -0.68, -0.3, 0.1, 0.5, 0.72], [0.16, 0.19, middle, middle * 0.92, 0.16, 0.1]
    elif "boat-shaped" in depiction.details:
        heights, widths = [-0.76, -0.7, -0.35, -0.08, 0.25, 0.62, 0.72], [0.1, 0.13, 0.15, middle, 0.17, 0.11, 0.16]
    elif depiction.material == "copper":
        heights, widths = [-0.5, -0.45, -0.2, 0.05, 0.4, 0.66], [0.14, 0.16, middle, 0.2, 0.24, 0.32]
    else:
        heights, widths = [-0.62, -0.56, -0.25, 0.1, 0.5, 0.72], [0.15, 0.19, middle, middle * 0.95, 0.15, 0.05]
    ys, half = profile(heights, widths)
    bent = canvas
    if depiction.material == "antler":
        bent = replace(canvas, x=canvas.x + np.float32(rng.uniform(-0.16, 0.16)) * canvas.y * canvas.y)
    mask, height, _ = turned(bent, ys, half, depth=0.8)
    hole = canvas.disc(0, hole_y, hole_r, hole_r * rng.uniform(0.95, 1.15))
    lip = canvas.disc(0, hole_y, hole_r * 1.25) * mask
    creases = None
    if "boat-shaped" in depiction.details:
        creases = canvas.stroke(points((0, hole_y + 0.16), (0, 0.66)), 0.012)
    wall = Part(hole * mask, np.zeros_like(mask), "inside")
    through = canvas.disc(hole_r * 0.22, hole_y + hole_r * 0.2, hole_r * 0.78)
    parts = (Part(mask, height - lip * np.float32(0.02)), wall, Part(through * hole, np.zeros_like(mask), "gap"))
    return Form(parts, canvas.x, canvas.y, _surface(canvas, mask * (1 - hole), -0.6, 0.6) * (1 - lip), creases)


def _cast(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """A bronze or copper axe head: flat, with raised flanges, or with a socket and perhaps a loop."""
    details = depiction.details
    waist, edge = rng.uniform(0.14, 0.18), rng.uniform(0.34, 0.46)
    socketed = "socketed" in details
    top = waist * (1.25 if socketed else 0.85)
    right = np.vstack(
        [
            points((0, -0.7), (top, -0.7), (waist, -0.3), (waist * 1.05, 0.0), (edge * 0.62, 0.32), (edge, 0.5)),
            arc(0, 0.46, edge, 0.24, 0.2, np.pi / 2, 6),
        ]
    )
    mask = canvas.fill(mirrored(eased(right)))
    height = rounded(canvas, mask, 0.2, 0.8)
    creases = canvas.stroke(arc(0, 0.36, edge * 0.92, 0.2, 0.3, np.pi - 0.3), 0.01) * mask
    parts = [Part(mask, height)]
    if "flanged" in details:
        inner = smooth(points((0, 0.14), (-waist * 0.62, -0.05), (-waist * 0.5, -0.66), (0, -0.68)), closed=False)
        bed = canvas.fill(np.vstack([inner, inner[::-1] * (-1.0, 1.0)]))
        parts = [Part(mask, height - bed * np.float32(0.07))]
        outline = np.vstack([inner, inner[::-1] * (-1.0, 1.0)])
        creases = np.maximum(creases, canvas.stroke(outline, 0.012) * mask)
    if socketed:
        collar = canvas.fill(points((-top * 1.12, -0.74), (top * 1.12, -0.74), (top * 1.08, -0.6), (-top * 1.08, -0.6)))
        parts.append(Part(collar, rounded(canvas, collar, 0.1) + np.float32(0.06)))
        mouth = canvas.disc(0, -0.73, top * 0.98, 0.055)
        parts.append(Part(mouth, np.zeros_like(mouth), "gap"))
        for x in (-0.5, 0.0, 0.5):
            creases = np.maximum(creases, canvas.stroke(points((x * waist, -0.56), (x * waist, -0.1)), 0.012))
    if "loop" in details:
        loop = canvas.stroke(smooth(points((0.14, -0.58), (0.3, -0.52), (0.3, -0.36), (0.13, -0.28)), False), 0.05)
        parts.insert(0, Part(loop, rounded(canvas, loop, 0.06, 2)))
    return Form(tuple(parts), canvas.x, canvas.y, _surface(canvas, mask, 0.02, 0.5), creases)


def _iron(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """A forged axe seen from the side: a socket for the shaft at the right and a blade to the left."""
    drop = rng.uniform(0.5, 0.66)
    if "bearded" in depiction.details:
        blade = points(
            (0.62, -0.36), (0.62, 0.0), (0.3, 0.02), (0.08, 0.1), (-0.06, 0.3), (-0.16, drop), (-0.5, drop + 0.04)
        )
        edge = points((-0.6, 0.3), (-0.64, -0.05), (-0.58, -0.38), (-0.3, -0.33), (0.2, -0.3))
    else:
        blade = points((0.64, -0.2), (0.64, 0.16), (0.3, 0.13), (0.0, 0.2), (-0.26, 0.42), (-0.46, drop + 0.06))
        edge = points((-0.64, 0.36), (-0.7, 0.0), (-0.64, -0.36), (-0.48, -drop - 0.06), (-0.26, -0.4), (0.0, -0.24))
    outline = np.vstack([blade, edge])
    if "broad blade" in depiction.details:
        outline = np.vstack([outline, points((0.3, -0.16))])
    dense = eased(np.vstack([outline, outline[:1]]))
    mask = canvas.fill(ragged(dense, rng, 0.008))
    height = rounded(canvas, mask, 0.16, 0.6)
    socket = np.exp(-(((canvas.x - np.float32(0.46)) / np.float32(0.16)) ** 2)) * np.float32(0.12)
    creases = canvas.stroke(points((0.3, -0.3), (0.3, 0.02)), 0.01) * mask
    zone = mask * ((canvas.x > -0.45) & (canvas.x < 0.0))
    return Form((Part(mask, height + socket * mask),), canvas.y, canvas.x, zone, creases)
