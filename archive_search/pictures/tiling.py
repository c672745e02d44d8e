"""Tiles: how a picture is cut into parts that have a vector each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_search.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image

OVERLAP = 0.1
"""By how much a tile is larger than its share of the longer side, so that what lies on a border is whole in one."""
AT_MOST = 16
"""Tiles of one picture, at most."""
SMALLEST = 224
"""Pixels on a side of a tile, at least: a smaller one shows a model nothing that the whole picture does not show."""


def way() -> str:
    """The way pictures are cut, for comparing: what is cut in another way is cut anew."""
    return f"grids 2 3 {AT_MOST} {OVERLAP} {SMALLEST}"


def grids(width: int, height: int) -> tuple[tuple[int, int], ...]:
    """
    Columns and rows of the grids that a picture is cut into, coarse before fine, `AT_MOST` tiles together.

    Most formats have 2 x 2 and 3 x 3 tiles. From 7 : 4 on, the grids follow the length: a frieze of 3 : 1 has 3 x 1 and
    6 x 2, one of 10 : 1 has 10 x 1.
    """
    ratio = max(width, height) / min(width, height)
    if ratio < 1.75:
        chosen = [(2, 2), (3, 3)]
    elif ratio < 6:
        once, twice = round(ratio), min(round(2 * ratio), AT_MOST // 2)
        chosen = [(once, 1), (twice, 2)] if once + 2 * twice <= AT_MOST else [(twice, 2)]
    else:
        chosen = [(min(round(ratio), AT_MOST), 1)]
    return tuple(chosen if width >= height else [(rows, columns) for columns, rows in chosen])


def boxes(width: int, height: int) -> tuple[Box, ...]:
    """
    The tiles of a picture of so many pixels: squares, evenly spaced, grid by grid, row by row; () if it is too small.

    Squares where the picture allows it, since most models look at a square only. Each grid covers the whole picture.
    """
    found: list[Box] = []
    for columns, rows in grids(width, height):
        across = min(width / columns * (1 + OVERLAP), width)
        down = min(height / rows * (1 + OVERLAP), height)
        side = min(max(across, down), width, height)
        across, down = max(across, side), max(down, side)  # a scroll of 20 : 1 has tiles longer than a square
        if side >= SMALLEST:
            found += [
                Box(x / width, y / height, min((x + across) / width, 1.0), min((y + down) / height, 1.0))
                for y in _starts(height, down, rows)
                for x in _starts(width, across, columns)
            ]
    return tuple(found)


def cut(picture: Image, box: Box) -> Image:
    """A part of a picture, its edges on the nearest whole pixels."""
    width, height = picture.size
    left, top = round(box.left * width), round(box.top * height)
    return picture.crop((left, top, max(round(box.right * width), left + 1), max(round(box.bottom * height), top + 1)))


def _starts(length: int, part: float, count: int) -> list[float]:
    """Where so many parts begin that are spread evenly over a length, the first and the last at its ends."""
    return [(length - part) * i / max(count - 1, 1) for i in range(count)]
