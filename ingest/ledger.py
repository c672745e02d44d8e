"""The ledger: what was stored and what was rejected; one SQLite file that survives being killed at any moment."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from archive_search.types import ArchiveError
from ingest.kept import Kept
from ingest.known_pictures import PICTURES, KnownPictures
from ingest.source import Rejected, Stage

VERSION = 8
"""Of the tables below; a ledger written by a later version is refused."""

GIVEN = "row:"
"""Begins the mark of a precomputed vector, where an embedder's vector has the checkpoint that made it."""

_UNWRITABLE = ("READONLY", "CANTOPEN", "IOERR", "FULL")
"""What SQLite says where nothing can be written: on a full disk that the file beside the ledger, for locks, fails."""

_PAGE = 10_000
"""Rows that are asked for at once where all are."""

_RUNS = "SELECT number, started, ended, summary, origin, request FROM runs"
_ROW = "id, image, stamp, content_hash, metadata_hash, width, height, spaces, origin, kind"
_SAID = f"{_ROW}, (SELECT said FROM kinds WHERE number = kind)"
_COLUMNS = """
    id TEXT PRIMARY KEY, image TEXT NOT NULL, stamp TEXT NOT NULL, content_hash TEXT NOT NULL,
    metadata_hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, spaces TEXT NOT NULL,
    origin TEXT NOT NULL, kind INTEGER NOT NULL DEFAULT 0
"""
# Few rows differ in what made and what measured their vectors: it is said once, by space, and has a number, by which
# the rows are found that another checkpoint, or other phrases, concern.
_TABLES = f"""
    CREATE TABLE IF NOT EXISTS state (
        one INTEGER PRIMARY KEY CHECK (one = 1), published TEXT, pending TEXT, before TEXT, own TEXT,
        fingerprinted INTEGER
    );
    INSERT OR IGNORE INTO state (one) VALUES (1);
    CREATE TABLE IF NOT EXISTS stored ({_COLUMNS}) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS pending ({_COLUMNS}, gone INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS replaced ({_COLUMNS}, new INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS kinds (number INTEGER PRIMARY KEY, said TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS writing (id TEXT PRIMARY KEY, spaces TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS rejected (
        id TEXT, image TEXT, stage TEXT, reason TEXT NOT NULL, attempt TEXT NOT NULL, run INTEGER NOT NULL,
        PRIMARY KEY (id, image, stage)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS runs (
        number INTEGER PRIMARY KEY, origin TEXT NOT NULL, started REAL NOT NULL, ended REAL, summary TEXT,
        request TEXT NOT NULL DEFAULT ''
    );
    {PICTURES}
    CREATE INDEX IF NOT EXISTS stored_picture ON stored (content_hash);
    CREATE INDEX IF NOT EXISTS pending_picture ON pending (content_hash);
"""
_BOTH = ("pending", "stored")
_KINDS = tuple(f"CREATE INDEX IF NOT EXISTS {table}_kind ON {table} (kind)" for table in _BOTH)
_PUT_PENDING = f"INSERT OR REPLACE INTO pending ({_ROW}, gone)"
# A pending row stands for the unfinished generation and hides the stored row of its id.
_EFFECTIVE = f"""
    SELECT {_ROW} FROM pending WHERE NOT gone
    UNION ALL SELECT {_ROW} FROM stored WHERE id NOT IN (SELECT id FROM pending)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """
    A stored record: what was read and what was made of it.

    `spaces` holds, by space, the checkpoint of the embedder that made the vector, or the mark of a precomputed one.
    `origin` names the source that it came from. `measured` holds, by space, the version of the phrases that the vector
    was measured by; nothing where it was not.
    """

    id: str
    image: str
    stamp: str
    content_hash: str
    metadata_hash: str
    width: int
    height: int
    spaces: Mapping[str, str]
    origin: str = ""
    measured: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intent:
    """A write about to reach the build: these spaces of a point, or (None) the point as a whole."""

    id: str
    spaces: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rejection with the mark of what was tried; the record is tried again when the mark is another."""

    rejected: Rejected
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one flush of the build made durable, and what else was learnt meanwhile."""

    rows: Sequence[Row] = ()
    taken: Sequence[str] = ()
    """Ids whose picture was read and stored: what was rejected of them before is forgotten."""
    gone: Sequence[str] = ()
    attempts: Sequence[Attempt] = ()
    stamps: Sequence[tuple[str, str, str]] = ()
    """(id, content hash, new stamp) of pictures that were read again and are the same."""
    still_rejected: Sequence[tuple[str, str]] = ()
    """(id, image) of rejected records that were met again and not retried."""
    fingerprints: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)
    """By content hash, what finds pictures like this one; None where it shows nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """
    One ingest: when it started and ended (seconds since 1970; None: it runs or was killed), and its summary.

    `origin` names its source, `request` says what it was asked to do (see `ingest.request`), '' where that is no data.
    """

    number: int
    started: float
    ended: float | None
    summary: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
    request: str = ""


class Ledger(KnownPictures):
    """
    The ledger of one archive; readers may open it while an ingest writes.

    Rows of the unfinished generation are kept apart from those of the published one until `published` merges them, so
    an unfinished build can be dropped with its rows and nothing else. What they replaced is kept until the next is
    published, so that the ledger can go back with the index.
    """

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        """Open it, or make it; where only `reading` is meant, one that cannot be written will do."""
        self.path = path
        super().__init__(partial(_unusable, path))
        try:
            try:
                self._open(str(path), self._prepare)
            except sqlite3.OperationalError as error:
                if not reading or error.sqlite_errorname.split("_")[1] not in _UNWRITABLE:
                    raise
                self._open(f"{path.absolute().as_uri()}?mode=ro&immutable=1", self._check_version)
        except sqlite3.Error as error:
            raise _unusable(path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -------------------------------------------------------------- questions

    @property
    def generation(self) -> str | None:
        """The published generation that the stored rows describe."""
        return cast("str | None", self._one("SELECT published FROM state")[0])

    @property
    def before(self) -> str | None:
        """The generation before the published one, to which the ledger can go back; None if there is none."""
        return cast("str | None", self._one("SELECT before FROM state")[0])

    @property
    def pending(self) -> str | None:
        """The unfinished generation that the pending rows describe."""
        return cast("str | None", self._one("SELECT pending FROM state")[0])

    @property
    def own(self) -> str | None:
        """What was noted of the archive's own fields that the stored records hold (JSON); None: they hold none."""
        return cast("str | None", self._one("SELECT own FROM state")[0])

    def note_own(self, said: str) -> None:
        """Note which of the archive's own fields the stored records hold."""
        with self._change():
            self._db.execute("UPDATE state SET own = ?", (said,))

    def row(self, record_id: str) -> Row | None:
        """What is known of a record, an unfinished ingest included."""
        with self._held():
            found = self._db.execute(f"SELECT gone, {_SAID} FROM pending WHERE id = ?", (record_id,)).fetchone()
            if found is None:
                found = self._db.execute(f"SELECT 0, {_SAID} FROM stored WHERE id = ?", (record_id,)).fetchone()
        return None if found is None or found[0] else _row(found[1:])

    def attempt(self, record_id: str, image: str) -> str | None:
        """The mark under which the picture of a record was rejected, None if it was not."""
        found = self._maybe(
            "SELECT attempt FROM rejected WHERE id = ? AND image = ? AND stage != 'record'", (record_id, image)
        )
        return None if found is None else str(found[0])

    def rows(self) -> Iterator[Row]:
        """Every stored record by id, an unfinished ingest included."""
        return (_row(found) for found in self._all(f"SELECT {_SAID} FROM ({_EFFECTIVE}) ORDER BY id"))

    def ids(self, *origins: str) -> Iterator[str]:
        """The ids of every stored record, in order; where origins are named, of those that came from there."""
        only = f"AND origin IN ({', '.join('?' * len(origins))})" if origins else ""
        return self._ids(f"({_EFFECTIVE})", only, origins)

    def _ids(self, table: str, only: str = "", values: Sequence[Any] = ()) -> Iterator[str]:
        """The ids in a table, in order, a page of them in memory."""
        some: list[tuple[Any, ...]] = [("",)]
        asked = f"SELECT id FROM {table} WHERE id > ? {only} ORDER BY id LIMIT {_PAGE}"
        while some:
            some = self._all(asked, (some[-1][0], *values))
            yield from (str(found[0]) for found in some)

    def origins(self) -> list[str]:
        """The sources that stored records came from; '' where nobody knows whence."""
        return [str(found[0]) for found in self._all(f"SELECT DISTINCT origin FROM ({_EFFECTIVE}) ORDER BY origin")]

    def measured_by(self, space: str, version: str) -> bool:
        """Whether any stored record was measured by these phrases in a space, an unfinished ingest included."""
        fitting = [number for number, kind in self._kinds() if kind["measured"].get(space) == version]
        return any(self._maybe(f"SELECT 1 FROM {table} WHERE kind = ?", (one,)) for one in fitting for table in _BOTH)

    def unmeasured(self, space: str, version: str) -> Iterator[str]:
        """The ids of stored records not measured by these phrases in a space, an unfinished ingest included."""
        return self._ids_of([number for number, kind in self._kinds() if kind["measured"].get(space) != version])

    def note_measured(self, space: str, version: str) -> None:
        """Note that all records, as they are published, were measured by these phrases in a space."""
        with self._change():
            for number, kind in self._kinds():
                kind["measured"][space] = version
                self._db.execute("UPDATE kinds SET said = ? WHERE number = ?", (_said(kind), number))

    def _kinds(self) -> list[tuple[int, dict[str, dict[str, str]]]]:
        return [(int(one), json.loads(said)) for one, said in self._all("SELECT number, said FROM kinds")]

    def _ids_of(self, kinds: Sequence[int]) -> Iterator[str]:
        """The ids of the stored records of some kinds, an unfinished ingest's too, by kind."""
        for kind in kinds:
            yield from self._ids("pending", f"AND kind = {kind} AND NOT gone")
            yield from self._ids("stored", f"AND kind = {kind} AND id NOT IN (SELECT id FROM pending)")

    def outdated(self, space: str, checkpoint: str) -> Iterator[Row]:
        """
        Stored records whose vectors in a space were made by another checkpoint, an unfinished ingest included, by id.

        The mark of tiles is a checkpoint and, after a space, the way of cutting, which does not matter here.
        """
        other = [
            number
            for number, kind in self._kinds()
            if (made := kind["spaces"].get(space, checkpoint)) != checkpoint and not made.startswith(f"{checkpoint} ")
        ]
        ids = Kept()  # which these are is settled before the first: what becomes of them is written meanwhile
        for one in self._ids_of(other):
            ids[one] = ""
        return (row for one in ids if (row := self.row(one)) is not None)

    def stored_count(self) -> int:
        """How many records are stored and published."""
        return int(self._one("SELECT count(*) FROM stored")[0])

    def pending_count(self) -> int:
        """How many records an unfinished ingest has stored or removed so far."""
        return int(self._one("SELECT count(*) FROM pending")[0])

    def rejected_count(self) -> int:
        """How many records were rejected."""
        return int(self._one("SELECT count(*) FROM rejected")[0])

    def rejected(self, limit: int = -1, offset: int = 0) -> list[Rejected]:
        """Rejected records with their reasons, by id; all of them unless limited."""
        found = self._all(
            "SELECT id, image, stage, reason FROM rejected ORDER BY id, image, stage LIMIT ? OFFSET ?", (limit, offset)
        )
        return [Rejected(str(one[0]), str(one[1]), cast(Stage, one[2]), str(one[3])) for one in found]

    def reasons(self) -> dict[str, int]:
        """How many records each stage rejected."""
        found = self._all("SELECT stage, count(*) FROM rejected GROUP BY stage ORDER BY count(*) DESC, stage")
        return {str(stage): int(count) for stage, count in found}

    def spaces(self) -> dict[str, dict[str, int]]:
        """By space and checkpoint (`given` for precomputed vectors), how many published records have a vector."""
        kinds = dict(self._kinds())
        counted: Counter[tuple[str, str]] = Counter()
        for number, count in self._all("SELECT kind, count(*) FROM stored GROUP BY kind"):
            for space, checkpoint in kinds[number]["spaces"].items() if number in kinds else ():
                counted[space, "given" if checkpoint == GIVEN else checkpoint] += int(count)
        spaces: dict[str, dict[str, int]] = {}
        for (space, checkpoint), count in sorted(counted.items(), key=lambda one: (one[0][0], -one[1])):
            spaces.setdefault(space, {})[checkpoint] = count
        return spaces

    def last_run(self) -> Run | None:
        """The latest ingest, None before the first."""
        return next((_run(found) for found in self._all(f"{_RUNS} ORDER BY number DESC LIMIT 1")), None)

    def last_runs(self) -> list[Run]:
        """The latest ingest of each source, the latest first."""
        latest = "SELECT max(number) FROM runs GROUP BY origin"
        return [_run(found) for found in self._all(f"{_RUNS} WHERE number IN ({latest}) ORDER BY number DESC")]

    def counts(self) -> dict[str, int]:
        """How many published records came from each source."""
        return {str(one): int(count) for one, count in self._all("SELECT origin, count(*) FROM stored GROUP BY origin")}

    # -------------------------------------------------------------- runs

    def start_run(self, origin: str, request: str = "") -> int:
        """Note that an ingest of a source starts, and what it is asked to do; returns its number."""
        with self._change():
            row = (origin, time.time(), request)
            added = self._db.execute("INSERT INTO runs (origin, started, request) VALUES (?, ?, ?)", row)
            number = added.lastrowid
        return int(number or 0)

    def end_run(self, number: int, summary: Mapping[str, Any], complete: bool) -> None:
        """Note how an ingest ended; after a complete one, what its source rejected earlier only is forgotten."""
        with self._change():
            self._db.execute(
                "UPDATE runs SET ended = ?, summary = ? WHERE number = ?", (time.time(), json.dumps(summary), number)
            )
            if complete:
                same = "SELECT number FROM runs WHERE origin = (SELECT origin FROM runs WHERE number = ?)"
                self._db.execute(f"DELETE FROM rejected WHERE run != ? AND run IN ({same})", (number, number))

    # -------------------------------------------------------------- generations

    def building(self, generation: str) -> None:
        """Tie the rows to come to an unfinished generation; those of another one are dropped."""
        with self._change():
            if self.pending != generation:
                self._drop()
            self._db.execute("UPDATE state SET pending = ?", (generation,))

    def drop_pending(self) -> None:
        """Forget what an unfinished ingest did: its build is gone."""
        with self._change():
            self._drop()

    def published(self, generation: str) -> None:
        """Merge the pending rows into the stored ones: their generation has been published."""
        with self._change():
            self._db.execute("DELETE FROM replaced")
            if self.generation is not None:
                self._db.execute(
                    f"INSERT INTO replaced ({_ROW}, new)"
                    f" SELECT {_ROW}, 0 FROM stored WHERE id IN (SELECT id FROM pending)"
                    " UNION ALL SELECT id, '', '', '', '', 0, 0, '{}', '', 0, 1 FROM pending"
                    " WHERE id NOT IN (SELECT id FROM stored)"
                )
            self._db.execute("DELETE FROM stored WHERE id IN (SELECT id FROM pending WHERE gone)")
            self._db.execute(f"INSERT OR REPLACE INTO stored ({_ROW}) SELECT {_ROW} FROM pending WHERE NOT gone")
            self._drop()
            self._db.execute("UPDATE state SET before = published, published = ?", (generation,))

    def go_back(self) -> None:
        """Describe the generation before the published one again: the published one was damaged."""
        with self._change():
            self._drop()
            self._db.execute("DELETE FROM stored WHERE id IN (SELECT id FROM replaced)")
            self._db.execute(f"INSERT INTO stored ({_ROW}) SELECT {_ROW} FROM replaced WHERE NOT new")
            self._db.execute("DELETE FROM replaced")
            self._db.execute("UPDATE state SET published = before, before = NULL, fingerprinted = 0")
            self._db.execute("UPDATE pictures SET grouped = 0")
            for number, kind in self._kinds():  # what was measured since then may not fit
                said = _said({**kind, "measured": {}})
                self._db.execute("UPDATE kinds SET said = ? WHERE number = ?", (said, number))
            self._mix_own()

    def adopt(self, rows: Iterable[Row], generation: str | None) -> None:
        """Start again from what a published generation holds: the ledger did not belong to it."""
        with self._change():
            self._drop()
            self._db.execute("DELETE FROM stored")
            self._db.execute("DELETE FROM replaced")
            known: dict[str, int] = {}
            self._db.executemany(
                f"INSERT OR REPLACE INTO stored ({_ROW}) VALUES (?,?,?,?,?,?,?,?,?,?)",
                ((*_values(row), self._kind(row, known)) for row in rows),
            )
            self._db.execute("UPDATE state SET published = ?, before = NULL, fingerprinted = 0", (generation,))
            self._db.execute("UPDATE pictures SET grouped = 0")
            self._mix_own()

    # -------------------------------------------------------------- rows

    def intend(self, intents: Sequence[Intent]) -> None:
        """Note writes before they reach the build: until they are committed, nobody knows which of them did."""
        with self._change():
            for one in intents:
                spaces = None if one.spaces is None else json.dumps(list(one.spaces))
                self._db.execute("INSERT OR REPLACE INTO writing VALUES (?, ?)", (one.id, spaces))

    def interrupted(self) -> list[Intent]:
        """The writes that were noted and never committed."""
        found = self._all("SELECT id, spaces FROM writing ORDER BY id")
        return [Intent(str(one), None if spaces is None else json.loads(spaces)) for one, spaces in found]

    def commit(self, changes: Changes, run: int) -> None:
        """Note, in one transaction, what a flush has made durable; ends the writes that were intended."""
        with self._change():
            known: dict[str, int] = {}
            for row in changes.rows:
                values = (*_values(row), self._kind(row, known))
                self._db.execute(f"{_PUT_PENDING} VALUES (?,?,?,?,?,?,?,?,?,?,0)", values)
            for one in changes.gone:
                self._db.execute(f"{_PUT_PENDING} VALUES (?,'','','','',0,0,'{{}}','',0,1)", (one,))
            update = "UPDATE rejected SET run = ? WHERE id = ? AND image = ? AND stage != 'record'"
            self._db.executemany(update, [(run, *one) for one in changes.still_rejected])
            # what this run rejected of the same id were other pictures: they stay
            earlier = "DELETE FROM rejected WHERE id = ? AND stage != 'record' AND (run != ? OR image = ?)"
            images = {row.id: row.image for row in changes.rows}
            for one in (*changes.taken, *changes.gone):
                self._db.execute(earlier, (one, run, images.get(one, "")))
            self._db.execute("DELETE FROM writing")
            for attempt in changes.attempts:
                what = attempt.rejected
                if what.stage != "record":  # one picture has one rejection, whatever stage it reached
                    self._db.execute(
                        "DELETE FROM rejected WHERE id = ? AND image = ? AND stage != 'record'", (what.id, what.image)
                    )
                self._db.execute(
                    "INSERT OR REPLACE INTO rejected VALUES (?,?,?,?,?,?)",
                    (what.id, what.image, what.stage, what.reason, attempt.mark, run),
                )
            self._note(changes.fingerprints)
            for record_id, content_hash, stamp in changes.stamps:
                for table in ("stored", "pending"):
                    update = f"UPDATE {table} SET stamp = ? WHERE id = ? AND content_hash = ?"
                    self._db.execute(update, (stamp, record_id, content_hash))

    def _kind(self, row: Row, known: dict[str, int]) -> int:
        """The number of what made and measured the vectors of a row; those known in this transaction are passed on."""
        spaces = {space: GIVEN if mark.startswith(GIVEN) else mark for space, mark in row.spaces.items()}
        said = _said({"spaces": spaces, "measured": dict(row.measured)})
        if said not in known:
            found = self._maybe("SELECT number FROM kinds WHERE said = ?", (said,))
            if found is None:
                found = (self._db.execute("INSERT INTO kinds (said) VALUES (?)", (said,)).lastrowid,)
            known[said] = int(found[0] or 0)
        return known[said]

    # -------------------------------------------------------------- the file

    def _open(self, where: str, prepare: Callable[[], object]) -> None:
        named = where.startswith("file:")
        self._db = sqlite3.connect(where, timeout=60, isolation_level=None, check_same_thread=False, uri=named)
        try:
            prepare()
        except BaseException:
            self._db.close()
            raise

    def _check_version(self) -> int:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise ArchiveError(f"The ledger {self.path} was written by a later version of archive-search.")
        return version

    def _prepare(self) -> None:
        version = self._check_version()
        self._db.execute("PRAGMA journal_mode = WAL")  # readers go on while an ingest commits
        self._db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows, never the file
        if version < VERSION:
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES}")
            for table in ("stored", "pending", "runs"):  # the first ledgers did not say which source a row came from
                if "origin" not in {found[1] for found in self._all(f"PRAGMA table_info({table})")}:
                    self._db.execute(f"ALTER TABLE {table} ADD COLUMN origin TEXT NOT NULL DEFAULT ''")
            self._db.execute("CREATE INDEX IF NOT EXISTS stored_origin ON stored (origin)")
            if "request" not in {found[1] for found in self._all("PRAGMA table_info(runs)")}:
                self._db.execute("ALTER TABLE runs ADD COLUMN request TEXT NOT NULL DEFAULT ''")
            for column in ("before TEXT", "own TEXT", "fingerprinted INTEGER"):  # the first had none of these
                if column.split()[0] not in {found[1] for found in self._all("PRAGMA table_info(state)")}:
                    self._db.execute(f"ALTER TABLE state ADD COLUMN {column}")
            self._sort_by_kind()
            self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")

    def _sort_by_kind(self) -> None:
        """Say of the rows of earlier versions what made their vectors."""
        known: dict[str, int] = {}

        def kind_of(spaces: str) -> int:
            return self._kind(Row("", "", "", "", "", 0, 0, json.loads(spaces)), known)

        for table in ("stored", "pending", "replaced"):
            if "kind" not in {found[1] for found in self._all(f"PRAGMA table_info({table})")}:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN kind INTEGER NOT NULL DEFAULT 0")
                for (spaces,) in self._all(f"SELECT DISTINCT spaces FROM {table}"):
                    self._db.execute(f"UPDATE {table} SET kind = ? WHERE spaces = ?", (kind_of(spaces), spaces))
        for index in _KINDS:
            self._db.execute(index)

    def _mix_own(self) -> None:
        """Note that nobody knows which own fields the records of this index hold."""
        self._db.execute("UPDATE state SET own = json_set(coalesce(own, '{}'), '$.mixed', json('true'))")

    def _drop(self) -> None:
        self._db.execute("DELETE FROM pending")
        self._db.execute("DELETE FROM writing")
        self._db.execute("UPDATE state SET pending = NULL")


def _unusable(path: Path, error: sqlite3.Error) -> ArchiveError:
    damaged = type(error) is sqlite3.DatabaseError  # the others are about this moment, or about this program
    todo = (
        f" Move {path.name}, and {path.name}-wal and -shm where they are, elsewhere, and run the ingest again for "
        "every source: a new one is made from the index, and what that does not tell is done anew."
    )
    return ArchiveError(f"The ledger {path} cannot be used: {error}.{todo if damaged else ''}")


def _run(found: Sequence[Any]) -> Run:
    number, started, ended, summary, origin, request = found
    return Run(number, started, ended, json.loads(summary or "{}"), origin, request)


def _row(found: Sequence[Any]) -> Row:
    record_id, image, stamp, content_hash, metadata_hash, width, height, spaces, origin, _, said = found
    measured = json.loads(said)["measured"] if said else {}
    return Row(
        record_id, image, stamp, content_hash, metadata_hash, width, height, json.loads(spaces), origin, measured
    )


def _said(kind: Mapping[str, Mapping[str, str]]) -> str:
    return json.dumps(kind, sort_keys=True)


def _values(row: Row) -> tuple[Any, ...]:
    spaces = json.dumps(dict(row.spaces))
    known = (row.id, row.image, row.stamp, row.content_hash, row.metadata_hash, row.width, row.height)
    return (*known, spaces, row.origin)
