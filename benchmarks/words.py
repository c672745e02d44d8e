"""Measure whether a word finds the records that it stands in: `python -m benchmarks.words ARCHIVE [--beside axe]`."""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from archive_search.archive import Archive
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import tokens
from archive_search.plan import run
from archive_search.strategies import Strategy
from archive_search.types import Example, Query
from benchmarks.ranking import named_strategies

HELD_BY = ((1, 12), (13, 60))
"""How many records hold a word of each kind."""
FIRST = 20


def main() -> None:
    """Print a line a strategy: the share of the records that hold a word which are among the first 20 hits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--beside", default="", help="what is looked for; the word is then a refinement")
    parser.add_argument("--strategies", default='staged;staged:{"catalogue":0}', help="as for benchmarks.ranking")
    parser.add_argument("--count", type=int, default=30, help="words of each kind")
    chosen = parser.parse_args()
    archive = Archive.open(chosen.archive)
    drawn = draw(archive, chosen.count)
    for kind, words in drawn.items():
        print(f"{len(words)} words that {kind[0]} to {kind[1]} records say: {', '.join(words[:8])} ...")
    for name, strategy in named_strategies(chosen.strategies):
        shares = [f"{found(archive, strategy, words, chosen.beside):.3f}" for words in drawn.values()]
        print(f"{name:40} {'  '.join(shares)}")


def draw(archive: Archive, count: int) -> dict[tuple[int, int], list[str]]:
    """Words at random, of any field or column, by how many records say them."""
    said: dict[str, set[str]] = defaultdict(set)
    for point in archive.store.scan():
        values = [point.payload.get(key) for key in STANDARD.words]
        for value in (*values, *point.payload.get("extra", {}).values()):
            for word in tokens(str(value or "")):
                if word.isalpha() and len(word) > 3:
                    said[word].add(point.id)
    rng = random.Random(0)
    kinds = {
        (low, high): sorted(word for word, records in said.items() if low <= len(records) <= high)
        for low, high in HELD_BY
    }
    return {kind: rng.sample(words, min(count, len(words))) for kind, words in kinds.items() if words}


def found(archive: Archive, strategy: Strategy, words: Sequence[str], beside: str) -> float:
    """The share of the records that hold a word that are among the first 20 hits, or as many as hold it; its mean."""
    shares = []
    for word in words:
        examples = (*([Example("text", beside)] if beside else []), Example("text", word))
        holding = {hit.id for hit in archive.store.matching({word: 1.0}, 10_000)}
        hits = run(strategy.plan(Query(examples), max(FIRST, len(holding))), archive)
        shares.append(len(holding & {hit.id for hit in hits}) / len(holding))
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
