"""The pieces on a plate: where on a plain background several things lie apart from each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archive_search.pictures.tiling import SMALLEST
from archive_search.types import Box

LONGEST = 512
"""Pixels of the longer side that a picture is looked at with."""
APART = 0.006
"""Things nearer to each other than twice this share of the longer side are one: strokes of a drawing, bits of a pot."""
LEAST = 0.05
"""A piece is at least so long, in shares of the picture's longer side: find numbers are smaller."""
AT_MOST = 32
"""The largest pieces of a plate are taken, so many at most."""
PLAIN = 0.75
"""So much of the border must be background; else the picture is filled by what it shows."""
FRAME = 0.8
"""What reaches over so much of both sides and is thin is a frame, not a piece."""
_THIN = 0.15
"""A frame covers less of its own bounds than this."""
_STANDS_OUT = 24.0
"""Levels of 255 by which a pixel differs from the background, at least."""
_MARGIN = 0.08
"""By how much a box is larger than its piece, on each side, in shares of the piece's longer side."""


def pieces(picture: Image.Image) -> tuple[Box, ...]:
    """
    Where the pieces of a plate lie, the largest first; () where fewer than two lie on a plain background.

    The background is what the border shows. What differs from it and hangs together is a piece; what lies within the
    bounds of a larger piece belongs to that. A frame around the plate is no piece.
    A picture that is too small to be cut by a grid has none.
    """
    from scipy import ndimage

    if min(picture.size) < SMALLEST:
        return ()
    scale = LONGEST / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    small = np.asarray(picture.convert("RGB").resize(size), dtype=np.float32)
    shown = _foreground(small)
    if shown is None:
        return ()
    labels, count = ndimage.label(ndimage.binary_dilation(shown, iterations=max(1, round(APART * LONGEST))))
    areas = ndimage.sum_labels(labels > 0, labels, range(1, count + 1))
    found = zip(ndimage.find_objects(labels), areas, strict=True)
    bounds = [(x.start, y.start, x.stop, y.stop) for (y, x), area in found if not _is_frame(y, x, area, size)]
    bounds = [one for one in bounds if max(one[2] - one[0], one[3] - one[1]) >= LEAST * LONGEST]
    bounds.sort(key=lambda one: (-(one[2] - one[0]) * (one[3] - one[1]), one))
    kept: list[tuple[int, int, int, int]] = []
    for one in bounds:
        if not any(_inside(one, other) for other in kept):
            kept.append(one)
    if len(kept) < 2:
        return ()
    return tuple(_box(one, *size) for one in kept[:AT_MOST])


def squared(picture: Image.Image) -> Image.Image:
    """A picture in the middle of a square of its border's usual colour, for models that look at a square only."""
    pixels = np.asarray(picture.convert("RGB"))
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(border, axis=0).round().astype(int).tolist()
    side = max(picture.size)
    sheet = Image.new("RGB", (side, side), (red, green, blue))
    sheet.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return sheet


def way() -> str:
    """The way pieces are found, for comparing: what was cut in another way is cut anew."""
    return f"pieces {LONGEST} {APART} {LEAST} {AT_MOST} {PLAIN} {FRAME}"


def _foreground(pixels: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """What differs from the border's usual colour; None where the border has none."""
    border = np.concatenate([pixels[:2].reshape(-1, 3), pixels[-2:].reshape(-1, 3), *pixels[:, [0, 1, -2, -1]]])
    usual = np.median(border, axis=0)
    differs = np.abs(border - usual).max(axis=1)
    limit = max(_STANDS_OUT, 1.5 * float(np.quantile(differs, PLAIN)))
    if limit > 2 * _STANDS_OUT:
        return None
    shown: NDArray[np.bool_] = np.abs(pixels - usual).max(axis=2) > limit
    return shown


def _is_frame(y: slice, x: slice, area: float, size: tuple[int, int]) -> bool:
    """Whether a thing is a line around nearly all of the plate."""
    width, height = x.stop - x.start, y.stop - y.start
    return bool(width > FRAME * size[0] and height > FRAME * size[1] and area < _THIN * width * height)


def _inside(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether most of a rectangle lies in another."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return width > 0 and height > 0 and width * height > 0.8 * area


def _box(one: tuple[int, int, int, int], width: int, height: int) -> Box:
    left, top, right, bottom = one
    margin = max(right - left, bottom - top) * _MARGIN
    return Box(
        max(0.0, (left - margin) / width),
        max(0.0, (top - margin) / height),
        min(1.0, (right + margin) / width),
        min(1.0, (bottom + margin) / height),
    )
