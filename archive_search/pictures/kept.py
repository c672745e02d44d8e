"""Where an archive keeps the pictures that it fetched from links."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from archive_search.pictures.media import ALL

FOLDER = "pictures"
"""The folder of an archive with what was fetched."""


def is_link(image: str) -> bool:
    """Whether a record's picture is behind a link, not in a folder."""
    return image[:8].lower().startswith(("http://", "https://"))


def kept_picture(archive: Path, link: str) -> Path:
    """
    The file for what is behind a link, whether or not it is there.

    Named by the link's hash, so that no link can lead out of the folder; an ending of pictures or films stays.
    """
    name = hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        ending = PurePosixPath(urlsplit(link).path).suffix.lower()
    except ValueError:
        ending = ""
    return archive / FOLDER / name[:2] / f"{name}{ending if ending in ALL else ''}"
