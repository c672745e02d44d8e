"""
Which tiles are worth keeping: those that show something more clearly than the whole picture does.

A tile that holds one find of a plate is nearer to some text than the crowded plate is. A tile that holds a piece of
the one pot on a photograph is not: it may look like a bowl, and would bring the pot up for bowls (measured:
docs/explanation/ranking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from archive_search.calibration.hubness import chunks
from archive_search.spaces import BOXES, tile_space
from archive_search.types import Embedder, Payload, Point, Vectors, WritableStore
from ingest.hub_correction import Banks
from ingest.writing import Changed, Finish

NEAREST = 5
"""Clear is what is near to so many texts of the bank, on average."""


def clear_tiles(embedder: Embedder, banks: Banks) -> Finish:
    """
    Work that drops tiles that are no clearer than their whole picture, of the records that have changed.

    Where none is left, the vector of the whole picture stands for the tiles. What was dropped comes back when the
    picture is cut anew. Without a text tower, or without enough known texts, every tile stays.
    """

    def choose(store: WritableStore, changed: Changed) -> None:
        tiled = tile_space(embedder.name)
        if tiled in store.spaces and (bank := banks.of(embedder, store)) is not None:
            drop_unclear(store, embedder.name, bank.vectors, banks.to_measure(bank, store, tiled, changed))

    return choose


def drop_unclear(store: WritableStore, space: str, bank: Vectors, points_of: Iterable[Point] | None = None) -> int:
    """
    Keep of each record's tiles those that are clearer than the whole picture; returns how many were dropped.

    Args:
        points_of: points with their tiles; None: every record.
    """
    tiled, dropped = tile_space(space), 0
    if len(bank) < NEAREST:
        return 0
    looked_at = store.scan((), tiled) if points_of is None else points_of
    for points in chunks(point for point in looked_at if tiled in point.vectors):
        wholes = store.vectors(space, [point.id for point in points])
        ids: list[str] = []
        kept: list[Vectors] = []
        payloads: list[Payload] = []
        for point in points:
            if point.id not in wholes:
                continue
            tiles, whole = point.vectors[tiled], wholes[point.id][None]
            clear = _clarity(tiles, bank) > _clarity(whole, bank)
            left = tiles[clear] if clear.any() else whole
            if not np.array_equal(left, tiles):
                ids.append(point.id)
                kept.append(left)
                payloads.append(_with_boxes(point.payload, tiled, clear.tolist()))
                dropped += len(tiles) - int(clear.sum())
        if ids:
            store.set_vectors(tiled, ids, kept)
            store.set_payload(ids, payloads)
    return dropped


def _with_boxes(payload: Payload, tiled: str, kept: Sequence[bool]) -> Payload:
    """The payload with the boxes of the tiles that are kept; where none is, the whole picture's."""
    boxes = payload.get(BOXES, {})
    if tiled not in boxes:
        return payload
    left = [box for box, keep in zip(boxes[tiled], kept, strict=False) if keep]
    return {**payload, BOXES: {**boxes, tiled: left or [[0.0, 0.0, 1.0, 1.0]]}}


def _clarity(vectors: Vectors, bank: Vectors) -> NDArray[np.float32]:
    """How near each row is to its nearest texts, on average."""
    similar = vectors @ bank.T
    found: NDArray[np.float32] = np.partition(similar, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
    return found
