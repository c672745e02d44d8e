"""A picture with one part of it framed."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import ImageDraw

from archive_search.pictures.decoding import decode
from archive_search.types import Box, PictureError

LINES = ((255, 255, 255), 5, 0), ((138, 75, 42), 3, 1)
"""Colour, pixels, and how far in: a dark line within a light one, which shows on any ground."""
LEAST = 12
"""Pixels of a side that the frame of a small part has at least."""


def framed(file: Path, part: Box) -> bytes:
    """
    The picture in a file as WebP, with a frame around a part of it.

    Raises:
        PictureError: If it cannot be read.
    """
    try:
        picture = decode(file, name=file.name)
    except OSError as error:
        raise PictureError(f"{file.name}: {error.strerror or error}.") from error
    drawing = ImageDraw.Draw(picture)
    across, down = (
        _ends(first, last, size)
        for first, last, size in ((part.left, part.right, picture.width), (part.top, part.bottom, picture.height))
    )
    for colour, width, inset in LINES:
        corners = (across[0] + inset, down[0] + inset, across[1] - inset, down[1] - inset)
        if corners[0] <= corners[2] and corners[1] <= corners[3]:
            drawing.rectangle(corners, outline=colour, width=width)
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=85)
    return made.getvalue()


def _ends(first: float, last: float, size: int) -> tuple[int, int]:
    """Where a frame begins and ends along one side of a picture, in pixels, all of it inside."""
    least = min(LEAST, size)
    begin = min(max(round(first * size), 0), size - least)
    return begin, max(min(round(last * size), size) - 1, begin + least - 1)
