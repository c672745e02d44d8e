"""Blind comparisons that people have made: who liked what in which list, and which ranking had given it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive_search.types import InvalidInputError, check_text
from archive_search.workspace.file import Part, opened
from archive_search.workspace.journal import written

PART = Part(
    "ballots",
    1,
    (
        """CREATE TABLE IF NOT EXISTS ballots (
            who TEXT NOT NULL, topic TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, seed INTEGER NOT NULL,
            liked TEXT NOT NULL, first_liked INTEGER NOT NULL, second_liked INTEGER NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (who, topic, first, second, seed)
        )""",
    ),
)


@dataclass(frozen=True, slots=True)
class Ballot:
    """
    One list that one person has judged blind.

    `topic` is the id of the query (`topic_id`), `first` and `second` are the rankings as `load_strategy` takes them;
    `liked` are the records that fit, of which the rankings had given `first_liked` and `second_liked`.
    """

    who: str
    topic: str
    first: str
    second: str
    seed: int
    liked: tuple[str, ...]
    first_liked: int
    second_liked: int
    at: str = ""


class Ballots:
    """The blind comparisons of one archive. Safe with several threads and processes."""

    def __init__(self, workspace: Path) -> None:
        self.file = workspace

    def cast(self, ballot: Ballot) -> bool:
        """
        Keep a comparison; returns whether it is new.

        The list of a seed is judged once: whoever has seen which ranking gave what judges it blind no more.

        Raises:
            InvalidInputError: If nobody is named, or a ranking is compared with itself.
        """
        return bool(self.merge([ballot]))

    def of(self, who: str, first: str, second: str) -> tuple[Ballot, ...]:
        """A person's comparisons of two rankings, whichever of them was the first, the last one first."""
        turned = (
            Ballot(one.who, one.topic, first, second, one.seed, one.liked, one.second_liked, one.first_liked, one.at)
            if one.first != first
            else one
            for one in self.all()
            if one.who == who and {one.first, one.second} == {first, second}
        )
        return tuple(sorted(turned, key=lambda one: one.at, reverse=True))

    def all(self) -> tuple[Ballot, ...]:
        """Those of everybody, in the order in which they were made."""
        with opened(self.file, PART) as database:
            rows = database.execute("SELECT * FROM ballots ORDER BY at, who, topic, seed").fetchall()
        return tuple(Ballot(**{**row, "liked": tuple(json.loads(row["liked"]))}) for row in map(_named, rows))

    def merge(self, ballots: Iterable[Ballot]) -> int:
        """Keep those that are not there yet; returns how many. Raises as `cast` does."""
        rows = [_row(checked(one)) for one in ballots]
        with opened(self.file, PART, write=True) as database:
            added = database.executemany("INSERT OR IGNORE INTO ballots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            return added.rowcount


def checked(one: Ballot) -> Ballot:
    """The ballot; raises InvalidInputError where it names nobody, or compares a ranking with itself."""
    for name in ("who", "topic", "first", "second"):
        if not getattr(one, name).strip():
            raise InvalidInputError(f"A blind comparison has a {name}: {one}.")
        check_text(getattr(one, name), f"The {name} of a blind comparison")
    if one.first == one.second:
        raise InvalidInputError(f"The ranking {one.first!r} cannot be compared with itself.")
    return one


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip((field.name for field in fields(Ballot)), row, strict=True))


def _row(one: Ballot) -> tuple[object, ...]:
    liked = json.dumps(list(one.liked), ensure_ascii=False)
    at = one.at or written(datetime.now(UTC))
    return one.who, one.topic, one.first, one.second, one.seed, liked, one.first_liked, one.second_liked, at
