"""An evaluation as one HTML page that needs nothing else: plots, tables, and how it was measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive_search.counted import count
from archive_search.evaluation.evaluate import ALL, Difference, Evaluation, Interval
from archive_search.evaluation.plots import BETTER, PLAIN, WORSE, Dot, bars, dots
from archive_search.remark import Remark

SIGNIFICANT = 0.05
"""A corrected p below this is called significant."""
MOST_REMARKS = 3
"""So many remarks of a strategy are shown, the most frequent."""
WELL_JUDGED = 0.9
"""Where less of the first ten was judged, the reader is told."""


def to_html(evaluation: Evaluation, title: str = "", made: str = "") -> str:
    """
    The report of an evaluation.

    Args:
        title: Its heading; the archive's name where there is none.
        made: When it was made, as it is to be shown; the page is the same for the same evaluation otherwise.
    """
    archive = str(evaluation.settings.get("archive", ""))
    first = evaluation.measures[0]
    page = _templates().get_template("report.html.j2")
    return page.render(
        heading=title or (f"Ranking strategies on {archive}" if archive else "Ranking strategies compared"),
        made=made,
        evaluation=evaluation,
        all=ALL,
        findings=[one for one in evaluation.differences() if one.measure == first],
        mean_plots=map(Markup, _mean_plots(evaluation)),
        difference_plots=map(Markup, _difference_plots(evaluation)),
        bars=map(Markup, _bars(evaluation)),
        settings=json.dumps(evaluation.settings, ensure_ascii=False, indent=1),
    )


@cache
def _templates() -> Environment:
    """Templates in which every text is escaped."""
    environment = Environment(
        loader=PackageLoader("archive_search.evaluation"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        finding=finding, notes=notes, places=places, standing=_standing, count=count, by_strategy=_by_strategy
    )
    return environment


def finding(difference: Difference) -> str:
    """A difference as a sentence that begins with the strategy and says whether the corrected p is below 0.05."""
    if difference.p_holm < SIGNIFICANT:
        said = "better than" if difference.mean > 0 else "worse than"
        how = f"is {said} {difference.baseline}"
    else:
        how = f"cannot be told from {difference.baseline}"
    return (
        f"{difference.strategy} {how} in {difference.measure}: "
        f"{difference.mean:+.3f}{span(difference.interval, True)}, {p_value(difference.p_holm)}; "
        f"{count(difference.better, 'topic')} better, {difference.worse} worse."
    )


def span(interval: Interval, signed: bool = False) -> str:
    """An interval as text, with a space before it; '' where there is none."""
    if interval is None:
        return ""
    return " [" + ", ".join(f"{end:+.3f}" if signed else f"{end:.3f}" for end in interval) + "]"


def p_value(p: float) -> str:
    """A p as text."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def places(p: float) -> str:
    """A p as a number in a table."""
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"


def notes(evaluation: Evaluation) -> tuple[str, ...]:
    """What a reader must know before believing the means: what steps remarked, and how much nobody has judged."""
    asked = len(evaluation.topics)
    many = count(asked, "topic")
    found = [
        f"{strategy} remarked for {'every topic' if times >= asked else f'{times} of {many}'}{such}: {remark}"
        for strategy, told in evaluation.remarks.items()
        for remark, times, such in _kinds(told)[:MOST_REMARKS]
    ]
    return (*found, *_unjudged(evaluation))


def _kinds(told: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Remarks that differ only in their words and numbers as one of them, with how many topics have such a one."""
    kinds: dict[str, list[str]] = {}
    for remark in told:
        kinds.setdefault(remark.form if isinstance(remark, Remark) else remark, []).append(remark)
    some = [
        (one[0], sum(told[remark] for remark in one), ", such as" if len(one) > 1 else "") for one in kinds.values()
    ]
    return sorted(some, key=lambda one: -one[1])


def _unjudged(evaluation: Evaluation) -> tuple[str, ...]:
    if "Judged@10" not in evaluation.measures:
        return ()
    shares = {name: evaluation.values(name, "Judged@10") for name in evaluation.strategies}
    means = {name: sum(values) / len(values) for name, values in shares.items()}
    low = [f"{name} {1 - mean:.0%}" for name, mean in means.items() if mean < WELL_JUDGED]
    if not low:
        return ()
    return (
        f"Of the first ten, nobody judged: {', '.join(low)}. What is not judged counts as not relevant, so these "
        "values may be too low: 'archive-search judgements pool' lists what to judge.",
    )


def _standing(one: Difference) -> str:
    """Whether it is surely `better` or `worse`, else `same`."""
    if one.p_holm >= SIGNIFICANT or one.mean == 0:
        return "same"
    return "better" if one.mean > 0 else "worse"


def _by_strategy(differences: Iterable[Difference]) -> list[Difference]:
    """The differences of one strategy after those of another."""
    found = list(differences)
    order = list(dict.fromkeys(one.strategy for one in found))
    return sorted(found, key=lambda one: order.index(one.strategy))


def _mean_plots(evaluation: Evaluation) -> list[str]:
    means = evaluation.means()
    return [
        dots([Dot(one.strategy, one.mean, one.interval) for one in means if one.measure == measure], measure)
        for measure in evaluation.measures
    ]


def _difference_plots(evaluation: Evaluation) -> list[str]:
    colours = {"better": BETTER, "worse": WORSE, "same": PLAIN}
    found = evaluation.differences()
    return [
        dots(
            [
                Dot(one.strategy, one.mean, one.interval, colours[_standing(one)])
                for one in found
                if one.measure == measure
            ],
            f"{measure}, difference",
            zero=True,
        )
        for measure in evaluation.measures
        if any(one.measure == measure for one in found)
    ]


def _bars(evaluation: Evaluation) -> list[str]:
    """A plot for each strategy that is compared, all on one scale."""
    measure = evaluation.measures[0]
    labels = [f"{topic.id} {topic.text}".strip() for topic in evaluation.topics]
    several = {name: evaluation.differences_of(name, measure) for name in evaluation.strategies[1:]}
    every = [value for values in several.values() for value in values]
    return [
        bars(
            list(zip(labels, values, strict=True)),
            f"{name} minus {evaluation.strategies[0]}, {measure}",
            scale=(min(every), max(every)),
        )
        for name, values in several.items()
    ]
