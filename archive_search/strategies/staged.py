"""Staged search: all words find candidates, hubs are corrected, the category is a wide gate, evidence is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archive_search.knobs import knob
from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.browse import Browse
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.diffusion import Diffusion
from archive_search.ranking.hubness import Hubness
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.palette import Palette
from archive_search.ranking.parts.phrase import phrase
from archive_search.ranking.pseudo_feedback import PseudoFeedback
from archive_search.ranking.text import Text
from archive_search.ranking.tiles import Tiles
from archive_search.ranking.within import Within
from archive_search.types import Query


@dataclass(frozen=True)
class StagedStrategy:
    """
    Candidates by all words together, and by the tiles of large pictures; hub correction; a wide gate for the category;
    colours seen, the catalogue's words, likeness to the best hits, and neighbours that share scores. Evidence for each
    refinement, alone or against its siblings, can be switched on by its weight.

    Every default was set by measurement (docs/explanation/ranking.md). A narrow gate loses what the category's vector
    ranks low although it is relevant, so the gate is generous; it comes after the candidates because that costs less
    and drops the same records.
    """

    summary: ClassVar[str] = (
        "tiles, hub correction, a wide gate, colours, the catalogue's words, what is like the best hits (the default)"
    )

    width: float = knob(
        0.95, "Width of the category gate", low=0.01, high=1.0, help="The share of the archive that passes; 1: all."
    )
    at_least: int = knob(200, "Never fewer than", low=1, high=1_000_000, help="The gate lets through at least so many.")
    weight: float = knob(
        0.0,
        "More for each refinement",
        low=0.0,
        high=5.0,
        help="Refinements are among all words; this adds each once more, as evidence of its own.",
    )
    colours: float = knob(
        0.25, "Weight of colours", low=0.0, high=10.0, help="Colours named, as measured from pixels; 0 switches it off."
    )
    catalogue: float = knob(
        0.15,
        "Weight of the catalogue's words",
        low=0.0,
        high=10.0,
        help="What the metadata says, beside what the picture shows; rare words count most. 0 switches it off.",
    )
    tiles: float = knob(
        1.0, "Details on large pictures", low=0.0, high=5.0, help="Where an ingest made tiles; 0 switches it off."
    )
    hubness: float = knob(0.6, "Hub correction", low=0.0, high=2.0, help="0 switches it off.")
    feedback: float = knob(
        0.2, "Feedback by the best hits", low=0.0, high=5.0, help="How much likeness to them adds; 0 switches it off."
    )
    diffusion: float = knob(
        0.4, "Sharing among neighbours", low=0.0, high=1.0, help="Among the 150 best; 0 switches it off."
    )
    candidates: int = knob(
        500, "Candidates", low=100, high=1_000_000, help="So many are looked at closely, or as many as are asked for."
    )

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """Only texts are corrected for hubs and searched in stages; pictures and records are plain neighbours."""
        if not query.examples:
            return Plan(query, (Browse(k=limit),), limit, space)
        category, refinements = query.examples[0], query.examples[1:]
        if category.weight <= 0:
            return Plan(query, (Nearest(phrase(query.examples), k=limit),), limit, space)
        words = phrase(query.examples)
        texts = all(example.kind == "text" for example in query.examples)
        see = self.tiles > 0
        # the better of picture and tile counts, and nothing comes after: who is among the best is so in one of the two
        alone = len(query.examples) == 1 and not texts and self.tiles in (0, 1)
        closely = limit if alone else max(self.candidates, limit)
        steps: list[Step] = [Nearest(words, k=closely)]
        if see:
            steps.append(Tiles(words, k=closely, weight=self.tiles))
        if texts and self.hubness:
            steps.append(Hubness(self.hubness))
        if refinements and self.width < 1:
            steps.append(Within(category, self.width, self.at_least, see))
        if self.weight:
            steps += [Attribute(example, self.weight) for example in refinements]
        if self.colours and texts:
            steps.append(Palette(weight=self.colours))
        if self.catalogue and any(example.kind == "text" for example in query.examples):
            steps.append(Text(weight=self.catalogue))
        if self.feedback and texts:
            steps.append(PseudoFeedback(beta=self.feedback, tiles=see))
        if self.diffusion and texts:
            steps.append(Diffusion(weight=self.diffusion, tiles=see))
        if texts:
            steps.append(Cutoff(words, tiles=see))
        return Plan(query, tuple(steps), limit, space)


STRATEGIES = {"staged": StagedStrategy}
