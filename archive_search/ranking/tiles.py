"""Details: what a picture shows in one of its tiles counts as much as what it shows as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.ranking.parts.evidence import rescored
from archive_search.search import Lookup, SearchContext
from archive_search.spaces import tile_space
from archive_search.types import Example, Hit, Ranking

_SEEN = ("text", "image", "region", "record")
"""What can be found in a part of a picture; a record asks by its whole picture."""


@dataclass(frozen=True)
class Tiles:
    """
    Add the records with the `k` tiles nearest to the examples (none: to the whole query), and raise each score.

    A score rises by `weight` times what the record's best tile is more similar than the whole picture: with weight 1
    the better of the two counts. Made to stand directly after `Nearest`, by the same examples. Where an archive has no
    tiles, nothing happens; a record without tiles keeps its score.
    """

    examples: tuple[Example, ...] = ()
    k: int = knob(1000, "Add at most", low=1, high=1_000_000, help="The records whose tiles are nearest.")
    weight: float = knob(1.0, "Weight of tiles", low=0.0, high=5.0, help="1: the better of tile and whole counts.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Scores of added records are those of their whole pictures, then raised alike."""
        lookup = self.lookup(search) if ranking else None
        if lookup is None:
            return ranking
        space, vector, examples = lookup.space, lookup.vector, self._examples(search)
        tiles = {hit.id: hit.score for hit in search.store.nearest(*lookup)}
        there = {hit.id for hit in ranking}
        added = [one for one in tiles if one not in there]
        scores = zip(added, search.similarities(examples, added).tolist(), strict=True)
        joined = (*ranking, *(Hit(one, score) for one, score in scores if not np.isnan(score)))
        ids = [hit.id for hit in joined]
        unseen = [one for one in ids if one not in tiles]
        tiles.update(zip(unseen, search.store.scores(space, vector, unseen).tolist(), strict=True))
        # a record without tiles, or without a vector of the whole, gains nothing
        gain = np.nan_to_num(np.array([tiles[one] for one in ids]) - search.similarities(examples, ids))
        search.findings.sought = vector
        search.findings.details = frozenset(one for one, more in zip(ids, gain, strict=True) if more > 0)
        return rescored(joined, np.array([hit.score for hit in joined]) + self.weight * np.maximum(gain, 0.0))

    def lookup(self, search: SearchContext) -> Lookup | None:
        """What it asks of the tiles; None where there are none, or none can be found by its examples."""
        space, examples = tile_space(search.space), self._examples(search)
        known = space in search.store.spaces and all(one.kind in _SEEN for one in examples)
        if not self.weight or not known or not search.readable(examples):
            return None
        return Lookup(space, search.vector(examples), self.k, search.query.where)

    def _examples(self, search: SearchContext) -> tuple[Example, ...]:
        return self.examples or search.query.examples


STEPS = {"tiles": Tiles}
