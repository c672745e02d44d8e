"""Brooches: discs, bows, ovals with bosses, rings with a gap, crosses and trefoils."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from archive_search.sample.canvas import Canvas, Plane
from archive_search.sample.curves import arc, points, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, dome, rounded


def brooch(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a brooch, set with garnets where the details say so."""
    form, seats = SHAPES[depiction.details[0]](canvas, rng)
    if "garnet inlay" not in depiction.details:
        return form
    stones = []
    zone = form.zone
    for x, y, size in seats:
        stones.append(Part(canvas.disc(x, y, size * 1.3), np.full_like(zone, 0.1)))
        mask, height = dome(canvas, x, y, size, 0.8)
        stones.append(Part(mask, height + np.float32(0.1), "garnet"))
        zone = zone * (1 - canvas.disc(x, y, size * 1.5))
    return Form((*form.parts, *stones), form.u, form.v, zone, form.creases)


Seats = list[tuple[float, float, float]]
"""Where stones may be set: x, y and radius."""


def _around(centre_r: float, number: int, size: float) -> Seats:
    angles = np.linspace(0, 2 * np.pi, number, endpoint=False) + np.pi / 4
    return [(float(centre_r * np.cos(a)), float(centre_r * np.sin(a)), size) for a in angles]


def _polar(canvas: Canvas, radius: float) -> tuple[Plane, Plane]:
    """Surface coordinates on a disc: along the circumference (a whole number of pattern cells) and outwards."""
    theta = np.arctan2(canvas.y, canvas.x)
    return theta * np.float32(round(2 * np.pi * radius / 0.66) * 0.66 / (2 * np.pi)), canvas.radius(0, 0, 1)


def _disc(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    size = rng.uniform(0.6, 0.68)
    r = canvas.radius(0, 0, 1)
    mask = canvas.disc(0, 0, size)
    rim = canvas.below(np.abs(r - np.float32(size * 0.94)), 0.03)
    inner = canvas.below(np.abs(r - np.float32(size * 0.4)), 0.018)
    height = rounded(canvas, mask, 0.3, 0.5) + (rim + inner) * np.float32(0.03)
    boss, bulge = dome(canvas, 0, 0, size * 0.2, 0.7)
    u, v = _polar(canvas, size * 0.66)
    zone = canvas.below(np.abs(r - np.float32(size * 0.67)), size * 0.22)
    creases = np.maximum(canvas.below(np.abs(r - np.float32(size * 0.89)), 0.008), inner * 0.8)
    form = Form(
        (Part(mask, height), Part(boss, bulge + np.float32(0.1))), u, v - np.float32(size * 0.67), zone, creases
    )
    return form, [(0.0, 0.0, 0.09), *_around(size * 0.67, 4, 0.075)]


def _bow(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    """A bow brooch from the side: spring, arched bow, catch and pin."""
    rise = rng.uniform(0.75, 0.95)
    line = smooth(points((-0.6, 0.2), (-0.5, -0.1), (-0.15, 0.2 - rise * 0.72), (0.3, -0.16), (0.62, 0.22)), False)
    bow = canvas.stroke(line, 0.13)
    thick = canvas.stroke(line[10:24], 0.2)
    bow = np.maximum(bow, thick)
    catch = canvas.fill(points((0.42, 0.0), (0.68, 0.2), (0.68, 0.34), (0.46, 0.34)))
    pin = canvas.stroke(points((-0.6, 0.29), (0.62, 0.3)), 0.035)
    parts = [Part(pin, rounded(canvas, pin, 0.04)), Part(catch, rounded(canvas, catch, 0.06, 0.8))]
    parts.append(Part(bow, rounded(canvas, bow, 0.13, 1.6)))
    creases = np.zeros_like(bow)
    for i in range(4):
        coil = canvas.disc(-0.64 + 0.065 * i, 0.25, 0.042, 0.14)
        parts.append(Part(coil, rounded(canvas, coil, 0.06, 2.0)))
    zone = bow * (canvas.y < 0.05)
    form = Form(tuple(parts), canvas.x, canvas.y, zone, creases)
    return form, [(float(line[i, 0]), float(line[i, 1]), 0.055) for i in (11, 16, 22)]


def _oval(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    wide = rng.uniform(0.44, 0.5)
    r = canvas.radius(0, 0, wide, 0.68)
    mask = canvas.disc(0, 0, wide, 0.68)
    height = np.sqrt(np.maximum(1 - r * r * np.float32(0.92), 0)) * np.float32(0.32)
    frame = canvas.below(np.abs(r - np.float32(0.86)) * np.float32(0.5), 0.016)
    parts = [Part(mask, height + frame * np.float32(0.02))]
    seats = [(0.0, 0.0), (0.0, -0.36), (0.0, 0.36), (-0.25, -0.16), (0.25, -0.16), (-0.25, 0.18), (0.25, 0.18)]
    for x, y in seats:
        boss, bulge = dome(canvas, x, y, 0.085, 1.2)
        parts.append(Part(boss, bulge + np.float32(0.24)))
    zone = canvas.below(r, 0.8) * mask
    for x, y in seats:
        zone = zone * (1 - canvas.disc(x, y, 0.11))
    return Form(tuple(parts), canvas.x, canvas.y, zone, frame), [(x, y, 0.06) for x, y in seats[:3]]


def _penannular(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    """A ring with a gap between two knobs, and a long pin across it."""
    size, gap = rng.uniform(0.48, 0.54), rng.uniform(0.22, 0.3)
    line = arc(0, -0.02, size, size, np.pi / 2 + gap, 2.5 * np.pi - gap, 60)
    ring = canvas.stroke(line, 0.115)
    turn = np.arctan2(canvas.y, canvas.x) * np.float32(26)
    twist: Plane = np.abs(np.sin(turn))
    height = rounded(canvas, ring, 0.12, 1.4) + twist * np.float32(0.014)
    creases = canvas.below(np.abs(np.sin(turn)) * np.float32(0.05), 0.01) * ring
    parts = [Part(ring, height)]
    ends = [(float(line[i, 0]), float(line[i, 1])) for i in (0, -1)]
    for x, y in ends:
        boss, bulge = dome(canvas, x, y, 0.125, 1.1)
        parts.append(Part(boss, bulge + np.float32(0.1)))
    slant = rng.uniform(-0.25, 0.1)
    pin = canvas.stroke(points((slant, -0.72), (-slant * 0.8, 0.74)), 0.055)
    parts.append(Part(pin, rounded(canvas, pin, 0.06, 1.6) + np.float32(0.16)))
    loop = canvas.fill(
        points((slant - 0.09, -0.66), (slant + 0.09, -0.66), (slant + 0.07, -0.42), (slant - 0.07, -0.42))
    )
    parts.append(Part(loop, rounded(canvas, loop, 0.1, 1.4) + np.float32(0.18)))
    return Form(tuple(parts), canvas.x, canvas.y, ring * 0, creases), [(x, y, 0.07) for x, y in ends]


def _cruciform(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    """A long brooch with a square head, three knobs and an animal-head foot."""
    head = canvas.fill(points((-0.25, -0.5), (0.25, -0.5), (0.25, -0.14), (-0.25, -0.14)))
    half = points(
        (0.09, -0.16), (0.13, 0.0), (0.07, 0.14), (0.07, 0.3), (0.15, 0.42), (0.12, 0.56), (0.2, 0.68), (0, 0.74)
    )
    foot = canvas.fill(np.vstack([half, half[::-1] * (-1.0, 1.0)]))
    plate = np.maximum(head, foot)
    ridge = np.exp(-((canvas.x / np.float32(0.07)) ** 2)) * np.float32(0.05)
    parts = [Part(plate, rounded(canvas, plate, 0.14, 0.9) + ridge)]
    size = rng.uniform(0.095, 0.115)
    knobs = [(0.0, -0.62), (-0.38, -0.32), (0.38, -0.32)]
    for x, y in knobs:
        boss, bulge = dome(canvas, x, y, size, 1.0)
        parts.append(Part(boss, bulge + np.float32(0.03)))
    creases = np.zeros_like(plate)
    for y in (-0.1, 0.16, 0.32):
        creases = np.maximum(creases, canvas.stroke(points((-0.2, y), (0.2, y)), 0.012) * plate)
    for x in (-0.07, 0.07):
        creases = np.maximum(creases, canvas.disc(x, 0.5, 0.025))
    zone = head * (canvas.y > -0.48)
    return Form(tuple(parts), canvas.x, canvas.y + np.float32(0.32), zone, creases), [
        (0.0, -0.32, 0.07),
        (0.0, 0.62, 0.05),
    ]


def _trefoil(canvas: Canvas, rng: np.random.Generator) -> tuple[Form, Seats]:
    reach = rng.uniform(0.4, 0.46)
    lobes, rims = np.zeros_like(canvas.x), np.zeros_like(canvas.x)
    seats: Seats = [(0.0, 0.0, 0.085)]
    for a in (np.pi / 2, np.pi / 2 + 2 * np.pi / 3, np.pi / 2 + 4 * np.pi / 3):
        c, s = float(np.cos(a)), float(np.sin(a))
        tongue = points((0.05, -0.15), (0.5, -0.24), (reach + 0.24, -0.16), (reach + 0.3, 0.0))
        tongue = np.vstack([tongue, tongue[::-1] * (1.0, -1.0)])
        lobe = canvas.fill(tongue @ np.array([[c, s], [-s, c]]))
        rims = np.maximum(rims, canvas.stroke((tongue * 0.86 + (0.03, 0)) @ np.array([[c, s], [-s, c]]), 0.014))
        lobes = np.maximum(lobes, lobe)
        seats.append((reach * c, reach * s, 0.07))
    lobes = np.maximum(lobes, canvas.disc(0, 0, 0.2))
    boss, bulge = dome(canvas, 0, 0, 0.13, 0.8)
    height = rounded(canvas, lobes, 0.14, 1.1)
    form = Form(
        (Part(lobes, height), Part(boss, bulge + np.float32(0.12))), canvas.x, canvas.y, lobes * (1 - boss), rims
    )
    return form, seats


SHAPES: Mapping[str, Callable[[Canvas, np.random.Generator], tuple[Form, Seats]]] = {
    "disc": _disc,
    "bow": _bow,
    "oval": _oval,
    "penannular": _penannular,
    "cruciform": _cruciform,
    "trefoil": _trefoil,
}
