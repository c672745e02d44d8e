"""Browsing: every record that passes the filters, when nothing is asked that could be ranked."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nsmallest

from archive_search.knobs import knob
from archive_search.search import SearchContext
from archive_search.types import Hit, Ranking


@dataclass(frozen=True)
class Browse:
    """Make a ranking of up to `k` records that pass the query's filters, by id, all with score 0."""

    k: int = knob(1_000_000, "How many to keep", low=1, high=1_000_000)

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """The ranking so far is replaced."""
        found = nsmallest(self.k, search.store.ids(search.query.where))
        return tuple(Hit(record_id, 0.0) for record_id in found)


STEPS = {"browse": Browse}
