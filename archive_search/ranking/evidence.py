"""Adding evidence to scores: brought to the spread of the scores so far, so that a weight means the same everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archive_search.types import Hit, Ranking

BEST = 1000
"""The spread is that of so many best hits, so that it does not depend on how many more are kept."""


def add_evidence(ranking: Ranking, evidence: NDArray[np.float64], weight: float) -> Ranking:
    """
    The ranking with `weight` times the standardised evidence added to its scores.

    Evidence is NaN where it is unknown, and says nothing there. Weight 1 gives it as much say as everything before it.
    """
    if weight == 0.0 or len(ranking) < 2:
        return ranking
    best = evidence[:BEST]
    known = ~np.isnan(best)
    if not known.any() or float(np.std(best[known])) == 0.0:
        return ranking
    base = np.array([hit.score for hit in ranking], dtype=np.float64)
    spread = float(np.std(base[:BEST])) or 1.0
    standard = (evidence - np.mean(best[known])) / np.std(best[known])
    return rescored(ranking, base + weight * spread * np.where(np.isnan(standard), 0.0, standard))


def rescored(ranking: Ranking, scores: NDArray[np.float64]) -> Ranking:
    """The same hits with these scores, best first, equal scores by id."""
    pairs = sorted(zip((-scores).tolist(), (hit.id for hit in ranking), strict=True))
    return tuple(Hit(one, -score) for score, one in pairs)
