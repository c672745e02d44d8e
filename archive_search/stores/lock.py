"""One builder at a time: a lock that the system gives up when its process dies."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from archive_search.types import ArchiveError, StoreError


class BuilderLock:
    """A lock file, held from construction until `release` or the end of the process; a file beside it names the pid."""

    def __init__(self, path: Path, what: str) -> None:
        self._holder = path.with_name(f"{path.name}.pid")
        self._lock = FileLock(path, thread_local=False)  # a build may be closed by another thread than began it
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            held = f"{what} is being built by process {self._pid()}"
            raise ArchiveError(f"{held}. Wait until it is done, or end it.") from error
        except OSError as error:
            raise StoreError(f"{what} cannot be locked for writing: {error}.") from error
        with contextlib.suppress(OSError):  # for people only
            self._holder.write_text(str(os.getpid()), encoding="utf-8")

    def release(self) -> None:
        """Let others build; nothing to do once released."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):  # Windows keeps a file that somebody reads at this moment
                self._holder.unlink()
            self._lock.release()

    def _pid(self) -> str:
        try:
            return self._holder.read_text(encoding="utf-8").strip() or "unknown"
        except OSError:
            return "unknown"
