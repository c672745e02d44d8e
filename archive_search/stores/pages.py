"""How many points are read or written at a time: so many that a page stays small, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from archive_search.spaces import is_tiled

PAGE = 1000
"""Points in a page, at most."""
TILES = 16
"""Rows that a point of a space of tiles is taken to hold before it is read."""

Item = TypeVar("Item")


def points_to_read(held: Mapping[str, int], numbers: int) -> int:
    """How many points that hold all these spaces (name: dimension) make a page of about so many numbers."""
    each = sum(dim * TILES if is_tiled(space) else dim for space, dim in held.items())
    return max(1, min(PAGE, numbers // max(each, 1)))


def to_write(items: Sequence[Item], sizes: Sequence[int], numbers: int) -> Iterator[Sequence[Item]]:
    """Items in pages of at most so many numbers, of which each has its size; one that is larger stands alone."""
    begin = total = 0
    for at, size in enumerate(sizes):
        if at > begin and (total + size > numbers or at - begin == PAGE):
            yield items[begin:at]
            begin, total = at, 0
        total += size
    if begin < len(items):
        yield items[begin:]
