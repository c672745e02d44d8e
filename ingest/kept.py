"""What an ingest must remember of every record while it runs: on disk once it is much, in memory where it is little."""

from __future__ import annotations

import mmap
import pickle
import sqlite3
import threading
from collections.abc import Iterator, MutableMapping
from itertools import islice
from typing import Generic, TypeVar, cast

T = TypeVar("T")

_PAGES_KB = 16_384
"""What a private database keeps in memory; the rest lies in a temporary file that nobody else sees."""
_LAST = 2_000
"""So many of the texts that came last are in memory."""
_BITS = 1 << 25


class Kept(MutableMapping[str, str]):
    """
    A dictionary of texts that takes bounded memory, whatever it holds; its keys come in the order of their code points.

    It may not be changed while it is iterated over. What came last is in memory, the rest in a private database, which
    is only asked for what is probably there: it takes a millisecond, now and then, while other threads are busy.
    """

    def __init__(self) -> None:
        self._db = _private("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        self._last: dict[str, str] = {}
        self._marks: _Marks | None = None
        self._lock = threading.RLock()

    def take(self, key: str, value: str = "") -> str | None:
        """Keep a value under a key that has none; the value that it has already, which stays, or None."""
        with self._lock:
            found = self._found(key)
            if found is None:
                self[key] = value
            return found

    def __getitem__(self, key: str) -> str:
        with self._lock:
            found = self._found(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: str) -> None:
        with self._lock:
            self._last[key] = value
            if len(self._last) > _LAST:
                self._put_away(list(islice(self._last.items(), _LAST // 2)))

    def __delitem__(self, key: str) -> None:
        with self._lock:
            was_last = self._last.pop(key, None) is not None
            gone = self._db.execute("DELETE FROM kept WHERE key = ?", (_bytes(key),)).rowcount
        if not gone and not was_last:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        with self._lock:
            return isinstance(key, str) and self._found(key) is not None

    def __iter__(self) -> Iterator[str]:
        self._put_all_away()
        return (_text(found[0]) for found in self._db.execute("SELECT key FROM kept ORDER BY key"))

    def __len__(self) -> int:
        self._put_all_away()
        return int(self._db.execute("SELECT count(*) FROM kept").fetchone()[0])

    def __bool__(self) -> bool:
        return bool(self._last) or self._db.execute("SELECT 1 FROM kept LIMIT 1").fetchone() is not None

    def _found(self, key: str) -> str | None:
        found = self._last.get(key)
        if found is None and self._marks is not None and key in self._marks:
            row = self._db.execute("SELECT value FROM kept WHERE key = ?", (_bytes(key),)).fetchone()
            found = None if row is None else _text(row[0])
        return found

    def _put_away(self, some: list[tuple[str, str]]) -> None:
        self._marks = self._marks or _Marks()
        rows = [(_bytes(key), _bytes(value)) for key, value in some]
        self._db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        for key, _ in some:
            self._marks.add(key)
            del self._last[key]

    def _put_all_away(self) -> None:
        with self._lock:
            self._put_away(list(self._last.items()))


class _Marks:
    """Which keys were put away: a Bloom filter, which says yes of some that were not (one in 200 of a million)."""

    def __init__(self) -> None:
        self._bits = mmap.mmap(-1, _BITS // 8)

    def add(self, key: str) -> None:
        for bit in _bits_of(key):
            self._bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, key: str) -> bool:
        return all(self._bits[bit >> 3] >> (bit & 7) & 1 for bit in _bits_of(key))


def _bits_of(key: str) -> tuple[int, int, int]:
    number = hash(key)
    return number % _BITS, (number >> 20) % _BITS, (number >> 39) % _BITS


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
