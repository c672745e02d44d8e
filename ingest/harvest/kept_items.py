"""What a service has given, kept as it came: one SQLite file per source, which survives being killed at any moment."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from archive_search.types import ArchiveError
from ingest.database import Database
from ingest.harvest.answers import Validators
from ingest.harvest.client import Answer
from ingest.harvest.remote import Item, Page
from ingest.source import Rejected

FOLDER = "harvest"
"""The folder of an archive with the files of its harvests."""
VERSION = 1
_RUNS, _WHOLE, _CAME = 0, 1, 2
"""How far a harvest is: it runs or was broken off; it is whole; all its pages came, but not all was done with them."""
_SOME = 200
"""Items that are read at once."""
_TABLES = """
    CREATE TABLE IF NOT EXISTS state (
        one INTEGER PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL, harvest INTEGER NOT NULL DEFAULT 0,
        resume TEXT NOT NULL DEFAULT '', began TEXT NOT NULL DEFAULT '', since TEXT NOT NULL DEFAULT '',
        whole INTEGER NOT NULL DEFAULT 1, total INTEGER
    );
    CREATE TABLE IF NOT EXISTS items (
        place INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, url TEXT NOT NULL, content BLOB NOT NULL,
        digest TEXT NOT NULL, harvest INTEGER NOT NULL, removed INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS answers (
        key TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
        harvest INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
_PUT = """
    INSERT INTO items (key, url, content, digest, harvest, removed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET url = excluded.url, harvest = excluded.harvest, removed = excluded.removed,
        content = CASE WHEN excluded.removed THEN content ELSE excluded.content END,
        digest = CASE WHEN excluded.removed THEN digest ELSE excluded.digest END
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """
    A harvest that has begun, or goes on.

    `resume` is where it goes on, '' from the beginning; `since` when the last whole one began, '' at the first. `came`
    says that all pages were kept already, and only what is done with their items was broken off.
    """

    resume: str
    since: str
    goes_on: bool
    came: bool = False


class KeptItems(Database):
    """
    The items of one source, in the order in which they first came; what a harvest gives is kept page by page.

    A harvest that is broken off goes on behind the last page that was kept. An item that the service has no longer
    stays readable by its record, and is not given any more. Safe on several threads.
    """

    def __init__(self, file: Path, origin: str) -> None:
        super().__init__(partial(_unusable, file))
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, timeout=60, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(origin)
            except BaseException:
                self._db.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise _unusable(file, error) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> KeptItems:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -------------------------------------------------------------- a harvest

    @property
    def harvest(self) -> int:
        """The number of the harvest that runs, or of the last one; 0 before the first."""
        return int(self._one("SELECT harvest FROM state")[0])

    @property
    def total(self) -> int | None:
        """How many items the service says there are in all; where it does not say, None."""
        return cast("int | None", self._one("SELECT total FROM state")[0])

    def begin(self) -> Begun:
        """Begin a harvest, or go on with the one that was broken off."""
        with self._change() as db:
            whole, resume, since = db.execute("SELECT whole, resume, since FROM state").fetchone()
            if whole != _WHOLE:
                return Begun(resume, since, goes_on=True, came=whole == _CAME)
            began = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            db.execute("UPDATE state SET harvest = harvest + 1, resume = '', began = ?, whole = ?", (began, _RUNS))
            return Begun("", since, goes_on=False)

    def start_over(self) -> None:
        """Ask from the beginning: the service does not know the place any more where the harvest was broken off."""
        with self._change() as db:
            db.execute("UPDATE state SET resume = ''")

    def keep(self, page: Page) -> list[Item | Rejected]:
        """Keep a page; returns its items without those that this harvest has brought before, or that are removed."""
        fresh: list[Item | Rejected] = []
        with self._change() as db:
            harvest = int(db.execute("SELECT harvest FROM state").fetchone()[0])
            for one in page.items:
                key = f"rejected {one.id} {one.image}" if isinstance(one, Rejected) else one.key
                known = db.execute("SELECT harvest FROM items WHERE key = ?", (key,)).fetchone()
                content = _packed(one)
                removed = not isinstance(one, Rejected) and one.removed
                url = "" if isinstance(one, Rejected) else one.url
                if not removed or known is not None:
                    db.execute(_PUT, (key, url, content, _digest(content), harvest, removed))
                if not removed and (known is None or known[0] != harvest):
                    fresh.append(one)
            db.execute("UPDATE state SET resume = ?, total = coalesce(?, total)", (page.resume, page.total))
        return fresh

    def came(self) -> None:
        """Note that the page that was kept last was the last one of all."""
        with self._change() as db:
            db.execute("UPDATE state SET whole = ?", (_CAME,))

    def end(self, vanished: bool) -> None:
        """
        Note that the harvest is whole.

        Args:
            vanished: what it did not bring is there no longer; else that has not changed.
        """
        with self._change() as db:
            if vanished:
                db.execute("UPDATE items SET removed = 1 WHERE harvest < (SELECT harvest FROM state)")
            db.execute("DELETE FROM answers WHERE harvest < (SELECT harvest FROM state)")
            db.execute("UPDATE state SET whole = ?, resume = '', since = began", (_WHOLE,))

    # -------------------------------------------------------------- items

    def items(self, of_this: bool) -> Iterator[list[Item | Rejected]]:
        """The items that the present harvest has brought already, or those of earlier ones, some at a time."""
        place, which = -1, "=" if of_this else "<"
        asked = f"""
            SELECT place, key, url, content FROM items
            WHERE place > ? AND NOT removed AND harvest {which} (SELECT harvest FROM state) ORDER BY place LIMIT {_SOME}
        """
        while some := self._all(asked, (place,)):
            place = some[-1][0]
            yield [_item(key, url, content) for _, key, url, content in some]

    def count(self) -> int:
        """How many items there are."""
        return int(self._one("SELECT count(*) FROM items WHERE NOT removed")[0])

    def note(self, records: Iterable[tuple[str, str]]) -> None:
        """Note which item (its key) each record (its id) came from."""
        with self._change() as db:
            db.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", records)

    def stamp(self, record_id: str) -> str:
        """A mark that changes when the item of a record does; '' where it is not known."""
        found = self._maybe("SELECT digest FROM items JOIN records USING (key) WHERE id = ?", (record_id,))
        return "" if found is None else str(found[0])

    def original(self, record_id: str) -> Item | None:
        """The item that a record came from, also where the service has it no longer."""
        asked = "SELECT key, url, content, removed FROM items JOIN records USING (key) WHERE id = ?"
        found = self._maybe(asked, (record_id,))
        if found is None:
            return None
        item = _item(*found[:3])
        return Item(item.key, item.content, item.url, bool(found[3])) if isinstance(item, Item) else None

    # -------------------------------------------------------------- answers

    def answer(self, key: str) -> Answer | None:
        """The answer that was kept under a key; it is kept for another harvest."""
        with self._change() as db:
            found = db.execute("SELECT etag, modified, kind, body FROM answers WHERE key = ?", (key,)).fetchone()
            if found is None:
                return None
            db.execute("UPDATE answers SET harvest = (SELECT harvest FROM state) WHERE key = ?", (key,))
        etag, modified, kind, body = found
        return Answer(zlib.decompress(body), kind, Validators(etag, modified))

    def keep_answer(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        said = (key, answer.validators.etag, answer.validators.modified, answer.kind, zlib.compress(answer.body))
        with self._change() as db:
            put = "INSERT OR REPLACE INTO answers SELECT ?, ?, ?, ?, ?, harvest FROM state"
            db.execute(put, said)

    # -------------------------------------------------------------- the file

    def _prepare(self, origin: str) -> None:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise ArchiveError(f"{self._file} was written by a later version of archive-search.")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last pages, never the file
        if version < VERSION:
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES}")
            self._db.execute("INSERT OR IGNORE INTO state (one, origin) VALUES (1, ?)", (origin,))
            self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")


def harvest_file(archive: Path, origin: str) -> Path:
    """The file with what a source of an archive has given, by the source's origin."""
    name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://(www\.)?", "", origin.lower())).strip("-")[:40].rstrip("-")
    return archive / FOLDER / f"{name or 'source'}-{hashlib.sha256(origin.encode()).hexdigest()[:10]}.sqlite"


def original(archive: Path, origin: str, record_id: str) -> Item | None:
    """
    What a record was made from, as the service gave it; None where it was not harvested.

    Args:
        archive: the archive's directory.
        origin: the record's `ingested_from`.
    """
    file = harvest_file(archive, origin)
    if not file.is_file():
        return None
    with closing(KeptItems(file, origin)) as kept:
        return kept.original(record_id)


def _packed(one: Item | Rejected) -> bytes:
    if isinstance(one, Rejected):
        data: Any = {"rejected": [one.id, one.image, one.stage, one.reason]}
    else:
        data = {"content": one.content}
    return zlib.compress(json.dumps(data, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))


def _item(key: str, url: str, content: bytes) -> Item | Rejected:
    data = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return Rejected(*data["rejected"]) if "rejected" in data else Item(key, data["content"], url)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def _unusable(file: Path, error: Exception) -> ArchiveError:
    todo = ""
    if type(error) is sqlite3.DatabaseError:  # the others are about this moment
        todo = " It is damaged: move it elsewhere, and the source is harvested anew."
    reason = error.strerror if isinstance(error, OSError) else error
    return ArchiveError(f"What was harvested cannot be kept in {file}: {reason}.{todo}")
