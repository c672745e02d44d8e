"""What an ingest must remember of every record while it runs: on disk once it is much, in memory where it is little."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar, cast

T = TypeVar("T")

_PAGES_KB = 16_384
"""What a private database keeps in memory; the rest lies in a temporary file that nobody else sees."""


class Kept(MutableMapping[str, str]):
    """
    A dictionary of texts that takes bounded memory, whatever it holds; its keys come in the order of their code points.

    It may not be changed while it is iterated over.
    """

    def __init__(self) -> None:
        self._db = _private("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")

    def take(self, key: str, value: str = "") -> str | None:
        """Keep a value under a key that has none; the value that it has already, which stays, or None."""
        added = self._db.execute("INSERT OR IGNORE INTO kept VALUES (?, ?)", (_bytes(key), _bytes(value)))
        return None if added.rowcount else self[key]

    def __getitem__(self, key: str) -> str:
        found = self._db.execute("SELECT value FROM kept WHERE key = ?", (_bytes(key),)).fetchone()
        if found is None:
            raise KeyError(key)
        return _text(found[0])

    def __setitem__(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (_bytes(key), _bytes(value)))

    def __delitem__(self, key: str) -> None:
        if not self._db.execute("DELETE FROM kept WHERE key = ?", (_bytes(key),)).rowcount:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        asked = "SELECT 1 FROM kept WHERE key = ?"
        return isinstance(key, str) and self._db.execute(asked, (_bytes(key),)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (_text(found[0]) for found in self._db.execute("SELECT key FROM kept ORDER BY key"))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM kept").fetchone()[0])

    def __bool__(self) -> bool:
        return self._db.execute("SELECT 1 FROM kept LIMIT 1").fetchone() is not None


class Queue(Generic[T]):
    """What waits, first in, first out, in bounded memory; it is pickled."""

    def __init__(self) -> None:
        self._db = _private("CREATE TABLE queue (number INTEGER PRIMARY KEY, waiting BLOB NOT NULL)")

    def append(self, one: T) -> None:
        """Put something at the end."""
        self._db.execute("INSERT INTO queue (waiting) VALUES (?)", (pickle.dumps(one),))

    def __iter__(self) -> Iterator[T]:
        for (found,) in self._db.execute("SELECT waiting FROM queue ORDER BY number"):
            yield cast(T, pickle.loads(found))  # what this process has put in

    def __bool__(self) -> bool:
        return self._db.execute("SELECT 1 FROM queue LIMIT 1").fetchone() is not None


def pair(first: str, second: str) -> str:
    """Two texts as one key; no other two give the same."""
    return f"{len(first)} {first}{second}"


def _private(table: str) -> sqlite3.Connection:
    # a generator that is not exhausted may be closed by another thread than the one that began it
    db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for setting in (
        "journal_mode = OFF",
        "synchronous = OFF",
        "locking_mode = EXCLUSIVE",
        f"cache_size = -{_PAGES_KB}",
    ):
        db.execute(f"PRAGMA {setting}")
    db.execute("BEGIN")
    db.execute(table)
    return db


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a half of a character is refused later, by its record


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
