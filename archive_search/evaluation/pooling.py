"""Pooling: what remains to be judged, taken from the top of several strategies and shown in no strategy's order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from archive_search.evaluation.asked_once import AskedOnce
from archive_search.evaluation.repeated import Repeated
from archive_search.evaluation.together import answers
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
    topics, searched = tuple(topics), AskedOnce(archive)
    plans = [[strategy.plan(topic.query, k, space) for strategy in strategies.values()] for topic in topics]
    jobs = ((Repeated(searched, kept=0), some) for some in plans)
    for topic, tops in zip(topics, answers(jobs), strict=True):
        records = {hit.id for ranking, _ in tops for hit in ranking[:k]}
        left = records - set((judged or {}).get(topic.id, ()))
        if left:
            found[topic.id] = tuple(sorted(left, key=lambda record: _draw(seed, topic.id, record)))
    return found


def _draw(seed: int, topic: str, record: str) -> str:
    return hashlib.sha256(f"{seed}\0{topic}\0{record}".encode()).hexdigest()
