"""
An ingest in a process of its own: `python -m ingest.child ARCHIVE STATE` with what is asked for on its first line.

It writes how far it is to the file STATE (see `ingest.background.State`). When its standard input ends, because
whoever started it wants it stopped or is gone, the batch at hand is finished and the rest is left for the next ingest.
Signals from a keyboard are not for it: they reach whoever started it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path

from archive_search.types import ArchiveSearchError
from ingest.background import State, write_state
from ingest.progress import Progress
from ingest.request import read_request

_EVERY_S = 0.5
_SIGN_OF_LIFE_S = 5.0
_KINDER = 5
"""So much lower is its priority: people search meanwhile."""


def main() -> None:
    """Read what is asked, do it, write how it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_KINDER)
    archive, file = (Path(one) for one in sys.argv[1:3])
    asked = sys.stdin.readline().strip()
    told = _Told(file, State("starting", asked, os.getpid(), time.time()))
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    threading.Thread(target=told.alive, daemon=True).start()
    try:
        told.now(phase="starting")
        from ingest.recipe import run_request

        summary = run_request(archive, read_request(asked), on_remark=told.remark, on_progress=told.progress, stop=stop)
        told.now(phase="stopped" if summary.stopped else "done", summary=asdict(summary))
    except ArchiveSearchError as error:
        told.now(phase="failed", error=str(error))
    except Exception as error:
        told.now(phase="failed", error=f"{type(error).__name__}: {error}")
        raise
    # threads that still decode something are not waited for: all that counts is written
    sys.stdout.flush()


def _listen(stop: threading.Event) -> None:
    """Wait until nobody is there any more who wants this."""
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.readline():
            pass
    stop.set()


class _Told:
    """What is written down, a few times a second at most."""

    def __init__(self, file: Path, state: State) -> None:
        self._file, self._state, self._last = file, state, 0.0
        self._lock = threading.Lock()

    def now(self, **changes: object) -> None:
        """Write at once."""
        with self._lock:
            self._state = replace(self._state, at=time.time(), **changes)  # type: ignore[arg-type]
            self._last = time.monotonic()
            write_state(self._file, self._state)

    def alive(self) -> None:
        """Write now and then, also while a model works on one batch for long."""
        while True:
            time.sleep(_SIGN_OF_LIFE_S)
            if not self._state.running:
                return
            self.now()

    def remark(self, said: str) -> None:
        """Keep what the ingest said about its source."""
        self.now(remarks=(*self._state.remarks, said))

    def progress(self, now: Progress) -> None:
        """Keep how far it is."""
        if now.phase == "done":
            return
        if now.phase != self._state.phase or time.monotonic() - self._last >= _EVERY_S:
            self.now(phase=now.phase, progress=asdict(now))


if __name__ == "__main__":
    main()
