"""Pictures as a browser can show them, and pictures that people bring as a query."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

from archive_search.atomic import atomic_write
from archive_search.pictures.decoding import decode, size
from archive_search.types import ArchiveError, PictureError

_SHOWN = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}
_NAME = re.compile(r"[0-9a-f]{64}")


def viewable(file: Path, longest: int = 0) -> tuple[bytes, str]:
    """
    The bytes and media type of a picture that every browser can show.

    A JPEG, PNG, GIF or WebP file is passed on as it is; others (a TIFF scan) become WebP. With `longest` the picture
    is made anew with no side longer than that.

    Raises:
        PictureError: If it cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PictureError(f"{file.name}: {error.strerror or error}.") from error
    kind = next((kind for magic, kind in _SHOWN.items() if data.startswith(magic)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind and not longest:
        return data, kind
    picture = decode(data, name=file.name, at_least=longest or None)
    side = longest or 4096
    picture.thumbnail((side, side))
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=85)
    return made.getvalue(), "image/webp"


def keep_query(folder: Path, data: bytes, name: str = "") -> str:
    """
    Keep a picture that was brought as a query below `folder`, under the SHA-256 of its bytes, which is returned.

    Raises:
        PictureError: If it is not a picture that can be read; nothing is kept then.
        ArchiveError: If nothing can be written there.
    """
    size(data, name=name)
    key = hashlib.sha256(data).hexdigest()
    file = folder / key
    try:
        if not file.is_file():
            with atomic_write(file) as part:
                part.write_bytes(data)
    except OSError as error:
        raise ArchiveError(
            f"A picture cannot be kept to search by, since nothing can be written to {folder.name!r} in the archive "
            f"({error.strerror or error}): have it made writable, or search with the command line's --image."
        ) from error
    return key


def kept_query(folder: Path, key: str) -> Path | None:
    """The file of a picture that was kept as a query; None where there is none, or the key is not one."""
    file = folder / key
    return file if _NAME.fullmatch(key) and file.is_file() else None
