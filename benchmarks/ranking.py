"""Measure ranking strategies on a judged collection: `python -m benchmarks.ranking DIR [--strategies a,b]`."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from ir_measures import AP, P, Qrel, ScoredDoc, iter_calc, nDCG

from archive_search.knobs import from_data
from archive_search.plan import run
from archive_search.strategies import STRATEGIES, Strategy
from archive_search.strategy_file import load_strategy
from benchmarks.judged import Judged, load

MEASURES = {"AP": AP, "nDCG@10": nDCG @ 10, "P@10": P @ 10}


def main() -> None:
    """Print one line a strategy and group."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--archive", type=Path, help="the archive made from a sample folder")
    parser.add_argument("--further", action="store_true", help="of museum-500: queries that no setting was chosen by")
    parser.add_argument(
        "--strategies", default=",".join(STRATEGIES), help='names, with settings as NAME:{"knob":value} separated by ;'
    )
    parser.add_argument(
        "--catalogue", default="", help="columns of a bench folder whose words can be found, with commas"
    )
    parser.add_argument("--groups", action="store_true", help="a line for every group of queries as well")
    chosen = parser.parse_args()
    judged = load(chosen.folder, chosen.archive, [name for name in chosen.catalogue.split(",") if name], chosen.further)
    baseline = measure(STRATEGIES["nearest"](), judged)
    groups = ["all", *(sorted({topic.group for topic in judged.topics}) if chosen.groups else [])]
    print(f"{judged.name}: {len(judged.topics)} queries")
    print(
        f"{'strategy':40} {'group':20} {'n':>3}  "
        + "  ".join(f"{name:>8}" for name in MEASURES)
        + "   MAP - nearest [95 %]"
    )
    for name, strategy in named_strategies(chosen.strategies):
        scores = measure(strategy, judged)
        for group in groups:
            topics = [topic.id for topic in judged.topics if group in ("all", topic.group)]
            means = [np.mean([scores[m][topic] for topic in topics]) for m in MEASURES]
            change = np.array([scores["AP"][topic] - baseline["AP"][topic] for topic in topics])
            low, high = bootstrap(change)
            print(
                f"{name:40} {group:20} {len(topics):>3}  "
                + "  ".join(f"{mean:8.4f}" for mean in means)
                + f"   {change.mean():+.4f} [{low:+.4f}, {high:+.4f}]"
            )


def named_strategies(text: str) -> list[tuple[str, Strategy]]:
    """Strategies by name, with settings as NAME:{"knob":value} separated by ;, or from JSON files."""
    found: list[tuple[str, Strategy]] = []
    for name in text.split(";") if "{" in text or ";" in text else text.split(","):
        kind, _, settings = name.partition(":")
        named = from_data(STRATEGIES[kind], json.loads(settings), kind) if settings else load_strategy(kind)
        found.append((name, named))
    return found


def measure(strategy: Strategy, judged: Judged) -> dict[str, dict[str, float]]:
    """Every measure of every topic."""
    docs: list[ScoredDoc] = []
    for topic in judged.topics:
        ranking = run(strategy.plan(topic.query, 10_000), judged.archive)
        # ranks as scores: ties were already broken by the ranking
        docs += [ScoredDoc(topic.id, hit.id, float(len(ranking) - rank)) for rank, hit in enumerate(ranking)]
    qrels = [Qrel(topic, record, grade) for topic, records in judged.qrels.items() for record, grade in records.items()]
    found: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys((topic.id for topic in judged.topics), 0.0))
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in iter_calc(list(MEASURES.values()), qrels, docs):
        found[names[str(metric.measure)]][metric.query_id] = metric.value
    return found


def bootstrap(change: np.ndarray, rounds: int = 2000) -> tuple[float, float]:  # type: ignore[type-arg]
    """The 95 % interval of a mean over topics."""
    rng = np.random.default_rng(0)
    means = change[rng.integers(0, len(change), (rounds, len(change)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
