"""The cut-off: after how many hits relevant turns into background, for this query in this archive."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.knobs import knob
from archive_search.ranking.parts.standing import THRESHOLD, standing_out
from archive_search.search import SearchContext
from archive_search.types import Example, Ranking


@dataclass(frozen=True)
class Cutoff:
    """
    Count the hits whose similarity to the examples (none: the whole query) stands out from neutral phrases.

    Each record is its own measure: its similarity is compared with the mean and spread of its similarities to neutral
    texts, which are stored at ingest. The list is suggested to end after as many hits as stand out by `threshold`
    spreads; with `drop` it does end there, though never before the first hit.
    """

    examples: tuple[Example, ...] = ()
    threshold: float = knob(THRESHOLD, "Spreads above the background", low=-5.0, high=20.0)
    drop: bool = knob(False, "End the list there")
    tiles: bool = knob(True, "Look at tiles", help="Off: whole pictures only.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Nothing is suggested where no record was measured against neutral texts."""
        above = standing_out(
            *(search, self.examples or search.query.examples, [hit.id for hit in ranking], self.threshold, self.tiles)
        )
        if above is None:
            return ranking
        search.findings.cut = int(above.sum())
        return ranking[: max(1, search.findings.cut)] if self.drop else ranking


STEPS = {"cutoff": Cutoff}
