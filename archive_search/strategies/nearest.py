"""Plain nearest-neighbour search: the baseline that everything is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archive_search.plan import Plan
from archive_search.ranking.browse import Browse
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.phrase import phrase
from archive_search.types import Query


@dataclass(frozen=True)
class NearestStrategy:
    """All words in one query, nearest neighbours of its vector."""

    summary: ClassVar[str] = "all words in one query, nearest neighbours of its vector (the baseline)"

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """One step."""
        if not query.examples:
            return Plan(query, (Browse(k=limit),), limit, space)
        return Plan(query, (Nearest(phrase(query.examples), k=limit),), limit, space)


STRATEGIES = {"nearest": NearestStrategy}
