"""`archive-search search`: one query, its ranking as a table or as JSON."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import asking
from app.options import ArchiveOption, SpaceOption
from app.terminal import say, say_json_lines
from archive_search.types import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive_search.archive import Archive
    from archive_search.plan import Stage, Trace
    from archive_search.results import ResultSet
    from archive_search.types import Hit


@asking.asked(asking.by_words_or_picture)
def search(
    archive: ArchiveOption,
    asked: asking.Ask,
    liked: Annotated[
        list[str], typer.Option("--liked", metavar="ID", help="More like this record; repeatable; after --strategy.")
    ] = [],  # noqa: B006
    disliked: Annotated[list[str], typer.Option("--disliked", metavar="ID", help="Less like it; repeatable.")] = [],  # noqa: B006
    per_object: Annotated[bool, typer.Option("--per-object", help="One hit per object: its best picture.")] = False,
    stack: Annotated[bool, typer.Option("--stack", help="Put near-duplicates behind the best of them.")] = False,
    diversity: Annotated[
        float | None, typer.Option(help="Bring variety forward: 1 changes nothing, 0.8 a little, 0 all.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="How to rank; 'archive-search strategies' lists all.")] = "staged",
    space: SpaceOption = "",
    limit: Annotated[
        int | None,
        typer.Option(
            help="How many hits: 20 are printed, 1000 exported unless told.", min=1, max=1_000_000, show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: plan, hits, provenance.")] = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Run a plan from a JSON file (as --json prints it) instead.")
    ] = None,
    export_to: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write all hits to a file; the format goes by its ending."),
    ] = None,
    format: Annotated[
        str, typer.Option(metavar="NAME", help="With --export: the format, where the ending does not say it.")
    ] = "",
    only_open: Annotated[
        bool, typer.Option("--only-open", help="With --export: leave out what its licence keeps from being passed on.")
    ] = False,
    sensitive: Annotated[
        list[str],
        typer.Option("--sensitive", metavar="ID", help="With --export: this sensitive record may leave; repeatable."),
    ] = [],  # noqa: B006
) -> None:
    """Search an archive by words, a picture or a record, in stages."""
    from archive_search.archive import Archive
    from archive_search.exporting import format_of
    from archive_search.plan import from_json
    from archive_search.refining import with_feedback, with_variety
    from archive_search.strategy_file import load_strategy

    if export_to is not None:
        format = format_of(export_to, format)  # told before a long search, not after it
    limit = limit or (20 if export_to is None else 1000)
    opened, recipe = Archive.open(archive), None
    if remark := opened.index.remark():
        say(remark, err=True)
    if plan_file is not None:
        plan = from_json(_plan(plan_file))
    else:
        recipe = load_strategy(strategy)
        plan = with_feedback(recipe.plan(asked(opened.fields), limit, space), liked, disliked, opened.store)
        plan = with_variety(plan, per_object, stack, diversity)
    for line in _numbered(opened, plan.query):
        say(line, err=as_json)
    found = opened.answer(plan, recipe)
    if export_to is not None:
        _export(found, export_to, format, only_open, sensitive)
    elif as_json:
        say_json_lines(found.json_lines())
    else:
        _print(found[:], found.trace)


def _export(found: ResultSet, target: Path, format: str, only_open: bool, sensitive: list[str]) -> None:
    from app.progress import ProgressBar
    from archive_search.exporting import export

    for remark in found.trace.remarks:
        say(f"note: {remark}", err=True)
    with ProgressBar() as bar:
        step = functools.partial(bar.step, "exporting")
        told = export(found, target, format, only_open=only_open, sensitive=sensitive, progress=step)
    why = {"sensitive": "sensitive, left out: --sensitive ID lets one leave", "licence": "left out for their licence"}
    left = "".join(f"; {count} {why[reason]}" for reason, count in told.left_out.items())
    say(f"{told.target}: {told.records} records as {told.format}{left}")


def _numbered(archive: Archive, query: Query) -> Iterator[str]:
    """The records whose number is what was asked for, one to a line."""
    from archive_search.metadata.numbers import numbered

    for example in query.examples[:1]:
        for point in numbered(archive.store, example.value) if example.kind == "text" else ():
            said = ", ".join(filter(None, (_text(point.payload.get("title")), _text(point.payload.get("file")))))
            yield f"{point.id} has the number {example.value}: {said}".rstrip(": ")


def _plan(file: Path) -> Any:
    """The plan in a file; of a saved result set, its plan."""
    from archive_search.reading import parse_json, read_text

    data = parse_json(read_text(file, "The plan"), f"The plan {file}")
    return data["plan"] if isinstance(data, dict) and "plan" in data else data


def _print(hits: Sequence[Hit], happened: Trace) -> None:
    from app.table import print_table

    for remark in happened.remarks:
        say(f"note: {remark}", err=True)
    if not hits:
        say(
            "Nothing found. "
            + ("No record passes the filters: drop one of them." if happened.stages[0].name == "filters" else "")
        )
        return
    rows = [
        (
            str(rank),
            f"{hit.score:.3f}",
            hit.id,
            _text(hit.payload.get("title")),
            _text(hit.payload.get("date")) or _years(hit.payload.get("date_from"), hit.payload.get("date_to")),
            _text(hit.payload.get("file")),
        )
        for rank, hit in enumerate(hits, 1)
    ]
    for hit in hits:
        if behind := happened.stacks.get(hit.id):
            say(f"note: behind {hit.id}: {', '.join(behind)}", err=True)
    print_table(("rank", "score", "id", "title", "date", "file"), rows, right=("rank", "score"))
    if happened.cut is not None and 0 < happened.cut < len(hits):
        say(f"The first {happened.cut:,} stand out from the background; what follows may be chance.")
    say(" | ".join(f"{stage.name}: {_did(stage)}" for stage in happened.stages))


def _did(stage: Stage) -> str:
    more = stage.kept - stage.of
    return f"{more} added to {stage.of}" if more > 0 else f"{stage.kept} of {stage.of}"


def _text(value: object) -> str:
    return (
        "; ".join(map(str, value))
        if isinstance(value, list | tuple)
        else ""
        if value is None
        else " ".join(str(value).split())
    )


def _years(first: object, last: object) -> str:
    if first is None and last is None:
        return ""
    return f"{first if first is not None else '?'} to {last if last is not None else '?'}"


COMMANDS = {"search": search}
