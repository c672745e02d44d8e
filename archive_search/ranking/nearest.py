"""Nearest neighbours: the records most similar to the query, of all that pass its filters or of the ranking so far."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from archive_search.knobs import knob
from archive_search.remark import Remark
from archive_search.search import Lookup, SearchContext
from archive_search.types import Example, Hit, Ranking


@dataclass(frozen=True)
class Nearest:
    """
    Keep the records nearest to the examples (none: to the whole query): at most `k`, and at most a `share`.

    As a first step it looks among all records that pass the query's filters, later among the ranking so far.
    Scores are cosine similarities, -1 to 1.
    """

    examples: tuple[Example, ...] = ()
    k: int = knob(1000, "Keep at most", low=1, high=1_000_000, help="A generous width costs little and loses little.")
    share: float = knob(
        1.0, "Keep the nearest share", low=0.001, high=1.0, help="Of the records that it looks among; 1 keeps all."
    )

    at_least: int = knob(1, "Never fewer than", low=1, high=1_000_000, help="Where the share would keep fewer.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """
        The next ranking, equal scores by id.

        Where all examples are texts and the space cannot be searched by words, that is the ranking so far, and a remark
        says so: the catalogue's words may answer.
        """
        examples = self.examples or search.query.examples
        if examples and not search.readable(examples):
            search.findings.remarks.append(
                Remark(
                    "The pictures of the space {space} cannot be searched by words, only by a picture or a record: "
                    "words are looked for in the catalogue.",
                    space=repr(search.space),
                )
            )
            return ranking
        if not ranking:
            found = search.store.nearest(*self._lookup(search, examples))
            search.seen.setdefault(examples, {}).update((hit.id, hit.score) for hit in found)
            return found
        ids = [hit.id for hit in ranking]
        scores = search.similarities(examples, ids)
        order = sorted((i for i in range(len(ids)) if not np.isnan(scores[i])), key=lambda i: (-scores[i], ids[i]))
        return tuple(Hit(ids[i], float(scores[i])) for i in order[: self._width(len(ids))])

    def lookup(self, search: SearchContext) -> Lookup | None:
        """What it asks as a first step; None where the space cannot be searched by its examples."""
        examples = self.examples or search.query.examples
        return self._lookup(search, examples) if search.readable(examples) else None

    def _lookup(self, search: SearchContext, examples: tuple[Example, ...]) -> Lookup:
        among = search.store.count(search.query.where) if self.share < 1 else self.k
        return Lookup(search.space, search.vector(examples), self._width(among), search.query.where)

    def _width(self, among: int) -> int:
        return min(self.k, max(math.ceil(self.share * among), self.at_least))


STEPS = {"nearest": Nearest}
