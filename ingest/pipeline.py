"""The ingest: from a source to a published generation, incremental, and resumable whenever it was stopped."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from archive_search.knobs import check, knob
from archive_search.metadata.own import table_with
from archive_search.spaces import tile_space
from archive_search.stores.checks import check_new_space
from archive_search.stores.generations import Index
from archive_search.stores.lock import BuilderLock
from archive_search.types import ArchiveError, ArchiveSearchError, Embedder, InvalidInputError
from ingest.encoding import encode, written
from ingest.lanes import encoded, lanes
from ingest.ledger import Attempt, Ledger
from ingest.loading import Loader, load_ahead
from ingest.own_columns import Own, OwnColumns, Shape, reshape
from ingest.progress import Counted, Meter, Progress, Summary
from ingest.source import AnySource, Distant, Movable, Partial, Source, Telling
from ingest.tasks import Tasks
from ingest.thumbnails import Thumbnails
from ingest.tiling import RECORDS, Filler, tiled
from ingest.vectors import PrecomputedVectors, check_precomputed
from ingest.work import Loaded, Same, Settled, Task, Unchanged, Written
from ingest.writing import Finish, InHand, Writer

_TOGETHER = 512
"""So many records that need no model are written at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an ingest goes about it."""

    batch: int = knob(32, "Batch", low=1, high=4096, help="Pictures the model sees at once.")
    threads: int = knob(
        0, "Loader threads", low=0, high=256, help="Threads that read and decode; 0: one per core, more to fetch."
    )
    max_megapixels: float = knob(300.0, "Megapixels at most", low=0.001, help="Larger pictures are rejected.")
    prune: bool = knob(False, "Remove what is gone", help="Remove records that the source no longer has.")
    retry: bool = knob(False, "Retry", help="Try rejected pictures again even if they have not changed.")
    tiles: bool = knob(False, "Tiles", help="Several vectors per picture, so that small details are found.")
    limit: int = knob(0, "Only the first", low=0, help="So many records of the source; 0: all.")
    keep_s: float = knob(2.0, "Seconds between flushes", low=0.0, help="What a crash may cost; flushing takes time.")


def run(
    source: Source,
    *,
    index: Index,
    ledger: Ledger,
    thumbnails: Path,
    place: Path | None = None,
    embedders: Sequence[Embedder],
    precomputed: Sequence[PrecomputedVectors] = (),
    options: Options | None = None,
    in_hand: Sequence[InHand] = (),
    finish: Sequence[Finish] = (),
    languages: Sequence[str] = (),
    own: OwnColumns | None = None,
    request: str = "",
    on_remark: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_published: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Summary:
    """
    Bring an index up to date with a source and publish it; what has not changed is not read, let alone encoded, again.

    It may be killed at any moment: the published generation stays whole, and the next call goes on where this one was.
    A record that fails becomes a row of the ledger and stops nothing. Without any change nothing is published. Where
    the published generation is damaged, it goes on from the newest that is whole.

    Args:
        place: the directory in which the index lies, where it lies in one: its room is watched.
        precomputed: vectors for the rows of the source's metadata file; the source must then be `Tabled`.
        in_hand: what is to be done with records before they are written, such as `hubs_in_hand`.
        finish: what is to be done with all that is left of it before they are published, such as `hub_correction`.
        languages: those of the metadata ("da"), for the stems of its words; a change rewrites the words of every record
            of this source. A record's own `language` goes first.
        own: the archive's own fields; records from anywhere are brought into their shape where that has changed.
        request: what is noted in the ledger as what was asked for.
        on_remark: told what was mended of a damaged index, before the first record, and what the source has to say
            while its records are taken.
        on_progress: called on this thread, a few times a second at most.
        on_published: told, once a generation is published, how many records were written to it.
        stop: once set, the batch at hand is finished and the build is left to be resumed.

    Raises:
        InvalidInputError: On options out of range, no space or twice the same, or an embedder without an image tower.
        MetadataError: If the source's metadata or the precomputed vectors cannot be used; before anything is written.
        EmbedderError: If a model fails on all pictures of a batch.
        ArchiveError: If another process is writing, or a thumbnail cannot be written.
        StoreError: If the index cannot be written, or its disk is too full.
    """
    options, stop, own = options or Options(), stop or threading.Event(), own or OwnColumns()
    spaces = check_ingest(source, embedders, precomputed, options)
    fillers = _fillers(embedders, options)
    meter = Meter(lambda: _total(source, options.limit), on_progress)
    shelf = Thumbnails(thumbnails)
    how = options.max_megapixels, options.retry
    tasks = Tasks(source, ledger, fillers, precomputed, *how, shelf, stop, languages, own, options.limit)
    fewest = source.waiting if isinstance(source, Distant) else 1
    loader = Loader(source, fillers, shelf, options.max_megapixels)
    with _alone(ledger):
        if (mended := index.restore()) and on_remark is not None:
            on_remark(mended)
        _check_dimensions(index, precomputed)
        _check_move(source, ledger)
        number = ledger.start_run(source.origin, request)
        try:
            expected = lambda: _total(source, options.limit)  # noqa: E731 - asked when the first is written
            with Writer(index, ledger, spaces, number, options.keep_s, place, expected, in_hand) as writer:
                first = not ledger.stored_count()
                if first:
                    _guess_own(own, index, ledger, writer)
                writer.recover()
                shelf.clear_parts()
                if not (shape := Shape.of(ledger)).fits(own.own):
                    shape.mixed_with(own.own).note(ledger)
                for some in tasks.rounds():
                    heard = _heard(some, source, on_remark)
                    _take_all(heard, tasks.note, loader, fillers, writer, meter, options, stop, fewest)
                _hear(source, on_remark)
                writer.keep()
                complete = tasks.exhausted and not stop.is_set()
                whole = complete and not tasks.limited
                gone, out_of_reach = _missing(source, ledger, tasks.seen) if whole else ((), ())
                pruned = gone if options.prune and tasks.seen else ()
                published = complete and _publish(
                    source, writer, index, ledger, embedders, shelf, pruned, meter, finish, own, first
                )
        except ArchiveSearchError as error:
            with suppress(ArchiveError):  # what came first is told
                ledger.end_run(number, {"error": str(error)}, complete=False)
            raise
        summary = Summary(
            **meter.counts,
            taken=dict(tasks.taken),
            gone=gone,
            out_of_reach=out_of_reach,
            pruned=len(pruned),
            own={name: one.columns[0] for name, one in own.found.items()},
            generation=index.generation(),
            published=published,
            stopped=not complete,
            seconds=time.monotonic() - meter.started,
        )
        ledger.end_run(number, asdict(summary), complete)
    if published and on_published is not None:
        on_published(meter.written + len(pruned))
    meter.phase("done")
    return summary


def check_ingest(
    source: AnySource, embedders: Sequence[Embedder], precomputed: Sequence[PrecomputedVectors], options: Options
) -> dict[str, int]:
    """
    Refuse what `run` would refuse, before there is an archive; returns the dimensions of the spaces to fill.

    Raises:
        InvalidInputError: On options out of range, no space or twice the same, or an embedder without an image tower.
        MetadataError: If the precomputed vectors are not for the source.
    """
    check(options, "Ingest options")
    spaces = _spaces(embedders, _fillers(embedders, options), precomputed)
    check_precomputed(source, precomputed)
    return spaces


def _fillers(embedders: Sequence[Embedder], options: Options) -> list[Filler]:
    return [*embedders, *(tiled(embedders) if options.tiles else ())]


def _total(source: Source, limit: int) -> int | None:
    """How many records and rejections there will be, where the source can tell."""
    total = source.count() if isinstance(source, Counted) else None
    return min(total, limit) if total is not None and limit else total


def _check_dimensions(index: Index, precomputed: Sequence[PrecomputedVectors]) -> None:
    """InvalidInputError where vectors from elsewhere have other dimensions than their space in the index."""
    if precomputed and index.generation() is not None:
        store = index.open()
        known = dict(store.spaces)
        store.close()
        for one in precomputed:
            check_new_space(one.space, one.dim, known)


def _check_move(source: Source, ledger: Ledger) -> None:
    """InvalidInputError where a source is said to have moved from where nothing came from."""
    former = source.former_origin if isinstance(source, Movable) else ""
    known = [one for one in ledger.origins() if one]
    if former and known and former not in known and source.origin not in known:  # nor did it move at an earlier ingest
        raise InvalidInputError(f"No record came from {former}. Records came from: {', '.join(known)}.")


def _missing(source: Source, ledger: Ledger, seen: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    The ids of a source's stored records that it did not give: what is gone, and what it could not look at.

    Args:
        seen: the ids that it gave, in order.
    """
    former = (source.former_origin,) if isinstance(source, Movable) else ()
    # '': nobody knows whence, since the ledger was lost and no source has given them again
    missing = _left_out(ledger.ids(source.origin, *former, ""), seen)
    if not isinstance(source, Partial):
        return tuple(missing), ()
    gone: list[str] = []
    out_of_reach: list[str] = []
    for one in missing:
        row = ledger.row(one)
        (out_of_reach if row is not None and source.out_of_reach(row.image) else gone).append(one)
    return tuple(gone), tuple(out_of_reach)


def _left_out(ids: Iterable[str], seen: Iterable[str]) -> Iterator[str]:
    """Those of the ids, in order, that are not among what was seen, in order."""
    there = iter(seen)
    last = next(there, None)
    for one in ids:
        while last is not None and last < one:
            last = next(there, None)
        if last != one:
            yield one


@contextmanager
def _alone(ledger: Ledger) -> Iterator[None]:
    """Hold off other ingests of this archive: two would take each other's traces for those of a crash."""
    lock = BuilderLock(ledger.path.with_name(f"{ledger.path.name}.lock"), f"The archive in {ledger.path.parent}")
    try:
        yield
    finally:
        lock.release()


def _take_all(
    tasks: Iterable[Task | Settled | Unchanged],
    note: Callable[[Settled], None],
    loader: Loader,
    fillers: Sequence[Filler],
    writer: Writer,
    meter: Meter,
    options: Options,
    stop: threading.Event,
    fewest: int,
) -> None:
    """Load, encode and write what must be; loading and writing go on while the models work."""
    threads = options.threads or min(max(os.cpu_count() or 1, fewest), 16)
    count = lanes(fillers, options.batch)
    at_once = -(-options.batch // count)
    size, together = (max(1, one // RECORDS) if options.tiles else one for one in (at_once, options.batch))
    # two batches ahead: one is ready when the model asks, the other evens out slow pictures
    loaded = load_ahead(_counted(tasks, meter), loader, threads=threads, window=2 * together, stop=stop)
    writing: Future[None] | None = None
    with closing(loaded), ThreadPoolExecutor(1, thread_name_prefix="writer") as hand:
        batches = encoded(_batches(loaded, size), lambda one: _encoded(one, fillers, at_once), count)
        with closing(batches):
            for points, settled in batches:
                for one in settled:
                    note(one)
                if writing is not None:
                    writing.result()
                writing = hand.submit(writer.write, points, settled)
                for what in (*(one.what for one in points), *map(_what, settled)):
                    meter.add(what)
        if writing is not None:
            writing.result()


def _heard(
    tasks: Iterable[Task | Settled | Unchanged], source: Source, on_remark: Callable[[str], None] | None
) -> Iterator[Task | Settled | Unchanged]:
    """The tasks; what the source has to say meanwhile is told."""
    for task in tasks:
        _hear(source, on_remark)
        yield task


def _hear(source: Source, on_remark: Callable[[str], None] | None) -> None:
    if on_remark is not None and isinstance(source, Telling):
        for remark in source.told():
            on_remark(remark)


def _counted(tasks: Iterable[Task | Settled | Unchanged], meter: Meter) -> Iterator[Task | Settled]:
    """The tasks that need anything; unchanged records are counted and passed over."""
    for task in tasks:
        if isinstance(task, Unchanged):
            meter.add("unchanged")
        else:
            yield task


def _batches(loaded: Iterable[Loaded | Settled], size: int) -> Iterator[list[Loaded | Settled]]:
    """Lists with `size` records for the models each, and with what needs no model in between."""
    batch: list[Loaded | Settled] = []
    full = 0
    for one in loaded:
        batch.append(one)
        full += isinstance(one, Loaded) and bool(one.prepared)
        if full == size or len(batch) == size + _TOGETHER:
            yield batch
            batch, full = [], 0
    if batch:
        yield batch


def _encoded(
    batch: Sequence[Loaded | Settled], fillers: Sequence[Filler], at_once: int
) -> tuple[list[Written], list[Settled]]:
    """What to write of a batch, and what needs no writing."""
    checkpoints = {one.name: one.checkpoint for one in fillers}
    made, failed = encode([one for one in batch if isinstance(one, Loaded)], fillers, at_once)
    points: list[Written] = []
    settled: list[Settled] = [one for one in batch if not isinstance(one, Loaded)]
    settled += failed
    for one, vectors in made:
        point = written(one, vectors, checkpoints)
        if isinstance(point, Written):
            points.append(point)
        else:
            settled.append(point)
    return points, settled


def _what(settled: Settled) -> str:
    if isinstance(settled, Attempt):
        return "rejected"
    if isinstance(settled, Same):
        return "restored" if settled.restored else "unchanged"
    return "still_rejected"


def _publish(
    source: Source,
    writer: Writer,
    index: Index,
    ledger: Ledger,
    embedders: Sequence[Embedder],
    thumbnails: Thumbnails,
    pruned: Sequence[str],
    meter: Meter,
    finish: Sequence[Finish],
    own: OwnColumns,
    first: bool,
) -> bool:
    """Remove what must go and publish, for the `first` time; returns whether there was anything to publish."""
    pictures = {row.content_hash: row.image for one in pruned if (row := ledger.row(one)) is not None}
    writer.remove(pruned)
    writer.keep()
    for embedder in embedders:  # records that could not be encoded again keep no vector of an older checkpoint
        for space in (embedder.name, tile_space(embedder.name)):  # tiles also where none are made any more
            writer.withdraw(space, ledger.outdated(space, embedder.checkpoint))
            writer.keep()
    if (fields := own.settle()) is not None:
        index.fields = fields
        writer.follow(fields)
    shape = Shape.of(ledger)
    shaped = shape.fits(own.own)
    if not writer.building and (shaped or not ledger.stored_count()):
        return False
    meter.phase("publishing")
    for work in (*finish, *(() if shaped else (reshape(own.own, shape.own, first and own.is_plain),))):
        writer.finish(work)
    writer.publish(meter.repacking)
    if not shaped:
        Shape(own.own).note(ledger)
    for picture in ledger.unused(pictures):
        thumbnails.remove(picture)
        if isinstance(source, Distant):
            source.discard(pictures[picture])
    return True


def _guess_own(own: OwnColumns, index: Index, ledger: Ledger, writer: Writer) -> None:
    """Have the records of a first ingest written with the fields of their own that it will probably end with."""

    def guessed(fields: Own) -> None:
        Shape.of(ledger).mixed_with(fields).note(ledger)
        writer.expect(table_with(fields))

    before = {name: one for name, one in Shape.of(ledger).own.items() if name not in own.own}
    own.guess(before, guessed)
    if before:  # what was written before an interruption is read from the log as it was written
        index.fields = table_with({**before, **own.own})


def _spaces(
    embedders: Sequence[Embedder], fillers: Sequence[Filler], precomputed: Sequence[PrecomputedVectors]
) -> dict[str, int]:
    """The dimensions of the spaces to fill; InvalidInputError where there is none, one twice, or one not allowed."""
    spaces: dict[str, int] = {}
    for embedder in embedders:
        if "image" not in embedder.modalities:
            known = ", ".join(sorted(embedder.modalities))
            raise InvalidInputError(f"Embedder {embedder.name!r} takes no pictures, only {known}.")
    for name, dim in [(one.name, one.dim) for one in fillers] + [(one.space, one.dim) for one in precomputed]:
        if name in spaces:
            raise InvalidInputError(f"Two sets of vectors are for the space {name!r}.")
        spaces[name] = dim
    if not spaces:
        raise InvalidInputError("An ingest needs an embedder or precomputed vectors.")
    return spaces
