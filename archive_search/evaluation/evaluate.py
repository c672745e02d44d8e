"""Strategies measured on judged topics: values per topic, means with intervals, differences with their significance."""

from __future__ import annotations

import dataclasses
import importlib.metadata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from archive_search.evaluation.asked_once import AskedOnce
from archive_search.evaluation.measures import MEASURES, depth_of, measured
from archive_search.evaluation.repeated import Repeated
from archive_search.evaluation.significance import bootstrap, holm, randomisation_test
from archive_search.evaluation.together import answers
from archive_search.knobs import to_data
from archive_search.search import Searchable
from archive_search.spreadsheet_cells import csv_text
from archive_search.strategies import Strategy
from archive_search.types import InvalidInputError
from archive_search.workspace.judgements import Qrels
from archive_search.workspace.topics import Topic

if TYPE_CHECKING:
    import pandas

ALL = "all"
"""The group that every topic belongs to."""

Interval: TypeAlias = tuple[float, float] | None
"""95 %, low and high; None where there are too few topics for one."""


@dataclass(frozen=True)
class Mean:
    """A measure of a strategy over the topics of a group, with its interval."""

    strategy: str
    measure: str
    group: str
    topics: int
    mean: float
    interval: Interval


@dataclass(frozen=True)
class Difference:
    """
    A strategy against the first one: the mean difference with its interval, and how likely chance gives as much.

    `p` is of the paired randomisation test, `p_holm` the same corrected for the number of strategies compared.
    `better` and `worse` count topics.
    """

    strategy: str
    baseline: str
    measure: str
    group: str
    topics: int
    mean: float
    interval: Interval
    p: float
    p_holm: float
    better: int
    worse: int


@dataclass(frozen=True)
class Evaluation:
    """
    What was measured: `scores` by strategy, measure and topic id; the first strategy is what others are compared with.

    `left_out` names the topics that could not be measured, each with the reason.
    """

    topics: tuple[Topic, ...]
    left_out: Mapping[str, str]
    scores: Mapping[str, Mapping[str, Mapping[str, float]]]
    settings: Mapping[str, Any]
    """What is needed to measure again: the strategies' settings, depth, space, archive, versions."""
    remarks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What a strategy's steps remarked, by strategy, each with the number of topics."""
    _means: dict[str, tuple[Mean, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _differences: dict[str, tuple[Difference, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names, the one that others are compared with first."""
        return tuple(self.scores)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names, in the order of the table."""
        return tuple(next(iter(self.scores.values())))

    @property
    def groups(self) -> tuple[str, ...]:
        """`all`, then the groups of the topics where there are several."""
        names = sorted({topic.group for topic in self.topics})
        return (ALL, *names) if len(names) > 1 else (ALL,)

    def values(self, strategy: str, measure: str, group: str = ALL) -> list[float]:
        """The values of a measure, one for each topic of a group."""
        scores = self.scores[strategy][measure]
        return [scores[topic.id] for topic in self.topics if group in (ALL, topic.group)]

    def differences_of(self, strategy: str, measure: str, group: str = ALL) -> list[float]:
        """A strategy's values minus the first strategy's."""
        ours, theirs = self.values(strategy, measure, group), self.values(self.strategies[0], measure, group)
        return [a - b for a, b in zip(ours, theirs, strict=True)]

    def means(self, group: str = ALL) -> tuple[Mean, ...]:
        """Every strategy's mean of every measure over the topics of a group; intervals are drawn once."""
        if group not in self._means:
            self._means[group] = self._drawn_means(group)
        return self._means[group]

    def differences(self, group: str = ALL) -> tuple[Difference, ...]:
        """
        Every other strategy against the first; Holm's correction is over the strategies of one measure and group.

        How much of a ranking was judged says nothing of how good it is, and is not compared. Intervals are drawn once.
        """
        if group not in self._differences:
            self._differences[group] = self._drawn_differences(group)
        return self._differences[group]

    def to_frame(self) -> pandas.DataFrame:
        """A DataFrame with a row per topic and strategy: topic, text, group, strategy, then a column a measure."""
        import pandas as pd

        rows = [
            {
                "topic": topic.id,
                "text": topic.text,
                "group": topic.group,
                "strategy": strategy,
                **{measure: values[topic.id] for measure, values in measures.items()},
            }
            for topic in self.topics
            for strategy, measures in self.scores.items()
        ]
        return pd.DataFrame(rows)

    def means_frame(self) -> pandas.DataFrame:
        """A row per group, strategy and measure: topics, mean, and the interval's ends as `low` and `high`."""
        return _frame(one for group in self.groups for one in self.means(group))

    def differences_frame(self) -> pandas.DataFrame:
        """A row per group, measure and other strategy: the fields of `Difference`, the interval as `low`, `high`."""
        return _frame(one for group in self.groups for one in self.differences(group))

    def _drawn_means(self, group: str) -> tuple[Mean, ...]:
        found = []
        for strategy in self.strategies:
            for measure in self.measures:
                values = self.values(strategy, measure, group)
                mean = sum(values) / len(values)
                found.append(Mean(strategy, measure, group, len(values), mean, bootstrap(values)))
        return tuple(found)

    def _drawn_differences(self, group: str) -> tuple[Difference, ...]:
        found = []
        for measure in self.measures:
            if measure.lower().startswith("judged"):
                continue
            several = {other: self.differences_of(other, measure, group) for other in self.strategies[1:]}
            p_values = {other: randomisation_test(values) for other, values in several.items()}
            corrected = dict(zip(p_values, holm(list(p_values.values())), strict=True))
            for other, values in several.items():
                found.append(
                    Difference(
                        other,
                        self.strategies[0],
                        measure,
                        group,
                        len(values),
                        sum(values) / len(values),
                        bootstrap(values),
                        p_values[other],
                        corrected[other],
                        sum(value > 0 for value in values),
                        sum(value < 0 for value in values),
                    )
                )
        return tuple(found)


def evaluate(
    archive: Searchable,
    topics: Sequence[Topic],
    qrels: Qrels,
    strategies: Mapping[str, Strategy],
    measures: Sequence[str] = MEASURES,
    depth: int = 1000,
    space: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """
    Measure strategies on the topics that have judgements.

    Topics without a relevant record are left out: every ranking gets 0 for them.

    Args:
        strategies: By the names they are reported under; the first is what the others are compared with.
        depth: How far down rankings are taken; average precision sees no further.
        progress: Told how many of how many rankings are done.

    Raises:
        InvalidInputError: If no topic can be measured, or the depth is less than a measure looks at.
    """
    if depth < max(depth_of(measures), 1):
        raise InvalidInputError(f"The depth {depth} is less than {', '.join(measures)} look at.")
    kept, left_out = judged_topics(topics, qrels)
    runs: dict[str, dict[str, list[str]]] = {name: {} for name in strategies}
    remarks: dict[str, Counter[str]] = {name: Counter() for name in strategies}
    searched = AskedOnce(archive)
    plans = [[strategy.plan(topic.query, depth, space) for strategy in strategies.values()] for topic in kept]
    jobs = ((Repeated(searched, kept=0), some) for some in plans)
    for done, (topic, found) in enumerate(zip(kept, answers(jobs), strict=True), 1):
        for name, (ranking, findings) in zip(strategies, found, strict=True):
            runs[name][topic.id] = [hit.id for hit in ranking[:depth]]
            remarks[name].update(set(findings.remarks))
        if progress is not None:
            progress(done * len(strategies), len(kept) * len(strategies))
    scores = {name: measured(run, qrels, measures) for name, run in runs.items()}
    settings = {
        "strategies": {name: settings_of(strategy) for name, strategy in strategies.items()},
        "depth": depth,
        "topics": len(kept),
        "judgements": sum(len(qrels[topic.id]) for topic in kept),
        "archive-search": _version("archive-search"),
        "ir-measures": _version("ir-measures"),
        **provenance(archive, space),
    }
    return Evaluation(kept, left_out, scores, settings, {name: dict(told) for name, told in remarks.items() if told})


def judged_topics(topics: Sequence[Topic], qrels: Qrels) -> tuple[tuple[Topic, ...], dict[str, str]]:
    """
    The topics that can be measured, and for each of the others why not.

    Raises:
        InvalidInputError: If there are none to measure.
    """
    left_out = {}
    for topic in topics:
        grades = qrels.get(topic.id, {})
        if not any(grade > 0 for grade in grades.values()):
            left_out[topic.id] = "no record was judged relevant" if grades else "not judged"
    kept = tuple(topic for topic in topics if topic.id not in left_out)
    if not kept:
        raise InvalidInputError(
            f"None of the {len(topics)} topics has a relevant judgement: "
            + ("do the ids of the topics and of the judgements agree?" if qrels else "judge some records first.")
        )
    return kept, left_out


def settings_of(strategy: Strategy) -> dict[str, Any]:
    """A strategy's class and those of its settings that are not the defaults."""
    data: dict[str, Any] = to_data(strategy) if dataclasses.is_dataclass(strategy) else {}
    return {"kind": type(strategy).__name__, **data}


def provenance(archive: Searchable, space: str) -> dict[str, Any]:
    """What is searched: the archive's name, its generation, and the space, as far as they are known."""
    found: dict[str, Any] = {}
    if (settings := getattr(archive, "settings", None)) is not None:
        found["archive"] = settings.name
    if (generation := getattr(archive, "generation", None)) is not None:
        found["generation"] = generation
    default = getattr(archive, "default_space", None)
    if space or default is not None:
        found["space"] = space or (default() if default is not None else "")
    return found


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that was measured, as JSON data."""
    return {
        "settings": dict(evaluation.settings),
        "means": [dataclasses.asdict(one) for group in evaluation.groups for one in evaluation.means(group)],
        "differences": [
            dataclasses.asdict(one) for group in evaluation.groups for one in evaluation.differences(group)
        ],
        "topics": [
            {
                "id": topic.id,
                "text": topic.text,
                "group": topic.group,
                "scores": {
                    strategy: {measure: values[topic.id] for measure, values in measures.items()}
                    for strategy, measures in evaluation.scores.items()
                },
            }
            for topic in evaluation.topics
        ],
        "left_out": dict(evaluation.left_out),
        "remarks": {strategy: dict(told) for strategy, told in evaluation.remarks.items()},
    }


def to_csv(evaluation: Evaluation) -> str:
    """One line a topic and strategy, a column a measure, as CSV that a spreadsheet may open."""
    rows: list[tuple[object, ...]] = [("topic", "text", "group", "strategy", *evaluation.measures)]
    for topic in evaluation.topics:
        for strategy, measures in evaluation.scores.items():
            values = (round(values[topic.id], 6) for values in measures.values())
            rows.append((topic.id, topic.text, topic.group, strategy, *values))
    return csv_text(rows)


def _frame(rows: Iterable[Mean | Difference]) -> pandas.DataFrame:
    import pandas as pd

    data = []
    for one in rows:
        low, high = one.interval or (None, None)
        flat = {name: value for name, value in dataclasses.asdict(one).items() if name != "interval"}
        data.append({**flat, "low": low, "high": high})
    return pd.DataFrame(data)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        return "unknown"
