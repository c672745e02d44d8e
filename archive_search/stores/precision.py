"""How precisely an index keeps and searches its vectors, chosen by how many points it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive_search.types import InvalidInputError

NARROW = 64
"""Spaces with fewer dimensions are always kept as float32 and searched exactly: they take little, and bear little."""
BACK = 0.8
"""A precision is given up again where an index holds less than this share of the points that it begins at."""


@dataclass(frozen=True, slots=True)
class Precision:
    """
    One way to keep and search vectors.

    `half` keeps them as float16 instead of float32. With `bits`, a search scans a copy with so many bits per number
    (Turbo quantisation), and compares the best with the vectors as they are kept: in every segment `oversampling` times
    as many as are asked for. Without, every search is exact. `above` is the number of points that it begins at.
    """

    name: str
    half: bool
    bits: int
    oversampling: float
    above: int
    why: str

    def fitting(self, dim: int) -> Precision:
        """This one, or float32 for a space with few dimensions."""
        return self if dim >= NARROW else FLOAT32


FLOAT32 = Precision("float32", False, 0, 1.0, 0, "every search compares all vectors")
PRECISIONS = (
    FLOAT32,
    Precision("4-bit", True, 4, 4.0, 100_000, "a search scans 4 bits per number, then compares the best as float16"),
    Precision("2-bit", True, 2, 16.0, 2_000_000, "a search scans 2 bits per number, then compares the best as float16"),
)
"""What an index can have, the smallest first; see docs/explanation/scale.md for what was measured."""


def precision_with(spaces: Iterable[tuple[bool, int]]) -> Precision:
    """The precision of an index that keeps its spaces so: whether as float16, and the bits of quantised copies."""
    kept = list(spaces)
    half, bits = any(one for one, _ in kept), max((one for _, one in kept), default=0)
    return next((one for one in PRECISIONS if (one.half, one.bits) == (half, bits)), FLOAT32)


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Which precision an index is to have: the one with the name `fixed`, or, where that is '', by its size.

    Raises:
        InvalidInputError: If there is none of that name.
    """

    fixed: str = ""
    table: tuple[Precision, ...] = PRECISIONS

    def __post_init__(self) -> None:
        if self.fixed and self.fixed not in (known := [one.name for one in self.table]):
            raise InvalidInputError(
                f"There is no precision {self.fixed!r}. Known: {', '.join(known)}; without the line 'precision' it is "
                "chosen by the number of records."
            )

    def of(self, points: int, now: str = "") -> Precision:
        """The precision for so many points; the one that is there `now` stays until there are clearly fewer."""
        if self.fixed:
            return self.named(self.fixed)
        by_size = [one for one in self.table if points >= one.above * (BACK if one.name == now else 1)]
        return by_size[-1] if by_size else self.table[0]

    def named(self, name: str) -> Precision:
        """The precision of a name; the first where none is called so."""
        return next((one for one in self.table if one.name == name), self.table[0])
