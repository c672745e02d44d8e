"""Pictures as a browser can show them."""

from __future__ import annotations

import io
from pathlib import Path

from archive_search.pictures.decoding import decode
from archive_search.types import PictureError

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
