"""Writing a file all or nothing: under a name of its own beside the target, then renamed."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRIES = 50 if sys.platform == "win32" else 1
"""Windows replaces no file that somebody is reading at this moment."""
WAIT_S = 0.02


@contextmanager
def atomic_write(target: Path, durable: bool = False) -> Iterator[Path]:
    """
    Give a path beside `target` to write to, and put what was written in the target's place when the context ends well.

    What raises inside leaves the target as it was, and nothing beside it. Folders above the target are made. The
    temporary name ends as the target's does, for those who go by it.

    Args:
        durable: have the file on the disk, and its name too, before the context ends.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.stem[:40]}.{uuid.uuid4().hex[:12]}{target.suffix}")
    try:
        yield part
        if durable:
            sync(part)
        put(part, target)
        if durable:
            sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def put(part: Path, target: Path) -> None:
    """Rename a file that is written to the name of another, and take its place in one step."""
    for left in reversed(range(TRIES)):
        try:
            part.replace(target)
        except PermissionError:
            if not left:
                raise
            time.sleep(WAIT_S)
        else:
            return


def sync(path: Path) -> None:
    """Bring one file or directory to the disk; a directory only where the system can."""
    if path.is_dir() and os.name == "nt":
        return
    opened = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
