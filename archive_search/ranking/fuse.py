"""Fusion: several rankings of the same question become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.spelling import looked_for
from archive_search.search import SearchContext
from archive_search.types import Hit, Ranking


@dataclass(frozen=True)
class Fuse:
    """
    Fuse the ranking so far with that of the catalogue's words (BM25), which may find records that it lacks.

    "rrf" adds 1 / (k + rank), the reciprocal rank fusion of Cormack, Clarke and Buettcher (SIGIR 2009,
    https://doi.org/10.1145/1571941.1572114), each times its weight. "dbsf" adds scores brought to 0..1 between three
    standard deviations below and above their mean (distribution-based score fusion, Mazzeschi, 2023, as in Qdrant).
    """

    method: Literal["rrf", "dbsf"] = "rrf"
    weight: float = knob(
        0.3, "Weight of the catalogue's words", low=0.0, high=10.0, help="The ranking so far weighs 1."
    )
    k: int = knob(60, "Rank that halves", low=1, high=1000, help="RRF: larger gives lower ranks more say.")
    limit: int = knob(1000, "Records found by words", low=1, high=1_000_000)

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Without words, or where no record holds any, nothing changes."""
        words: dict[str, float] = {}
        for example in search.query.examples:
            if example.kind == "text" and example.weight > 0:
                words.update(looked_for(search, example.value))
        found = search.store.matching(words, self.limit, search.query.where) if words and self.weight else ()
        if not found:
            return ranking
        branches = [(ranking, 1.0), (found, self.weight)]
        return rrf(branches, self.k) if self.method == "rrf" else dbsf(branches)


def rrf(branches: Sequence[tuple[Ranking, float]], k: int = 60) -> Ranking:
    """Weighted reciprocal rank fusion, ranks from 1; the order of the branches does not matter."""
    return _summed([({hit.id: 1 / (k + rank) for rank, hit in enumerate(one, 1)}, weight) for one, weight in branches])


def dbsf(branches: Sequence[tuple[Ranking, float]]) -> Ranking:
    """Weighted distribution-based score fusion; a branch of equal scores gives each 0.5."""
    parts: list[tuple[dict[str, float], float]] = []
    for ranking, weight in branches:
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        middle, width = (float(scores.mean()), 3 * float(scores.std())) if len(scores) else (0.0, 0.0)
        share = np.clip((scores - middle + width) / (2 * width), 0, 1) if width else np.full(len(scores), 0.5)
        parts.append(({hit.id: one for hit, one in zip(ranking, share.tolist(), strict=True)}, weight))
    return _summed(parts)


def _summed(parts: Sequence[tuple[Mapping[str, float], float]]) -> Ranking:
    terms: dict[str, list[float]] = {}
    for scores, weight in parts:
        for one, score in scores.items():
            terms.setdefault(one, []).append(weight * score)
    # sorted before they are added: the same sum to the last bit whatever the order of the branches
    pairs = sorted((-sum(sorted(own)), one) for one, own in terms.items())
    return tuple(Hit(one, -score) for score, one in pairs)


STEPS = {"fuse": Fuse}
