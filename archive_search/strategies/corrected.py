"""Hub correction and stages alone, without trust in the best hits: for an encoder that is sure of what it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archive_search.knobs import knob
from archive_search.strategies.staged import StagedStrategy


@dataclass(frozen=True)
class CorrectedStrategy(StagedStrategy):
    """
    Staged search without feedback by the best hits and without neighbours that share scores.

    Where plain search is nearly perfect these two pull in what merely resembles the best hits: compare it on your own
    archive (docs/explanation/ranking.md).
    """

    summary: ClassVar[str] = "staged, but the best hits do not vouch for what is like them"

    feedback: float = knob(
        0.0, "Feedback by the best hits", low=0.0, high=5.0, help="How much likeness to them adds; 0 switches it off."
    )
    diffusion: float = knob(
        0.0, "Sharing among neighbours", low=0.0, high=1.0, help="Among the 150 best; 0 switches it off."
    )


STRATEGIES = {"corrected": CorrectedStrategy}
