"""Pictures that people bring to search by: kept for as long as they are used, and no more than so many."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path

from archive_search.atomic import atomic_write
from archive_search.pictures.decoding import decode
from archive_search.types import ArchiveError, PictureError

BROUGHT = "The picture that you brought"
"""How errors name a kept picture: under what name it was brought is not kept."""
MOST = 500
"""So many pictures are kept."""
LARGEST = 2 * 10**9
"""So many bytes they may take together."""
DAYS = 180
"""So long a picture is kept after it was last used."""
_DAY_S = 86_400.0
_NAME = re.compile(r"[0-9a-f]{64}")


def keep_query(folder: Path, data: bytes, name: str = "") -> str:
    """
    Keep a picture below `folder` under the SHA-256 of its bytes, which is returned; `name` names it in errors.

    The bytes stay as they are, so that the search can be repeated. Pictures that were not used for `DAYS` are removed,
    and those used longest ago where there are more than `MOST` or they take more than `LARGEST` bytes.

    Raises:
        PictureError: If it is not a picture that can be read to its end; nothing is kept then.
        ArchiveError: If nothing can be written there.
    """
    if len(data) > LARGEST:
        raise PictureError(f"{name or BROUGHT} is larger than {LARGEST / 1e9:g} GB: make it smaller.")
    decode(data, name=name, at_least=64)
    key = hashlib.sha256(data).hexdigest()
    file = folder / key
    try:
        if not file.is_file():
            with atomic_write(file) as part:
                part.write_bytes(data)
    except OSError as error:
        raise ArchiveError(
            f"A picture cannot be kept to search by, since nothing can be written to {folder.name!r} in the archive "
            f"({error.strerror or error}): have it made writable, or search by it on the command line."
        ) from error
    _used(file)
    _tidy(folder, file)
    return key


def kept_query(folder: Path, key: str) -> Path | None:
    """The file of a picture that was kept, which counts as used now; None where there is none of this key."""
    file = folder / key
    if not _NAME.fullmatch(key) or not file.is_file():
        return None
    _used(file)
    return file


def _used(file: Path) -> None:
    """Note in the time of a file that it was used; once a day is enough."""
    with contextlib.suppress(OSError):  # of an archive that may only be read nothing is removed
        if abs(time.time() - file.stat().st_mtime) > _DAY_S:
            os.utime(file)


def _tidy(folder: Path, newest: Path) -> None:
    """Remove what is beyond the bounds, and what a killed process left half written."""
    now, kept, bytes_kept = time.time(), 0, 0
    found: list[tuple[bool, float, int, Path]] = []
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            with contextlib.suppress(OSError):  # another process removed it
                about = file.stat()
                if _NAME.fullmatch(file.name):
                    found.append((file != newest, -about.st_mtime, about.st_size, file))
                elif file.name.startswith(".") and now - about.st_mtime > _DAY_S:
                    file.unlink()
    for _, minus_time, size, file in sorted(found):
        if file != newest and (kept + 1 > MOST or bytes_kept + size > LARGEST or now + minus_time > DAYS * _DAY_S):
            with contextlib.suppress(OSError):
                file.unlink()
            continue
        kept, bytes_kept = kept + 1, bytes_kept + size
