"""How much of the disk an archive takes, by its parts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive_search.answers import FILE as ANSWERS
from archive_search.settings import COPY, SETTINGS

PARTS: Mapping[str, str] = {
    "index": "index",
    ANSWERS: "index",
    "thumbnails": "thumbnails",
    "pictures": "pictures",
    "harvest": "harvest",
    "maps": "maps",
    "queries": "queries",
    "banks": "banks",
    "recall.json": "banks",
    "adapters": "adapters",
    "ledger.sqlite": "ledger",
    "workspace.sqlite": "workspace",
    SETTINGS: "settings",
    COPY: "settings",
}
"""The part that a file or folder of an archive is of, by the beginning of its name; all else is `other`."""


_BLOCK = 512
MANY_FOLDERS, LOOKED, MANY = 64, 8, 4_000
"""A folder with so many below it is looked at in part: so many of them, if those hold so many files."""


@dataclass(frozen=True, slots=True)
class Use:
    """Files and bytes."""

    files: int
    bytes: int


def disk_use(directory: Path) -> dict[str, Use]:
    """
    What each part of an archive takes, the largest first; a file under two names counts once.

    An index on a server takes none here. Files that vanish meanwhile, or cannot be looked at, count nothing. Of very
    many thumbnails it is what `LOOKED` of their folders suggest: they lie in 256, by chance.
    """
    files: dict[str, int] = {}
    sizes: dict[str, int] = {}
    seen: set[tuple[int, int]] = set()
    for top in _entries(directory):
        part = next((part for name, part in PARTS.items() if top.name.startswith(name)), "other")
        folders = _entries(Path(top.path)) if part == "thumbnails" and top.is_dir(follow_symlinks=False) else []
        for found in _stats(top) if len(folders) < MANY_FOLDERS else ():
            known = (found.st_dev, found.st_ino)
            if found.st_nlink < 2 or known not in seen:
                seen.add(known)
                files[part] = files.get(part, 0) + 1
                sizes[part] = sizes.get(part, 0) + _taken(found)
        if len(folders) >= MANY_FOLDERS:
            use = _suggested(folders)
            files[part], sizes[part] = files.get(part, 0) + use.files, sizes.get(part, 0) + use.bytes
    return {part: Use(files[part], sizes[part]) for part in sorted(sizes, key=lambda part: -sizes[part])}


def _suggested(folders: Sequence[os.DirEntry[str]]) -> Use:
    """What all of these folders take; where the first `LOOKED` hold `MANY` files, what those suggest."""
    files = taken = 0
    for looked, folder in enumerate(sorted(folders, key=lambda one: one.name)):
        if looked >= LOOKED and files >= MANY:
            return Use(round(files * len(folders) / looked), round(taken * len(folders) / looked))
        for found in _stats(folder):
            files, taken = files + 1, taken + _taken(found)
    return Use(files, taken)


def _taken(found: os.stat_result) -> int:
    """What a file takes, which is less than it is long where it has holes; Windows does not say."""
    blocks: int | None = getattr(found, "st_blocks", None)
    return found.st_size if blocks is None else blocks * _BLOCK


def _stats(entry: os.DirEntry[str]) -> Iterator[os.stat_result]:
    """Those of a file, or of all files below a folder; links are not followed."""
    try:
        if entry.is_dir(follow_symlinks=False):
            for one in _entries(Path(entry.path)):
                yield from _stats(one)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path).stat(follow_symlinks=False)  # that of the entry tells no inode on Windows
    except OSError:
        return


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
