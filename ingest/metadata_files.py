"""Which metadata files may describe the pictures of a folder, so that people choose one instead of typing a path."""

from __future__ import annotations

import os
from pathlib import Path

from archive_search.types import InvalidInputError
from ingest.tables import READERS

MOST = 50


def readable_folder(text: str) -> Path:
    """
    The folder of this machine that a whole path names, `~` being one's own.

    Raises:
        InvalidInputError: If the path is not whole, is no folder, or one that this program's user may not read.
    """
    try:
        folder = Path(text.strip()).expanduser()
        if not folder.is_absolute():
            raise InvalidInputError(f"Write the whole path of the folder, from its beginning: {Path.home() / text}.")
        if not folder.is_dir():
            raise InvalidInputError(f"There is no folder {folder} on the machine where this program runs.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise InvalidInputError(f"The folder {folder} may not be read by the user who runs this program.")
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidInputError(f"This is no folder that can be read: {error}.") from error
    return folder.resolve()


def metadata_files(folder: Path) -> list[Path]:
    """Tables in a folder and beside it, those in it first; what cannot be looked at has none."""
    found: list[Path] = []
    for place in (folder, folder.parent):
        try:
            some = [one for one in place.iterdir() if one.suffix.lower() in READERS and one.is_file()]
        except OSError:
            continue
        found += sorted(some, key=lambda one: one.name.casefold())
    return found[:MOST]
