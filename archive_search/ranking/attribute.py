"""Soft evidence: a refinement adds to the score, or takes from it, and drops nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.search import Search
from archive_search.types import Example, Hit, InvalidInputError, Ranking


@dataclass(frozen=True)
class Attribute:
    """
    Add the similarity to an example as evidence.

    The similarities of the candidates are brought to the spread of their scores so far, so that `weight` means the same
    in every space: 1 gives the refinement as much say as everything before it. A negative weight, on the step or on the
    example, lowers what is similar.
    """

    example: Example
    weight: float = knob(0.5, "Weight", low=-10.0, high=10.0)

    def __post_init__(self) -> None:
        if self.example.weight == 0:
            raise InvalidInputError(
                f"The refinement {self.example.value!r} has weight 0: give it a weight or leave it out."
            )

    def __call__(self, search: Search, ranking: Ranking) -> Ranking:
        """Records without a vector in the space get no evidence, neither for nor against."""
        if len(ranking) < 2:
            return ranking
        ids = [hit.id for hit in ranking]
        base = np.array([hit.score for hit in ranking], dtype=np.float64)
        # the sign and size of the example's weight belong to the sum, not to the direction
        direction = Example(self.example.kind, self.example.value)
        evidence = search.store.scores(search.space, search.vector([direction]), ids).astype(np.float64)
        known = ~np.isnan(evidence)
        if not known.any() or float(np.std(evidence[known])) == 0.0:
            return ranking
        evidence = np.where(known, evidence - np.mean(evidence[known]), 0.0) / np.std(evidence[known])
        spread = float(np.std(base)) or 1.0
        scores = base + self.weight * self.example.weight * spread * evidence
        order = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i]))
        return tuple(Hit(ids[i], float(scores[i])) for i in order)


STEPS = {"attribute": Attribute}
