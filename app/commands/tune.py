"""`archive-search tune`: a strategy's settings chosen on the archive's judgements."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.evaluate import judged_topics, listed, write
from app.commands.parts.options import ArchiveOption, JudgeOption, QrelsOption, SpaceOption, TopicsOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count
from archive_search.types import InvalidInputError

if TYPE_CHECKING:
    from archive_search.evaluation.tune import Tuned


def tune(
    archive: ArchiveOption,
    strategy: Annotated[str, typer.Option(help="What to tune: a name, or a JSON file with settings.")] = "staged",
    topics: TopicsOption = None,
    qrels: QrelsOption = None,
    judge: JudgeOption = [],  # noqa: B006
    measure: Annotated[str, typer.Option(help="What to raise.")] = "nDCG@10",
    folds: Annotated[int, typer.Option(help="Into how many parts the topics are divided.", min=2)] = 5,
    seed: Annotated[int, typer.Option(help="The same seed divides the topics alike.")] = 0,
    grid: Annotated[
        list[str],
        typer.Option(metavar="KNOB=A,B,...", help="Tune this setting only, over these values; repeatable."),
    ] = [],  # noqa: B006
    space: SpaceOption = "",
    output: Annotated[
        Path | None, typer.Option("--write", help="Write the tuned strategy to this JSON file, if tuning helped.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="With --write: also where tuning did not help.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Choose a strategy's settings on judged topics, and say what that is worth on topics not seen."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.archive import Archive
    from archive_search.evaluation.tune import strategy_file, to_json
    from archive_search.evaluation.tune import tune as tuned
    from archive_search.strategy_file import load_strategy

    opened = Archive.open(archive)
    asked, judged = judged_topics(opened, topics, qrels, judge)
    with ProgressBar() as bar:
        found = tuned(
            opened,
            asked,
            judged,
            load_strategy(strategy),
            measure,
            folds,
            seed,
            _grid(grid),
            space=space,
            progress=functools.partial(bar.step, "measuring settings"),
        )
    if as_json:
        say_json(to_json(found))
    else:
        _print(found)
    if output is not None:
        if not found.changed or not (found.helped or anyway):
            say(f"not written: {output} (tuning did not help; --anyway writes changed settings all the same)")
            return
        summary = f"{found.strategy}, tuned on {count(len(found.before), 'topic')} of {opened.settings.name}"
        write(output, json.dumps(strategy_file(found, summary), ensure_ascii=False, indent=1) + "\n")


def _grid(options: list[str]) -> dict[str, list[Any]]:
    from archive_search.reading import parse_json

    found: dict[str, list[Any]] = {}
    for option in options:
        name, equals, values = option.partition("=")
        try:
            numbers = [parse_json(value, "A value") for value in listed(values)]
        except InvalidInputError:
            numbers = []
        if not equals or not numbers or not all(isinstance(one, int | float) for one in numbers):
            raise InvalidInputError(f"--grid takes KNOB=A,B,... with numbers (or true, false), got {option!r}.")
        found[name.strip()] = numbers
    return found


def _print(found: Tuned) -> None:
    from app.commands.parts.table import print_table
    from archive_search.evaluation.report import p_value, span

    before = sum(found.before.values()) / len(found.before)
    held_out = sum(found.held_out.values()) / len(found.held_out)
    say(
        f"{found.strategy}: {count(len(found.before), 'topic')} in {len(found.fold_settings)} folds, "
        f"{found.tried} settings measured, {found.measure}"
    )
    rows = [
        (
            name,
            str(value),
            str(found.settings[name]),
            ", ".join(str(one) for one in dict.fromkeys(fold[name] for fold in found.fold_settings)),
        )
        for name, value in found.start.items()
    ]
    print_table(("setting", "before", "tuned", "chosen by the folds"), rows, right=("before", "tuned"))
    say()
    say(f"before                         {before:.3f}")
    say(f"tuned, on topics not seen      {held_out:.3f}")
    say(f"difference on topics not seen  {found.difference:+.3f}{span(found.interval, True)}, {p_value(found.p)}")
    say(f"difference on topics seen      {found.on_seen:+.3f} (too hopeful: they chose the settings)")
    say(f"judged among the first ten     {found.judged_before:.2f} before, {found.judged_after:.2f} tuned")
    if not found.changed:
        say("Tuning did not help: no other settings are better on all topics together. Keep the defaults.")
    elif found.helped:
        say("Tuning helped: the interval on topics not seen lies above 0.")
    else:
        say("Tuning did not help: on topics not seen the gain cannot be told from chance. Keep the settings.")


COMMANDS = {"tune": tune}
