"""A hit as one row of a table: where it stands, what is known of it, where its picture may be had."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from archive_search.exporting import Outgoing
from archive_search.metadata.rows import Cell, flat, in_order
from archive_search.metadata.table import Fields, plain
from archive_search.types import Hit, UnknownNameError

RANKS = ("rank", "plain_rank", "score", "id")
"""The columns before those of the metadata; `plain_rank` is the rank in plain nearest-neighbour search."""


def columns(outgoing: Outgoing, fields: Sequence[str] = ()) -> list[str]:
    """
    Every column that any hit fills: the ranks, then the fields in the order of their table, then the others.

    Args:
        fields: only these and the ranks, in this order; by name or label, as in filters.

    Raises:
        UnknownNameError: If one of them is neither a field nor a column of this set.
    """
    found: dict[str, None] = {}
    for _, hit in outgoing.silent():
        found.update(dict.fromkeys(flat(hit.payload)))
    known = outgoing.found.holdings.fields
    wanted = dict.fromkeys(one for name in fields for one in _named(name, [*RANKS, *found], known)) or in_order(found)
    return [*RANKS, *(name for name in wanted if name not in RANKS)]


def _named(name: str, found: Sequence[str], fields: Fields) -> Sequence[str]:
    """The columns that a person means: by the name of one, or by name or label of a field."""
    if name in found:
        return [name]
    with contextlib.suppress(UnknownNameError):
        field = fields.named(name)
        return ["latitude", "longitude"] if field.key == "point" else [field.name]
    if same := [one for one in found if plain(one) == plain(name)]:
        return same[:1]
    called = {way.casefold(): one.name for one in fields.values() for way in (one.name, *one.label.values())}
    called |= {one.casefold(): one for one in found}
    like = get_close_matches(name.casefold(), called, 1)
    meant = f": is {called[like[0]]!r} meant?" if like else "."
    known = ", ".join(dict.fromkeys((*(one.name for one in fields.values()), *found)))
    raise UnknownNameError(f"No record of this set has a field or column {name!r}{meant} Known: {known}.")


def rows(outgoing: Outgoing) -> Iterator[dict[str, Cell]]:
    """Every hit that leaves as a row by column."""
    return (row_of(outgoing, rank, hit) for rank, hit in outgoing)


def row_of(outgoing: Outgoing, rank: int, hit: Hit) -> dict[str, Cell]:
    """One hit as a row by column."""
    ranks = {"rank": rank, "plain_rank": outgoing.found.plain.get(hit.id), "score": hit.score, "id": hit.id}
    return {**flat(hit.payload), **ranks}
