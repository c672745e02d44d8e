"""Contrast: evidence for one attribute against its siblings (red against the other colours)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.evidence import add_evidence, is_noise
from archive_search.ranking.parts.siblings import siblings_of
from archive_search.search import SearchContext
from archive_search.types import Example, Ranking

NOTICED = 10
"""People should know what was contrasted where it changes which so many hits come first."""


@dataclass(frozen=True)
class Contrast:
    """
    Add the similarity to an example minus the mean similarity to its siblings, as evidence.

    What all siblings share (that something has a colour at all) cancels out, as in the class-name ensembles of
    zero-shot classification (Radford et al., ICML 2021). Siblings that are not given are found: see `siblings_of`.
    Measured on photographs with an encoder that is weak on colour it hurts at any weight, so no shipped strategy
    contrasts unless told to: see docs/explanation/ranking.md.
    """

    example: Example
    siblings: tuple[Example, ...] = ()
    weight: float = knob(0.1, "Weight", low=-10.0, high=10.0)

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """
        Where nobody knows siblings, nothing happens; nor where the example is not told from noise or from its siblings.

        It is not told from siblings if it stands out from them less than half as much as they do from each other.
        """
        known = self.weight != 0.0 and self.example.weight != 0.0 and search.reads(self.example)
        if not known or len(ranking) < 2:
            return ranking
        siblings = self.siblings or siblings_of(search, self.example)
        if not siblings:
            return ranking
        ids = [hit.id for hit in ranking]
        example = Example(self.example.kind, self.example.value)
        wanted = search.similarities((example,), ids)
        if is_noise(search, example, wanted, ids):
            return ranking
        others = np.stack([search.similarities((Example(one.kind, one.value),), ids) for one in siblings])
        evidence = wanted - others.mean(axis=0)
        apart = float(np.nanmean(np.nanstd(others - others.mean(axis=0), axis=1)))
        words = ", ".join(one.value for one in siblings)
        if len(siblings) > 1 and float(np.nanstd(evidence)) <= apart / 2:
            search.findings.remarks.append(
                f"{self.example.value!r} is not told from {words} in the space {search.space!r}: left out of account."
            )
            return ranking
        found = add_evidence(ranking, evidence, self.weight * self.example.weight)
        if not self.siblings and {hit.id for hit in found[:NOTICED]} != set(ids[:NOTICED]):
            search.findings.remarks.append(f"{self.example.value!r} was contrasted with {words}.")
        return found


STEPS = {"contrast": Contrast}
