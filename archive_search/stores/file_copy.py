"""Copies of a shard's directory, as cheap as the file system allows, and their way to the disk."""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from archive_search.atomic import sync

FICLONE = 0x40049409
"""The Linux request to let two files share their blocks until one is written (btrfs, XFS, bcachefs)."""
CHUNK = 1 << 24
SYNCING = 32


def copy_tree(source: Path, target: Path) -> Path:
    """Copy a directory to a new path, and return it: blocks are shared where the file system can, holes stay holes."""
    target.mkdir()
    for one in source.iterdir():
        if one.is_dir():
            copy_tree(one, target / one.name)
        else:
            copy_file(one, target / one.name)
    return target


def copy_file(source: Path, target: Path, *, reserve: bool = False) -> None:
    """Copy a file, as `copy_tree` does; or, with `reserve`, take all the room that it needs when its holes are read."""
    with source.open("rb") as read, target.open("wb") as write:
        if reserve and (size := os.fstat(read.fileno()).st_size):
            os.posix_fallocate(write.fileno(), 0, size)
        if _share_blocks(read, write):
            return
        if not hasattr(os, "SEEK_DATA"):
            shutil.copyfileobj(read, write, CHUNK)
            return
        _copy_data(read, write, os.fstat(read.fileno()).st_size)


def clone_file(source: Path, target: Path) -> bool:
    """Make a file that shares the blocks of another; False, and no file, where the file system cannot."""
    with source.open("rb") as read, target.open("wb") as write:
        shared = _share_blocks(read, write)
    if not shared:
        target.unlink()
    return shared


def _share_blocks(read: BinaryIO, write: BinaryIO) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    try:
        fcntl.ioctl(write.fileno(), FICLONE, read.fileno())
    except OSError:
        return False
    return True


def _copy_data(read: BinaryIO, write: BinaryIO, size: int) -> None:
    """Copy what is data, skipping holes: shards reserve 32 MB files and fill little of them."""
    at = 0
    while at < size:
        try:
            start = os.lseek(read.fileno(), at, os.SEEK_DATA)
        except OSError:  # nothing but a hole is left
            break
        at = os.lseek(read.fileno(), start, os.SEEK_HOLE)
        read.seek(start)
        write.seek(start)
        left = at - start
        while left:
            data = read.read(min(left, CHUNK))
            if not data:
                break
            write.write(data)
            left -= len(data)
    write.truncate(size)


def sync_tree(path: Path) -> None:
    """Bring every file and directory below a path to the disk."""
    with ThreadPoolExecutor(SYNCING) as pool:  # a file system commits many at once: some ten times faster than in turn
        list(pool.map(sync, [*path.rglob("*"), path]))
