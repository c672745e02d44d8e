"""What is to be told while a harvest goes on."""

from __future__ import annotations

import threading
from collections.abc import Sequence


class Remarks:
    """Sentences for people, each told once however often it is added; added on any thread."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}
        self._taken = 0
        self._lock = threading.Lock()

    def add(self, said: str) -> None:
        """Tell this, unless it was told before."""
        with self._lock:
            self._known.setdefault(said)

    def take(self) -> Sequence[str]:
        """Those that were added since they were taken last."""
        with self._lock:
            fresh = list(self._known)[self._taken :]
            self._taken = len(self._known)
            return fresh
