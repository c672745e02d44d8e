"""Feedback: what is like the liked records gains, what is like the disliked ones loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.knobs import knob
from archive_search.ranking.parts.best_part import best_parts, best_similarities, best_similarities_to
from archive_search.ranking.parts.evidence import BEST, rescored
from archive_search.ranking.parts.judged import movement
from archive_search.ranking.parts.phrase import phrase
from archive_search.remark import Remark
from archive_search.search import SearchContext
from archive_search.types import InvalidInputError, Ranking

FIRST = 100
"""So many hits show what the query is about, whatever people think of them."""


SHOWN = 5
"""So many records that are gone are named."""


@dataclass(frozen=True)
class Feedback:
    """
    Add likeness to the liked records and take off likeness to the disliked ones.

    Rocchio's query movement (Rocchio, in Salton's SMART, 1971) in its additive form: on a plain nearest-neighbour
    ranking the result is the ranking of query + movement; on any other ranking it keeps what earlier steps added, and
    the movement is brought to the spread of their scores. Unlike Rocchio's, the movement leaves out what all candidates
    have in common, so that hubs do not gain; dislikes weigh little without likes; and it is smaller if most hits are
    liked, or if the judgements do not agree with each other (docs/explanation/ranking.md).

    No liked record falls behind one that it was before, no disliked one rises.
    """

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    beta: float = knob(1.0, "Weight of the liked", low=0.0, high=10.0, help="Against the query's own 1.")
    gamma: float = knob(0.5, "Weight of the disliked", low=0.0, high=10.0, help="Against the query's own 1.")
    tiles: bool = knob(True, "Look at tiles", help="Off: whole pictures only.")

    def __post_init__(self) -> None:
        both = sorted(set(self.liked) & set(self.disliked))
        if both:
            raise InvalidInputError(f"A record cannot be both liked and disliked: {', '.join(both[:5])}.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Judged records stay in the ranking; records without a vector stay where they are."""
        liked, disliked = self._vectors(search, self.liked), self._vectors(search, self.disliked)
        if not ranking or not len(liked) + len(disliked):
            return ranking
        ids = [hit.id for hit in ranking]
        usual, first = (self._mean(search, ids[:count]) for count in (BEST, FIRST))
        moved = movement(liked, disliked, usual, first, self.beta, self.gamma)
        length = float(np.linalg.norm(moved))
        if length < 1e-9:
            return ranking
        added = length * best_similarities(search, (moved / length).astype(np.float32), ids, self.tiles)
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        added = np.where(np.isnan(added), 0.0, added) * self._scale(search, scores, ids)
        added[np.isin(ids, self.liked)] = added.max()
        added[np.isin(ids, self.disliked)] = added.min()
        return rescored(ranking, scores + added)

    def _scale(self, search: SearchContext, scores: NDArray[np.float64], ids: Sequence[str]) -> float:
        """What brings similarities to the spread of the scores so far; 1 for a query without examples."""
        if not search.query.examples:
            return 1.0
        plain = best_similarities_to(search, phrase(search.query.examples), ids[:BEST], self.tiles)
        spread = float(np.nanstd(plain)) if np.isfinite(plain).any() else 0.0
        return (float(np.std(scores[:BEST])) or spread or 1.0) / (spread or 1.0)

    def _vectors(self, search: SearchContext, ids: Sequence[str]) -> NDArray[np.float64]:
        """(n, dim) of those judged records that have a vector in the space; a remark tells of those that are gone."""
        judged = list(dict.fromkeys(ids))
        held = search.store.values("id", judged)
        if gone := [one for one, there in zip(judged, held, strict=True) if there is None]:
            said: list[str] | Remark = gone
            if len(gone) > SHOWN:
                said = Remark("{some} and {count} more", some=gone[:SHOWN], count=len(gone) - SHOWN)
            search.findings.remarks.append(
                Remark("Judged records that are not in this archive count nothing: {records}.", records=said)
            )
        rows = list(best_parts(search, judged, self.tiles).values())
        return np.array(rows, dtype=np.float64).reshape(len(rows), search.store.spaces[search.space])

    def _mean(self, search: SearchContext, ids: Sequence[str]) -> NDArray[np.float64]:
        """(dim,) of these records' vectors; zeros where none has one."""
        rows = list(search.store.vectors(search.space, ids).values())
        dim = search.store.spaces[search.space]
        return np.mean(rows, axis=0, dtype=np.float64) if rows else np.zeros(dim)


STEPS = {"feedback": Feedback}
