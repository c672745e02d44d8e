"""The state that asks a query which stands somewhere else: a topic's, that a link leads to its search."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from app.state import UNKNOWN, State, filters, query, refinement, with_weight
from archive_search.types import ArchiveSearchError, Match, Missing, Query, Range


def state_of(wanted: Query, queries: Path) -> State | None:
    """The state whose query this is, None where no address can tell it; `queries` is the folder of query pictures."""
    state = State()
    for place, one in enumerate(wanted.examples):
        written = with_weight(one.value, one.weight)
        if one.kind == "text" and place == 0 and one.weight == 1:
            state = dataclasses.replace(state, what=one.value)
        elif one.kind == "text":
            words = f"{'-' if one.weight < 0 else ''}{with_weight(one.value, abs(one.weight))}"
            state = dataclasses.replace(state, apart=(*state.apart, refinement(words)))
        elif one.kind == "record":
            state = dataclasses.replace(state, like=(*state.like, written))
    facets: dict[str, tuple[str, ...]] = {}
    for limit in wanted.where:
        if isinstance(limit, Match):
            facets[limit.field] = (*map(str, limit.values), *((UNKNOWN,) if limit.unknown == "keep" else ()))
        elif isinstance(limit, Missing):
            facets[limit.field] = (UNKNOWN,)
        elif isinstance(limit, Range) and limit.field == "date_to" and limit.low is not None:
            state = dataclasses.replace(state, first=int(limit.low), undated=limit.unknown == "keep")
        elif isinstance(limit, Range) and limit.field == "date_from" and limit.high is not None:
            state = dataclasses.replace(state, last=int(limit.high), undated=limit.unknown == "keep")
    state = dataclasses.replace(state, facets=facets)
    try:
        return state if query(state, queries) == wanted and filters(state) == wanted.where else None
    except ArchiveSearchError:
        return None
