"""
Time a staged search with all default steps against a plain search: `python -m benchmarks.staged [--points N]`.

Clustered random vectors in a Qdrant Edge shard, each record measured against a neutral bank as an ingest does, with a
title as catalogues have them; a query's text vectors lie near a cluster. Times are the shortest of several, all kinds
in turn in one run; every round asks for something else, so that a staged search is timed on hits that were never looked
at, and then once more, as when people refine a search.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.calibration import hubness
from archive_search.plan import Plan, run
from archive_search.search import SearchContext
from archive_search.stores.edge import EdgeStore
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Point, Query, Ranking, Store, Vectors
from benchmarks.judged import PhraseTable

SPACE = "imagebind"
KINDS = ["axe", "arrowhead", "bowl", "brooch", "comb", "sword", "bead", "figurine", "chisel", "dagger", "urn"]
MATERIALS = ["flint", "bronze", "iron", "clay", "bone", "amber", "glass"]
ROUNDS = 30


def query(number: int) -> Query:
    """A category with two refinements, another one for each number."""
    return Query((Example("text", f"an axe {number}"), Example("text", "polished"), Example("text", "flint")))


class Timed:
    """A store and a table of phrases, searchable."""

    def __init__(self, store: Store, phrases: dict[str, Any]) -> None:
        self.store, self.table = store, PhraseTable(phrases)

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What a step may see."""
        return SearchContext(self.store, query, SPACE, lambda: self.table, _no_picture)


def main() -> None:
    """Print the times of both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--folder", type=Path, default=None, help="where the index is made (a temporary folder)")
    chosen = parser.parse_args()
    random = np.random.default_rng(1)
    centres = _unit(random.standard_normal((200, chosen.dim), dtype=np.float32))
    bank = _unit(centres[random.integers(0, 200, 1200)] + _noise(random, 1200, chosen.dim))
    words = ["polished", "flint"]
    words += [words for n in range(ROUNDS) for words in (f"an axe {n}", f"polished flint axe {n}")]
    near = [4, 5, *(place for n in range(ROUNDS) for place in (6 + n, 6 + n))]
    phrases = dict(zip(words, _unit(centres[near] + 0.5 * _noise(random, len(near), chosen.dim)), strict=True))
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        store = EdgeStore.create(Path(folder) / "index", {SPACE: chosen.dim})
        measured = 0.0
        for start in range(0, chosen.points, 2000):
            count = min(2000, chosen.points - start)
            rows = _unit(centres[random.integers(0, 200, count)] + 1.5 * _noise(random, count, chosen.dim))
            began = time.perf_counter()
            biases = hubness.measure(rows, bank).astype(np.float64).round(5).tolist()
            measured += time.perf_counter() - began
            store.upsert(
                [
                    Point(f"{n // 1000:03}/{n}.jpg", {SPACE: row}, {"title": _title(n), hubness.FIELD: {SPACE: bias}})
                    for n, row, bias in zip(range(start, start + count), rows, biases, strict=True)
                ]
            )
        store.flush()
        store.optimize()
        store.close()
        store = EdgeStore.open(Path(folder) / "index")
        archive = Timed(store, phrases)
        times = _in_turn(archive)
        plan = StagedStrategy().plan(query(0))
        steps = {type(step).__name__: _alone(plan, n, archive) for n, step in enumerate(plan.steps)}
        store.close()
    print(f"{chosen.points} x {chosen.dim}; bank of {len(bank)} measured in {measured:.1f} s")
    for name, ms in times.items():
        print(f"{name:14} {ms:5.1f} ms   {ms / times['plain']:.2f} x")
    print("   ".join(f"{name} {ms:.1f}" for name, ms in steps.items()))


def _title(number: int) -> str:
    return f"{KINDS[number % len(KINDS)]} of {MATERIALS[number % len(MATERIALS)]}, found at place{number % 997}"


def _in_turn(archive: Timed) -> dict[str, float]:
    """The shortest time of each kind in milliseconds: plain, staged for the first time, staged again."""
    best = dict.fromkeys(("plain", "staged", "staged again"), float("inf"))
    for number in range(ROUNDS):
        plain, staged = NearestStrategy().plan(query(number)), StagedStrategy().plan(query(number))
        for name, plan in (("plain", plain), ("staged", staged), ("staged again", staged)):
            began = time.perf_counter()
            run(plan, archive)
            best[name] = min(best[name], (time.perf_counter() - began) * 1000)
    return best


def _alone(plan: Plan, place: int, archive: Timed, rounds: int = 10) -> float:
    """The shortest time of one step in milliseconds, after those before it."""
    best = float("inf")
    for _ in range(rounds):
        search = archive.context(plan.query)
        ranking: Ranking = ()
        for step in plan.steps[:place]:
            ranking = step(search, ranking)
        began = time.perf_counter()
        plan.steps[place](search, ranking)
        best = min(best, (time.perf_counter() - began) * 1000)
    return best


def _noise(random: np.random.Generator, count: int, dim: int) -> Vectors:
    return random.standard_normal((count, dim), dtype=np.float32) / np.float32(dim**0.5)


def _unit(rows: Vectors) -> Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


def _no_picture(source: str) -> Any:
    raise FileNotFoundError(source)


if __name__ == "__main__":
    main()
