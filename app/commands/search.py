"""`archive-search search`: one query, its ranking as a table or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.parts import asking
from app.commands.parts.found import chosen_format, export_found, note_in_history, print_hits, text_of
from app.commands.parts.options import ArchiveOption, OverwriteOption, WhoOption
from app.commands.parts.terminal import say, say_json_lines
from archive_search.types import InvalidInputError, Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive_search.archive import Archive


@asking.asked(asking.by_plan)
def search(
    archive: ArchiveOption,
    asked: asking.AskPlan,
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
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="With --export: a setting of the format, such as language=da; repeatable.",
        ),
    ] = [],  # noqa: B006
    only_open: Annotated[
        bool, typer.Option("--only-open", help="With --export: leave out what its licence keeps from being passed on.")
    ] = False,
    sensitive: Annotated[
        list[str],
        typer.Option("--sensitive", metavar="ID", help="With --export: this sensitive record may leave; repeatable."),
    ] = [],  # noqa: B006
    overwrite: OverwriteOption = False,
    who: WhoOption = "",
) -> None:
    """Search an archive by words, a picture or a record, in stages."""
    from archive_search.archive import Archive
    from archive_search.plan import read_plan

    given: dict[str, Any] = {}
    if export_to is not None:
        format, given = chosen_format(export_to, format, settings, overwrite)
    else:
        said = {"--format": format, "--set": settings, "--only-open": only_open, "--sensitive": sensitive}
        if idle := [name for name, value in {**said, "--overwrite": overwrite}.items() if value]:
            raise InvalidInputError(f"{idle[0]} says how to export: add --export FILE.")
    opened = Archive.open(archive)
    if remark := opened.index.remark():
        say(remark, err=True)
    if plan_file is not None:
        plan, recipe = read_plan(plan_file), None
    else:
        plan, recipe = asked(opened, 20 if export_to is None else 1000)
    for line in _numbered(opened, plan.query):
        say(line, err=as_json)
    found = opened.answer(plan, recipe, who)
    note_in_history(opened, found, who)
    if export_to is not None:
        export_found(found, export_to, format, given, only_open, sensitive, overwrite)
    elif as_json:
        say_json_lines(found.json_lines())
    else:
        print_hits(found[:], found.trace)


def _numbered(archive: Archive, query: Query) -> Iterator[str]:
    """The records whose number is what was asked for, one to a line."""
    from archive_search.metadata.numbers import numbered

    for example in query.examples[:1]:
        for point in numbered(archive.store, example.value) if example.kind == "text" else ():
            said = ", ".join(filter(None, (text_of(point.payload.get("title")), text_of(point.payload.get("file")))))
            yield f"{point.id} has the number {example.value}: {said}".rstrip(": ")


COMMANDS = {"search": search}
