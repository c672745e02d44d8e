"""How thumbnails are named and found: by the picture's content, whichever format they were made in."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

ENDINGS = (".jpg", ".webp")
"""How the names of thumbnails end: as they are made now, and as archives that were made earlier have them."""
MEDIA_TYPES = {".jpg": "image/jpeg", ".webp": "image/webp"}


def thumbnail_name(content_hash: str) -> str:
    """Where the thumbnail of a picture lies below the thumbnails' directory, with forward slashes."""
    return f"{content_hash[:2]}/{content_hash}{ENDINGS[0]}"


def thumbnail_file(directory: Path, name: str) -> Path:
    """
    The file of a thumbnail by the name that a payload gives, whether or not it is there.

    Where it lies there in another format it is that one: one that was lost and made again, one that two records share.
    """
    file = directory / PurePosixPath(name)
    if file.suffix not in ENDINGS or file.is_file():
        return file
    return next((other for one in ENDINGS if (other := file.with_suffix(one)).is_file()), file)
