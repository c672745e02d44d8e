"""Long work of the library beside the pages: it goes on whatever is clicked, says how far it is, can be stopped."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeAlias

import streamlit as st

from archive_search.types import ArchiveSearchError

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many steps are done."""
MOST = 24
"""So many pieces of work are remembered with what they found; the oldest go, unless they still run."""


class StoppedError(Exception):
    """Somebody has stopped the work."""


class Work:
    """
    One piece of work, done in a thread of its own.

    `result` is there once it has ended well, `error` says why it did not.
    """

    def __init__(self, do: Callable[[Progress], Any]) -> None:
        self.done = self.total = 0
        self.result: Any = None
        self.error = ""
        self.began = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(do,), daemon=True)
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether it is not done yet."""
        return self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped it."""
        return self._stop.is_set()

    @property
    def rate(self) -> float:
        """Steps in a second so far; 0 where nothing is known yet."""
        seconds = time.monotonic() - self.began
        return self.done / seconds if seconds > 0.5 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds that it takes still, at the rate so far; None where nothing is known yet."""
        return (self.total - self.done) / self.rate if self.rate and self.total else None

    def stop(self) -> None:
        """Have it end at its next step."""
        self._stop.set()

    def _progress(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise StoppedError
        self.done, self.total = done, total

    def _run(self, do: Callable[[Progress], Any]) -> None:
        try:
            self.result = do(self._progress)
        except StoppedError:
            pass
        except ArchiveSearchError as error:
            self.error = str(error)
        except BaseException as error:
            self.error = f"{type(error).__name__}: {error}"
            raise


class Works:
    """What is worked on and what was found, by what it was asked for: the same work is not done twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Work] = OrderedDict()

    def get(self, key: Hashable) -> Work | None:
        """The work of this key, if it was begun and not stopped."""
        with self._lock:
            work = self._known.get(key)
            return None if work is None or work.stopped else work

    def begin(self, key: Hashable, do: Callable[[Progress], Any]) -> Work:
        """Begin the work of a key, unless it is there already; `do` is told where to tell how far it is."""
        with self._lock:
            known = self._known.get(key)
            if known is None or known.stopped or known.error:
                self._known[key] = known = Work(do)
            for old in [key for key, work in self._known.items() if not work.runs][: max(0, len(self._known) - MOST)]:
                del self._known[old]
            return known


@st.cache_resource(show_spinner=False)
def works() -> Works:
    """The work of this server, shared by all who look at its pages."""
    return Works()
