"""The values of a field as a few kinds, each with a colour of its own, or as numbers on a scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 10
"""So many colours are told apart."""
OTHER, UNKNOWN = -1, -2
"""Stand for a kind that is not among the most frequent, and for no value."""


@dataclass(frozen=True)
class Kinds:
    """The most frequent values, and for each record the place of its own among them, `OTHER` or `UNKNOWN`."""

    names: tuple[str, ...]
    numbers: NDArray[np.int16]


def kinds(values: Sequence[Any], most: int = MOST) -> Kinds:
    """
    The kinds of these values, the most frequent first; a record with several values is of its most frequent one.

    Where one more would be all, it is a kind of its own, not the only other.
    """
    texts = [[str(one) for one in _several(value)] for value in values]
    counts = Counter(text for some in texts for text in some)
    names = [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
    names = names[: most + 1] if len(names) == most + 1 else names[:most]
    places = {name: place for place, name in enumerate(names)}
    found = [
        UNKNOWN if not some else min((places[text] for text in some if text in places), default=OTHER) for some in texts
    ]
    return Kinds(tuple(names), np.array(found, dtype=np.int16))


def scale(values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers as they are; NaN for what is none."""
    return np.array(
        [one if isinstance(one, int | float) and not isinstance(one, bool) else np.nan for one in values],
        dtype=np.float64,
    )


def _several(value: Any) -> list[Any]:
    some = value if isinstance(value, list | tuple) else [value]
    return [one for one in some if one not in (None, "")]
