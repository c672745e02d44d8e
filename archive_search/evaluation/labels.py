"""Topics and judgements that a catalogue gives by itself: each value of a field is looked for by its own words."""

from __future__ import annotations

from archive_search.types import Example, InvalidInputError, Match, Query, Store, UnknownNameError
from archive_search.workspace.judgements import Qrels
from archive_search.workspace.topics import Topic

MOST = 1000
"""So many values are measured at most: more of them sort no records."""


def labelled(store: Store, field: str) -> tuple[tuple[Topic, ...], Qrels]:
    """
    A topic for each value of a field, whose words are the query, and the records that hold it as its answers.

    What holds another value, or none, is not judged, and so counts as not relevant.

    Raises:
        UnknownNameError: If the archive has no such field of terms.
        InvalidInputError: If fewer than two values are there, or more than `MOST`.
    """
    if field not in store.fields.terms:
        raise UnknownNameError(f"There is no field of terms {field!r}. Known: {', '.join(store.fields.terms)}.")
    counts = store.facet(field, limit=MOST + 1)
    if not 2 <= len(counts) <= MOST:
        many = f"more than {MOST:,} values" if len(counts) > MOST else f"{len(counts)} value(s)"
        raise InvalidInputError(f"{field} has {many}: to measure rankings by it there must be between 2 and {MOST:,}.")
    topics = tuple(Topic(value, Query((Example("text", value),)), text=value) for value in sorted(counts))
    return topics, {one.id: dict.fromkeys(store.ids((Match(field, (one.id,)),)), 1) for one in topics}
