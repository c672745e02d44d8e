"""Hub correction: a picture that is near to every text loses what it owes to that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.calibration.hubness import read
from archive_search.knobs import knob
from archive_search.ranking.parts.evidence import rescored
from archive_search.remark import Remark
from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class Hubness:
    """
    Take from each score `strength` times the record's mean similarity to the strongest neutral phrases.

    Nearest Neighbor Normalization, Chowdhury et al., EMNLP 2024. For similarities to a text; a record that was not
    measured is treated as the average of the others.
    """

    strength: float = knob(0.6, "Strength", low=0.0, high=2.0, help="0 switches it off; 0.4 to 0.8 measured alike.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Says so where no record was measured."""
        if self.strength == 0.0 or not ranking:
            return ranking
        bias = read(search.store, search.space, [hit.id for hit in ranking])[:, 0]
        known = ~np.isnan(bias)
        if not known.any():
            search.findings.remarks.append(
                Remark(
                    "No hub correction: the pictures were not measured against neutral texts in the space {space}. "
                    "An ingest with its embedder does that.",
                    space=repr(search.space),
                )
            )
            return ranking
        bias = np.where(known, bias, np.mean(bias[known]))
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        return rescored(ranking, scores - self.strength * bias)


STEPS = {"hubness": Hubness}
