"""What an ingest must do for a record: nothing, write what is known, or open its picture."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from archive_search.metadata.numbers import FIELD as NUMBERS
from archive_search.metadata.numbers import numbers_of
from archive_search.metadata.words import LANGUAGES, STEMMERS, stemmed
from archive_search.reading import mended
from archive_search.types import Record, Vector
from ingest.kept import Kept, Queue, pair
from ingest.ledger import Attempt, Ledger, Row
from ingest.own_columns import OwnColumns
from ingest.source import Movable, Rejected, Source
from ingest.thumbnails import Thumbnails
from ingest.tiling import Filler
from ingest.vectors import PrecomputedVectors, Tabled
from ingest.work import Settled, StillRejected, Task, Unchanged


class Tasks:
    """
    The records of a source as tasks, in the source's order and as lazily.

    `seen` holds the ids of the records met so far; it, and all else that grows with the source, is kept out of memory.
    One that comes again waits for the end of the source: it is taken if what came before it was rejected, else it is
    rejected itself. An id that belongs to a record of another source is rejected, unless the pictures have moved from
    there; `taken` counts those by the other's origin. `exhausted` tells that no more will come, `limited` that this is
    since `limit` records (0: all) were taken, and the source may have more.
    """

    def __init__(
        self,
        source: Source,
        ledger: Ledger,
        fillers: Sequence[Filler],
        precomputed: Sequence[PrecomputedVectors],
        max_megapixels: float,
        retry: bool,
        thumbnails: Thumbnails,
        stop: threading.Event,
        languages: Sequence[str] = (),
        own: OwnColumns | None = None,
        limit: int = 0,
    ) -> None:
        self.seen = Kept()
        self.taken: Counter[str] = Counter()
        self.exhausted = self.limited = False
        self._limit = limit
        self._later: Queue[tuple[Record, Rejected]] = Queue()
        self._failed, self._open = Kept(), Kept()
        self._source, self._ledger, self._precomputed = source, ledger, precomputed
        self._checkpoints = {one.name: one.checkpoint for one in fillers}
        # a higher limit or another model is a reason to try a rejected picture again
        self._tried = _digest([max_megapixels, self._checkpoints])[:16]
        self._retry, self._thumbnails, self._stop = retry, thumbnails, stop
        self._own = own or OwnColumns()
        # what is not there when the source's own records begin need not be asked for, one by one
        self._may_know = self._may_have_tried = True
        known = stemmed(list(languages))
        self._said = {LANGUAGES: list(known)} if known and len(known) < len(STEMMERS) else {}

    def rounds(self) -> Iterator[Iterator[Task | Settled | Unchanged]]:
        """The records of the source, then in each round the next of those whose id was not filled by the one before."""
        yield self._first()
        while self._later and not self._stop.is_set():
            yield self._next()

    def note(self, settled: Settled) -> None:
        """Learn what became of a task, before the next round."""
        if isinstance(settled, Attempt) and settled.rejected.stage != "record":
            failed = settled.rejected.id, settled.rejected.image
        elif isinstance(settled, StillRejected):
            failed = settled.id, settled.image
        else:
            return
        self._failed[pair(*failed)] = ""
        self._open[failed[0]] = ""

    def _first(self) -> Iterator[Task | Settled | Unchanged]:
        self._may_know = bool(self._ledger.stored_count() or self._ledger.pending_count())
        self._may_have_tried = bool(self._ledger.rejected_count())
        records = 0
        for record in self._source.records():
            if self._stop.is_set():
                return
            records += isinstance(record, Record)
            if self._limit and records > self._limit:
                self.limited = True
                break
            if isinstance(record, Rejected):
                if record.record is None:
                    yield Attempt(record)
                else:
                    self._later.append((record.record, replace(record, record=None)))
            elif not record.id:
                yield Attempt(Rejected(record.id, record.image, "record", "The record has no id."))
            elif mended(record.id) != record.id or mended(record.image) != record.image:
                reason = "Its id or the name of its picture holds half of a character: write it anew."
                yield Attempt(Rejected(ascii(record.id), ascii(record.image), "record", reason))
            elif self.seen.take(record.id) is not None:
                reason = f"Another record before it has the same id {record.id!r}."
                self._later.append((record, Rejected(record.id, record.image, "record", reason)))
            else:
                yield from self._tasks(record)
        self.exhausted = True

    def _next(self) -> Iterator[Task | Settled | Unchanged]:
        waiting, self._later = self._later, Queue()
        self._may_know = self._may_have_tried = True
        tried = Kept()
        for record, refusal in waiting:
            if self._stop.is_set():
                return
            if record.id in tried:
                self._later.append((record, refusal))
            elif record.id in self._open and pair(record.id, record.image) not in self._failed:
                tried[record.id] = ""
                del self._open[record.id]
                yield from self._tasks(record)
            else:
                yield Attempt(refusal)

    def _tasks(self, record: Record) -> list[Task | Settled | Unchanged]:
        metadata = mended(record.metadata)
        numbers = numbers_of({**metadata, "id": record.id})
        record = replace(record, metadata={**metadata, **self._said, NUMBERS: numbers})
        row = self._ledger.row(record.id) if self._may_know else None
        stamp, origin = self._source.stamp(record), self._origin
        given = self._given(record)
        wanted = {**self._checkpoints, **{space: mark for space, (mark, _) in given.items()}}
        metadata_hash = _digest([origin, record.image, record.metadata])  # as the source says it, in whatever shape
        record = replace(record, metadata=self._own.shape(record.metadata))
        known_picture = row is not None and bool(stamp) and (row.stamp, row.image) == (stamp, record.image)
        if row is not None and row.origin not in ("", origin) and not self._has_moved(row, known_picture):
            self.taken[row.origin] += 1
            return [Attempt(Rejected(record.id, record.image, "record", _belongs(row)))]
        missing = [space for space, mark in wanted.items() if row is None or row.spaces.get(space) != mark]
        bare = row is not None and not self._thumbnails.has(row.content_hash)
        if row is not None and known_picture and not missing and not bare and row.metadata_hash == metadata_hash:
            return [Unchanged()]
        mark = f"{stamp}|{self._tried}"
        opens = not known_picture or bare or any(space in self._checkpoints for space in missing)
        tried = self._may_have_tried and opens and not self._retry
        if tried and self._ledger.attempt(record.id, record.image) == mark:
            still: list[Task | Settled | Unchanged] = [StillRejected(record.id, record.image)]
            if row is not None and row.image == record.image and row.metadata_hash != metadata_hash:
                # its earlier picture stays, under the new words
                still.append(Task(record, origin, row.stamp, row, metadata_hash, {}, mark, open=False))
            return still
        return [Task(record, origin, stamp, row, metadata_hash, given, mark, opens)]

    @cached_property
    def _origin(self) -> str:
        return self._source.origin

    def _has_moved(self, row: Row, known_picture: bool) -> bool:
        """Whether a record of another source is this source's now: somebody said so, or only the place is another."""
        if not isinstance(self._source, Movable):
            return False
        return row.origin == self._source.former_origin or (known_picture and self._source.has_left(row.origin))

    def _given(self, record: Record) -> dict[str, tuple[str, Vector]]:
        if not self._precomputed:
            return {}
        row = cast(Tabled, self._source).row_of(record)  # that it is one was checked
        return {} if row is None else {one.space: one.vector(row) for one in self._precomputed}


def _belongs(row: Row) -> str:
    return (
        f"The id {row.id!r} belongs to a record from {row.origin} ({row.image}). To keep both, give these records ids "
        "of their own, by a beginning for all of them or by another column; where these are the same pictures, moved "
        "or copied here, say that they are moved from there."
    )


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
