"""
Whether whole pictures can find the candidates for tiles: `python -m benchmarks.tile_candidates SAMPLE ARCHIVE`.

The default strategy adds the records with the nearest tiles to its candidates, which means searching all tiles. Here it
is compared with looking only at the tiles of so many records whose whole pictures are nearest, for several shares of
the archive; SAMPLE is a folder with topics and judgements, ARCHIVE was made from it with `--tiles`.
"""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.evidence import rescored
from archive_search.ranking.tiles import Tiles
from archive_search.search import SearchContext
from archive_search.spaces import tile_space
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Query, Ranking
from benchmarks.judged import load
from benchmarks.ranking import measure

SHARES = (0.05, 0.1, 0.2, 0.4, 0.6, 1.0)


def main() -> None:
    """Print a line for every share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", type=Path)
    parser.add_argument("archive", type=Path)
    chosen = parser.parse_args()
    judged = load(chosen.sample, chosen.archive)
    records = judged.archive.context(Query()).store.count()
    print(
        f"{judged.name}: {len(judged.topics)} topics, {records} records\n{'candidates':>10}  {'':26}  AP      nDCG@10"
    )
    for share in SHARES:
        count = max(1, round(share * records))
        for name, among_all in (("and as many by all tiles", True), ("rescored by their tiles", False)):
            scores = measure(Few(count, among_all), judged)
            means = [float(np.mean(list(scores[one].values()))) for one in ("AP", "nDCG@10")]
            print(f"{count:>10}  {name:26}  {means[0]:.4f}  {means[1]:.4f}", flush=True)


@dataclass(frozen=True)
class Few:
    """The default strategy with so many candidates by whole pictures; `among_all`: as many again by any tile."""

    count: int
    among_all: bool
    summary = "for measuring"

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """The default plan with another width of its first steps."""
        plan = StagedStrategy().plan(query, limit, space)
        return dataclasses.replace(plan, steps=tuple(map(self._narrow, plan.steps)))

    def _narrow(self, step: Step) -> Step:
        if isinstance(step, Nearest):
            return dataclasses.replace(step, k=self.count)
        if isinstance(step, Tiles):
            return dataclasses.replace(step, k=self.count) if self.among_all else TheirTiles(step)
        return step


@dataclass(frozen=True)
class TheirTiles:
    """The step `tiles` without its own search: only the ranking's records are looked at."""

    tiles: Tiles

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """The next ranking."""
        ids, vector = [hit.id for hit in ranking], search.vector(self.tiles.examples)
        best = search.store.scores(tile_space(search.space), vector, ids)
        gain = np.nan_to_num(best - search.similarities(self.tiles.examples, ids))
        scores = np.array([hit.score for hit in ranking])
        return rescored(ranking, scores + self.tiles.weight * np.maximum(gain, 0.0))


if __name__ == "__main__":
    main()
