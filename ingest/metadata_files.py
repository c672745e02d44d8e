"""Which metadata files may describe the pictures of a folder, so that people choose one instead of typing a path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archive_search.types import InvalidInputError
from ingest.tables import READERS

MOST = 50
_TABLES = (".csv", ".tsv", ".xlsx", ".parquet")


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
        with os.scandir(folder):
            pass
    except PermissionError as error:
        raise InvalidInputError(f"The folder {text} may not be read by the user who runs this program.") from error
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


def likely_table(files: Sequence[Path]) -> Path | None:
    """The only spreadsheet or CSV among these; None where there are several, or only what may be anything."""
    tables = [one for one in files if one.suffix.lower() in _TABLES]
    return tables[0] if len(tables) == 1 else None
