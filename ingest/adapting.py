"""
Adapting an archive: an adapter is trained on its own pairs, and the adapted vectors published as one more space.

What is ingested later gets its adapted vectors by that ingest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

import numpy as np

from archive_search.adapter import SUFFIX, AdaptedEmbedder, Adapter, Report, Training, load, save, texts_of, train
from archive_search.archive import Archive
from archive_search.knobs import check
from archive_search.stores.lock import BuilderLock
from archive_search.stores.room import check_room
from archive_search.types import ArchiveError, Embedder, EmbedderError, InvalidInputError, Point, Vectors, WritableStore
from ingest.hub_correction import Banks, as_measured, chunks_of, hub_correction, in_hand, with_hubs
from ingest.ledger import Ledger
from ingest.work import Written
from ingest.writing import Finish, InHand

_CHUNK = 2048


def adapt(
    archive: Archive,
    space: str = "",
    judged: Mapping[str, Sequence[str]] | None = None,
    training: Training | None = None,
    anyway: bool = False,
) -> Report:
    """
    Train an adapter for a space, and publish `SPACE-adapted` where the adapter is surely better on objects held out.

    Nothing searches the new space unless it is named.

    Args:
        space: the space to adapt; '' is the archive's default.
        judged: texts by the id of a record that a person judged relevant to them; pairs besides the archive's own.
        anyway: publish whatever the report says.

    Raises:
        InvalidInputError: On settings out of range, an adapted space, or too few objects with texts.
        EmbedderError: If the space has no embedder that reads texts.
        ArchiveError: If an ingest is at work or unfinished.
    """
    training = training or Training()
    check(training, "adapt")
    space = space or archive.default_space()
    if space.endswith(SUFFIX):
        raise InvalidInputError(f"{space!r} is adapted already: name the space that it comes from.")
    embedder = archive.embedder(space)
    if not {"text", "image"} <= embedder.modalities:
        raise EmbedderError(f"{space!r} cannot be adapted: its embedder does not read both texts and pictures.")
    with _alone(archive):
        if archive.index.building() is not None:
            raise ArchiveError("An ingest of this archive is unfinished: run it to its end first.")
        points = [point for point in archive.store.scan((), space) if space in point.vectors]
        adapter, report = _trained(points, embedder, judged or {}, training)
        if report.better or anyway:
            _publish(archive, space, [point.id for point in points], adapter, embedder)
    return report


def adapted_in_hand(archive: Archive, embedder: Embedder, banks: Banks) -> InHand:
    """Work that gives new records their vector in the space adapted from this embedder, before they are written."""
    name, known = embedder.name + SUFFIX, lru_cache(1)(lambda: _adapted(archive, embedder))

    def filled(batch: Sequence[Written], spaces: Collection[str]) -> Sequence[Written]:
        if name not in spaces or (adapted := known()) is None:
            return batch
        wholes, bank = in_hand(batch, embedder.name), banks.kept(adapted)
        rows = dict(zip(wholes, adapted.adapter(np.stack(list(wholes.values()))), strict=True)) if wholes else {}
        filled = [
            replace(one, vectors={**one.vectors, name: rows[one.row.id]}) if one.row.id in rows else one
            for one in batch
        ]
        if bank is not None:
            return with_hubs(filled, name, bank.vectors, bank.version)
        return [
            as_measured(one, name, adapted.checkpoint) if one.whole or one.row.id in rows else one for one in filled
        ]

    return filled


def keep_adapted(archive: Archive, embedder: Embedder, banks: Banks) -> Finish:
    """
    Work that gives every record that lacks it its vector in the space adapted from this embedder.

    Nothing happens where there is no adapter, or one that was trained on other weights: a search of its space then says
    so.
    """
    name = embedder.name + SUFFIX

    def fill(store: WritableStore) -> Callable[[], None] | None:
        if name not in store.spaces or (adapted := _adapted(archive, embedder)) is None:
            return None
        bank = banks.of(adapted, store)
        version = adapted.checkpoint if bank is None else bank.version
        for ids in chunks_of(banks.ledger.unmeasured(name, version)):
            points = [point for point in store.points(ids, embedder.name) if embedder.name in point.vectors]
            _apply(adapted.adapter, store, name, points, embedder.name)
        return hub_correction(adapted, banks)(store) or banks.noted(name, version)

    return fill


def _adapted(archive: Archive, embedder: Embedder) -> AdaptedEmbedder | None:
    """The adapted embedder of an archive; None where there is no adapter for these weights."""
    file = archive.adapter_file(embedder.name + SUFFIX)
    if not file.is_file() or (adapter := load(file)).base != embedder.checkpoint:
        return None
    return AdaptedEmbedder(embedder, adapter, embedder.name + SUFFIX)


def _apply(adapter: Adapter, store: WritableStore, name: str, points: Sequence[Point], space: str) -> None:
    """Write those adapted vectors that are not there yet."""
    if not points:
        return
    rows = adapter(np.stack([point.vectors[space] for point in points]))
    there = store.vectors(name, [point.id for point in points])
    new = [
        place
        for place, point in enumerate(points)
        if (known := there.get(point.id)) is None or not np.allclose(known, rows[place], atol=1e-5)
    ]
    if new:
        store.set_vectors(name, [points[place].id for place in new], rows[new])


def _trained(
    points: Sequence[Point], embedder: Embedder, judged: Mapping[str, Sequence[str]], training: Training
) -> tuple[Adapter, Report]:
    texts = [tuple(dict.fromkeys((*texts_of(point.payload), *judged.get(point.id, ())))) for point in points]
    names = sorted({text for some in texts for text in some})
    vectors: dict[str, Vectors] = {}
    for start in range(0, len(names), 64):
        some = names[start : start + 64]
        rows = embedder.encode([embedder.preprocess(one, "text") for one in some], "text")
        vectors.update(zip(some, rows, strict=True))
    owners = [str(point.payload.get("object_id") or point.id) for point in points]
    dim = embedder.dim
    images = np.array([point.vectors[embedder.name] for point in points], dtype=np.float32).reshape(-1, dim)
    return train(images, owners, texts, vectors, embedder.checkpoint, training)


def _publish(archive: Archive, space: str, ids: Sequence[str], adapter: Adapter, embedder: Embedder) -> None:
    name = space + SUFFIX
    place = archive.index_directory
    if place is not None:
        check_room(place, archive.generation, coming=2 * len(ids) * embedder.dim * 4, again=True)
    build = archive.index.begin({name: embedder.dim})
    try:
        store = build.store
        for start in range(0, len(ids), _CHUNK):
            points = store.points(ids[start : start + _CHUNK], space)
            rows = adapter(np.stack([point.vectors[space] for point in points]))
            store.set_vectors(name, [point.id for point in points], rows)
        save(archive.adapter_file(name), adapter)
        with Ledger(archive.ledger) as ledger:
            banks = Banks(archive.directory / "banks", ledger)
            noted = hub_correction(AdaptedEmbedder(embedder, adapter, name), banks)(store)
            known = ledger.generation == archive.generation
            if known:
                ledger.building(build.generation)  # its rows describe this generation as well
            if place is not None:
                check_room(place, build.generation, again=True)
            build.publish()
            if known:
                ledger.published(build.generation)
                if noted is not None:
                    noted()
    finally:
        build.close()  # nothing to do once published; what is unfinished, the next ingest discards


@contextmanager
def _alone(archive: Archive) -> Iterator[None]:
    """Hold off ingests of this archive."""
    lock = BuilderLock(archive.ledger.with_name(f"{archive.ledger.name}.lock"), f"The archive in {archive.directory}")
    try:
        yield
    finally:
        lock.release()
