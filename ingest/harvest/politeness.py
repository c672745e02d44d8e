"""How often, and how many at once, a host may be asked; our own, since a host that asks for time holds every thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ingest.source import StoppedError


class Host:
    """
    Takes turns at one host: `rate` requests a second, at most `at_once` at a time; safe on several threads.

    pyrate-limiter and aiolimiter count the same, but cannot hold everybody back once a host has asked for time, and
    their waiting cannot be stopped.
    """

    def __init__(self, rate: float, at_once: int) -> None:
        self._interval, self._next, self._held = 1.0 / rate, 0.0, 0.0
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(at_once)
        self.failures = 0
        """How many requests in a row were given up."""

    @contextmanager
    def turn(self, wait: Callable[[float], None]) -> Iterator[None]:
        """Wait until it may be asked, and hold one of its places within."""
        with self._free:
            while (left := self._left()) > 0:
                wait(left)
            yield

    def _left(self) -> float:
        """Seconds until it is anybody's turn; 0 or less: it is the caller's."""
        with self._lock:
            now = time.monotonic()
            left = max(self._next, self._held) - now
            if left <= 0:
                # waking takes its time: half a turn that came too late is made up for
                self._next = max(self._next, now - self._interval / 2) + self._interval
            return left

    def hold(self, seconds: float) -> None:
        """Ask nothing for so long: the host has said that it wants time."""
        with self._lock:
            self._held = max(self._held, time.monotonic() + seconds)

    def slow_down(self, interval: float) -> None:
        """Leave at least so many seconds between requests."""
        with self._lock:
            self._interval = max(self._interval, interval)


def stoppable(stop: threading.Event) -> Callable[[float], None]:
    """A sleep that ends with StoppedError once `stop` is set."""

    def wait(seconds: float) -> None:
        if stop.wait(seconds):
            raise StoppedError

    return wait
