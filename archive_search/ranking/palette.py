"""Colour evidence: pictures that show the colours that the words name are raised, as measured from their pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.embedders.palette import NAME, asked, colour_words
from archive_search.knobs import knob
from archive_search.search import SearchContext
from archive_search.types import Example, Hit, Ranking


@dataclass(frozen=True)
class Palette:
    """
    Add the colours shown as evidence for the colours named.

    Colour words (English, Danish, German) are looked for in the texts of `examples`, of the whole query where there are
    none; each text's evidence is brought to the spread of the scores so far, so that `weight` means the same in every
    space. A text with a negative weight lowers what shows its colours. Without colour words, and in an archive without
    palette, nothing changes. A picture that shows no colour (a drawing) shows none of those named.
    """

    examples: tuple[Example, ...] = ()
    weight: float = knob(0.5, "Weight of colours", low=0.0, high=10.0, help="0: colours are not looked at.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Records without a palette get no evidence, neither for nor against."""
        if len(ranking) < 2 or NAME not in search.store.spaces or not self.weight:
            return ranking
        wanted = [
            (colours, example.weight)
            for example in self.examples or search.query.examples
            if example.kind == "text" and example.weight and (colours := colour_words(search.prompt(example.value)))
        ]
        if not wanted:
            return ranking
        ids = [hit.id for hit in ranking]
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        spread = float(np.std(scores)) or 1.0
        for colours, weight in wanted:
            evidence = search.store.scores(NAME, asked(colours), ids).astype(np.float64)
            known = ~np.isnan(evidence)
            if not known.any() or float(np.std(evidence[known])) == 0.0:
                continue
            evidence = np.where(known, evidence - np.mean(evidence[known]), 0.0) / np.std(evidence[known])
            scores = scores + self.weight * weight * spread * evidence
        order = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i]))
        return tuple(Hit(ids[i], float(scores[i])) for i in order)


STEPS = {"palette": Palette}
