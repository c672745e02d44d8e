"""Strategies: named recipes that turn a query into a plan, one per file; what people compare."""

from __future__ import annotations

from typing import Protocol

from archive_search.plan import Plan
from archive_search.registry import Registry
from archive_search.types import Query


class Strategy(Protocol):
    """A recipe; a frozen dataclass whose fields are its settings, with a `summary` in one line."""

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        ...

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """
        The plan that answers a query.

        The first example says what is looked for, the others what sets it apart; a query without examples is browsed.
        """
        ...


STRATEGIES: Registry[type[Strategy]] = Registry("archive_search.strategies", "STRATEGIES", "strategy")
"""Every strategy by name."""

DEFAULT = "staged"
"""The strategy where none is named; docs/explanation/ranking.md says why."""
