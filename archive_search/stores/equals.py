"""
Records that say words alike are told apart by their internal ids, so that a search need not look at all of them.

Tens of thousands of records can say a word alike. The words of each weigh up to a thousandth more than BM25F gives
them, the more the smaller its internal id: where more tie than there is room for, Qdrant finds those with the smallest
ids by itself. What is told of a record is its score without that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

APART = 2.0**-10
"""The first of the internal ids weighs so much more than the last: less than one word more or less in a text does."""
KEPT = 2.0**14
"""Scores are told to one part in so many: what float32 leaves of a difference between equals is less."""


def weighed(words: Mapping[int, float], number: int) -> dict[int, float]:
    """The words of a record as they are stored: weighed by its internal id, as a number of 128 bits."""
    lead = _lead(number)
    return {index: weight * lead for index, weight in words.items()}


def plain(scores: NDArray[np.float32], numbers: Sequence[int]) -> NDArray[np.float32]:
    """The scores by stored words as BM25F has them, equal for records that say words alike."""
    parts, powers = np.frexp(scores / _leads(numbers))
    return np.ldexp(np.round(parts * KEPT) / KEPT, powers).astype(np.float32)


def _leads(numbers: Sequence[int]) -> NDArray[np.float64]:
    return np.array([_lead(one) for one in numbers], dtype=np.float64)


def _lead(number: int) -> float:
    return 1 + APART * (1 - number / 2**128)
