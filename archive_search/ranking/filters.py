"""Filters on a ranking: hits whose metadata does not pass are dropped."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.metadata.filters import passes
from archive_search.search import SearchContext
from archive_search.types import Filter, Ranking


@dataclass(frozen=True)
class Filters:
    """
    Keep the hits that pass every filter, in their order, with their scores.

    The query's own filters are applied before anything is ranked; this step narrows later.
    """

    where: tuple[Filter, ...] = ()

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Payloads are read for all hits so far."""
        points = search.store.points([hit.id for hit in ranking])
        passing = {point.id for point in points if passes(point.payload, self.where)}
        return tuple(hit for hit in ranking if hit.id in passing)


STEPS = {"filters": Filters}
