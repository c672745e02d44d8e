"""What each part of a question did: the refinements to the first hits, the filters to what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_search.metadata.facets import group_of, without_each
from archive_search.plan import Plan, trace
from archive_search.ranking.parts.standing import standing_out
from archive_search.refining import without_example
from archive_search.search import Searchable
from archive_search.types import Example, Filter, Missing, Query, Ranking, Store

FIRST = 100
"""Hits that are looked at, from the first."""


@dataclass(frozen=True, slots=True)
class Refined:
    """
    What a refinement did to the first `of` hits.

    `brought` of them would not be among them without it. `fits` of them stand out for it from what they show at large,
    so that of something that is not wanted so many are still there; None where nothing can be told.
    """

    example: Example
    of: int
    brought: int
    fits: int | None


@dataclass(frozen=True, slots=True)
class Filtered:
    """
    What the filters on one field did, those on years taken together as `years`.

    `after` records are left by these and those before them, `left` by all; `without` would be by all others. `unknown`
    of those hold nothing in the field, and are left out for that.
    """

    field: str
    filters: tuple[Filter, ...]
    after: int
    left: int
    without: int
    unknown: int


def refined(plan: Plan, ranking: Ranking, archive: Searchable, first: int = FIRST) -> tuple[Refined, ...]:
    """
    What each refinement of a plan did to the ranking that it gave, in their order.

    The plan is run once more without it, so each costs as much as a search.

    Raises:
        ArchiveSearchError: As the search does.
    """
    ids = [hit.id for hit in ranking[:first]]
    return tuple(_refined(plan, example, ids, archive) for example in plan.query.examples[1:])


def filtered(store: Store, where: Sequence[Filter]) -> tuple[Filtered, ...]:
    """What the filters on each field did, in their order: records are counted, nothing is searched."""
    without = without_each(store, where)
    left = store.count(where)
    names = list(dict.fromkeys(map(group_of, where)))
    return tuple(_filtered(store, where, names[: at + 1], left, without[name]) for at, name in enumerate(names))


def _refined(plan: Plan, example: Example, ids: list[str], archive: Searchable) -> Refined:
    if not ids:
        return Refined(example, 0, 0, None)
    before = trace(without_example(plan, example), archive).ranking[: len(ids)]
    search = archive.context(Query((example,), plan.query.where), plan.space)
    standing = standing_out(search, (Example(example.kind, example.value),), ids)
    fits = None if standing is None else int(standing.sum())
    return Refined(example, len(ids), len({*ids} - {hit.id for hit in before}), fits)


def _filtered(store: Store, where: Sequence[Filter], names: Sequence[str], left: int, without: int) -> Filtered:
    name = names[-1]
    mine = tuple(one for one in where if group_of(one) == name)
    others = tuple(one for one in where if group_of(one) != name)
    strict = [one for one in mine if not isinstance(one, Missing) and one.unknown == "drop"]
    unknown = store.count((*others, Missing(strict[0].field))) if strict else 0
    after = store.count(tuple(one for one in where if group_of(one) in names))
    return Filtered(name, mine, after, left, without, unknown)
