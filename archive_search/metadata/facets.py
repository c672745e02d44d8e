"""What the filters of a search leave: counts for every value, the years covered, and what each filter keeps away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from itertools import islice, pairwise

from archive_search.answers import Answering, answered
from archive_search.metadata.fields import YEARS
from archive_search.metadata.filters import years
from archive_search.metadata.same_things import same_things
from archive_search.types import Filter, Match, Missing, Store

MOST = 10_000
"""A field of so many values or more is not looked at as a whole."""


@dataclass(frozen=True, slots=True)
class Facet:
    """
    How many records hold each value of a field, most frequent first, and how many hold none.

    `same` are values that mean one thing, with how many records hold any of them.
    """

    counts: Mapping[str, int]
    unknown: int
    same: Mapping[tuple[str, ...], int] = default(default_factory=dict)


def facets(
    store: Store, where: Sequence[Filter] = (), fields: Sequence[str] = (), limit: int = 100
) -> dict[str, Facet]:
    """
    The facets of what is left; all that the store's table of fields offers where none is named.

    Each is counted with every filter but those on its own field, so that a second value can still be chosen.
    """
    left = cache(store.count)
    return {field: _facet(store, field, where, limit, left) for field in fields or store.fields.facets}


def _facet(
    store: Store, field: str, where: Sequence[Filter], limit: int, left: Callable[[tuple[Filter, ...]], int]
) -> Facet:
    others = tuple(one for one in where if one.field != field)
    if others and _is_single(store, field):
        every = store.facet(field, others, MOST)
        counts = dict(islice(every.items(), limit))
        same = {group: sum(counts[one] for one in group) for group in same_things(field, counts)}
        return Facet(counts, left(others) - sum(every.values()), same)
    counts = store.facet(field, others, limit)
    if not counts:  # many archives leave many fields empty: all that is left is unknown there
        return Facet({}, left(others))
    same = {group: store.count((*others, Match(field, group))) for group in same_things(field, counts)}
    return Facet(counts, store.count((*others, Missing(field))), same)


def _is_single(store: Store, field: str) -> bool:
    """
    Whether no record holds two values of a field: then the counts of its values tell all else that is asked of it.

    Known only of a store that keeps its answers; there it is counted once.
    """
    return (
        isinstance(store, Answering)
        and store.answers is not None
        and answered(store, f"single {field}", lambda: _counts_once(store, field))
    )


def _counts_once(store: Store, field: str) -> bool:
    counts = store.facet(field, (), MOST)
    return len(counts) < MOST and sum(counts.values()) + store.count((Missing(field),)) == store.count()


def without_each(store: Store, where: Sequence[Filter]) -> dict[str, int]:
    """
    How many records would be left if all filters on one field were dropped, by field, most first.

    The filters on years count as one and are found under `years`.
    """
    names = dict.fromkeys(group_of(one) for one in where)
    left = {name: store.count(tuple(one for one in where if group_of(one) != name)) for name in names}
    return dict(sorted(left.items(), key=lambda item: -item[1]))


def year_span(store: Store, where: Sequence[Filter] = ()) -> tuple[int, int] | None:
    """The first and the last year that any record left is dated to (BCE negative); None where all are undated."""
    starts, ends = (store.ends(field, where) for field in YEARS)
    return None if starts is None or ends is None else (int(starts[0]), int(ends[1]))


def year_histogram(store: Store, where: Sequence[Filter] = (), bins: int = 24) -> tuple[list[int], list[int]] | None:
    """
    Round years from the first to the last (edges, BCE negative), and how many records were made between each two.

    A record that is dated to a span counts in every bin that the span touches. There are at most `bins` bins. What the
    filters say of years is left out. None where nothing is dated, or all to the same year.
    """
    others = tuple(one for one in where if one.field not in YEARS)
    if others:
        return _year_histogram(store, others, bins)
    found = answered(store, f"years in {bins}", lambda: _year_histogram(store, (), bins))
    return None if found is None else (found[0], found[1])


def _year_histogram(store: Store, others: tuple[Filter, ...], bins: int) -> tuple[list[int], list[int]] | None:
    span = year_span(store)
    if span is None or span[0] == span[1]:
        return None
    steps = (factor * 10**size for size in range(10) for factor in (1, 2, 5))
    step = next(step for step in steps if -(-span[1] // step) - span[0] // step <= bins)
    edges = [step * place for place in range(span[0] // step, max(-(-span[1] // step), span[0] // step + 1) + 1)]
    between = pairwise(edges)
    return edges, [store.count((*others, *years(first, last - 1, "drop"))) for first, last in between]


def group_of(one: Filter) -> str:
    """The name under which filters count as one: that of their field, `years` for both fields of years."""
    return "years" if one.field in YEARS else one.field
