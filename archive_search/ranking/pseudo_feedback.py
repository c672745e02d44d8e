"""Pseudo-relevance feedback: what is like the best hits so far gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.best_part import best_parts, best_similarities
from archive_search.ranking.parts.evidence import rescored
from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class PseudoFeedback:
    """
    Add `beta` times the similarity to the best hits' mean, in which every hit weighs `decay` times the one before.

    Rocchio's query movement (Rocchio, in Salton's SMART, 1971) without judgements, in its additive form: the score
    becomes that of query + beta x mean, but for a constant, and keeps what earlier steps added. The steep decay makes
    it safe: where only the first hit is right, it is mostly the first hit that is followed. Of a picture with tiles,
    the part that fits the query best is followed and looked for.
    """

    count: int = knob(5, "Best hits taken", low=1, high=100)
    beta: float = knob(0.4, "Weight", low=0.0, high=5.0, help="Against the query's own 1.")
    decay: float = knob(0.5, "Decay from hit to hit", low=0.01, high=1.0, help="1: all weigh the same.")
    tiles: bool = knob(True, "Look at tiles", help="Off: whole pictures only.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Records without a vector stay where they are."""
        ids = [hit.id for hit in ranking]
        best = best_parts(search, ids[: self.count], self.tiles) if self.beta else {}
        mean = np.zeros(search.store.spaces[search.space], dtype=np.float64)
        for place, one in enumerate(ids[: self.count]):
            if one in best:
                mean += self.decay**place * best[one].astype(np.float64)
        length = float(np.linalg.norm(mean))
        if length < 1e-6:
            return ranking
        similar = best_similarities(search, (mean / length).astype(np.float32), ids, self.tiles)
        added = np.where(np.isnan(similar), 0.0, similar)
        return rescored(ranking, np.array([hit.score for hit in ranking], dtype=np.float64) + self.beta * added)


STEPS = {"pseudo_feedback": PseudoFeedback}
