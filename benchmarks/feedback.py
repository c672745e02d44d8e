"""Measure feedback on what was not judged: `python -m benchmarks.feedback DIR` judges the first 30 of every query."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ir_measures import AP, Qrel, ScoredDoc, iter_calc, nDCG

from archive_search.knobs import from_data
from archive_search.plan import run
from archive_search.ranking.feedback import Feedback
from archive_search.refining import with_feedback
from archive_search.strategies import STRATEGIES, Strategy
from benchmarks.judged import Judged, load
from benchmarks.ranking import bootstrap

MEASURES = (AP, nDCG @ 10)
EVERYTHING = 10_000


def main() -> None:
    """Print one line a ranking: on the records that were not judged, what is left of the relevant is to be found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--archive", type=Path, help="the archive made from a sample folder")
    parser.add_argument("--strategy", default="staged", help="what ranks before and after")
    parser.add_argument(
        "--judged-from", default="", help="whose first hits are judged; the strategy's own if not named"
    )
    parser.add_argument("--judgements", type=int, nargs="+", default=[30], help="how many first hits are judged")
    parser.add_argument("--feedback", default="{}", help="settings of the step, as JSON")
    chosen = parser.parse_args()
    judged = load(chosen.folder, chosen.archive)
    strategy, judging = STRATEGIES[chosen.strategy](), STRATEGIES[chosen.judged_from or chosen.strategy]()
    step = from_data(Feedback, json.loads(chosen.feedback), "feedback")
    for count in chosen.judgements:
        measure(judged, strategy, judging, count, step)


def measure(judged: Judged, strategy: Strategy, judging: Strategy, count: int, step: Feedback) -> None:
    """Judge the first `count` hits of every query and print how the rest is ranked before and after."""
    rankings: dict[str, list[ScoredDoc]] = {"nearest": [], "without feedback": [], "with feedback": []}
    left: list[Qrel] = []
    topics: list[str] = []
    for topic in judged.topics:
        grades = judged.qrels.get(topic.id, {})
        seen = [hit.id for hit in run(judging.plan(topic.query, EVERYTHING), judged.archive)[:count]]
        remaining = [Qrel(topic.id, one, grade) for one, grade in grades.items() if one not in seen]
        if not any(one.relevance > 0 for one in remaining):
            continue  # everything relevant was among the judged: there is nothing left to find
        left += remaining
        topics.append(topic.id)
        plan = strategy.plan(topic.query, EVERYTHING)
        liked = [one for one in seen if grades.get(one, 0) > 0]
        disliked = [one for one in seen if grades.get(one, 0) <= 0]
        refined = with_feedback(type(plan)(plan.query, (*plan.steps, step), plan.limit, plan.space), liked, disliked)
        nearest = STRATEGIES["nearest"]().plan(topic.query, EVERYTHING)
        for name, one in zip(rankings, (nearest, plan, refined), strict=True):
            ids = [hit.id for hit in run(one, judged.archive) if hit.id not in seen]
            rankings[name] += [ScoredDoc(topic.id, record, float(-rank)) for rank, record in enumerate(ids)]
    print(f"{judged.name}: {len(topics)} queries with something left to find after {count} judgements")
    scores = {name: _measured(docs, left, topics) for name, docs in rankings.items()}
    for name, (precision, gain) in scores.items():
        change = precision - scores["nearest"][0]
        low, high = bootstrap(change)
        share = change.mean() / scores["nearest"][0].mean()
        print(
            f"  {name:18} MAP {precision.mean():.4f}  nDCG@10 {gain.mean():.4f}"
            f"   MAP - nearest {change.mean():+.4f} [{low:+.4f}, {high:+.4f}] ({share:+.0%})"
        )


def _measured(docs: Sequence[ScoredDoc], qrels: Sequence[Qrel], topics: Sequence[str]) -> list[np.ndarray]:  # type: ignore[type-arg]
    found = {(str(one.measure), one.query_id): one.value for one in iter_calc(list(MEASURES), qrels, docs)}
    return [np.array([found.get((str(one), topic), 0.0) for topic in topics]) for one in MEASURES]


if __name__ == "__main__":
    main()
