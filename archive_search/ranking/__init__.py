"""Steps: one callable per file that takes the ranking so far and returns the next."""

from __future__ import annotations

from typing import Protocol

from archive_search.registry import Registry
from archive_search.search import SearchContext
from archive_search.types import Ranking


class Step(Protocol):
    """One stage of a plan; a frozen dataclass whose fields are its settings."""

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """
        The next ranking: ids unique, best first.

        The first step of a plan gets the empty ranking and makes one; the others reorder, rescore or shorten it.
        """
        ...


STEPS: Registry[type] = Registry("archive_search.ranking", "STEPS", "ranking step")
"""Every step by the name that plans use."""
