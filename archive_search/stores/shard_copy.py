"""
The copy of a shard that a build begins with, at the cost of what will change.

Blocks are shared where the file system can. Elsewhere the files that nothing ever changes are hard links, once they are
large: copies are better while they are cheap, since what damages a file damages it under all its names.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from archive_search.stores.edge_files import TRIED, edge_version, fixed_files
from archive_search.stores.file_copy import clone_file, copy_file

LINKED = 500_000_000
"""From so many bytes of them on, files that never change are linked: copying them would take some three seconds."""


def copy_shard(source: Path, target: Path) -> Path:
    """Copy a shard to a new path, and return it; writing to the copy changes nothing of the source."""
    fixed = set(fixed_files(source))
    if sum(map(_taken, fixed)) < LINKED:
        fixed.clear()
    _copy(source, target, fixed)
    return target


def remark() -> str:
    """What is to be said about this version of Qdrant Edge; '' where nothing is."""
    if edge_version() == TRIED:
        return ""
    return (
        f"Every ingest copies the whole index: with which of its files that is not needed is known of qdrant-edge-py "
        f"{TRIED}, and {edge_version() or 'an unknown version'} is installed."
    )


def _copy(source: Path, target: Path, fixed: set[Path]) -> None:
    target.mkdir()
    for one in source.iterdir():
        there = target / one.name
        if one.is_dir():
            _copy(one, there, fixed)
        elif one not in fixed or not (clone_file(one, there) or _link(one, there)):
            copy_file(one, there)


def _link(source: Path, target: Path) -> bool:
    with suppress(OSError):  # not every system lets everybody link
        target.hardlink_to(source)
        return True
    return False


def _taken(file: Path) -> int:
    about = file.stat()
    return min(int(getattr(about, "st_blocks", sys.maxsize)) * 512, about.st_size)  # Windows does not say
