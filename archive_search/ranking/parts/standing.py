"""Which records stand out for a query from what they show at large."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive_search.calibration.hubness import read
from archive_search.ranking.parts.best_part import best_similarities_to
from archive_search.search import SearchContext
from archive_search.types import Example

THRESHOLD = 2.3
"""Spreads of a record's similarities to neutral texts above their mean (docs/explanation/ranking.md)."""


def standing_out(
    search: SearchContext,
    examples: tuple[Example, ...],
    ids: Sequence[str],
    threshold: float = THRESHOLD,
    tiles: bool = True,
) -> NDArray[np.bool_] | None:
    """
    Which of these records are more similar to the examples than to neutral texts, by `threshold` of their spreads.

    Each record is its own measure: its similarities to neutral texts were stored at ingest. None where none of the
    records was measured, or the space can be searched by none of the examples.
    """
    if not search.readable(examples):
        return None
    measured = read(search.store, search.space, ids)
    if not len(ids) or np.isnan(measured).all():
        return None
    similar = best_similarities_to(search, examples, ids, tiles)
    above: NDArray[np.bool_] = similar - measured[:, 1] > threshold * measured[:, 2]  # False where anything is NaN
    return above
