"""The whole ingest in one call: from a source to a published generation of an archive, its settings remembered."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import typing
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive_search.archive import Archive, is_archive
from archive_search.counting import count_ahead
from archive_search.embedders import EMBEDDERS, auxiliary_embedders, default_embedder
from archive_search.knobs import from_data
from archive_search.settings import Settings
from archive_search.types import ArchiveSearchError, Embedder, EmbedderError, FieldTable, InvalidInputError
from ingest import pipeline
from ingest.cores import share_cores
from ingest.mapping import NO_FIELD
from ingest.own_columns import Own, OwnColumns
from ingest.pipeline import Options
from ingest.progress import Progress, Summary
from ingest.request import Request, request_of
from ingest.source import AnySource, InArchive, Source
from ingest.writing import Finish, InHand

_SMALL = 20
"""An ingest is small that has written less than the archive's records by this."""

if TYPE_CHECKING:
    from ingest.ledger import Ledger
    from ingest.vectors import PrecomputedVectors


def run(
    archive: Archive | str | Path,
    source: AnySource,
    *,
    embedders: Sequence[str] = (),
    vectors: str | Path | None = None,
    space: str | None = None,
    store: str = "",
    tiles: bool | None = None,
    options: Options | None = None,
    on_remark: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Summary:
    """
    Bring an archive up to date with a source and publish what is new.

    What the archive remembers counts where nothing is said: its embedders, whether there are tiles, the mapping of
    fields. Whatever can be refused is refused before anything is made. It may be stopped or killed at any moment; the
    next call goes on where this one was.

    Args:
        archive: an archive, or the directory of one; it is made where it does not exist.
        embedders: names; those of the archive, or the best that is there, where none is named.
        vectors: a file of vectors computed elsewhere, row i for row i of the source's metadata; they fill `space`.
        store: of a new archive: where its index is kept, `http(s)://host:6333/NAME`; '' is its own directory.
        tiles: several vectors per picture, so that small details are found; remembered. None: as the archive has it.
        options: how to go about it; `tiles` in it does not count.
        on_remark: told, before the first record, what the source found, how its metadata was understood, and what was
            mended of a damaged index; then what the source has to say while its records are taken.
        on_progress: called on this thread, a few times a second at most.
        stop: once set, the batch at hand is finished and the rest is left for the next call.

    Raises:
        InvalidInputError: On options out of range, or what does not fit together.
        MetadataError: If the source's metadata or the vectors cannot be used.
        SourceError: If a service cannot be asked; what it has given is kept, and the next call goes on there.
        EmbedderError: If weights are missing, or a model fails on all pictures of a batch.
        ArchiveError: If another process is writing.
        StoreError: If the index cannot be written, or its disk is too full.
    """
    from ingest.ledger import Ledger

    settings = _settings(archive, store)
    request = request_of(source, embedders, tiles, vectors, space, options)
    source = mapped(source, settings)
    precomputed = _precomputed(vectors, space)
    names = _names(settings, embedders, bool(precomputed))
    if tiles and not names:
        raise InvalidInputError("Tiles need an embedder that sees the pictures: name one.")
    options = dataclasses.replace(options or Options(), tiles=settings.tiles if tiles is None else tiles)
    loaded = _loaded(names)
    pipeline.check_ingest(source, loaded, precomputed, options)
    told: list[str] = [*getattr(source, "remarks", ())]
    stop = stop or threading.Event()
    opened = archive if isinstance(archive, Archive) else Archive.create(archive, settings)
    if tiles is not None:
        opened.remember(tiles=tiles)
    _note_titles(opened)
    with _opened(source, opened.directory, stop) as whole, Ledger(opened.ledger) as ledger:
        if whole is not source:
            told += getattr(whole, "remarks", ())
        if on_remark is not None:
            for remark in told:
                on_remark(remark)
        in_hand, finish = _measuring(opened, loaded, ledger)
        summary = pipeline.run(
            whole,
            index=opened.index,
            ledger=ledger,
            thumbnails=opened.thumbnails,
            place=opened.index_directory,
            embedders=loaded,
            precomputed=precomputed,
            options=options,
            in_hand=in_hand,
            finish=finish,
            languages=opened.settings.languages,
            own=_own_columns(opened),
            request=request.to_json() if request else "",
            on_remark=on_remark,
            on_progress=on_progress,
            on_published=partial(_count_ahead, opened),
            stop=stop,
        )
    _remember(opened, source, names)
    return summary


def run_request(
    archive: Archive | str | Path,
    request: Request,
    *,
    on_remark: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
) -> Summary:
    """Do what is asked for as data; raises what `run` and `Request.made` raise."""
    return run(
        archive,
        request.made(),
        embedders=request.embedders,
        vectors=request.vectors or None,
        space=request.space or None,
        tiles=request.tiles,
        options=from_data(Options, dict(request.options), "Ingest options"),
        on_remark=on_remark,
        on_progress=on_progress,
        stop=stop,
    )


def _opened(source: AnySource, archive: Path, stop: threading.Event) -> AbstractContextManager[Source]:
    """The source itself, or what it becomes in an archive."""
    return source.opened(archive, stop) if isinstance(source, InArchive) else contextlib.nullcontext(source)


def _settings(archive: Archive | str | Path, store: str) -> Settings:
    """The settings of an archive that exists, or those that it will have."""
    if isinstance(archive, Archive):
        directory, settings = archive.directory, archive.settings
    else:
        directory = Path(archive)
        there = is_archive(directory)
        settings = Archive.open(directory).settings if there else Settings(directory.resolve().name, store=store)
    if store and settings.store != store:
        raise InvalidInputError(
            f"{directory} keeps its index at {settings.store or 'its own directory'}: it cannot be moved to {store}."
        )
    return settings


def _note_titles(archive: Archive) -> None:
    """Keep the titles that collected records have now, for those that vanish; never at the cost of the ingest."""
    from archive_search.workspace.collections import Collections

    if archive.workspace.exists():
        with contextlib.suppress(ArchiveSearchError):  # nothing is published yet, it is damaged, nobody may write
            Collections(archive.workspace).see(archive.store)


def mapped(source: AnySource, settings: Settings) -> AnySource:
    """
    The source with the mapping that the archive remembers for fields that the source itself does not map.

    A column of the archive's own fields fills no other, whatever it is called.
    """
    own: tuple[str, ...] | None = getattr(source, "fields", None)
    if own is None:
        return source
    mapped = {pair.partition("=")[0].strip() for pair in own}
    pairs = [
        f"{field}={one}" for field, columns in settings.columns().items() if field not in mapped for one in columns
    ]
    pairs += [f"{NO_FIELD}={column}" for one in settings.own.values() for column in one.columns]
    return dataclasses.replace(typing.cast(Any, source), fields=(*pairs, *own)) if pairs else source


def _precomputed(vectors: str | Path | None, space: str | None) -> list[PrecomputedVectors]:
    from ingest.vectors import PrecomputedVectors

    if (vectors is None) != (space is None):
        raise InvalidInputError("Vectors and space belong together: the file of vectors and the name of their space.")
    return [] if vectors is None or space is None else [PrecomputedVectors.load(Path(vectors), space)]


def _names(settings: Settings, named: Sequence[str], precomputed: bool) -> tuple[str, ...]:
    """Those named, else those that the archive has; none where only precomputed vectors are asked for."""
    if named:
        return tuple(dict.fromkeys(named))
    if precomputed:
        return ()
    return settings.embedders or (default_embedder(),)


def _loaded(names: Sequence[str]) -> list[Embedder]:
    """The embedders of these names and those beside them; all are known to be there before the first is loaded."""
    beside = auxiliary_embedders() if names else ()
    chosen = [EMBEDDERS[name] for name in dict.fromkeys((*names, *beside))]
    for missing in filter(None, (one.missing() for one in chosen)):
        raise EmbedderError(missing)
    share_cores()
    return [one.load() for one in chosen]


def _measuring(archive: Archive, embedders: Sequence[Embedder], ledger: Ledger) -> tuple[list[InHand], list[Finish]]:
    """What is measured of new records while their vectors are in hand, and what before they are published."""
    from ingest.adapting import adapted_in_hand, keep_adapted
    from ingest.clear_tiles import clear_in_hand, clear_tiles
    from ingest.hub_correction import Banks, hub_correction, hubs_in_hand
    from ingest.same_pictures import same_pictures
    from ingest.thumbnails import Thumbnails

    banks = Banks(archive.directory / "banks", ledger)
    in_hand = [
        *(clear_in_hand(one, banks) for one in embedders),
        *(hubs_in_hand(one, banks) for one in embedders),
        *(adapted_in_hand(archive, one, banks) for one in embedders),
    ]
    finish = [
        *(clear_tiles(one, banks) for one in embedders),
        *(hub_correction(one, banks) for one in embedders),
        *(keep_adapted(archive, one, banks) for one in embedders),
        same_pictures(ledger, Thumbnails(archive.thumbnails)),
    ]
    return in_hand, finish


def _own_columns(archive: Archive) -> OwnColumns:
    """The archive's own fields, and those that columns become by themselves, kept in its settings."""

    def settle(found: Own) -> tuple[Own, FieldTable]:
        there = archive.settings.own
        archive.remember(own={**there, **found, **there})  # behind those that were there, and never in their place
        return archive.settings.own, archive.fields

    return OwnColumns(archive.settings.own, settle)


def _count_ahead(archive: Archive, written: int) -> None:
    """Count what pages will ask; after a small ingest not what every record is read for. It never fails an ingest."""
    with contextlib.suppress(ArchiveSearchError):
        store = archive.index.open()
        try:
            count_ahead(store, every_record=written * _SMALL >= store.count())
        finally:
            store.close()


def _remember(archive: Archive, source: AnySource, names: Sequence[str]) -> None:
    """Keep in the settings what the next ingest, and whoever opens a picture, goes by."""
    beside = auxiliary_embedders()
    chosen = tuple(name for name in dict.fromkeys((*archive.settings.embedders, *names)) if name not in beside)
    folder = getattr(source, "folder", None)
    known = archive.settings.pictures
    pictures = tuple(dict.fromkeys((*known, str(folder.resolve())))) if isinstance(folder, Path) else known
    archive.remember(embedders=chosen, pictures=pictures)
