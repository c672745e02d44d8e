"""
Room for an index that lies in a directory, looked for before anything is written to it.

Edge maps its files into memory: where the disk has no room for a page that is written, the system ends the process
without a word. On a file system in memory (tmpfs) reading a hole of such a file takes room as well.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from archive_search.stores.private_copy import in_memory
from archive_search.types import StoreError

SPARE = 1 << 26
"""Bytes kept free: what a shard takes beyond what is written to it, and what closing it in order takes."""


def check_room(index: Path, generation: str | None, coming: int = 0, again: bool = False) -> None:
    """
    See that an index has room for what is about to be written.

    Args:
        index: its directory.
        generation: the one that is written to or copied; None before the first.
        coming: bytes that are written to it.
        again: all that it holds is written once more: it is copied, or packed.

    Raises:
        StoreError: If there is not, saying how much is free, how much is needed and what to do.
    """
    there = next(one for one in (index, *index.parents) if one.exists())
    memory = in_memory(there)
    held = reserved = 0
    if generation is not None and (again or memory):
        for file in (index / generation).rglob("*"):
            try:
                about = file.stat()
            except FileNotFoundError:  # Edge moves small files to their places
                continue
            data = min(int(getattr(about, "st_blocks", about.st_size)) * 512, about.st_size)  # Windows: no st_blocks
            held, reserved = held + data, reserved + about.st_size - data
    needed = SPARE + coming + (held if again else 0) + (reserved if memory else 0)
    free = shutil.disk_usage(there).free
    if free < needed:
        raise StoreError(
            f"The disk of the index in {index} is too full to be written safely: {free / 1e6:,.0f} MB are free and "
            f"{needed / 1e6:,.0f} MB are needed. Free some room there and run the same again: nothing is lost, and it "
            "goes on where it stopped."
        )
