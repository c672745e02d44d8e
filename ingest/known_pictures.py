"""The pictures that a ledger knows: what finds others that show the same, and the records that have them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.database import Database

PICTURES = """
    CREATE TABLE IF NOT EXISTS pictures (
        number INTEGER PRIMARY KEY, content_hash TEXT NOT NULL UNIQUE, whole INTEGER, inside INTEGER,
        grouped INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX IF NOT EXISTS ungrouped ON pictures (number) WHERE NOT grouped;
"""
"""The table of pictures by their content hashes; `grouped`: compared with all others."""
_PAGE = 10_000
"""Rows that are asked for at once where all are."""
_RECORDS = """
    SELECT content_hash, image FROM pending WHERE NOT gone
    UNION ALL SELECT content_hash, image FROM stored WHERE id NOT IN (SELECT id FROM pending)
"""


class KnownPictures(Database):
    """What a ledger knows of pictures, beside its tables of records: `stored`, `pending` and `replaced`."""

    def unused(self, pictures: Iterable[str]) -> set[str]:
        """Those of these content hashes that no stored record has, an unfinished ingest included."""
        asked = f"SELECT 1 FROM ({_RECORDS}) WHERE content_hash = ? LIMIT 1"
        return {picture for picture in pictures if self._maybe(asked, (picture,)) is None}

    def note_fingerprints(self, found: Mapping[str, tuple[int, int] | None]) -> None:
        """Note by content hash what finds pictures like this one; None: nothing does."""
        with self._change():
            self._note(found)

    def without_fingerprint(self) -> Iterator[tuple[str, str]]:
        """
        (content hash, picture) of stored records of whose picture no fingerprint was noted.

        Once all had one, only records of an unfinished ingest are looked at.
        """
        last = ""
        rows = (
            "pending WHERE NOT gone AND" if self._one("SELECT fingerprinted FROM state")[0] else f"({_RECORDS}) WHERE"
        )
        asked = (
            f"SELECT content_hash, min(image) FROM {rows} content_hash > ? AND content_hash NOT IN"
            f" (SELECT content_hash FROM pictures) GROUP BY content_hash ORDER BY content_hash LIMIT {_PAGE}"
        )
        while some := self._all(asked, (last,)):
            last = str(some[-1][0])
            yield from ((str(picture), str(image)) for picture, image in some)

    def fingerprints(self) -> Iterator[tuple[int, int, int]]:
        """The number of every picture that has a fingerprint, and the fingerprint."""
        last = -1
        asked = (
            "SELECT number, whole, inside FROM pictures WHERE number > ? AND whole NOT NULL"
            f" ORDER BY number LIMIT {_PAGE}"
        )
        while some := self._all(asked, (last,)):
            last = int(some[-1][0])
            yield from ((int(number), int(whole), int(inside)) for number, whole, inside in some)

    def pictures_to_group(self) -> Iterator[int]:
        """The numbers of the pictures that were not compared yet, or whose records have changed, in order."""
        return self._numbers("NOT grouped", "content_hash IN (SELECT content_hash FROM pending WHERE NOT gone)")

    def former_pictures(self) -> Iterator[int]:
        """The numbers of the pictures that records had which are changed or gone, in order."""
        former = "SELECT content_hash FROM stored WHERE id IN (SELECT id FROM pending)"
        return self._numbers(f"content_hash IN ({former})")

    def picture(self, number: int) -> str:
        """The content hash of a picture by its number."""
        return str(self._one("SELECT content_hash FROM pictures WHERE number = ?", (number,))[0])

    def records_of_each(self, numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """(id, origin) of the stored records with each of these pictures, by id, an unfinished ingest included."""
        pending, stored = (
            f"SELECT number, id, origin FROM pictures JOIN {table} USING (content_hash)"
            " WHERE number IN (SELECT value FROM json_each(?))"
            for table in ("pending", "stored")
        )
        rows = self._all(
            f"{pending} AND NOT gone UNION ALL {stored} AND id NOT IN (SELECT id FROM pending) ORDER BY 1, 2",
            (json.dumps(list(numbers)),) * 2,
        )
        found: dict[int, list[tuple[str, str]]] = {number: [] for number in numbers}
        for number, record, origin in rows:
            found[int(number)].append((str(record), str(origin)))
        return found

    def grouped(self, fingerprinted: bool) -> None:
        """
        Note that every picture was compared, in what is published; forget those that no record has any more.

        Args:
            fingerprinted: every picture has a fingerprint, or was found to show nothing.
        """
        with self._change():
            self._db.execute("UPDATE state SET fingerprinted = ?", (fingerprinted,))
            self._db.execute("UPDATE pictures SET grouped = 1 WHERE NOT grouped")
            self._db.execute(
                "DELETE FROM pictures WHERE content_hash IN (SELECT content_hash FROM replaced)"
                " AND content_hash NOT IN (SELECT content_hash FROM stored)"
            )

    def _note(self, found: Mapping[str, tuple[int, int] | None]) -> None:
        put = "INSERT OR IGNORE INTO pictures (content_hash, whole, inside) VALUES (?, ?, ?)"
        self._db.executemany(put, [(picture, *(one or (None, None))) for picture, one in found.items()])

    def _numbers(self, *where: str) -> Iterator[int]:
        """The numbers of the pictures of which one of these is true, in order; each is found by an index of its own."""
        each = (f"SELECT number FROM pictures WHERE {one}" for one in where)
        with self._held():  # asked for once: page by page, each page would look through all of them
            found = array("q", (number for (number,) in self._db.execute(f"{' UNION '.join(each)} ORDER BY number")))
        return iter(found)
