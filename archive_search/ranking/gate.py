"""A gate: the best of the ranking pass, the rest are dropped."""

from __future__ import annotations

import math
from dataclasses import dataclass

from archive_search.knobs import knob
from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class Gate:
    """
    Keep the best `count` hits, or the best `share` of them, whichever is fewer.

    0 switches the limit by count off. At least one hit stays.
    """

    count: int = knob(0, "Keep at most", low=0, high=1_000_000, help="0: no limit by count.")
    share: float = knob(1.0, "Keep the best share", low=0.0, high=1.0, help="1: no limit by share.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Order and scores stay."""
        keep = len(ranking) if self.count == 0 else min(self.count, len(ranking))
        keep = min(keep, math.ceil(self.share * len(ranking)) if self.share else len(ranking))
        return ranking[: max(keep, 1)]


STEPS = {"gate": Gate}
