"""Evidence from the catalogue: records whose metadata says what the query says are raised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.evidence import rescored
from archive_search.ranking.parts.spelling import looked_for
from archive_search.search import SearchContext
from archive_search.types import Example, Ranking


@dataclass(frozen=True)
class Text:
    """
    Add how well the metadata matches the words (BM25 over title, terms and description) as evidence.

    Words are those of the texts in `examples`, of the whole query where there are none; what the vocabularies know is
    looked for in English, Danish and German, and a word that no record holds is taken for one spelled almost alike. The
    best match gains `weight` times the spread of the scores so far,
    others their share of it; a record that says nothing loses nothing. A text with a negative weight lowers instead.
    """

    examples: tuple[Example, ...] = ()
    weight: float = knob(
        0.25, "Weight of the catalogue's words", low=0.0, high=10.0, help="0: metadata is not looked at."
    )

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Where no record says any of it, nothing changes."""
        if len(ranking) < 2 or not self.weight:
            return ranking
        ids = [hit.id for hit in ranking]
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        spread = float(np.std(scores[:1000])) or 1.0
        said = False
        for example in self.examples or search.query.examples:
            words = looked_for(search, example.value) if example.kind == "text" and example.weight else {}
            evidence = search.store.word_scores(words, ids).astype(np.float64) if words else np.zeros(0)
            if len(evidence) and evidence.max() > 0:
                scores = scores + self.weight * example.weight * spread * evidence / evidence.max()
                said = True
        return rescored(ranking, scores) if said else ranking


STEPS = {"text": Text}
