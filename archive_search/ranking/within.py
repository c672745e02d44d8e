"""A gate by what it is: records that are least like the category are dropped, in a width counted over the archive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.background import sample
from archive_search.ranking.parts.best_part import best_similarities_to
from archive_search.search import SearchContext
from archive_search.types import Example, Ranking


@dataclass(frozen=True)
class Within:
    """
    Keep the hits that are among the `share` of the archive nearest to an example; scores stay.

    Where that share ends is read off a fixed sample of the archive's records, so that a generous width costs no more
    than a narrow one. The width is counted over all records that pass the query's filters: how far down the ranking has
    been cut before does not change who passes. A picture with tiles is as near as its nearest part.
    """

    example: Example
    share: float = knob(0.75, "Width", low=0.01, high=1.0, help="The share of the archive that passes; 1: all.")
    at_least: int = knob(200, "Never fewer than", low=1, high=1_000_000)
    tiles: bool = knob(True, "Look at tiles", help="Off: whole pictures only.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Hits without a vector pass: nothing is known against them. All pass where no word of a text is known."""
        if self.share == 1.0 or len(ranking) <= self.at_least or not search.reads(self.example):
            return ranking
        background = best_similarities_to(search, (self.example,), sample(search.store, search.query.where), self.tiles)
        background = background[~np.isnan(background)]
        if not len(background):
            return ranking
        least = float(np.quantile(background, 1.0 - self.share))
        similar = best_similarities_to(search, (self.example,), [hit.id for hit in ranking], self.tiles)
        least = min(least, float(np.sort(similar[~np.isnan(similar)])[-self.at_least :][0]))
        return tuple(hit for hit, one in zip(ranking, similar.tolist(), strict=True) if not one < least)


STEPS = {"within": Within}
