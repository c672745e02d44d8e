"""Soft evidence: a refinement adds to the score, or takes from it, and drops nothing."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.knobs import knob
from archive_search.ranking.parts.evidence import add_evidence, is_noise
from archive_search.search import SearchContext
from archive_search.types import Example, InvalidInputError, Ranking


@dataclass(frozen=True)
class Attribute:
    """
    Add the similarity to an example as evidence.

    The similarities of the candidates are brought to the spread of their scores so far, so that `weight` means the same
    in every space: 1 gives the refinement as much say as everything before it. A negative weight, on the step or on the
    example, lowers what is similar. A text that tells the candidates apart no better than noise is left out, with a
    remark.
    """

    example: Example
    weight: float = knob(0.5, "Weight", low=-10.0, high=10.0)

    def __post_init__(self) -> None:
        if self.example.weight == 0:
            raise InvalidInputError(
                f"The refinement {self.example.value!r} has weight 0: give it a weight or leave it out."
            )

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Records without a vector in the space get no evidence, neither for nor against."""
        # the sign and size of the example's weight belong to the sum, not to the direction
        direction = Example(self.example.kind, self.example.value)
        ids = [hit.id for hit in ranking]
        if self.weight == 0.0 or not search.reads(direction):
            return ranking
        evidence = search.similarities((direction,), ids)
        if is_noise(search, direction, evidence, ids):
            return ranking
        return add_evidence(ranking, evidence, self.weight * self.example.weight)


STEPS = {"attribute": Attribute}
