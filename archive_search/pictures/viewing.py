"""Pictures as a browser can show them."""

from __future__ import annotations

import io
from pathlib import Path

from archive_search.pictures.decoding import decode
from archive_search.types import Box, PictureError

_SHOWN = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


def viewable(file: Path, longest: int = 0, name: str = "") -> tuple[bytes, str]:
    """
    The bytes and media type of a picture that every browser can show.

    A JPEG, PNG, GIF or WebP file is passed on as it is; others (a TIFF scan) become WebP. With `longest` the picture
    is made anew with no side longer than that. `name` is how errors name it, if not by its file's name.

    Raises:
        PictureError: If it cannot be read.
    """
    name = name or file.name
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PictureError(f"{name}: {error.strerror or error}.") from error
    kind = next((kind for magic, kind in _SHOWN.items() if data.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind and not longest:
        return data, kind
    picture = decode(data, name=name, at_least=longest or None)
    side = longest or 4096
    picture.thumbnail((side, side))
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=85)
    return made.getvalue(), "image/webp"


def part_of(file: Path, part: Box | None, longest: int = 0) -> bytes:
    """
    A part of a picture as WebP, no side of it longer than `longest` pixels, at most 4,096; None: all of it.

    Raises:
        PictureError: If it cannot be read.
    """
    picture = decode(file, name=file.name)
    if part is not None:
        across, down = picture.size
        left, top = int(part.left * across), int(part.top * down)
        picture = picture.crop(
            (left, top, max(left + 1, round(part.right * across)), max(top + 1, round(part.bottom * down)))
        )
    side = min(longest or 4096, 4096)
    picture.thumbnail((side, side))
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=85)
    return made.getvalue()
