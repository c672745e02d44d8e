"""Drawing a depiction: from a handful of words and a seed to a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from archive_search.sample.breakage import broken
from archive_search.sample.canvas import Canvas, canvas
from archive_search.sample.depiction import Depiction
from archive_search.sample.drawing import drawing
from archive_search.sample.form import Form
from archive_search.sample.forms import FORMS
from archive_search.sample.photograph import Picture, photograph
from archive_search.sample.scale_bar import with_scale_bar

SHAPE, SURFACE, SCENE, BREAK = range(4)
"""Independent streams of chance, so that two views of an object share its shape and its break but not its light."""


@dataclass(frozen=True)
class Subject:
    """
    What is drawn: a form on its canvas.

    Attributes:
        surface, scene: The streams of chance that drawing it goes on with.
    """

    form: Form
    canvas: Canvas
    surface: np.random.Generator
    scene: np.random.Generator


def subject(depiction: Depiction, n: int) -> Subject:
    """The subject of a depiction on a canvas of n x n pixels."""
    occasion = (depiction.view, int(depiction.style == "drawing"))
    scene = np.random.default_rng((depiction.seed, SCENE, *occasion))
    sheet = _laid_out(depiction, n, scene)
    form = FORMS[depiction.kind](depiction, sheet, np.random.default_rng((depiction.seed, SHAPE)))
    if depiction.condition == "broken":
        form = broken(form, depiction, sheet, np.random.default_rng((depiction.seed, BREAK)))
    surface = np.random.default_rng((depiction.seed, SURFACE, depiction.view))
    return Subject(form, sheet, surface, scene)


def draw(depiction: Depiction, size: int = 256) -> Image.Image:
    """
    Draw a depiction; the same depiction and size always give the same picture.

    Args:
        size: Pixels on a side, 32 or more.
    """
    n = max(round(size * (3 if size <= 64 else 2 if size <= 256 else 1.6)), 160)
    it = subject(depiction, n)
    make = drawing if depiction.style == "drawing" else photograph
    full = as_image(make(it.form, depiction, it.canvas, it.surface, it.scene))
    small = full.resize((size, size), Image.Resampling.BOX if n % size == 0 else Image.Resampling.LANCZOS)
    if depiction.kind == "car" or it.scene.random() > 0.85:
        return small
    return with_scale_bar(small, it.scene, ink=depiction.style == "drawing")


def as_image(picture: Picture) -> Image.Image:
    """The picture with 8 bits a colour."""
    return Image.fromarray((picture * np.float32(255) + np.float32(0.5)).astype(np.uint8), "RGB")


def _laid_out(depiction: Depiction, n: int, scene: np.random.Generator) -> Canvas:
    """The canvas: how the object lies on the table or the sheet."""
    drawn = depiction.style == "drawing"
    upright = depiction.kind in ("pot", "bowl", "car") or drawn
    angle = scene.normal(0, 0.012 if upright else 0.1)
    scale, squeeze = scene.uniform(0.9, 1.06), 1.0
    if depiction.kind == "sword" and not drawn:
        angle += float(scene.choice([np.pi / 4, -np.pi / 4, np.pi / 2, 0.0, 3 * np.pi / 4]))
    elif depiction.kind == "sword":
        scale = 0.92
    if depiction.kind == "arrowhead" and not drawn and scene.random() < 0.3:
        angle += float(scene.choice([np.pi / 2, -np.pi / 2, np.pi]))
    if depiction.kind == "car":
        squeeze = -1.0 if scene.random() < 0.5 else 1.0
    if depiction.view == 1:
        squeeze = -1.0 if upright else -scene.uniform(0.72, 0.9)
    if depiction.kind == "sword" and abs(np.sin(2 * angle)) < 0.6:
        scale = 0.92
    shift = (scene.uniform(-0.03, 0.03), scene.uniform(-0.08, -0.03))
    return canvas(n, angle, scale, shift, squeeze)
