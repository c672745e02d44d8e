"""The history of searches: only of people who asked for one, for their own eyes, bounded, and cleared for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive_search.plan import to_json
from archive_search.results import ResultSet
from archive_search.types import InvalidInputError, check_text
from archive_search.workspace.file import Part, opened
from archive_search.workspace.journal import written

MOST = 1000
"""So many searches of a person are kept; the oldest go."""
PART = Part(
    "history",
    1,
    (
        "CREATE TABLE IF NOT EXISTS history_keepers (who TEXT PRIMARY KEY, since TEXT NOT NULL)",
        """CREATE TABLE IF NOT EXISTS history (
            number INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT NOT NULL, at TEXT NOT NULL, plan TEXT NOT NULL,
            strategy TEXT NOT NULL, count INTEGER NOT NULL
        )""",
        "CREATE INDEX IF NOT EXISTS history_by_who ON history (who, number)",
    ),
)


@dataclass(frozen=True, slots=True)
class Searched:
    """One search that was run: its plan as JSON data, when, by which strategy, and how many records it found."""

    plan: Mapping[str, Any]
    at: str
    strategy: str
    count: int


class History:
    """
    The history of one person in one archive.

    Nothing is written of anybody who has not named themself and switched it on. What is cleared is gone: this is the
    one thing in the workspace that is not only added to, and no backup holds it.
    """

    def __init__(self, workspace: Path, who: str) -> None:
        check_text(who, "The name of who searches")
        self.file, self.who = workspace, who

    def is_kept(self) -> bool:
        """Whether this person has asked for a history."""
        if not self.who:
            return False
        with opened(self.file, PART) as database:
            return bool(database.execute("SELECT 1 FROM history_keepers WHERE who = ?", (self.who,)).fetchone())

    def keep(self, on: bool = True) -> None:
        """
        Keep the searches of this person from now on, or no longer; what is kept already stays until it is cleared.

        Raises:
            InvalidInputError: If the person is not named: nobody's history is kept for somebody else.
        """
        if not self.who:
            raise InvalidInputError("A history is kept for a person: name yourself.", settings=("who",))
        with opened(self.file, PART, write=True) as database:
            if on:
                row = (self.who, written(datetime.now(UTC)))
                database.execute("INSERT OR IGNORE INTO history_keepers VALUES (?, ?)", row)
            else:
                database.execute("DELETE FROM history_keepers WHERE who = ?", (self.who,))

    def note(self, found: ResultSet) -> bool:
        """Add a search that was run, if this person keeps a history; returns whether it was added."""
        if not self.is_kept():
            return False
        plan = json.dumps(to_json(found.plan), ensure_ascii=False)
        with opened(self.file, PART, write=True) as database:
            # asked again within the transaction: it may have been switched off by now
            database.execute(
                "INSERT INTO history (who, at, plan, strategy, count) SELECT who, ?, ?, ?, ? FROM history_keepers "
                "WHERE who = ?",
                (written(datetime.now(UTC)), plan, found.provenance.strategy, len(found), self.who),
            )
            database.execute(
                "DELETE FROM history WHERE who = ?1 AND number <= "
                "(SELECT number FROM history WHERE who = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (self.who, MOST),
            )
        return True

    def all(self, limit: int = MOST) -> tuple[Searched, ...]:
        """This person's searches, the last one first."""
        with opened(self.file, PART) as database:
            rows = database.execute(
                "SELECT plan, at, strategy, count FROM history WHERE who = ? ORDER BY number DESC LIMIT ?",
                (self.who, limit),
            ).fetchall()
        return tuple(Searched(json.loads(row[0]), *row[1:]) for row in rows)

    def clear(self) -> int:
        """Remove all searches of this person from the file, their letters too; returns how many there were."""
        with opened(self.file, PART, write=True) as database:
            database.execute("PRAGMA secure_delete = ON")
            return database.execute("DELETE FROM history WHERE who = ?", (self.who,)).rowcount
