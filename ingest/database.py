"""A SQLite file that several threads share: changes come whole or not at all, refusals are told as ArchiveErrors."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from archive_search.types import ArchiveError


class Database:
    """
    What is done with any such file; a subclass opens `_db`, with `isolation_level=None`: `_change` begins transactions.

    `unusable` makes the error for what SQLite says.
    """

    _db: sqlite3.Connection

    def __init__(self, unusable: Callable[[sqlite3.Error], ArchiveError]) -> None:
        self._refusal, self._lock = unusable, threading.RLock()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._held():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _held(self) -> Iterator[None]:
        """One thread at a time; what SQLite says is told as an ArchiveError."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise self._refusal(error) from error

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._held():
            return list(self._db.execute(sql, values))

    def _maybe(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._held():
            return cast("tuple[Any, ...] | None", self._db.execute(sql, values).fetchone())

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        found = self._maybe(sql, values)
        assert found is not None
        return found
