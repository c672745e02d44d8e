"""Diffusion: among the best hits, pictures that are each other's neighbours share their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.knobs import knob
from archive_search.ranking.parts.best_part import best_parts
from archive_search.ranking.parts.evidence import rescored
from archive_search.search import SearchContext
from archive_search.types import Ranking


@dataclass(frozen=True)
class Diffusion:
    """
    Mix each of the best `count` scores with the mean score of the hit's mutual nearest neighbours among them.

    One step of diffusion on the mutual nearest-neighbour graph (Donoser and Bischof, CVPR 2013; Iscen et al., CVPR
    2017). A hit without mutual neighbours keeps its score, so an outlier is not drawn to what it merely resembles most.
    A picture with tiles is compared by the part that fits the query best.
    """

    count: int = knob(150, "Among the best", low=2, high=1000)
    neighbours: int = knob(8, "Neighbours", low=1, high=100, help="Both must be among the other's so many nearest.")
    weight: float = knob(0.4, "Weight of the neighbours", low=0.0, high=1.0)
    tiles: bool = knob(True, "Look at tiles", help="Off: whole pictures only.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """The hits below the best stay below them."""
        best = ranking[: self.count]
        if self.weight == 0.0 or len(best) < 3:
            return ranking
        vectors = best_parts(search, [hit.id for hit in best], self.tiles)
        best = tuple(hit for hit in best if hit.id in vectors)
        if len(best) < 3:
            return ranking
        rows = np.stack([vectors[hit.id] for hit in best]).astype(np.float64)
        linked = mutual(rows @ rows.T, self.neighbours)
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        places = np.array([place for place, hit in enumerate(ranking[: self.count]) if hit.id in vectors])
        degrees = linked.sum(axis=1)
        means = linked @ scores[places] / np.maximum(degrees, 1)
        mixed = np.where(degrees > 0, (1 - self.weight) * scores[places] + self.weight * means, scores[places])
        scores[places] = mixed
        if len(ranking) > self.count:  # what was not looked at must not rise above what was
            scores[self.count :] -= max(0.0, float(scores[self.count] - scores[: self.count].min()))
        return rescored(ranking, scores)


def mutual(similar: NDArray[np.float64], neighbours: int) -> NDArray[np.bool_]:
    """Which rows are among each other's nearest; nobody is a neighbour of their own."""
    others = similar.copy()
    np.fill_diagonal(others, -np.inf)
    kept = min(neighbours, len(others) - 1)
    least = np.partition(others, len(others) - kept, axis=1)[:, len(others) - kept, None]
    near = others >= least
    found: NDArray[np.bool_] = near & near.T
    return found


STEPS = {"diffusion": Diffusion}
