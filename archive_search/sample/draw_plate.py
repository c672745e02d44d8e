"""Drawing a plate: its finds in ink on one sheet of paper, or laid out together before the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from archive_search.sample.arrangement import Arrangement, Box, arranged
from archive_search.sample.canvas import Plane
from archive_search.sample.depiction import Depiction
from archive_search.sample.draw import as_image, draw, subject
from archive_search.sample.drawing import inked, paper
from archive_search.sample.photograph import (
    backdrop,
    background_tone,
    brightness_of,
    cast_shadow,
    direction,
    exposed,
    grainy,
    tinted,
)
from archive_search.sample.plate import Plate
from archive_search.sample.scale_bar import BLACK, WHITE, draw_bar

LONGER = (1.85, 2.85)
"""The longer side of a plate, in sides of a picture of one find: 710 to 1,094 pixels where those have 384."""

SMALL = ("arrowhead", "bead", "brooch", "coin")
"""Finds that are drawn smaller than their neighbours."""

SKETCH = 128
"""Pixels on a side of the canvas on which the outline of a find is measured, and at least of that it is drawn on."""

LEGIBLE = 8
"""Letters that would be lower than so many pixels are left out."""


@dataclass(frozen=True)
class _Extent:
    """Where a find lies on its canvas, in shares of the canvas."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class _Place:
    """Where the canvas of a find lies on the sheet, in pixels."""

    left: int
    top: int
    side: int


def draw_record(shown: Depiction | Plate, size: int = 256) -> Image.Image:
    """Draw what a record shows: `draw` for one find, `draw_plate` for several."""
    return draw_plate(shown, size) if isinstance(shown, Plate) else draw(shown, size)


def draw_plate(plate: Plate, size: int = 256) -> Image.Image:
    """
    Draw a plate; the same plate and size always give the same picture.

    Args:
        size: Pixels on a side of a picture of one find; a plate is larger (see `LONGER`).
    """
    rng = np.random.default_rng(plate.seed)
    longer = round(size * rng.uniform(*LONGER))
    sizes = [rng.uniform(0.65, 0.85) if one.kind in SMALL else rng.uniform(0.8, 1.0) for one in plate.depictions]
    ink = plate.style == "drawing"
    numbered, headed = ink or bool(rng.random() < 0.4), ink and bool(rng.random() < 0.5)
    extents = [_extent(depiction) for depiction in plate.depictions]
    outlines = [(extent.width * s, extent.height * s) for extent, s in zip(extents, sizes, strict=True)]
    laid = arranged(outlines, plate.rows, longer, 0.045 if headed else 0.0, 0.05, rng)
    places = [_placed(box, extent) for box, extent in zip(laid.boxes, extents, strict=True)]
    if ink:
        picture, letters = _drawn(plate, places, laid, rng), BLACK
    else:
        picture, letters = _photographed(plate, places, laid, rng)
    if numbered:
        _write_numbers(picture, laid, letters)
    if headed:
        _write(picture, plate.title, laid.width / 2, 0.035 * longer, 0.03 * longer, letters)
    _lay_bar(picture, longer, ink, letters, rng)
    return picture


def _extent(depiction: Depiction) -> _Extent:
    """Measure a find on a small canvas."""
    it = subject(depiction, SKETCH)
    if depiction.style == "drawing":
        shown = inked(it.form, depiction, it.canvas, it.surface, it.scene) > 0.5
    else:
        shown = it.form.mask() > 0.5
    columns, rows = np.flatnonzero(shown.any(axis=0)), np.flatnonzero(shown.any(axis=1))
    left, top = int(columns[0]), int(rows[0])
    width, height = int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top
    return _Extent(left / SKETCH, top / SKETCH, width / SKETCH, height / SKETCH)


def _placed(box: Box, extent: _Extent) -> _Place:
    """Where the canvas must lie for the find to fill its box."""
    side = box.height / extent.height
    return _Place(round(box.left - extent.left * side), round(box.top - extent.top * side), max(8, round(side)))


def _canvas_side(place: _Place) -> int:
    """Pixels on a side of the canvas that a find is drawn on before it is made as small as its place."""
    return max(SKETCH, round(place.side * 1.6))


def _put(plane: Plane, place: _Place, sheet: Plane) -> tuple[Plane, Plane]:
    """A plane of a find as small as its place, and the part of the sheet that it covers; both cut at the edges."""
    small = np.asarray(Image.fromarray(plane).resize((place.side, place.side), Image.Resampling.LANCZOS))
    height, width = sheet.shape
    top, left = max(0, place.top), max(0, place.left)
    bottom, right = min(height, place.top + place.side), min(width, place.left + place.side)
    cut = small[top - place.top : bottom - place.top, left - place.left : right - place.left]
    return np.clip(cut, 0, 1), sheet[top:bottom, left:right]


def _drawn(plate: Plate, places: list[_Place], laid: Arrangement, rng: np.random.Generator) -> Image.Image:
    """All finds in ink on one sheet, which may have a thin frame."""
    side = max(laid.width, laid.height)
    ink = np.zeros((side, side), np.float32)
    sheet = ink[: laid.height, : laid.width]
    for depiction, place in zip(plate.depictions, places, strict=True):
        it = subject(depiction, _canvas_side(place))
        mine, there = _put(inked(it.form, depiction, it.canvas, it.surface, it.scene), place, sheet)
        np.maximum(there, mine, out=there)
    if rng.random() < 0.5:
        edge, line = round(0.014 * side), max(1, round(0.0015 * side))
        frame = np.zeros_like(sheet)
        frame[edge:-edge, edge:-edge] = 1
        frame[edge + line : -edge - line, edge + line : -edge - line] = 0
        np.maximum(sheet, frame, out=sheet)
    return as_image(paper(ink, rng)[: laid.height, : laid.width])


def _photographed(
    plate: Plate, places: list[_Place], laid: Arrangement, rng: np.random.Generator
) -> tuple[Image.Image, tuple[int, int, int]]:
    """All finds in one light on one background, with the colour of letters that can be read on it."""
    light = direction(rng)
    colour = np.zeros((3, laid.height, laid.width), np.float32)
    seen, open_ = np.zeros_like(colour[0]), np.ones_like(colour[0])
    tones = []
    for depiction, place in zip(plate.depictions, places, strict=True):
        it = subject(depiction, _canvas_side(place))
        find = exposed(it.form, depiction, it.canvas, it.surface, light)
        mask = it.form.mask()
        tones.append(brightness_of(find.colour, mask))
        for channel in range(3):
            mine, there = _put(find.colour[..., channel] * find.seen, place, colour[channel])
            there += mine
        mine, there = _put(find.seen, place, seen)
        there += mine
        mine, there = _put(find.open * (1 - cast_shadow(mask, it.scene)), place, open_)
        there *= mine
    side = max(laid.width, laid.height)
    tone = max((background_tone(rng) for _ in range(4)), key=lambda t: min(abs(t - other) for other in tones))
    ground = tinted(backdrop(tone, side, rng), rng)[: laid.height, : laid.width]
    clear = np.clip(1 - seen, 0, 1) * open_
    picture = ground * clear[..., None] + np.moveaxis(colour, 0, -1)
    return as_image(grainy(picture, rng)), (BLACK if tone > 0.4 else WHITE)


def _write_numbers(picture: Image.Image, laid: Arrangement, colour: tuple[int, int, int]) -> None:
    """Number the finds, below each."""
    longer = max(picture.size)
    for number, box in enumerate(laid.boxes, start=1):
        below = box.top + box.height + 0.018 * longer
        _write(picture, str(number), box.left + box.width / 2, below, 0.02 * longer, colour)


def _write(
    picture: Image.Image, text: str, across: float, down: float, size: float, colour: tuple[int, int, int]
) -> None:
    """Write a line about a middle, if it can be read."""
    if size >= LEGIBLE:
        font = ImageFont.load_default(size)
        ImageDraw.Draw(picture).text((across, down), text, fill=colour, font=font, anchor="mm")


def _lay_bar(
    picture: Image.Image, longer: int, ink: bool, letters: tuple[int, int, int], rng: np.random.Generator
) -> None:
    """Lay one scale bar along the lower edge."""
    blocks, step, tall = int(rng.choice([5, 5, 10])), max(2, round(0.02 * longer)), max(2, round(0.008 * longer))
    free = picture.width - blocks * step
    left, top = round(free * float(rng.choice([0.5, 0.12, 0.8]))), round(picture.height - 0.045 * longer)
    draw_bar(picture, left, top, step, tall, blocks, ink)
    _write(picture, f"{blocks} cm", left + blocks * step + 0.032 * longer, top + tall / 2, 0.018 * longer, letters)
