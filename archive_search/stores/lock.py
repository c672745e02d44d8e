"""One builder at a time: a lock that the system gives up when its process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from archive_search.types import ArchiveError, StoreError

PID_AT = 1
"""The pid stands behind the byte that is locked: Windows keeps others from reading that one."""


class BuilderLock:
    """A lock file, held from construction until `release` or the end of the process; it names the pid of its holder."""

    def __init__(self, path: Path, what: str) -> None:
        try:
            self._file: BinaryIO = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
        except OSError as error:
            raise StoreError(f"{what} cannot be locked for writing: {error}.") from error
        if not _try_lock(self._file):
            self._file.seek(PID_AT)
            pid = self._file.read(20).decode(errors="replace").strip() or "unknown"
            self._file.close()
            raise ArchiveError(f"{what} is being built by process {pid}. Wait until it is done, or end it.")
        self._file.seek(0)
        self._file.write(b" " + str(os.getpid()).ljust(20).encode())

    def release(self) -> None:
        """Let others build; the file stays, since removing it would let two builders in."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
