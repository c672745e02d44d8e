"""Adding evidence to scores: brought to the spread of the scores so far, so that a weight means the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archive_search.calibration.hubness import read
from archive_search.remark import Remark
from archive_search.search import SearchContext
from archive_search.types import Example, Hit, Ranking

BEST = 1000
"""The spread is that of so many best hits, so that it does not depend on how many more are kept."""
NOISE = 0.4
"""A text whose similarities spread less than this share of what those of neutral phrases do says nothing."""
FEWEST = 30
"""The spread of fewer records says nothing about the text."""


def is_noise(search: SearchContext, example: Example, similar: NDArray[np.float64], ids: Sequence[str]) -> bool:
    """
    Whether a text's similarities to these records are indistinguishable from noise; leaves a remark if so.

    Each similarity is taken as so many spreads of that record's similarities to neutral phrases above their mean. What
    tells records apart spreads about as much over records as over phrases; a word that the encoder does not read does
    not. False where it cannot be known: few records, none measured against phrases, or no text.
    """
    if example.kind != "text" or len(ids) < FEWEST:
        return False
    measured = read(search.store, search.space, ids[:BEST])
    with np.errstate(divide="ignore", invalid="ignore"):
        above = (similar[:BEST] - measured[:, 1]) / measured[:, 2]
    above = above[np.isfinite(above)]
    if len(above) < FEWEST or float(np.std(above)) >= NOISE:
        return False
    search.findings.remarks.append(
        Remark(
            "{word} tells these pictures apart no better than noise: left out as a refinement of its own.",
            word=repr(example.value),
        )
    )
    return True


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
    order = np.argsort(-scores, kind="stable")
    ids, ranked = [ranking[at].id for at in order.tolist()], scores[order]
    borders = np.flatnonzero(np.diff(ranked, prepend=np.nan, append=np.nan))  # where another score begins
    for at in np.flatnonzero(np.diff(borders) > 1).tolist():
        start, end = int(borders[at]), int(borders[at + 1])
        ids[start:end] = sorted(ids[start:end])
    return tuple([Hit(one, score) for one, score in zip(ids, ranked.tolist(), strict=True)])
