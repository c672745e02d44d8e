"""Writing to the unfinished generation, and keeping the ledger behind it: a row is committed only after its flush."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np

from archive_search.calibration.hubness import FIELD
from archive_search.embedders.palette import FIELDS as COLOUR_FIELDS
from archive_search.embedders.palette import NAME as PALETTE
from archive_search.embedders.palette import PIECES, with_pieces
from archive_search.embedders.palette import payload as colours_of
from archive_search.metadata.fields import SAME_PICTURE
from archive_search.pictures.media import medium
from archive_search.pictures.thumbnails import thumbnail_name
from archive_search.spaces import BOXES, is_tiled
from archive_search.stores.generations import Build, Index
from archive_search.stores.recast import Tell
from archive_search.stores.room import check_room
from archive_search.types import ArchiveSearchError, FieldTable, Payload, Point, Record, WritableStore
from ingest.ledger import Attempt, Changes, Intent, Ledger, Row
from ingest.work import Same, Settled, Written

_SHARE = 0.05
"""Flushing may take this share of the time at most; where it is slow, it comes more seldom."""
InHand: TypeAlias = Callable[[Sequence[Written], Collection[str]], Sequence[Written]]
"""Work on records before they are written, while their vectors are in hand, knowing which spaces there are."""
Finish: TypeAlias = Callable[[WritableStore], Callable[[], None] | None]
"""Work on a build before it is published; gives what is to be done once it is, if anything."""

_CHUNK = 256
_UNKEPT = 10_000
"""So many rows wait for a flush where nothing else bounds them."""


def payload_of(record: Record, origin: str, content_hash: str, width: int, height: int) -> dict[str, Any]:
    """What is stored beside the vectors: the source's fields (its `extra` included) and the pipeline's own."""
    return {
        "file": PurePosixPath(record.image).name,
        **record.metadata,
        "id": record.id,
        "ingested_from": origin,
        "image": record.image,
        "thumbnail": thumbnail_name(content_hash),
        "width": width,
        "height": height,
        "content_hash": content_hash,
        **({} if medium(record.image) == "image" else {"modality": medium(record.image)}),
    }


@dataclass(slots=True)
class _Unkept:
    """What was written since the last flush."""

    rows: list[Row] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    stamps: list[tuple[str, str, str]] = field(default_factory=list)
    still_rejected: list[tuple[str, str]] = field(default_factory=list)
    fingerprints: dict[str, tuple[int, int] | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.rows, self.gone, self.attempts, self.stamps, self.still_rejected))


class Writer:
    """
    The one hand that writes to index and ledger; a build is begun when the first point must be written.

    Used from one thread at a time. `place` is the index's directory, where it has one: it is never written where room
    is short, so that what is there can always be kept. `expected` is how many records there will be, where that is
    known.
    """

    def __init__(
        self,
        index: Index,
        ledger: Ledger,
        spaces: Mapping[str, int],
        run: int,
        keep_s: float,
        place: Path | None,
        expected: Callable[[], int | None] = lambda: None,
        in_hand: Sequence[InHand] = (),
    ) -> None:
        self._index, self._ledger, self._spaces, self._run, self._keep_s = index, ledger, spaces, run, keep_s
        self._place, self._expected, self._in_hand = place, expected, in_hand
        self._build: Build | None = None
        self._unkept = _Unkept()
        self._failed = False
        self._afterwards: list[Callable[[], None]] = []
        self._kept_at, self._cost_s = time.monotonic(), 0.0
        self._coming: FieldTable | None = None
        self._followed: FieldTable | None = None

    def recover(self) -> None:
        """Bring ledger and index together, whatever ended the last ingest, and go on with its build if there is one."""
        published = self._index.generation()
        if self._ledger.pending is not None and self._ledger.pending == published:
            self._ledger.published(published)  # killed between publishing and noting it
        if self._ledger.generation != published and published is not None and self._ledger.before == published:
            self._ledger.go_back()  # the index went back: what was published last is damaged
        if self._ledger.generation != published:
            self._adopt(published)
        building = self._index.building()
        if self._ledger.pending != building:
            self._ledger.drop_pending()
            if building is not None:  # nobody knows what it holds
                self._begin().discard()
        elif building is not None:
            self._store()

    def write(self, batch: Sequence[Written], settled: Sequence[Settled] = ()) -> None:
        """Write points to the build and note what else was settled; flushes and commits from time to time."""
        if batch:
            store = self._store()
            if (coming := self._coming) is not self._followed and coming is not None:
                store.follow(coming)
                self._followed = coming
            for work in self._in_hand:
                batch = work(batch, store.spaces)
            self._check_room(sum(map(_bytes, batch)))
            with self._writing([Intent(one.row.id, None if one.whole else list(one.vectors)) for one in batch]):
                _write(store, batch)
            self._unkept.rows += [one.row for one in batch]
            self._unkept.taken += [one.row.id for one in batch if one.taken]
            self._unkept.fingerprints |= {
                one.row.content_hash: one.fingerprint for one in batch if one.fingerprint is not None
            }
        for what in settled:
            if isinstance(what, Attempt):
                self._unkept.attempts.append(what)
            elif isinstance(what, Same):
                self._unkept.stamps.append((what.id, what.content_hash, what.stamp))
            else:
                self._unkept.still_rejected.append((what.id, what.image))
        if time.monotonic() - self._kept_at > max(self._keep_s, self._cost_s / _SHARE):
            self.keep()

    def remove(self, ids: Sequence[str]) -> None:
        """Delete points from the build."""
        for start in range(0, len(ids), _CHUNK):
            some = list(ids[start : start + _CHUNK])
            store = self._store()
            with self._writing([Intent(one) for one in some]):
                store.delete(some)
            self._unkept.gone += some

    def withdraw(self, space: str, rows: Iterator[Row]) -> None:
        """Take the vectors of one space from points: nothing is compared with their checkpoint any more."""
        while some := list(islice(rows, _CHUNK)):
            store, ids = self._store(), [row.id for row in some]
            points = {point.id: Point(point.id, {}, point.payload) for point in store.points(ids)}
            for other in store.spaces:
                if other != space:
                    for point in store.points(ids, other):
                        points[point.id] = Point(point.id, {**points[point.id].vectors, **point.vectors}, point.payload)
            self._check_room(sum(vector.nbytes for point in points.values() for vector in point.vectors.values()))
            with self._writing([Intent(one, ()) for one in ids]):  # done again from the start, if it is interrupted
                store.upsert(list(points.values()))
            for row in some:
                self._unkept.rows.append(replace(row, spaces=_without(row.spaces, {space})))
            if len(self._unkept.rows) > _UNKEPT:
                self.keep()

    def finish(self, work: Finish) -> None:
        """Do what is to be done once all records are in, before they are published."""
        store = self._store()
        self._check_room(again=True)  # no work writes more than that
        if (afterwards := work(store)) is not None:
            self._afterwards.append(afterwards)

    def follow(self, fields: FieldTable) -> None:
        """Have the fields of another table in the build, if there is one."""
        if self._build is not None:
            self._build.store.follow(fields)

    def expect(self, fields: FieldTable) -> None:
        """Have the fields of another table from the next record on that is written; from any thread."""
        self._coming = fields

    def keep(self) -> None:
        """Flush the build, then commit what it holds to the ledger; nothing is kept after a write that failed."""
        if self._unkept and not self._failed:
            started = time.monotonic()
            if self._build is not None:
                self._build.store.flush()
            kept, self._unkept = self._unkept, _Unkept()
            changes = kept.rows, kept.taken, kept.gone, kept.attempts, kept.stamps, kept.still_rejected
            self._ledger.commit(Changes(*changes, kept.fingerprints), self._run)
            self._cost_s = time.monotonic() - started
        self._kept_at = time.monotonic()

    @contextmanager
    def _writing(self, intents: Sequence[Intent]) -> Iterator[None]:
        self._ledger.intend(intents)
        try:
            yield
        except BaseException:
            self._failed = True
            raise

    @property
    def building(self) -> bool:
        """Whether there is anything to publish."""
        return self._build is not None

    def publish(self, tell: Tell | None = None) -> None:
        """Publish the build and merge its rows; nothing happens without one. `tell` is told of an index repacked."""
        self.keep()
        if self._build is not None:
            self._check_room(again=True)
            self._build.publish(tell)
            self._ledger.published(self._build.generation)
            self.close()
            for work in self._afterwards:
                work()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        # when a source, a model or a disk gives up: what is done is not to be done again, and what came first is told
        with suppress(ArchiveSearchError):
            self.keep()
        with suppress(ArchiveSearchError):
            self.close()

    def close(self) -> None:
        """Leave the build to be resumed; what was written since the last flush will be done again."""
        if self._build is not None:
            build, self._build = self._build, None
            build.close()

    def _begin(self) -> Build:
        self._check_room(again=self._index.building() is None)
        return self._index.begin(self._spaces, self._expected() or 0)

    def _check_room(self, coming: int = 0, again: bool = False) -> None:
        if self._place is not None:
            building = self._build.generation if self._build is not None else self._index.building()
            check_room(self._place, building or self._index.generation(), coming, again)

    def _store(self) -> WritableStore:
        if self._build is None:
            self._build = self._begin()
            if not self._build.resumed:
                self._ledger.drop_pending()
            self._ledger.building(self._build.generation)
            self._undo_interrupted(self._build.store)
        return self._build.store

    def _undo_interrupted(self, store: WritableStore) -> None:
        """
        Make build and ledger agree about writes that may or may not have reached the build.

        A point that was to be written or deleted whole is removed, so that its record is new again; of a point that was
        written in part the ledger forgets that part, so that it is written again.
        """
        interrupted = self._ledger.interrupted()
        whole = [one.id for one in interrupted if one.spaces is None]
        rows = [row for one in interrupted if one.spaces is not None and (row := self._ledger.row(one.id)) is not None]
        parts = {one.id: set(one.spaces) for one in interrupted if one.spaces is not None}
        if whole:
            store.delete(whole)
            store.flush()
        if interrupted:
            forgotten = [
                replace(row, metadata_hash="", spaces=_without(row.spaces, parts[row.id]), measured={}) for row in rows
            ]
            self._ledger.commit(Changes(rows=forgotten, gone=whole), self._run)

    def _adopt(self, published: str | None) -> None:
        """The ledger describes another index (it was lost, or the index was replaced): keep the ids, redo the rest."""
        if published is None:
            self._ledger.adopt((), None)
            return
        store = self._index.open()
        self._ledger.adopt(map(_adopted, store.scan()), published)
        store.close()


def _adopted(point: Point) -> Row:
    """What a point tells of itself to a new ledger."""
    about = {"image": "", "content_hash": "", "width": 0, "height": 0, **point.payload}
    known = (point.id, str(about["image"]), "", str(about["content_hash"]), "")
    size = (int(about["width"]), int(about["height"]))
    return Row(*known, *size, spaces={}, origin=str(about.get("ingested_from", "")))


def _bytes(one: Written) -> int:
    """What a record takes in the shard and in the log of its build, roughly."""
    vectors = sum(vector.nbytes for vector in one.vectors.values())
    return 2 * (vectors + (0 if one.payload is None else len(repr(one.payload))))


def _write(store: WritableStore, batch: Sequence[Written]) -> None:
    whole = [one for one in batch if one.whole]
    parts = [one for one in batch if not one.whole]
    if whole:
        store.upsert([Point(one.row.id, one.vectors, _noted(one, {})) for one in whole])
    for space in sorted({space for one in parts for space in one.vectors}):
        some = [one for one in parts if space in one.vectors]
        vectors = [one.vectors[space] for one in some]
        store.set_vectors(space, [one.row.id for one in some], vectors if is_tiled(space) else np.stack(vectors))
    said = [one for one in parts if one.payload is not None or PALETTE in one.vectors or one.tiles or one.hubs]
    if said:
        ids = [one.row.id for one in said]
        before = {point.id: point.payload for point in store.points(ids)}
        store.set_payload(ids, [_noted(one, before.get(one.row.id, {})) for one in said])


def _noted(one: Written, before: Payload) -> Payload:
    """The payload with what is measured, now or before; what it held stays where nothing is said anew."""
    measured = {name: before[name] for name in (FIELD, BOXES, SAME_PICTURE, *COLOUR_FIELDS) if name in before}
    said = dict(before if one.payload is None else {**one.payload, **measured})
    if PALETTE in one.vectors:
        said |= colours_of(one.vectors[PALETTE])
    if one.tiles:
        cut = {space: [[round(share, 4) for share in box] for box in tiles.boxes] for space, tiles in one.tiles.items()}
        said[BOXES] = {**before.get(BOXES, {}), **cut}
        said[PIECES] = list(dict.fromkeys(colour for tiles in one.tiles.values() for colour in tiles.colours))
    if one.hubs:
        said[FIELD] = {**before.get(FIELD, {}), **one.hubs}
    return with_pieces(said)


def _without(spaces: Mapping[str, str], names: Set[str]) -> dict[str, str]:
    return {space: mark for space, mark in spaces.items() if space not in names}
