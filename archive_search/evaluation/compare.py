"""Strategies side by side on one query: who ranks what where, and how alike the rankings are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive_search.evaluation.overlap import overlap, rank_biased_overlap
from archive_search.evaluation.ranked import ranked
from archive_search.plan import Plan, with_payloads
from archive_search.refining import with_feedback, with_variety
from archive_search.search import Searchable
from archive_search.strategies import Strategy
from archive_search.types import Query, Ranking


@dataclass(frozen=True)
class Alike:
    """How alike the rankings of two strategies are, each from 0 to 1; `rbo` is extrapolated, with p = 0.9."""

    first: str
    second: str
    k: int
    overlap: float
    rbo: float


@dataclass(frozen=True)
class Comparison:
    """
    The rankings of several strategies for one query; the top `k` of each carry payloads.

    Rankings go deeper than k, so that a record that fell out of the top can be found where it is now.
    """

    query: Query
    k: int
    rankings: Mapping[str, Ranking]
    alike: tuple[Alike, ...]
    _ranks: dict[str, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rank(self, strategy: str, record: str) -> int | None:
        """The rank of a record, from 1; None where the strategy does not have it."""
        if strategy not in self._ranks:
            self._ranks[strategy] = {hit.id: rank for rank, hit in enumerate(self.rankings[strategy], 1)}
        return self._ranks[strategy].get(record)

    def shift(self, strategy: str, record: str) -> int | None:
        """How many ranks a strategy raised a record against the first strategy; None where either lacks it."""
        before, now = self.rank(next(iter(self.rankings)), record), self.rank(strategy, record)
        return None if before is None or now is None else before - now

    def shared(self, *strategies: str) -> tuple[str, ...]:
        """The records among the top k of all of these strategies, or of all there are, in the first one's order."""
        first, *others = (self._top(name) for name in strategies or self.rankings)
        return tuple(record for record in first if all(record in other for other in others))

    def only(self, strategy: str) -> tuple[str, ...]:
        """The records that no other strategy has among its top k."""
        others = {record for name in self.rankings if name != strategy for record in self._top(name)}
        return tuple(record for record in self._top(strategy) if record not in others)

    def union(self) -> tuple[str, ...]:
        """The records among the top k of any strategy, each once, by strategy and rank."""
        return tuple(dict.fromkeys(record for name in self.rankings for record in self._top(name)))

    def farthest(self, strategy: str) -> tuple[str, int] | None:
        """The record of a strategy's top k that it raised most against the first one, and by how many ranks."""
        raised = [(self.shift(strategy, record), record) for record in self._top(strategy)]
        most = max(((by, record) for by, record in raised if by is not None), default=(0, ""), key=lambda one: one[0])
        return (most[1], most[0]) if most[0] > 0 else None

    def _top(self, strategy: str) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.rankings[strategy][: self.k])


def compare(
    archive: Searchable,
    query: Query,
    strategies: Mapping[str, Strategy],
    k: int = 10,
    depth: int = 1000,
    space: str = "",
    *,
    per_object: bool = False,
    liked: Sequence[str] = (),
    disliked: Sequence[str] = (),
) -> Comparison:
    """
    Rank a query by every strategy and compare the rankings.

    Args:
        strategies: By name; rank shifts are against the first.
        k: How many from the top are shown; the overlap is at this depth.
        depth: How far down ranks are known and rank-biased overlap looks.
        per_object: One hit for each object, as a search that is asked for it gives.
        liked: Records whose likes every strategy is to look for, and `disliked` those whose likes it is to avoid.
    """

    def refined(plan: Plan) -> Plan:
        return with_variety(with_feedback(plan, liked, disliked), per_object)

    rankings = {
        name: ranked(strategy, query, archive, max(k, depth), space, refined=refined)
        for name, strategy in strategies.items()
    }
    alike = []
    for first, second in itertools.combinations(rankings, 2):
        a, b = ([hit.id for hit in rankings[name]] for name in (first, second))
        alike.append(Alike(first, second, k, overlap(a, b, k), rank_biased_overlap(a, b)))
    store = archive.context(query, space).store
    shown = {name: (*with_payloads(store, ranking[:k]), *ranking[k:]) for name, ranking in rankings.items()}
    return Comparison(query, k, shown, tuple(alike))


def to_json(comparison: Comparison) -> dict[str, Any]:
    """The top k of every strategy with ranks in the others, and how alike they are, as JSON data."""
    from archive_search.plan import query_to_json

    return {
        "query": query_to_json(comparison.query),
        "strategies": {
            name: [
                {
                    "rank": rank,
                    "id": hit.id,
                    "score": round(hit.score, 6),
                    "shift": comparison.shift(name, hit.id),
                    "ranks": {other: comparison.rank(other, hit.id) for other in comparison.rankings},
                    "payload": dict(hit.payload),
                }
                for rank, hit in enumerate(ranking[: comparison.k], 1)
            ]
            for name, ranking in comparison.rankings.items()
        },
        "alike": [
            {"first": a.first, "second": a.second, f"overlap@{a.k}": round(a.overlap, 6), "rbo": round(a.rbo, 6)}
            for a in comparison.alike
        ],
    }
