"""How often texts stand somewhere, the most frequent of however many, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

LIMIT = 20_000
"""So many different texts are counted at a time."""
LONGEST = 200
"""So many letters of a text are kept."""


class Tally(Mapping[str, int]):
    """
    Counts texts; as a mapping, those that it holds by frequency, the most frequent first.

    Beyond `limit` different texts the rarer half is forgotten, and counted from anew where it comes again: what stands
    often is counted truly, what stands once among many may be missing, and `is_whole` tells it. `total` is true always.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._counts = limit, Counter[str]()
        self.total = 0
        self.is_whole = True

    @classmethod
    def of(cls, counts: Mapping[str, int], total: int, is_whole: bool) -> Tally:
        """A tally as `to_data` gave it."""
        made = cls(max(LIMIT, len(counts)))
        made._counts.update(counts)
        made.total, made.is_whole = total, is_whole
        return made

    def to_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"counts": dict(self), "total": self.total, "is_whole": self.is_whole}

    def add(self, text: str) -> None:
        """Count a text once more."""
        self.total += 1
        self._counts[text[:LONGEST]] += 1
        if len(self._counts) > self._limit:
            self._counts = Counter(dict(self._counts.most_common(self._limit // 2)))
            self.is_whole = False

    def __getitem__(self, text: str) -> int:
        return self._counts[text]

    def __iter__(self) -> Iterator[str]:
        return (text for text, _ in self._counts.most_common())

    def __len__(self) -> int:
        return len(self._counts)
