"""The workspace file: what people make of an archive, one SQLite file whose parts keep their own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive_search.types import ArchiveError

_PARTS = "CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID"


@dataclass(frozen=True)
class Part:
    """
    The tables of one part of the workspace (judgements, saved searches, notes ...).

    Every part has a version of its own, so that one can change while the others stay.
    """

    name: str
    version: int
    tables: tuple[str, ...]
    """`CREATE ... IF NOT EXISTS` statements."""


@contextmanager
def opened(file: Path, part: Part, write: bool = False) -> Iterator[sqlite3.Connection]:
    """
    One transaction on the tables of a part, which are made where they are missing.

    Every transaction has a connection of its own, so threads and processes may share the file; a writer waits for
    another, and what raises inside leaves nothing behind.

    Raises:
        ArchiveError: If the file cannot be used, or a later version of this program wrote the part.
    """
    try:
        database = sqlite3.connect(file, timeout=60, isolation_level=None)
        try:
            _prepare(database, file, part)
            database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
        finally:
            database.close()
    except sqlite3.Error as error:
        raise ArchiveError(f"The workspace {file} cannot be used: {error}.") from error


def _prepare(database: sqlite3.Connection, file: Path, part: Part) -> None:
    if _version(database, part) is None:
        database.execute("BEGIN IMMEDIATE")
        for statement in (_PARTS, *part.tables):
            database.execute(statement)
        database.execute("INSERT OR IGNORE INTO parts VALUES (?, ?)", (part.name, part.version))
        database.execute("COMMIT")
    version = _version(database, part)
    if version is None or version > part.version:
        raise ArchiveError(
            f"The {part.name} in {file} were written by a later version of archive-search: use that version."
        )


def _version(database: sqlite3.Connection, part: Part) -> int | None:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'parts'").fetchone():
        return None
    found = database.execute("SELECT version FROM parts WHERE name = ?", (part.name,)).fetchone()
    return None if found is None else int(found[0])
