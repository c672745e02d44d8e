"""What was counted of a published generation, which never changes: asked once, and kept in a small file."""

from __future__ import annotations

import json
import math
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

FILE = "counts.sqlite"
"""The file of an archive in which they are kept; without it they are counted again."""
MOST = 4_000
"""So many answers are kept; a filter that somebody chose is a question of its own."""
_APART_S = 1.0
_TABLE = """
    CREATE TABLE IF NOT EXISTS counted (of TEXT, question TEXT, answer TEXT, took REAL, PRIMARY KEY (of, question))
"""


@runtime_checkable
class Answering(Protocol):
    """A store whose records never change."""

    answers: Answers | None


class Answers:
    """
    Answers by their questions, kept in memory and, where there is a file, for whoever opens the archive next.

    A file that cannot be read or written costs nothing but the time to count again. Several threads and processes may
    use one file; what it holds of another generation is removed. At most `MOST` are kept: those that took longest.

    Args:
        file: where they are kept; None: in memory only.
        of: names the generation, as no other is named that ever lay there.
    """

    def __init__(self, file: Path | None = None, of: str = "") -> None:
        self._lock = threading.Lock()
        self._file = None if file is None else _File(file, of)
        self._known: dict[str, _Answer] | None = None
        if self._file is not None:
            weakref.finalize(self, self._file.save)  # what was answered last

    def get(self, question: str, ask: Callable[[], Any]) -> Any:
        """The answer to a question, which is JSON; it is asked where nobody has asked before."""
        known = self._read()
        if (found := known.get(question)) is not None:
            return json.loads(found.said)
        began = time.perf_counter()
        answer = ask()
        made = _Answer(json.dumps(answer), time.perf_counter() - began)
        with self._lock:
            known[question] = made
            if len(known) > MOST:
                for one in sorted(known, key=lambda one: known[one].took)[: MOST // 4]:
                    del known[one]
        if self._file is not None:
            self._file.add(question, made)
        return answer

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, _Answer]:
        with self._lock:
            if self._known is None:
                self._known = {} if self._file is None else self._file.read()
            return self._known


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was said, as JSON, and how many seconds it took to find out."""

    said: str
    took: float


class _File:
    """A file of answers; what comes within a second after another goes to it together."""

    def __init__(self, path: Path, of: str) -> None:
        self._path, self._of, self._lock = path, of, threading.Lock()
        self._waiting: dict[str, _Answer] = {}
        self._saved_at = -math.inf

    def read(self) -> dict[str, _Answer]:
        """What it holds of its generation."""
        found: dict[str, _Answer] = {}
        asked = "SELECT question, answer, took FROM counted WHERE of = ?"
        if self._path.is_file():
            self._do(lambda db: found.update((one, _Answer(*told)) for one, *told in db.execute(asked, (self._of,))))
        return found

    def add(self, question: str, answer: _Answer) -> None:
        """Put an answer into it, now or soon."""
        with self._lock:
            self._waiting[question] = answer
        if time.monotonic() - self._saved_at > _APART_S:
            self.save()

    def save(self) -> None:
        """Put what waits into it."""
        with self._lock:
            rows = [(self._of, question, one.said, one.took) for question, one in self._waiting.items()]
            self._waiting.clear()
            self._saved_at = time.monotonic()
            if rows and self._path.parent.is_dir():
                self._do(lambda db: self._put(db, rows))

    def _put(self, db: sqlite3.Connection, rows: Sequence[tuple[str, str, str, float]]) -> None:
        db.execute("DROP TABLE IF EXISTS answers")  # of earlier versions, which kept all
        db.execute(_TABLE)
        db.execute("DELETE FROM counted WHERE of != ?", (self._of,))
        db.executemany("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)", rows)
        longest = "SELECT rowid FROM counted ORDER BY took DESC LIMIT ?"
        db.execute(f"DELETE FROM counted WHERE rowid NOT IN ({longest})", (MOST,))

    def _do(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the file in one transaction; nothing where it cannot be done."""
        with suppress(sqlite3.Error, OSError), closing(sqlite3.connect(self._path, timeout=1)) as db, db:
            db.execute("PRAGMA synchronous = OFF")  # what a power cut costs is counted again
            work(db)


def answered(store: object, question: str, ask: Callable[[], Any]) -> Any:
    """The answer to a question about all of a store, which is JSON; kept where the store never changes."""
    if isinstance(store, Answering) and store.answers is not None:
        return store.answers.get(question, ask)
    return ask()
