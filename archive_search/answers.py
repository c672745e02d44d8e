"""What was counted of a published generation, which never changes: asked once, and kept in a small file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

FILE = "counts.sqlite"
"""The file of an archive in which they are kept; without it they are counted again."""
_TABLE = "CREATE TABLE IF NOT EXISTS answers (of TEXT, question TEXT, answer TEXT, PRIMARY KEY (of, question))"


@runtime_checkable
class Answering(Protocol):
    """A store whose records never change."""

    answers: Answers | None


class Answers:
    """
    Answers by their questions, kept in memory and, where there is a file, for whoever opens the archive next.

    A file that cannot be read or written costs nothing but the time to count again. Several threads and processes may
    use one file; what it holds of another generation is removed.

    Args:
        file: where they are kept; None: in memory only.
        of: names the generation, as no other is named that ever lay there.
    """

    def __init__(self, file: Path | None = None, of: str = "") -> None:
        self._file, self._of, self._lock = file, of, threading.Lock()
        self._known: dict[str, str] | None = None

    def get(self, question: str, ask: Callable[[], Any]) -> Any:
        """The answer to a question, which is JSON; it is asked where nobody has asked before."""
        known = self._read()
        if (said := known.get(question)) is not None:
            return json.loads(said)
        answer = ask()
        known[question] = said = json.dumps(answer)
        self._write(question, said)
        return answer

    def _read(self) -> dict[str, str]:
        with self._lock:
            if self._known is None:
                self._known = {}
                if self._file is not None and self._file.is_file():
                    asked = "SELECT question, answer FROM answers WHERE of = ?"
                    self._known |= self._file_does(lambda db: db.execute(asked, (self._of,)).fetchall())
            return self._known

    def _write(self, question: str, answer: str) -> None:
        def write(db: sqlite3.Connection) -> list[tuple[str, str]]:
            db.execute(_TABLE)
            db.execute("DELETE FROM answers WHERE of != ?", (self._of,))
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (self._of, question, answer))
            return []

        if self._file is not None and self._file.parent.is_dir():
            with self._lock:
                self._file_does(write)

    def _file_does(self, work: Callable[[sqlite3.Connection], list[tuple[str, str]]]) -> list[tuple[str, str]]:
        """Do something with the file in one transaction; nothing where it cannot be done."""
        with suppress(sqlite3.Error, OSError), closing(sqlite3.connect(self._file or "", timeout=1)) as db, db:
            db.execute("PRAGMA synchronous = OFF")  # what a power cut costs is counted again
            return work(db)
        return []


def answered(store: object, question: str, ask: Callable[[], Any]) -> Any:
    """The answer to a question about all of a store, which is JSON; kept where the store never changes."""
    if isinstance(store, Answering) and store.answers is not None:
        return store.answers.get(question, ask)
    return ask()
