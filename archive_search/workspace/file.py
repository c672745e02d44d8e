"""The workspace file: what people make of an archive, one SQLite file whose parts keep their own tables."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive_search.types import ArchiveError

WAIT_S = 60
"""So long a writer waits for others before it gives up."""
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
def opened(file: Path, *parts: Part, write: bool = False) -> Iterator[sqlite3.Connection]:
    """
    One transaction on the tables of some parts; a writer makes those that are missing, a reader finds them empty.

    Every transaction has a connection of its own, so threads and processes may share the file. Readers and a writer do
    not wait for each other (write-ahead log), a writer waits for another, what is committed survives a kill, and what
    raises inside leaves nothing behind. Reading writes nothing: the archive may be read-only, the file missing.

    Raises:
        ArchiveError: If the file cannot be used, or a later version of this program wrote a part.
    """
    try:
        with closing(_to_write(file, parts) if write else _to_read(file, parts)) as database:
            database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise ArchiveError(f"The workspace {file} cannot be used: {error}.") from error


def _to_write(file: Path, parts: tuple[Part, ...]) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)
    try:
        if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            with contextlib.suppress(sqlite3.OperationalError):  # somebody is using it: another time
                database.execute("PRAGMA journal_mode = WAL")
        for part in parts:
            _make(database, file, part)
    except BaseException:
        database.close()
        raise
    return database


def _make(database: sqlite3.Connection, file: Path, part: Part) -> None:
    if not _has(database, file, part):
        database.execute("BEGIN IMMEDIATE")
        for statement in (_PARTS, *part.tables):
            database.execute(statement)
        database.execute("INSERT OR IGNORE INTO parts VALUES (?, ?)", (part.name, part.version))
        database.execute("COMMIT")
        _has(database, file, part)


def _to_read(file: Path, parts: tuple[Part, ...]) -> sqlite3.Connection:
    database = _readable(file) if file.exists() else sqlite3.connect(":memory:", isolation_level=None)
    try:
        for part in parts:
            if not _has(database, file, part):
                _stand_in(database, part)
    except BaseException:
        database.close()
        raise
    return database


def _readable(file: Path) -> sqlite3.Connection:
    """A connection that reads; where no log can be made beside the file, one that takes the file as it lies there."""
    database = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)
    try:
        database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        database.close()
        alone = "" if _has_log(file) else "&immutable=1"
        address = f"{file.resolve().as_uri()}?mode=ro{alone}"
        return sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)
    except BaseException:
        database.close()
        raise
    return database


def _has_log(file: Path) -> bool:
    """Whether something that was committed is not in the file yet, but in the log beside it."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _stand_in(database: sqlite3.Connection, part: Part) -> None:
    """Empty tables of a part, in memory only, for this connection."""
    database.execute("PRAGMA temp_store = MEMORY")
    for statement in part.tables:
        if not statement.startswith("CREATE INDEX"):
            database.execute(statement.replace("CREATE ", "CREATE TEMP ", 1))


def _has(database: sqlite3.Connection, file: Path, part: Part) -> bool:
    """Whether the file has the tables of a part; raises where a later version wrote them."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'parts'").fetchone():
        return False
    found = database.execute("SELECT version FROM parts WHERE name = ?", (part.name,)).fetchone()
    if found is not None and found[0] > part.version:
        raise ArchiveError(
            f"The {part.name} in {file} were written by a later version of archive-search: use that version."
        )
    return found is not None
