"""Staged search that also trusts its best hits: for an encoder that is unsure of attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archive_search.knobs import knob
from archive_search.strategies.staged import StagedStrategy


@dataclass(frozen=True)
class ExpandedStrategy(StagedStrategy):
    """
    Staged search with colours seen in the pictures, feedback by the best hits, and neighbours that share scores.

    It gains on photographs and on museum objects, and loses where plain search is nearly perfect (docs/ranking.md): so
    it is not the default, and worth comparing on an archive of one's own.
    """

    summary: ClassVar[str] = "staged, then colours seen, likeness to the best hits, and what their neighbours share"

    colours: float = knob(
        0.5, "Weight of colours", low=0.0, high=10.0, help="Colours named, as measured from pixels; 0 switches it off."
    )
    feedback: float = knob(
        0.4, "Feedback by the best hits", low=0.0, high=5.0, help="How much likeness to them adds; 0 switches it off."
    )
    diffusion: float = knob(
        0.4, "Sharing among neighbours", low=0.0, high=1.0, help="Among the 100 best; 0 switches it off."
    )


STRATEGIES = {"expanded": ExpandedStrategy}
