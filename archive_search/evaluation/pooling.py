"""Pooling: what remains to be judged, taken from the top of several strategies and shown in no strategy's order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from archive_search.evaluation.ranked import ranked
from archive_search.search import Searchable
from archive_search.strategies import Strategy
from archive_search.types import InvalidInputError
from archive_search.workspace.topics import Topic


def pool(
    archive: Searchable,
    topics: Iterable[Topic],
    strategies: Mapping[str, Strategy],
    k: int = 10,
    judged: Mapping[str, Collection[str]] | None = None,
    seed: int = 0,
    space: str = "",
) -> dict[str, tuple[str, ...]]:
    """
    The records to judge for each topic: the top `k` of every strategy, without what is `judged` already.

    Their order depends on the seed, the topic and the record alone, so it tells nothing of strategies or ranks, and
    a strategy that joins later moves nothing. Pooling as in TREC: Sparck Jones and van Rijsbergen, 1975.

    Returns:
        Record ids by topic id; topics with nothing left are left out.
    """
    if k < 1:
        raise InvalidInputError(f"A pool takes the top 1 or more of every strategy, got {k}.")
    found: dict[str, tuple[str, ...]] = {}
    for topic in topics:
        records: set[str] = set()
        for strategy in strategies.values():
            records |= {hit.id for hit in ranked(strategy, topic.query, archive, k, space)}
        left = records - set((judged or {}).get(topic.id, ()))
        if left:
            found[topic.id] = tuple(sorted(left, key=lambda record: _draw(seed, topic.id, record)))
    return found


def _draw(seed: int, topic: str, record: str) -> str:
    return hashlib.sha256(f"{seed}\0{topic}\0{record}".encode()).hexdigest()
