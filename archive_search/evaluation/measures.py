"""Measures of a ranking against judgements, by ir-measures, for every topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, TypeAlias

from archive_search.types import InvalidInputError, UnknownNameError
from archive_search.workspace.judgements import Qrels

MEASURES = ("nDCG@10", "P@10", "AP", "R@100", "Judged@10")
"""
The measures that are reported unless others are named, as ir-measures calls them.

nDCG has Järvelin and Kekäläinen's gain, the grade itself; for the others a grade of 1 or more is relevant. The mean of
AP over topics is MAP. What is not judged counts as not relevant; Judged@10 says how much of the top 10 that concerns.
"""

Run: TypeAlias = Mapping[str, Sequence[str]]
"""Record ids by topic id, best first."""


def measured(run: Run, qrels: Qrels, measures: Sequence[str] = MEASURES) -> dict[str, dict[str, float]]:
    """
    The value of every measure for every topic of the run.

    A topic for which nothing was found gets 0. Ranks count, not scores, so ties stay as the ranking broke them.

    Args:
        measures: Names of measures of ir-measures ("P@5", "RR", "AP(rel=2)").

    Returns:
        Values by measure and topic.
    """
    import ir_measures

    judgements = {topic: dict(qrels[topic]) for topic in run if qrels.get(topic)}
    found = {name: dict.fromkeys(run, 0.0) for name in measures}
    alike: dict[int, dict[str, list[str]]] = {}  # by how deep they look: what lies below is not sorted for them
    for name in measures:
        alike.setdefault(cut_off(name), {}).setdefault(str(parse_measure(name)), []).append(name)
    falling = [float(score) for score in range(max(map(len, run.values()), default=0), 0, -1)]
    for depth, names in alike.items():
        documents = {
            topic: dict(zip(records[: depth or None], falling, strict=False))
            for topic, records in run.items()
            if records
        }
        for metric in ir_measures.iter_calc(list(map(parse_measure, names)), judgements, documents):
            for name in names[str(metric.measure)]:
                found[name][metric.query_id] = float(metric.value)
    return found


_PARSING = Lock()
"""ir-measures reads names as Python, and two threads that do so at once disturb each other in CPython 3.11."""


def parse_measure(name: str) -> Any:
    """The measure object of ir-measures with this name; raises UnknownNameError."""
    import ir_measures

    try:
        with _PARSING:
            return ir_measures.parse_measure(name)
    except Exception as error:  # its parser raises many kinds
        raise UnknownNameError(
            f"No measure is called {name!r}. Known: {', '.join(MEASURES)}, and all others of ir-measures (P@5, RR ...)."
        ) from error


def cut_off(measure: str) -> int:
    """How deep a measure looks; 0 where it looks at the whole ranking."""
    return int(parse_measure(measure).params.get("cutoff", 0))


def depth_of(measures: Sequence[str]) -> int:
    """How deep the deepest cut-off of these measures looks; 0 where there is none."""
    if not measures:
        raise InvalidInputError("Name at least one measure.")
    return max(map(cut_off, measures))
