"""`archive-search evaluate`: strategies measured on judged topics."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts.options import (
    ArchiveOption,
    JudgeOption,
    QrelsOption,
    SpaceOption,
    StrategiesOption,
    TopicsOption,
)
from app.commands.parts.terminal import say
from archive_search.counted import count
from archive_search.types import InvalidInputError

if TYPE_CHECKING:
    from archive_search.archive import Archive
    from archive_search.evaluation.evaluate import Evaluation
    from archive_search.workspace.judgements import Qrels
    from archive_search.workspace.topics import Topic


def evaluate(
    archive: ArchiveOption,
    topics: TopicsOption = None,
    qrels: QrelsOption = None,
    strategies: StrategiesOption = "nearest,staged",
    judge: JudgeOption = [],  # noqa: B006
    labels: Annotated[
        str,
        typer.Option(
            metavar="FIELD",
            help="Instead of topics and judgements: each value of a field, such as object_type, is looked for.",
        ),
    ] = "",
    measures: Annotated[
        str, typer.Option(metavar="A,B,...", help="Other measures, as ir-measures names them: 'P@5,RR'.")
    ] = "",
    depth: Annotated[int, typer.Option(help="How far down rankings are taken.", min=1, max=1_000_000)] = 1000,
    space: SpaceOption = "",
    csv: Annotated[Path | None, typer.Option(help="Write every topic's values.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write everything that was measured.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report with plots.")] = None,
) -> None:
    """Measure ranking strategies on judged topics: means, intervals, and whether differences are more than chance."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.archive import Archive
    from archive_search.evaluation.evaluate import evaluate as measure
    from archive_search.evaluation.evaluate import to_csv, to_json
    from archive_search.evaluation.labels import labelled
    from archive_search.evaluation.measures import MEASURES
    from archive_search.evaluation.ranked import named
    from archive_search.evaluation.report import to_html

    opened = Archive.open(archive)
    chosen = named(listed(strategies))
    if labels and (topics or qrels or judge):
        raise InvalidInputError("--labels makes topics and judgements: leave --topics, --qrels and --judge out.")
    asked, judged = labelled(opened.store, labels) if labels else judged_topics(opened, topics, qrels, judge)
    usual = [one for one in MEASURES if not (labels and one.startswith("Judged"))]  # all is judged: by its label
    with ProgressBar() as bar:
        ranking = functools.partial(bar.step, "ranking")
        found = measure(opened, asked, judged, chosen, listed(measures) or usual, depth, space, progress=ranking)
    _print(found)
    if labels:
        say(
            "A label is a word of the catalogue: what reads the catalogue's words finds it by itself. It is the models "
            "that are measured where only pictures are looked at, as by nearest."
        )
    now = datetime.now().astimezone().strftime("%d %B %Y, %H:%M")
    if csv is not None:
        write(csv, to_csv(found))
    if json_file is not None:
        write(json_file, json.dumps(to_json(found), ensure_ascii=False, indent=1) + "\n")
    if html is not None:
        write(html, to_html(found, made=now))


def listed(value: str) -> list[str]:
    """The items of a list with commas."""
    return [one.strip() for one in value.split(",") if one.strip()]


def write(file: Path, text: str) -> None:
    """Write a file and say so; raises InvalidInputError where that cannot be done."""
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be written: {error.strerror}.") from error
    say(f"written: {file}", err=True)


def judged_topics(
    archive: Archive, topics: Path | None, qrels: Path | None, judges: list[str]
) -> tuple[tuple[Topic, ...], Qrels]:
    """The topics and judgements that the options name, from files or from the archive's workspace."""
    from archive_search.evaluation.qrels import read_qrels
    from archive_search.workspace.judgements import Judgements
    from archive_search.workspace.topics import read_topics

    own = Judgements(archive.workspace)
    asked = read_topics(topics) if topics is not None else own.topics()
    if not asked:
        raise InvalidInputError("The archive keeps no topics yet: name a file with --topics, or judge some records.")
    if qrels is not None:
        if judges:
            raise InvalidInputError("--judge chooses among the archive's own judgements: leave --qrels out.")
        return asked, read_qrels(qrels)
    for judge in judges:
        if judge not in (known := own.judges()):
            raise InvalidInputError(f"Nobody called {judge!r} has judged here. Known: {', '.join(known) or 'nobody'}.")
    found = own.qrels(judges or None)
    if not found:
        raise InvalidInputError(
            "The archive holds no judgements: name a file with --qrels, or judge ('archive-search judgements --help')."
        )
    own.check_topics(asked)
    return asked, found


def _print(found: Evaluation) -> None:
    from app.commands.parts.table import print_table
    from archive_search.evaluation.report import finding, notes, places

    judgements = found.settings["judgements"]
    say(f"{count(len(found.topics), 'topic')}, {count(judgements, 'judgement')}; mean and 95 % interval over topics")
    rows = []
    for group in found.groups:
        means = {(one.strategy, one.measure): one for one in found.means(group)}
        for strategy in found.strategies:
            cells = []
            for measure in found.measures:
                one = means[strategy, measure]
                ends = f" [{one.interval[0]:.3f}, {one.interval[1]:.3f}]" if one.interval and group == "all" else ""
                cells.append(f"{one.mean:.3f}{ends}")
            rows.append((group or "(none)", str(one.topics), strategy, *cells))
    print_table(("group", "topics", "strategy", *found.measures), rows, right=("topics",), widest="strategy")
    differences = found.differences()
    if differences:
        say()
        say(
            f"Against {found.strategies[0]}: paired randomisation test, p corrected after Holm for "
            f"{len(found.strategies) - 1} {'strategy' if len(found.strategies) == 2 else 'strategies'}"
        )
        rows = [
            (
                one.strategy,
                one.measure,
                f"{one.mean:+.3f}",
                f"[{one.interval[0]:+.3f}, {one.interval[1]:+.3f}]" if one.interval else "",
                places(one.p),
                places(one.p_holm),
                str(one.better),
                str(one.worse),
            )
            for strategy in found.strategies[1:]
            for one in differences
            if one.strategy == strategy
        ]
        header = ("strategy", "measure", "difference", "95 % interval", "p", "p (Holm)", "better", "worse")
        print_table(header, rows, right=header[2:], widest="strategy")
        say()
        for difference in differences:
            if difference.measure == found.measures[0]:
                say(finding(difference))
    for note in notes(found):
        say(note)
    if found.left_out:
        say(f"Left out: {_reasons(found.left_out.items())}")


def _reasons(left_out: Iterable[tuple[str, str]]) -> str:
    by_reason: dict[str, list[str]] = {}
    for topic, why in left_out:
        by_reason.setdefault(why, []).append(topic)
    return "; ".join(
        f"{len(topics)} {'topic' if len(topics) == 1 else 'topics'} ({why}): "
        + ", ".join(topics[:8])
        + (" ..." if len(topics) > 8 else "")
        for why, topics in by_reason.items()
    )


COMMANDS = {"evaluate": evaluate}
