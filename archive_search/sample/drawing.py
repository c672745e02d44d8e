"""Archaeological drawings: outline, stipple and sections in ink on paper."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, noise
from archive_search.sample.decoration import marks
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form
from archive_search.sample.knapping import scars
from archive_search.sample.photograph import Picture

LIGHT = (-0.5, -0.6, 0.62)
"""By convention the light of a drawing comes from the upper left."""


def drawing(
    form: Form, depiction: Depiction, canvas: Canvas, shape: np.random.Generator, scene: np.random.Generator
) -> Picture:
    """
    Draw a form in ink.

    Args:
        shape: Decides what belongs to the object.
        scene: Decides what belongs to the sheet: the paper and where the dots fall.
    """
    return paper(inked(form, depiction, canvas, shape, scene), scene)


def inked(
    form: Form, depiction: Depiction, canvas: Canvas, shape: np.random.Generator, scene: np.random.Generator
) -> Plane:
    """Where the ink is, 0 to 1, of a drawing that has no paper yet; see `drawing`."""
    pen = max(1, round(max(0.0045, 0.011 * 64 / canvas.n) * canvas.n / 2))
    mask, height = form.mask(), form.height()
    ink = np.zeros_like(mask)
    if form.flaked is not None:
        knapped = scars(canvas, form.flaked, shape)
        height = height + knapped.height * form.flaked
        dark = _darkness(height, canvas)
        ripples = np.abs(np.mod(knapped.ripples, 1) - np.float32(0.5))
        gaps = noise(shape, canvas.n, 40) * np.float32(0.08)
        waves = (ripples < np.clip(dark * np.float32(0.3) - np.float32(0.04) + gaps, 0, 0.12)) * (knapped.ripples > 1)
        ink = np.maximum(knapped.ridges, waves) * (form.flaked > 0.3)
        toned = mask * (form.flaked <= 0.3)
    else:
        dark = _darkness(height, canvas)
        toned = mask
    if form.blank is not None:
        toned = toned * (1 - form.blank)
    ink = np.maximum(ink, _stipple(dark * toned, canvas, scene))
    if form.creases is not None:
        ink = np.maximum(ink, form.creases)
    if depiction.decoration is not None and depiction.kind != "coin":
        ink = np.maximum(ink, marks(depiction.decoration, form.u, form.v, canvas.pixel) * form.zone)
    ink = _painted(form, ink, canvas)
    ink = np.maximum(ink, _outlines(form, pen))
    if form.solid is not None:
        ink = np.maximum(ink, form.solid)
    return ink


def _painted(form: Form, surface: Plane, canvas: Canvas) -> Plane:
    """The inked surface with openings filled, and hatching where a part is not of the object's own material."""
    if all(part.paint == "body" for part in form.parts):
        return surface
    hatching = np.abs(np.mod((canvas.x + canvas.y) * np.float32(18), 1) - np.float32(0.5)) < 0.14
    ink = surface
    for part in form.parts:
        if part.paint == "body":
            fresh = surface
        elif part.paint in ("window", "garnet", "leather", "inside"):
            fresh = hatching.astype(np.float32)
        else:
            fresh = np.full_like(surface, 0.85 if part.paint == "gap" else 0.0)
        ink = ink + (fresh - ink) * part.mask
    return ink


def _darkness(height: Plane, canvas: Canvas) -> Plane:
    """How much a surface is turned from the light, 0 to 1."""
    per_pixel = np.float32(canvas.n / 2 * canvas.scale)
    gy, gx = np.gradient(height * per_pixel)
    gx, gy = np.clip(gx, -3, 3), np.clip(gy, -3, 3)
    nz = 1 / np.sqrt(gx * gx + gy * gy + 1)
    lit = (-gx * np.float32(LIGHT[0]) - gy * np.float32(LIGHT[1]) + np.float32(LIGHT[2])) * nz
    dark: Plane = np.clip((np.float32(0.86) - lit) * np.float32(1.15), 0, 1) ** np.float32(1.2)
    return dark


def _stipple(dark: Plane, canvas: Canvas, scene: np.random.Generator) -> Plane:
    """Dots of ink, denser where it is darker."""
    n = canvas.n
    spacing = max(0.012 * n, 3.2)
    number = int(n / spacing)
    grid = (np.arange(number) + 0.5) * spacing
    y, x = np.meshgrid(grid, grid, indexing="ij")
    x = x + (np.arange(number)[:, None] % 2) * spacing / 2
    x = np.clip(x + scene.uniform(-0.42, 0.42, x.shape) * spacing, 2, n - 3).astype(np.int32)
    y = np.clip(y + scene.uniform(-0.42, 0.42, y.shape) * spacing, 2, n - 3).astype(np.int32)
    chosen = dark[y, x] * np.float32(0.95) > scene.uniform(0.06, 0.9, x.shape)
    ys, xs = y[chosen], x[chosen]
    dots = np.zeros((n, n), np.float32)
    reach = max(1, round(n * 0.0026))
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if dx * dx + dy * dy <= reach * reach + 0.3:
                dots[np.clip(ys + dy, 0, n - 1), np.clip(xs + dx, 0, n - 1)] = 1
    return dots


def _outlines(form: Form, pen: int) -> Plane:
    """The edges of the parts that are seen: a part in front hides the edges behind it."""
    ink = np.zeros_like(form.parts[0].mask)
    for part in form.parts:
        inside = part.mask > 0.5
        grown, shrunk = inside.copy(), inside.copy()
        for dy, dx in ((pen, 0), (-pen, 0), (0, pen), (0, -pen)):
            moved = np.roll(inside, (dy, dx), axis=(0, 1))
            grown |= moved
            shrunk &= moved
        ink = np.maximum(ink * ~inside, grown & ~shrunk)
    return ink.astype(np.float32)


def paper(ink: Plane, scene: np.random.Generator) -> Picture:
    """Ink on white or slightly yellowed paper."""
    n = ink.shape[0]
    aged = scene.random() < 0.4
    white = np.array((0.955, 0.94, 0.905) if aged else (0.985, 0.985, 0.98), np.float32)
    tone = 1 + noise(scene, n, 10) * np.float32(0.006) + scene.normal(0, 0.006, (n, n)).astype(np.float32)
    sheet = white * tone[..., None]
    blackness = np.array((0.11, 0.105, 0.1), np.float32) + np.float32(scene.uniform(0, 0.08))
    page: Picture = np.clip(sheet + (blackness - sheet) * ink[..., None], 0, 1)
    return page
