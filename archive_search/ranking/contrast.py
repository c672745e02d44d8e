"""Contrast: evidence for one attribute against its siblings (red against the other colours)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.evidence import add_evidence
from archive_search.search import Search
from archive_search.types import Example, Ranking


@dataclass(frozen=True)
class Contrast:
    """
    Add the similarity to an example minus the mean similarity to its siblings, as evidence.

    What all siblings share (that something has a colour at all) cancels out, as in the class-name ensembles of
    zero-shot classification (Radford et al., ICML 2021). Measured on photographs with an encoder that is weak on
    colour it hurts at any weight, so no shipped strategy contrasts: see docs/ranking.md.
    """

    example: Example
    siblings: tuple[Example, ...] = ()
    weight: float = knob(0.1, "Weight", low=-10.0, high=10.0)

    def __call__(self, search: Search, ranking: Ranking) -> Ranking:
        """Where the example stands out from its siblings less than half as much as they do from each other: nothing."""
        if not self.siblings or self.weight == 0.0 or len(ranking) < 2:
            return ranking
        ids = [hit.id for hit in ranking]
        wanted = search.similarities((Example(self.example.kind, self.example.value),), ids)
        others = np.stack([search.similarities((Example(one.kind, one.value),), ids) for one in self.siblings])
        evidence = wanted - others.mean(axis=0)
        apart = float(np.nanmean(np.nanstd(others - others.mean(axis=0), axis=1)))
        if len(self.siblings) > 1 and float(np.nanstd(evidence)) <= apart / 2:
            words = ", ".join(one.value for one in self.siblings)
            search.findings.remarks.append(
                f"{self.example.value!r} is not told from {words} in the space {search.space!r}: left out of account."
            )
            return ranking
        return add_evidence(ranking, evidence, self.weight * self.example.weight)


STEPS = {"contrast": Contrast}
