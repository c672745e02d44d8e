"""The part of each picture that fits a query best: the whole picture, or one of its tiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive_search.ranking.parts.phrase import phrase
from archive_search.search import SearchContext
from archive_search.spaces import tile_space
from archive_search.types import Example, Vector


def best_parts(search: SearchContext, ids: Sequence[str], tiles: bool = True) -> dict[str, Vector]:
    """
    For each of these records that has a vector, that of the part most similar to the query.

    A plate of many finds is like the query in one corner only: what it stands for there is that corner. Without tiles,
    without examples in the query that the space can be searched by, and with `tiles` off, it is the whole picture.
    """
    found: dict[str, Vector] = search.store.vectors(search.space, ids)
    tiled = tile_space(search.space)
    examples = search.readable(phrase(search.query.examples))
    if not (tiles and found and examples) or tiled not in search.store.spaces:
        return found
    query = search.vector(examples)
    for one, tiles_of_one in search.store.vectors(tiled, list(found)).items():
        rows = np.vstack([found[one], tiles_of_one])
        found[one] = rows[int(np.argmax(rows @ query))]
    return found


def best_similarities(
    search: SearchContext, vector: Vector, ids: Sequence[str], tiles: bool = True
) -> NDArray[np.float64]:
    """Cosine similarity of each record's most similar part to a vector, in the order of `ids`; NaN where unknown."""
    similar = search.store.scores(search.space, vector, ids).astype(np.float64)
    return _or_of_a_tile(search, similar, vector, ids) if tiles else similar


def best_similarities_to(
    search: SearchContext, examples: tuple[Example, ...], ids: Sequence[str], tiles: bool = True
) -> NDArray[np.float64]:
    """
    Cosine similarity of each record's most similar part to the examples together; NaN where unknown.

    All are unknown where the space can be searched by none of the examples.
    """
    if not search.readable(examples):
        return np.full(len(ids), np.nan)
    similar = search.similarities(examples, ids)
    return _or_of_a_tile(search, similar, search.vector(examples), ids) if tiles else similar


def _or_of_a_tile(
    search: SearchContext, similar: NDArray[np.float64], vector: Vector, ids: Sequence[str]
) -> NDArray[np.float64]:
    tiled = tile_space(search.space)
    if tiled not in search.store.spaces:
        return similar
    return np.fmax(similar, search.store.scores(tiled, vector, ids).astype(np.float64))
