"""
Hubs: how near each picture is to texts at large, measured by an ingest and stored with the record.

A picture that is near to every text comes up for every query. Nearest Neighbor Normalization (Chowdhury et al., EMNLP
2024) measures this as the mean similarity to the strongest of a bank of texts and takes it off the score; the bank
here is a list of neutral phrases and the archive's own titles. The mean and the spread over the whole bank are kept as
well: against them a similarity can be called high or low (`ranking/cutoff.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.types import Point, Store, Vectors, WritableStore

FIELD = "hubness"
"""The payload field: by space, the mean of the strongest similarities, then mean and spread of all."""
STRONGEST = 8
"""One in so many phrases of the bank counts as strongest (128 of about 1,000)."""
_CHUNK = 2048


def measure(vectors: Vectors, bank: Vectors) -> NDArray[np.float64]:
    """
    For each row the mean of its strongest similarities to the bank, the mean of all, and their spread: (n, 3).

    They are rounded, and in double precision before that: with fewer digits a row's would depend on how many others are
    measured with it, and a record that is measured again would seem to have changed.
    """
    similar = vectors.astype(np.float64) @ bank.T.astype(np.float64)  # (n, phrases)
    strongest = max(1, len(bank) // STRONGEST)
    top = np.partition(similar, similar.shape[1] - strongest, axis=1)[:, -strongest:]
    found: NDArray[np.float64] = np.stack([top.mean(axis=1), similar.mean(axis=1), similar.std(axis=1)], axis=1)
    return found.round(5)


def update(store: WritableStore, space: str, bank: Vectors, points_of: Iterable[Point] | None = None) -> int:
    """
    Measure records of a space and store what has changed; returns how many changed.

    Args:
        points_of: points with their vectors of the space; None: every record.
    """
    changed = 0
    for points in chunks(iter(store.scan((), space) if points_of is None else points_of)):
        some = [point for point in points if space in point.vectors]
        if not some:
            continue
        measured = measure(np.stack([point.vectors[space] for point in some]), bank)
        news: list[tuple[str, dict[str, Any]]] = []
        for point, row in zip(some, measured.tolist(), strict=True):
            before = point.payload.get(FIELD) or {}
            if before.get(space) != row:
                news.append((point.id, {**point.payload, FIELD: {**before, space: row}}))
        if news:
            store.set_payload([one for one, _ in news], [payload for _, payload in news])
            changed += len(news)
    return changed


def read(store: Store, space: str, ids: Sequence[str]) -> NDArray[np.float64]:
    """What `measure` found for these records, in the order of `ids`: (n, 3), NaN where nothing was measured."""
    nothing = (np.nan, np.nan, np.nan)
    rows = [(one or {}).get(space, nothing) for one in store.values(FIELD, ids)]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def chunks(points: Iterator[Point]) -> Iterator[list[Point]]:
    """The points in lists of a size that is handled at once."""
    while chunk := list(islice(points, _CHUNK)):
        yield chunk
