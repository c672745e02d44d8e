"""Pseudo-relevance feedback: what is like the best hits so far gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.evidence import rescored
from archive_search.search import Search
from archive_search.types import Ranking


@dataclass(frozen=True)
class PseudoFeedback:
    """
    Add `beta` times the similarity to the best hits' mean, in which every hit weighs `decay` times the one before.

    Rocchio's query movement (Rocchio, in Salton's SMART, 1971) without judgements, in its additive form: the score
    becomes that of query + beta x mean, but for a constant, and keeps what earlier steps added. The steep decay makes
    it safe: where only the first hit is right, it is mostly the first hit that is followed.
    """

    count: int = knob(5, "Best hits taken", low=1, high=100)
    beta: float = knob(0.4, "Weight", low=0.0, high=5.0, help="Against the query's own 1.")
    decay: float = knob(0.5, "Decay from hit to hit", low=0.01, high=1.0, help="1: all weigh the same.")

    def __call__(self, search: Search, ranking: Ranking) -> Ranking:
        """Records without a vector stay where they are."""
        points = search.store.points([hit.id for hit in ranking[: self.count]], search.space) if self.beta else []
        places = {hit.id: place for place, hit in enumerate(ranking[: self.count])}
        mean = np.zeros(search.store.spaces[search.space], dtype=np.float64)
        for point in points:
            if search.space in point.vectors:
                mean += self.decay ** places[point.id] * point.vectors[search.space].astype(np.float64)
        length = float(np.linalg.norm(mean))
        if length < 1e-6:
            return ranking
        similar = search.store.scores(search.space, (mean / length).astype(np.float32), [hit.id for hit in ranking])
        added = np.where(np.isnan(similar), 0.0, similar.astype(np.float64))
        return rescored(ranking, np.array([hit.score for hit in ranking], dtype=np.float64) + self.beta * added)


STEPS = {"pseudo_feedback": PseudoFeedback}
