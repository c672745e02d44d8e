"""
Measure feedback on what was not judged: `python -m benchmarks.feedback DIR...` judges the first 30 of every query.

`--cross-validate` tells what settings of the step are worth that were chosen on other queries: those that gain most on
a random half of the queries of every folder are measured on the other half, and on queries that none were chosen by.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive_search.knobs import from_data
from archive_search.plan import Plan
from archive_search.ranking.feedback import Feedback
from archive_search.search import SearchContext
from archive_search.strategies import STRATEGIES, Strategy
from archive_search.types import Ranking
from benchmarks.judged import Judged, Topic, load
from benchmarks.ranking import bootstrap

EVERYTHING = 10_000
SETTINGS = [
    {"beta": beta, "gamma": beta * share} for beta, share in itertools.product((0.5, 0.7, 1.0, 1.4), (0.25, 0.5, 0.75))
]
"""What is tried: weights of the liked, and of the disliked as shares of these."""
DRAWS = 300


@dataclass(frozen=True)
class Case:
    """A query whose first hits were judged: what the step sees, and which of the hits are relevant."""

    topic: str
    search: SearchContext
    ranking: Ranking
    liked: tuple[str, ...]
    disliked: tuple[str, ...]
    relevant: frozenset[str]
    nearest: Ranking

    def precision(self, ranking: Ranking) -> float:
        """The average precision of a ranking among the records that were not judged."""
        seen = {*self.liked, *self.disliked}
        hits = np.array([hit.id in self.relevant for hit in ranking if hit.id not in seen])
        places = np.flatnonzero(hits) + 1
        return float((np.arange(1, len(places) + 1) / places).sum() / len(self.relevant - seen))

    def after(self, step: Feedback) -> float:
        """The average precision after feedback by this step, the judgements put in."""
        judged = replace(step, liked=self.liked, disliked=self.disliked)
        return self.precision(judged(self.search, self.ranking))


def main() -> None:
    """Print one line a ranking: on the records that were not judged, what is left of the relevant is to be found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--archive", type=Path, help="the archive made from a sample folder")
    parser.add_argument("--strategy", default="staged", help="what ranks before and after")
    parser.add_argument("--judgements", type=int, nargs="+", default=[30], help="how many first hits are judged")
    parser.add_argument("--depth", type=int, default=EVERYTHING, help="how many hits are ranked; all if not named")
    parser.add_argument("--feedback", default="{}", help="settings of the step, as JSON")
    parser.add_argument("--cross-validate", action="store_true", help="settings chosen on half of the queries")
    chosen = parser.parse_args()
    sets = [load(folder, chosen.archive) for folder in chosen.folders]
    further = [load(folder, further=True) for folder in chosen.folders if (folder / "metadata.csv").exists()]
    strategy = STRATEGIES[chosen.strategy]()
    for count in chosen.judgements:
        cases = {one.name: judge(one, strategy, count, chosen.depth) for one in (*sets, *further)}
        if chosen.cross_validate:
            cross_validate(cases, [one.name for one in sets])
        else:
            measure(cases, from_data(Feedback, json.loads(chosen.feedback), "feedback"))


def judge(judged: Judged, strategy: Strategy, count: int, depth: int) -> list[Case]:
    """Judge the first hits of every query; queries with nothing left to find are left out."""
    found = [_case(judged, topic, strategy, count, depth) for topic in judged.topics]
    kept = [one for one in found if one.relevant - {*one.liked, *one.disliked}]
    print(f"{judged.name}: {len(kept)} of {len(found)} queries have something left to find after {count} judgements")
    return kept


def _case(judged: Judged, topic: Topic, strategy: Strategy, count: int, depth: int) -> Case:
    grades = judged.qrels.get(topic.id, {})
    search, ranking = _ranked(judged, strategy.plan(topic.query, depth))
    _, nearest = _ranked(judged, STRATEGIES["nearest"]().plan(topic.query, depth))
    seen = [hit.id for hit in ranking[:count]]
    liked, disliked = (tuple(one for one in seen if (grades.get(one, 0) > 0) == like) for like in (True, False))
    relevant = frozenset(one for one, grade in grades.items() if grade > 0)
    return Case(topic.id, search, ranking, liked, disliked, relevant, nearest)


def _ranked(judged: Judged, plan: Plan) -> tuple[SearchContext, Ranking]:
    search = judged.archive.context(plan.query, plan.space)
    ranking: Ranking = ()
    for step in plan.steps:
        ranking = step(search, ranking)
    return search, ranking[: plan.limit]


def measure(cases: dict[str, list[Case]], step: Feedback) -> None:
    """Print how what is left is ranked by plain search, without feedback and with it."""
    for name, some in cases.items():
        without = np.array([one.precision(one.ranking) for one in some])
        print(f"{name}: MAP of what is left")
        for kind, values in (
            ("nearest", np.array([one.precision(one.nearest) for one in some])),
            ("without feedback", without),
            ("with feedback", np.array([one.after(step) for one in some])),
        ):
            change = values - without
            low, high = bootstrap(change)
            better, worse = (int((sign * change > 1e-9).sum()) for sign in (1, -1))
            print(
                f"  {kind:18} {values.mean():.4f}  - without {change.mean():+.4f} [{low:+.4f}, {high:+.4f}]"
                f" ({change.mean() / without.mean():+.1%}); {better} better, {worse} worse"
            )


def cross_validate(cases: dict[str, list[Case]], choosing: Sequence[str]) -> None:
    """Print what feedback adds to the MAP of what is left, in percent, by settings chosen on other queries."""
    without = {name: np.array([one.precision(one.ranking) for one in some]) for name, some in cases.items()}
    steps = [from_data(Feedback, settings, "feedback") for settings in SETTINGS]
    found = {name: np.array([[one.after(step) for step in steps] for one in some]) for name, some in cases.items()}
    rng = np.random.default_rng(0)
    drawn: dict[str, list[float]] = {name: [] for name in cases}
    picked: list[int] = []
    for _ in range(DRAWS):
        halves = {name: rng.permutation(len(without[name])) for name in choosing}
        half = {name: order[: len(order) // 2] for name, order in halves.items()}
        picked.append(int(np.mean([_gain(found[name], without[name], half[name]) for name in choosing], 0).argmax()))
        for name in cases:
            rest = halves[name][len(half[name]) :] if name in halves else np.arange(len(without[name]))
            drawn[name].append(float(_gain(found[name], without[name], rest)[picked[-1]]))
    counts = np.bincount(picked, minlength=len(steps))
    best = ", ".join(f"{SETTINGS[one]} {counts[one]}" for one in counts.argsort()[::-1][:5] if counts[one])
    print(f"chosen most often in {DRAWS} draws: {best}")
    default = from_data(Feedback, {}, "feedback")
    for name, values in drawn.items():
        every = _gain(found[name], without[name], np.arange(len(without[name])))
        as_is = np.array([one.after(default) for one in cases[name]]).mean() / without[name].mean() - 1
        print(
            f"  {name:32} {np.mean(values):+.1%} (nine of ten draws {np.quantile(values, 0.05):+.1%} to "
            f"{np.quantile(values, 0.95):+.1%}); the defaults {as_is:+.1%}; all settings {every.mean():+.1%}, "
            f"the worst {every.min():+.1%}"
        )


def _gain(found: NDArray[np.float64], without: NDArray[np.float64], some: NDArray[np.int64]) -> NDArray[np.float64]:
    """The relative change of MAP over some queries, by setting."""
    changed: NDArray[np.float64] = found[some].mean(axis=0) / without[some].mean() - 1
    return changed


if __name__ == "__main__":
    main()
