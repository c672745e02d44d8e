"""A hit as one row of a table: where it stands, what is known of it, where its picture may be had."""

from __future__ import annotations

from collections.abc import Iterator

from archive_search.exporting import Outgoing
from archive_search.metadata.rows import Cell, flat, in_order
from archive_search.types import Hit

RANKS = ("rank", "plain_rank", "score", "id")
"""The columns before those of the metadata; `plain_rank` is the rank in plain nearest-neighbour search."""


def columns(outgoing: Outgoing) -> list[str]:
    """Every column that any hit fills: the ranks, then the fields in the order of their table, then the others."""
    found: dict[str, None] = {}
    for hit in outgoing.found:
        if not outgoing.kept_back(hit):
            found.update(dict.fromkeys(flat(hit.payload)))
    return [*RANKS, *(name for name in in_order(found) if name not in RANKS)]


def rows(outgoing: Outgoing) -> Iterator[dict[str, Cell]]:
    """Every hit that leaves as a row by column."""
    return (row_of(outgoing, rank, hit) for rank, hit in outgoing)


def row_of(outgoing: Outgoing, rank: int, hit: Hit) -> dict[str, Cell]:
    """One hit as a row by column."""
    ranks = {"rank": rank, "plain_rank": outgoing.found.plain.get(hit.id), "score": hit.score, "id": hit.id}
    return {**flat(hit.payload), **ranks}
