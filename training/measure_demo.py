"""
Measure the demo encoder on freshly drawn pictures that training never saw: `python -m training.measure_demo`.

Prints the tables of docs/explanation/demo-encoder.md.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from archive_search.embedders.demo import EMBEDDERS
from archive_search.sample.depiction import KINDS
from archive_search.sample.draw import draw
from archive_search.types import Embedder, Vectors
from training.captions import FACTS, facts_of, multi_hot, truth
from training.drawings import held_out_depictions

Scores: TypeAlias = NDArray[np.float64]


def text_vectors(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Encode texts."""
    return embedder.encode([embedder.preprocess(text, "text") for text in texts], "text")


def ranked(relevant: NDArray[np.bool_], similarity: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Relevance of the first ten pictures of each query, best first, (queries, 10)."""
    best = np.argsort(-similarity, axis=0, kind="stable")[:10].T
    return np.take_along_axis(relevant.T, best, 1)


def ndcg_at_10(hits: NDArray[np.bool_], relevant: NDArray[np.int64]) -> Scores:
    """Compute nDCG@10 of yes-or-no judgements (Järvelin and Kekäläinen 2002)."""
    discount = 1 / np.log2(np.arange(2, 12))
    ideal = np.array([discount[: min(10, count)].sum() for count in relevant])
    return np.asarray((hits * discount).sum(1) / ideal, dtype=np.float64)


def average_precision(relevant: NDArray[np.bool_], similarity: NDArray[np.float32]) -> Scores:
    """Average precision over the whole ranking of each query."""
    order = np.argsort(-similarity, axis=0, kind="stable").T
    hits = np.take_along_axis(relevant.T, order, 1)
    precision = hits.cumsum(1) / np.arange(1, hits.shape[1] + 1)
    return np.asarray((precision * hits).sum(1) / hits.sum(1), dtype=np.float64)


def main() -> None:
    """Draw, encode, rank, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=99)
    parser.add_argument("--fewest", type=int, default=10, help="pictures that must fit a query for it to count")
    parser.add_argument("--each", action="store_true", help="print every query, worst first")
    args = parser.parse_args()
    torch.set_num_threads(2)

    embedder = EMBEDDERS["demo"].load()
    depictions = held_out_depictions(args.pictures, args.seed)
    prepared = [embedder.preprocess(draw(depiction), "image") for depiction in depictions]
    parts = range(0, len(prepared), 64)
    pictures = np.concatenate([embedder.encode(prepared[i : i + 64], "image") for i in parts])
    facts = [facts_of(depiction) for depiction in depictions]
    fact_rows = multi_hot(facts)

    kinds = np.array([depiction.kind for depiction in depictions])
    guessed = (pictures @ text_vectors(embedder, KINDS).T).argmax(1)
    print(f"kind named right: {np.mean(kinds == np.array(KINDS)[guessed]):.3f} of {len(kinds)} pictures")

    aspect_of = {fact: aspect for of in facts for fact, aspect in of.items()}
    queries: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for fact in FACTS:
        if aspect_of.get(fact) == "kind":
            queries["kind"].append((fact,))
        elif fact in aspect_of:
            queries[f"{aspect_of[fact]} alone"].append((fact,))
            queries[f"{aspect_of[fact]} + kind"].extend((fact, kind) for kind in KINDS)
    queries["colour + material + kind"].extend(sorted({(d.colour, d.material, d.kind) for d in depictions}))
    photographs = np.array([depiction.style == "photograph" for depiction in depictions])
    sets = [(name, asked, np.ones_like(photographs)) for name, asked in queries.items()]
    coloured = [name for name in queries if name.startswith("colour")]
    sets += [(f"{name}, photographs only", queries[name], photographs) for name in coloured]

    print("| queries | number | fitting pictures | P@10 | nDCG@10 | AP | P@10 by chance within the kind |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    every = []
    for name, asked, among in sets:
        relevant = truth(fact_rows[among], multi_hot(asked))
        counts = relevant.sum(0)
        # a query must have enough that fits, and something of its kind that does not
        telling = counts >= args.fewest
        for i, query in enumerate(asked):
            if len(query) > 1:
                telling[i] &= counts[i] <= 0.95 * np.sum(kinds[among] == query[-1])
        if not telling.any():
            continue  # too few pictures drawn
        asked = [query for query, tells in zip(asked, telling, strict=True) if tells]
        relevant, counts = relevant[:, telling], counts[telling]
        similarity = pictures[among] @ text_vectors(embedder, [" ".join(query) for query in asked]).T
        hits = ranked(relevant, similarity)
        ndcg, ap = ndcg_at_10(hits, counts), average_precision(relevant, similarity)
        share = [np.mean(relevant[kinds[among] == q[-1], i]) for i, q in enumerate(asked)] if len(asked[0]) > 1 else []
        chance = f"{np.mean(share):.3f}" if share else ""
        print(
            f"| {name} | {len(asked)} | {counts.mean():.0f} | {hits.mean():.3f} | {ndcg.mean():.3f} "
            f"| {ap.mean():.3f} | {chance} |"
        )
        every += [(n, " ".join(query), int(c)) for n, query, c in zip(ndcg, asked, counts, strict=True)]
    if args.each:
        for score, words, count in sorted(every):
            print(f"{score:.3f} {words} ({count})")


if __name__ == "__main__":
    main()
