"""Browsing: records that pass the filters, when nothing is asked that could be ranked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from archive_search.knobs import knob
from archive_search.search import SearchContext
from archive_search.types import Hit, Ranking


@dataclass(frozen=True)
class Browse:
    """
    Make a ranking of up to `k` records that pass the query's filters, all with score 0.

    They come in the order of the index, which is always the same and has nothing to do with what they show: the first
    of a million are there as soon as the first of ten.
    """

    k: int = knob(1000, "How many to keep", low=1, high=1_000_000)

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """The ranking so far is replaced."""
        return tuple(Hit(record_id, 0.0) for record_id in islice(search.store.ids(search.query.where), self.k))


STEPS = {"browse": Browse}
