"""Rankings of many queries: what they ask of all records is asked together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from archive_search.evaluation.repeated import Answer, Repeated
from archive_search.plan import Plan
from archive_search.search import Lookup, SearchContext
from archive_search.types import Filter, Store, Vector

Job: TypeAlias = tuple[Repeated, Sequence[Plan]]
"""One query, and the plans that answer it."""
AT_ONCE = 32
"""So many queries are looked up together."""


def answers(jobs: Iterable[Job]) -> Iterator[list[Answer]]:
    """
    What the plans of each job give, in the order of the jobs: to the last bit what they give one by one.

    It pays where the archive remembers what it was asked (`AskedOnce`).
    """
    jobs = iter(jobs)
    while some := list(islice(jobs, AT_ONCE)):
        _look_up(found for repeated, plans in some for plan in plans for found in repeated.lookups(plan))
        for repeated, plans in some:
            yield repeated(*plans)


def _look_up(lookups: Iterable[tuple[SearchContext, Lookup]]) -> None:
    """Ask together what differs in the vector alone; the stores remember it."""
    alike: dict[tuple[int, str, int, tuple[Filter, ...]], tuple[Store, list[Vector]]] = {}
    for search, (space, vector, limit, where) in lookups:
        alike.setdefault((id(search.store), space, limit, where), (search.store, []))[1].append(vector)
    for (_, space, limit, where), (store, vectors) in alike.items():
        store.nearest_each(space, vectors, limit, where)
