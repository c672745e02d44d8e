"""An evaluation as one HTML page that needs nothing else: plots, tables, and how it was measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from archive_search.evaluation.evaluate import ALL, Difference, Evaluation, Interval
from archive_search.evaluation.plots import BETTER, PLAIN, WORSE, Dot, bars, dots

SIGNIFICANT = 0.05
"""A corrected p below this is called significant."""
MOST_REMARKS = 3
"""So many remarks of a strategy are shown, the most frequent."""
WELL_JUDGED = 0.9
"""Where less of the first ten was judged, the reader is told."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --ground: #ffffff; --line: #d8dde2; --soft: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e7ea; --ground: #16191c; --line: #3a4148; --soft: #20252a; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2rem auto;
  max-width: 60rem; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { max-width: 46rem; } .faint { opacity: .72; }
ul.findings { padding-left: 1.1rem; } ul.findings li { margin: .3rem 0; }
table { border-collapse: collapse; font-size: .9rem; } .wide { overflow-x: auto; }
th, td { padding: .28rem .7rem; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; background: var(--soft); } td.number, th.number { text-align: right;
  font-variant-numeric: tabular-nums; } td small { opacity: .7; }
.panels { display: flex; flex-wrap: wrap; gap: 1.4rem 2rem; margin-top: 1.4rem; } svg { max-width: 100%; height: auto; }
.topics svg { min-width: 40rem; }
.better { color: light-dark(#1b7f5c, #56c49b); font-weight: 600; }
.worse { color: light-dark(#b4472e, #ee8a70); font-weight: 600; }
details { margin: .6rem 0; } summary { cursor: pointer; }
pre { background: var(--soft); padding: .8rem; overflow-x: auto; font-size: .85rem; }
"""


def to_html(evaluation: Evaluation, title: str = "", made: str = "") -> str:
    """
    The report of an evaluation.

    Args:
        title: Its heading; the archive's name where there is none.
        made: When it was made, as it is to be shown; the page is the same for the same evaluation otherwise.
    """
    archive = str(evaluation.settings.get("archive", ""))
    heading = title or (f"Ranking strategies on {archive}" if archive else "Ranking strategies compared")
    said = f"{_topics(len(evaluation.topics))}, {evaluation.settings.get('judgements', 0):,} judgements"
    parts = [
        f"<h1>{escape(heading)}</h1>",
        f'<p class="faint">{escape(said)}{escape(f" · {made}" if made else "")}</p>',
        _findings(evaluation),
        "<h2>Means</h2>",
        _means_table(evaluation, ALL),
        '<p class="faint">Below each mean its 95 % interval, from a bootstrap over topics.</p>',
        f'<div class="panels">{"".join(_mean_plots(evaluation))}</div>',
    ]
    if len(evaluation.strategies) > 1:
        parts += [f"<h2>Against {escape(evaluation.strategies[0])}</h2>", _differences_table(evaluation.differences())]
        parts += [f'<div class="panels">{"".join(_difference_plots(evaluation))}</div>']
        parts += ["<h2>Topic by topic</h2>", _bars(evaluation)]
    for group in evaluation.groups[1:]:
        count = len(evaluation.values(evaluation.strategies[0], evaluation.measures[0], group))
        parts += [f"<h2>Group {escape(group or 'without a name')} ({_topics(count)})</h2>"]
        parts += [_means_table(evaluation, group)]
        if len(evaluation.strategies) > 1:
            table = _differences_table(evaluation.differences(group))
            parts += [f"<details><summary>Against {escape(evaluation.strategies[0])}</summary>{table}</details>"]
    parts += ["<h2>Every topic</h2>", _topics_table(evaluation), _left_out(evaluation), _method(evaluation)]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(heading)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


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
        f"{_topics(difference.better)} better, {difference.worse} worse."
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
    count = len(evaluation.topics)
    found = [
        f"{strategy} remarked for {'every topic' if times == count else f'{times} of {_topics(count)}'}: {remark}"
        for strategy, told in evaluation.remarks.items()
        for remark, times in sorted(told.items(), key=lambda one: -one[1])[:MOST_REMARKS]
    ]
    return (*found, *_unjudged(evaluation))


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


def _findings(evaluation: Evaluation) -> str:
    first = evaluation.measures[0]
    told = [one for one in evaluation.differences() if one.measure == first]
    items = [
        f'<li><span class="{_class(one)}">{escape(one.strategy)}</span>{escape(finding(one)[len(one.strategy) :])}</li>'
        for one in told
    ]
    items += [f"<li>{escape(note)}</li>" for note in notes(evaluation)]
    return f'<ul class="findings">{"".join(items)}</ul>' if items else ""


def _class(one: Difference) -> str:
    if one.p_holm >= SIGNIFICANT or one.mean == 0:
        return "same"
    return "better" if one.mean > 0 else "worse"


def _means_table(evaluation: Evaluation, group: str) -> str:
    means = {(one.strategy, one.measure): one for one in evaluation.means(group)}
    rows = []
    for strategy in evaluation.strategies:
        cells = []
        for measure in evaluation.measures:
            one = means[strategy, measure]
            below = f"<br><small>{one.interval[0]:.3f} to {one.interval[1]:.3f}</small>" if one.interval else ""
            cells.append(f"{one.mean:.3f}{below}")
        rows.append((escape(strategy), *cells))
    return _table(("strategy", *evaluation.measures), rows, 1)


def _differences_table(differences: Iterable[Difference]) -> str:
    rows = []
    found = list(differences)
    order = list(dict.fromkeys(one.strategy for one in found))
    for one in sorted(found, key=lambda one: order.index(one.strategy)):
        interval = f"{one.interval[0]:+.3f} to {one.interval[1]:+.3f}" if one.interval else "–"
        mean = f'<span class="{_class(one)}">{one.mean:+.3f}</span>'
        counts = (str(one.better), str(one.worse))
        rows.append((escape(one.strategy), one.measure, mean, interval, places(one.p), places(one.p_holm), *counts))
    header = ("strategy", "measure", "difference", "95 % interval", "p", "p (Holm)", "topics better", "worse")
    return _table(header, rows, 2)


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
                Dot(one.strategy, one.mean, one.interval, colours[_class(one)])
                for one in found
                if one.measure == measure
            ],
            f"{measure}, difference",
            zero=True,
        )
        for measure in evaluation.measures
        if any(one.measure == measure for one in found)
    ]


def _bars(evaluation: Evaluation) -> str:
    measure = evaluation.measures[0]
    labels = [f"{topic.id} {topic.text}".strip() for topic in evaluation.topics]
    several = {name: evaluation.differences_of(name, measure) for name in evaluation.strategies[1:]}
    every = [value for values in several.values() for value in values]
    return "".join(
        '<div class="wide topics">'
        + bars(
            list(zip(labels, values, strict=True)),
            f"{name} minus {evaluation.strategies[0]}, {measure}",
            scale=(min(every), max(every)),  # one for all, so that they can be compared
        )
        + "</div>"
        for name, values in several.items()
    )


def _topics_table(evaluation: Evaluation) -> str:
    measure = evaluation.measures[0]
    rows = []
    for topic in evaluation.topics:
        values = [evaluation.scores[strategy][measure][topic.id] for strategy in evaluation.strategies]
        best = max(values)
        cells = [f"<b>{one:.3f}</b>" if one == best and len(values) > 1 else f"{one:.3f}" for one in values]
        rows.append((escape(topic.id), escape(topic.text), escape(topic.group), *cells))
    table = _table(("topic", "text", "group", *evaluation.strategies), rows, 3)
    return f"<details><summary>{escape(measure)} of every topic; the best in bold</summary>{table}</details>"


def _left_out(evaluation: Evaluation) -> str:
    if not evaluation.left_out:
        return ""
    items = "".join(f"<li>{escape(topic)}: {escape(why)}</li>" for topic, why in evaluation.left_out.items())
    return f"<details><summary>{_topics(len(evaluation.left_out))} left out</summary><ul>{items}</ul></details>"


def _method(evaluation: Evaluation) -> str:
    settings = escape(json.dumps(evaluation.settings, ensure_ascii=False, indent=1))
    return (
        "<h2>How this was measured</h2>"
        "<p>Measures by ir-measures; nDCG with the grade itself as gain, for the others a grade of 1 or more is "
        "relevant, and what nobody judged counts as not relevant (Judged@10 says how much of the top ten was judged). "
        "Topics without a relevant record are left out. Intervals: 95 %, percentile bootstrap over topics, 10,000 "
        "rounds. "
        "p: paired randomisation test, two-sided, exact where at most 14 topics differ, otherwise 20,000 rounds; "
        "p (Holm): corrected for the number of strategies compared, within one measure and group of topics. "
        "Many groups looked at one by one will show a difference by chance now and then.</p>"
        f"<details><summary>Settings</summary><pre>{settings}</pre></details>"
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], texts: int) -> str:
    """A table of cells that are HTML already; all columns but the first `texts` hold numbers."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f'<{tag} class="number">{cell}</{tag}>' if column >= texts else f"<{tag}>{cell}</{tag}>"
            for column, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    head = cells("th", [escape(name) for name in header])
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _topics(count: int) -> str:
    return "1 topic" if count == 1 else f"{count} topics"
