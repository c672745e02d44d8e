"""
Which tiles are worth keeping: those that show something more clearly than the whole picture does.

A tile that holds one find of a plate is nearer to some text than the crowded plate is. A tile that holds a piece of
the one pot on a photograph is not: it may look like a bowl, and would bring the pot up for bowls (measured:
docs/explanation/ranking.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from archive_search.calibration.hubness import chunks
from archive_search.spaces import BOXES, tile_space
from archive_search.types import Box, Embedder, Payload, Point, Vectors, WritableStore
from ingest.hub_correction import Banks, as_measured, in_hand
from ingest.tiling import Tiles
from ingest.work import Written
from ingest.writing import Finish, InHand

NEAREST = 5
"""Clear is what is near to so many texts of the bank, on average."""
_WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def clear_in_hand(embedder: Embedder, banks: Banks) -> InHand:
    """Work that drops tiles that are no clearer than their whole picture, of new records before they are written."""

    def chosen(batch: Sequence[Written], spaces: Collection[str]) -> Sequence[Written]:
        bank, tiled = banks.kept(embedder), tile_space(embedder.name)
        if bank is None or tiled not in spaces:
            return batch
        wholes, tiles = in_hand(batch, embedder.name), in_hand(batch, tiled)
        return [
            as_measured(
                _cleared(one, tiled, tiles.get(one.row.id), wholes.get(one.row.id), bank.vectors), tiled, bank.version
            )
            if one.whole or one.row.id in tiles.keys() & wholes.keys()
            else one
            for one in batch
        ]

    return chosen


def clear_tiles(embedder: Embedder, banks: Banks) -> Finish:
    """
    Work that drops tiles that are no clearer than their whole picture, where the archive's phrases have not chosen yet.

    Where none is left, the vector of the whole picture stands for the tiles. What was dropped comes back when the
    picture is cut anew. Without a text tower, or without enough known texts, every tile stays.
    """

    def choose(store: WritableStore) -> Callable[[], None] | None:
        tiled = tile_space(embedder.name)
        if tiled not in store.spaces or (bank := banks.of(embedder, store)) is None:
            return None
        drop_unclear(store, embedder.name, bank.vectors, banks.to_measure(store, tiled, bank.version))
        return banks.noted(tiled, bank.version)

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
            tiles = point.vectors[tiled]
            clear, left = _clear(tiles, wholes[point.id], bank)
            if not np.array_equal(left, tiles):
                ids.append(point.id)
                kept.append(left)
                payloads.append(_with_boxes(point.payload, tiled, clear.tolist()))
                dropped += len(tiles) - int(clear.sum())
        if ids:
            store.set_vectors(tiled, ids, kept)
            store.set_payload(ids, payloads)
    return dropped


def _cleared(one: Written, tiled: str, tiles: Vectors | None, whole: Vectors | None, bank: Vectors) -> Written:
    if tiles is None or whole is None or len(bank) < NEAREST:
        return one
    clear, left = _clear(tiles, whole, bank)
    cut: Mapping[str, Tiles] = one.tiles
    if tiled in cut:
        boxes = tuple(box for box, keep in zip(cut[tiled].boxes, clear, strict=False) if keep)
        cut = {**cut, tiled: replace(cut[tiled], boxes=boxes or (_WHOLE,))}
    return replace(one, vectors={**one.vectors, tiled: left}, tiles=cut)


def _clear(tiles: Vectors, whole: Vectors, bank: Vectors) -> tuple[NDArray[np.bool_], Vectors]:
    """Which tiles are clearer than the whole picture, and what is left: the whole picture where none is."""
    clear = _clarity(tiles, bank) > _clarity(whole[None], bank)
    return clear, tiles[clear] if clear.any() else whole[None]


def _with_boxes(payload: Payload, tiled: str, kept: Sequence[bool]) -> Payload:
    """The payload with the boxes of the tiles that are kept; where none is, the whole picture's."""
    boxes = payload.get(BOXES, {})
    if tiled not in boxes:
        return payload
    left = [box for box, keep in zip(boxes[tiled], kept, strict=False) if keep]
    return {**payload, BOXES: {**boxes, tiled: left or [list(_WHOLE)]}}


def _clarity(vectors: Vectors, bank: Vectors) -> NDArray[np.float64]:
    """How near each row is to its nearest texts, on average; in double precision, however many rows there are."""
    similar = vectors.astype(np.float64) @ bank.T.astype(np.float64)
    found: NDArray[np.float64] = np.partition(similar, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
    return found
