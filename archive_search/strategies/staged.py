"""Staged search: what it is opens a gate, what sets it apart is added as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archive_search.knobs import knob
from archive_search.phrase import phrase
from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.browse import Browse
from archive_search.ranking.nearest import Nearest
from archive_search.types import Query


@dataclass(frozen=True)
class StagedStrategy:
    """
    A wide gate for the category, then all words together, then every refinement as evidence of its own.

    A narrow gate loses what the category's vector ranks low although it is relevant, so the gate is generous.
    """

    summary: ClassVar[str] = "a wide gate for the category, then each refinement as added evidence"

    width: float = knob(
        0.75,
        "Width of the first stage",
        low=0.01,
        high=1.0,
        help="The share of the archive that the category lets through.",
    )
    at_least: int = knob(
        200, "Never fewer than", low=1, high=1_000_000, help="The first stage lets through at least so many."
    )
    weight: float = knob(
        0.1, "Weight of a refinement", low=0.0, high=5.0, help="Against all words together, which weigh 1."
    )

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """Gate, all words, one step per refinement."""
        if not query.examples:
            return Plan(query, (Browse(),), limit, space)
        category, refinements = query.examples[0], query.examples[1:]
        if not refinements or category.weight <= 0:
            return Plan(query, (Nearest(phrase(query.examples), k=limit),), limit, space)
        steps: list[Step] = [Nearest((category,), k=1_000_000, share=self.width, at_least=self.at_least)]
        wanted = tuple(example for example in query.examples if example.weight > 0)
        if len(wanted) > 1:
            steps.append(Nearest(phrase(wanted), k=1_000_000))
        steps += [Attribute(example, self.weight) for example in refinements]
        return Plan(query, tuple(steps), limit, space)


STRATEGIES = {"staged": StagedStrategy}
