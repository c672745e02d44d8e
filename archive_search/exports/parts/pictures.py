"""The picture of a hit as a file, and small enough for a page."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Literal, TypeAlias

from archive_search.exporting import Outgoing
from archive_search.pictures.decoding import decode
from archive_search.types import Hit, PictureError

Pictures: TypeAlias = Literal["originals", "thumbnails", "none"]


def picture_file(outgoing: Outgoing, hit: Hit, wanted: Pictures) -> Path | None:
    """The original where it is wanted and at hand, else the thumbnail; None where there is neither."""
    if wanted == "none":
        return None
    held = outgoing.found.holdings
    file = held.picture_file(hit.id) if wanted == "originals" else None
    file = file or held.thumbnail_file(hit.payload)
    return file if file is not None and file.is_file() else None


def small_jpeg(outgoing: Outgoing, hit: Hit, wanted: Pictures, pixels: int) -> bytes | None:
    """
    A picture of a hit as a JPEG whose longer side is at most so many pixels.

    It is made of the original where that is wanted and can be read, else of the thumbnail; None where neither can be.
    """
    choices: tuple[Pictures, ...] = ("originals", "thumbnails") if wanted == "originals" else (wanted,)
    for choice in choices:
        file = picture_file(outgoing, hit, choice)
        with contextlib.suppress(OSError, PictureError):
            if file is not None:
                picture = decode(file, at_least=pixels)
                picture.thumbnail((pixels, pixels))
                made = io.BytesIO()
                picture.save(made, "JPEG", quality=82, optimize=True)
                return made.getvalue()
    return None
