"""A journal: events that are only ever added, from which the present state is read; undo and redo are events too."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive_search.types import check_text
from archive_search.workspace.file import Part, opened

UNDO, REDO = "undo", "redo"
"""Acts that take back, and bring back, the event that they name."""


@dataclass(frozen=True, slots=True)
class Event:
    """
    One thing that somebody did.

    `subject` is the id of what it was done to, `target` of an undo or redo the id of the event it is about. `session`
    tells two places apart in which one person works at once, each with an undo of its own. `at` is the time in UTC, as
    ISO 8601 with microseconds; no event of a file is earlier than one that was there before it.
    """

    id: str
    subject: str
    act: str
    data: Mapping[str, Any]
    target: str
    who: str
    session: str
    at: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and where: '' stands for people who do not name themselves, and for no particular place."""

    who: str = ""
    session: str = ""

    def __post_init__(self) -> None:
        check_text(self.who, "The name of who writes")
        check_text(self.session, "The name of the session")


class Journal:
    """
    The journal of one part of the workspace, in a table of its own.

    Events count in the order of time, so that journals that were written apart and merged say the same everywhere.
    """

    def __init__(self, file: Path, name: str, lasting: Collection[str] = ()) -> None:
        self.file, self.lasting = file, frozenset(lasting)
        """`lasting` are the acts that undo passes over."""
        self.table = f"{name}_events"
        self.part = Part(
            name,
            1,
            (
                f"""CREATE TABLE IF NOT EXISTS {self.table} (
                    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
                    act TEXT NOT NULL, data TEXT NOT NULL, target TEXT NOT NULL, who TEXT NOT NULL,
                    session TEXT NOT NULL, at TEXT NOT NULL
                )""",
                f"CREATE INDEX IF NOT EXISTS {self.table}_by_subject ON {self.table} (subject, at, id)",
                f"CREATE INDEX IF NOT EXISTS {self.table}_by_author ON {self.table} (who, session, at, id)",
                f"CREATE INDEX IF NOT EXISTS {self.table}_by_time ON {self.table} (at)",
            ),
        )

    @contextmanager
    def reading(self) -> Iterator[Page]:
        """The journal as it stands at one moment."""
        with opened(self.file, self.part) as database:
            yield Page(self, database)

    @contextmanager
    def writing(self) -> Iterator[Page]:
        """The journal, to be read and added to while nobody else adds; all that is added counts, or nothing."""
        with opened(self.file, self.part, write=True) as database:
            yield Page(self, database)

    def stamp(self) -> int:
        """A number that changes whenever something was added: what was read before is the same until then."""
        with self.reading() as page:
            return page.stamp()

    def undo(self, author: Author) -> Event | None:
        """Take back the last thing that this author did and has not taken back; None if there is nothing."""
        return self._turn(author, UNDO)

    def redo(self, author: Author) -> Event | None:
        """
        Bring back what this author took back last; returns it, None where there is none.

        There is none once the author has done something else.
        """
        return self._turn(author, REDO)

    def _turn(self, author: Author, act: str) -> Event | None:
        with self.writing() as page:
            done, taken_back = page.stacks(author)
            stack = done if act == UNDO else taken_back
            if not stack:
                return None
            event = page.event(stack[-1])
            page.add(author, event.subject, act, target=event.id)
        return event


class Page:
    """The journal within one transaction."""

    def __init__(self, journal: Journal, database: sqlite3.Connection) -> None:
        self.journal, self._database, self._table = journal, database, journal.table

    def add(
        self, author: Author, subject: str, act: str, data: Mapping[str, Any] | None = None, target: str = ""
    ) -> Event:
        """Add what somebody does now."""
        event = Event(uuid.uuid4().hex, subject, act, data or {}, target, author.who, author.session, self._now())
        self._insert([event])
        return event

    def merge(self, events: Iterable[Event]) -> int:
        """Add the events from elsewhere that are not here; returns how many."""
        known = {one for (one,) in self._database.execute(f"SELECT id FROM {self._table}")}
        missing = [one for one in {event.id: event for event in events}.values() if one.id not in known]
        self._insert(missing)
        return len(missing)

    def events(self, subject: str | None = None, acts: Sequence[str] = ()) -> list[Event]:
        """Every event, or those about one subject, or of some acts, in order."""
        terms, values = ["1"], []
        if subject is not None:
            terms.append("subject = ?")
            values.append(subject)
        if acts:
            terms.append(f"act IN ({', '.join('?' * len(acts))})")
            values += acts
        return self._select(" AND ".join(terms), values)

    def event(self, name: str) -> Event:
        """One event by its id, which must be there."""
        return self._select("id = ?", [name])[0]

    def stamp(self) -> int:
        """The number of the last row."""
        return int(self._database.execute(f"SELECT coalesce(max(number), 0) FROM {self._table}").fetchone()[0])

    def stacks(self, author: Author) -> tuple[list[str], list[str]]:
        """The ids of what an author can take back, and of what they can bring back, each the next one last."""
        done: dict[str, None] = {}
        taken_back: dict[str, None] = {}
        rows = self._database.execute(
            f"SELECT id, act, target FROM {self._table} WHERE who = ? AND session = ? ORDER BY at, id",
            (author.who, author.session),
        )
        for name, act, target in rows:
            if act == UNDO:
                done.pop(target, None)
                taken_back[target] = None
            elif act == REDO:
                taken_back.pop(target, None)
                done[target] = None
            elif act not in self.journal.lasting:
                done[name] = None
                taken_back.clear()
        return list(done), list(taken_back)

    def _now(self) -> str:
        """The time, later than that of every event here: a clock that was put back changes no order."""
        now = datetime.now(UTC)
        last = self._database.execute(f"SELECT max(at) FROM {self._table}").fetchone()[0]
        if last is not None:
            now = max(now, datetime.fromisoformat(last) + timedelta(microseconds=1))
        return written(now)

    def _insert(self, events: Iterable[Event]) -> None:
        self._database.executemany(
            f"INSERT INTO {self._table} (id, subject, act, data, target, who, session, at) VALUES (?,?,?,?,?,?,?,?)",
            [
                (
                    *(one.id, one.subject, one.act, json.dumps(one.data, ensure_ascii=False)),
                    *(one.target, one.who, one.session, one.at),
                )
                for one in events
            ],
        )

    def _select(self, where: str, values: Sequence[str]) -> list[Event]:
        rows = self._database.execute(
            f"SELECT id, subject, act, data, target, who, session, at FROM {self._table} WHERE {where} ORDER BY at, id",
            values,
        )
        return [Event(row[0], row[1], row[2], json.loads(row[3]), *row[4:]) for row in rows]


def written(time: datetime) -> str:
    """A time as events have it; texts of times sort as the times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def taken_back(events: Iterable[Event]) -> set[str]:
    """The ids of those of these events, in order, that were taken back and not brought back."""
    found: set[str] = set()
    for event in events:
        if event.act == UNDO:
            found.add(event.target)
        elif event.act == REDO:
            found.discard(event.target)
    return found
