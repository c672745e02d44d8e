"""Feedback: what is like the liked records gains, what is like the disliked ones loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.knobs import knob
from archive_search.ranking.parts.best_part import best_parts, best_similarities
from archive_search.ranking.parts.evidence import BEST, rescored
from archive_search.ranking.parts.phrase import phrase
from archive_search.search import SearchContext
from archive_search.types import InvalidInputError, Ranking


@dataclass(frozen=True)
class Feedback:
    """
    Add `beta` times the mean similarity to the liked records and take off `gamma` times that to the disliked ones.

    Rocchio's query movement (Rocchio, in Salton's SMART, 1971) in its additive form: on a plain nearest-neighbour
    ranking it is the ranking of query + beta x mean of liked - gamma x mean of disliked; on any other it keeps what
    earlier steps added, the movement being brought to the spread of their scores.

    From `learn_at` judgements on, with both kinds among them, half of the movement is that of a logistic model of liked
    against disliked, regularised towards the query's own vector (a Gaussian prior with the query as its mean). Below
    60 it lost on photographs and gained on museum objects; from there on it gained on both.
    """

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    beta: float = knob(1.0, "Weight of the liked", low=0.0, high=10.0, help="Against the query's own 1.")
    gamma: float = knob(0.5, "Weight of the disliked", low=0.0, high=10.0, help="Against the query's own 1.")
    learn_at: int = knob(
        60, "Judgements for a learned model", low=0, high=100_000, help="0: never; measured to help from here on."
    )

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
        query = search.vector(phrase(search.query.examples)).astype(np.float64) if search.query.examples else None
        moved = self._movement(query, liked, disliked)
        ids = [hit.id for hit in ranking]
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        added = self._similar(search, moved, ids)
        if query is not None:
            plain = self._similar(search, query, ids)[:BEST]
            spread = float(np.nanstd(plain)) if np.isfinite(plain).any() else 0.0
            added *= (float(np.std(scores[:BEST])) or spread or 1.0) / (spread or 1.0)
        return rescored(ranking, scores + np.where(np.isnan(added), 0.0, added))

    def _movement(
        self, query: NDArray[np.float64] | None, liked: NDArray[np.float64], disliked: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What is added to the query's vector."""
        moved = np.zeros((liked if len(liked) else disliked).shape[1])
        if len(liked):
            moved += self.beta * liked.mean(axis=0)
        if len(disliked):
            moved -= self.gamma * disliked.mean(axis=0)
        judged = len(liked) + len(disliked)
        if query is None or not self.learn_at or judged < self.learn_at or not (len(liked) and len(disliked)):
            return moved
        return (moved + logistic(query, liked, disliked) - query) / 2

    def _vectors(self, search: SearchContext, ids: Sequence[str]) -> NDArray[np.float64]:
        """(n, dim) of those judged records that have a vector in the space; a remark tells of those that are gone."""
        judged = list(dict.fromkeys(ids))
        if gone := search.store.values("id", judged).count(None):
            search.findings.remarks.append(f"{gone} judged records are not in this archive any more and count nothing.")
        rows = list(best_parts(search, judged, self.tiles).values())
        return np.array(rows, dtype=np.float64).reshape(len(rows), search.store.spaces[search.space])

    def _similar(self, search: SearchContext, vector: NDArray[np.float64], ids: Sequence[str]) -> NDArray[np.float64]:
        """Dot products of these records with a vector of any length; NaN where a record has none."""
        length = float(np.linalg.norm(vector))
        if length < 1e-9:
            return np.zeros(len(ids))
        return length * best_similarities(search, (vector / length).astype(np.float32), ids, self.tiles)


def logistic(
    query: NDArray[np.float64],
    liked: NDArray[np.float64],
    disliked: NDArray[np.float64],
    variance: float = 0.03,
    scale: float = 3.0,
) -> NDArray[np.float64]:
    """
    The weights of a logistic model of liked against disliked, (dim,): the most likely ones under a Gaussian prior.

    The prior has the query's vector as its mean and `variance` around it; `scale` is what a similarity of 1 adds to the
    log-odds. The intercept is free. Newton's method, in the space of the judgements by Woodbury's identity.
    """
    rows = np.concatenate([liked, disliked])  # (n, dim)
    labels = np.concatenate([np.ones(len(liked)), np.zeros(len(disliked))])
    design = np.column_stack([scale * rows, np.ones(len(rows))])  # (n, dim + 1)
    start = np.append(query, 0.0)
    precision = np.append(np.full(len(query), 1 / variance), 1e-3)
    prior = design / precision
    weights = start.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -50, 50)))
        gradient = design.T @ (chance - labels) + precision * (weights - start)
        curvature = np.maximum(chance * (1 - chance), 1e-9)
        inner = np.diag(1 / curvature) + prior @ design.T  # (n, n)
        step = gradient / precision - prior.T @ np.linalg.solve(inner, prior @ gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    found: NDArray[np.float64] = weights[:-1]
    return found


STEPS = {"feedback": Feedback}
