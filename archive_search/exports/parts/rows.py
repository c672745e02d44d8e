"""A hit as one row of a table: where it stands, what is known of it, where its picture may be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_search.exporting import Outgoing
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.rows import Cell, flat, in_order
from archive_search.types import Hit, UnknownNameError

RANKS = ("rank", "plain_rank", "score", "id")
"""The columns before those of the metadata; `plain_rank` is the rank in plain nearest-neighbour search."""


def columns(outgoing: Outgoing, fields: Sequence[str] = ()) -> list[str]:
    """
    Every column that any hit fills: the ranks, then the fields in the order of their table, then the others.

    Args:
        fields: only these and the ranks, in this order.

    Raises:
        UnknownNameError: If one of them is neither a field nor a column of this set.
    """
    found: dict[str, None] = {}
    for _, hit in outgoing.silent():
        found.update(dict.fromkeys(flat(hit.payload)))
    for name in fields:
        if name not in found and name not in STANDARD:
            known = ", ".join(dict.fromkeys((*STANDARD, *found)))
            raise UnknownNameError(f"No record of this set has a field or column {name!r}. Known: {known}.")
    wanted = dict.fromkeys(fields) or in_order(found)
    return [*RANKS, *(name for name in wanted if name not in RANKS)]


def rows(outgoing: Outgoing) -> Iterator[dict[str, Cell]]:
    """Every hit that leaves as a row by column."""
    return (row_of(outgoing, rank, hit) for rank, hit in outgoing)


def row_of(outgoing: Outgoing, rank: int, hit: Hit) -> dict[str, Cell]:
    """One hit as a row by column."""
    ranks = {"rank": rank, "plain_rank": outgoing.found.plain.get(hit.id), "score": hit.score, "id": hit.id}
    return {**flat(hit.payload), **ranks}
