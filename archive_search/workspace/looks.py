"""The last look of each person at each saved search: when it was, and which records were there to see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive_search.workspace.file import Part, opened

PART = Part(
    "looks",
    1,
    (
        """CREATE TABLE IF NOT EXISTS looks (
            search TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, ids TEXT NOT NULL, PRIMARY KEY (search, who)
        )""",
    ),
)


@dataclass(frozen=True, slots=True)
class LastLook:
    """The last look of a person, who may be '', at a saved search, which is named by its id; records in their order."""

    search: str
    who: str
    at: str
    ids: Sequence[str]


class Looks:
    """The last looks of everybody in one archive. Safe with several threads and processes."""

    def __init__(self, workspace: Path) -> None:
        self.file = workspace

    def get(self, search: str, who: str) -> LastLook | None:
        """The last look of this person; None where they never looked."""
        with opened(self.file, PART) as database:
            key = (search, who)
            row = database.execute("SELECT at, ids FROM looks WHERE search = ? AND who = ?", key).fetchone()
        return None if row is None else LastLook(search, who, row[0], tuple(json.loads(row[1])))

    def all(self) -> tuple[LastLook, ...]:
        """Those of everybody, by search and person."""
        with opened(self.file, PART) as database:
            rows = database.execute("SELECT search, who, at, ids FROM looks ORDER BY search, who").fetchall()
        return tuple(LastLook(search, who, at, tuple(json.loads(ids))) for search, who, at, ids in rows)

    def keep(self, look: LastLook) -> None:
        """Have a look count as this person's last one."""
        with opened(self.file, PART, write=True) as database:
            database.execute("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?)", _row(look))

    def merge(self, looks: Iterable[LastLook]) -> int:
        """Keep of each person at each search the later look, here or from elsewhere; returns how many came in."""
        with opened(self.file, PART, write=True) as database:
            return database.executemany(
                "INSERT INTO looks VALUES (?, ?, ?, ?) ON CONFLICT (search, who) DO UPDATE "
                "SET at = excluded.at, ids = excluded.ids WHERE (excluded.at, excluded.ids) > (looks.at, looks.ids)",
                map(_row, looks),
            ).rowcount


def _row(look: LastLook) -> tuple[str, str, str, str]:
    return look.search, look.who, look.at, json.dumps(list(look.ids), ensure_ascii=False)
