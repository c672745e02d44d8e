"""A picture with one part of it framed."""

from __future__ import annotations

import base64
from pathlib import Path

from PIL import Image

from archive_search.types import Box, PictureError

LINES = (("#fff", 5), ("#8a4b2a", 2))
"""Colours and pixels: a dark line on a light one, which shows on any ground."""


def framed(file: Path, part: Box) -> bytes:
    """
    The picture in a file with a frame around a part of it, as SVG; the picture is in it as it is.

    Browsers show it where they show pictures. To draw into the pixels would take a hundred times as long.

    Raises:
        PictureError: If it cannot be read.
    """
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            kind = picture.get_format_mimetype()
        data = base64.b64encode(file.read_bytes()).decode("ascii")
    except OSError as error:
        raise PictureError(f"{file.name}: {getattr(error, 'strerror', '') or 'it is no picture'}.") from error
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:{kind};base64,{data}"/>'
        f"{frames(part, width, height)}</svg>"
    ).encode()


def frames(part: Box, width: int, height: int) -> str:
    """A frame around a part of a picture of so many pixels, as the elements of an SVG whose viewBox they are."""
    left, top = part.left * width, part.top * height
    across, down = (part.right - part.left) * width, (part.bottom - part.top) * height
    place = f'x="{left:.2f}" y="{top:.2f}" width="{across:.2f}" height="{down:.2f}"'
    return "".join(
        f'<rect {place} fill="none" stroke="{colour}" stroke-width="{pixels}" vector-effect="non-scaling-stroke"/>'
        for colour, pixels in LINES
    )
