"""A gate by what it is: records that are least like the category are dropped, in a width counted over the archive."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from weakref import WeakKeyDictionary

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.best_part import best_similarities_to
from archive_search.search import SearchContext
from archive_search.types import Example, Filter, Ranking, Store

_SAMPLE = 200
_SAMPLES: WeakKeyDictionary[Store, tuple[str, ...]] = WeakKeyDictionary()  # of published stores, to read them once


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
        """Hits without a vector pass: nothing is known against them."""
        if self.share == 1.0 or len(ranking) <= self.at_least:
            return ranking
        background = best_similarities_to(
            search, (self.example,), _sample(search.store, search.query.where), self.tiles
        )
        background = background[~np.isnan(background)]
        if not len(background):
            return ranking
        least = float(np.quantile(background, 1.0 - self.share))
        similar = best_similarities_to(search, (self.example,), [hit.id for hit in ranking], self.tiles)
        least = min(least, float(np.sort(similar[~np.isnan(similar)])[-self.at_least :][0]))
        return tuple(hit for hit, one in zip(ranking, similar.tolist(), strict=True) if not one < least)


def _sample(store: Store, where: tuple[Filter, ...]) -> tuple[str, ...]:
    """The ids of some records, the same every time: internal ids are hashes, so the first of a scan are a sample."""
    if not where and store in _SAMPLES:
        return _SAMPLES[store]
    found = tuple(islice(store.ids(where), _SAMPLE))
    if not where:
        _SAMPLES[store] = found
    return found


STEPS = {"within": Within}
