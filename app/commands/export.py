"""`archive-search export`: a collection, a saved search or a plan, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.parts.found import chosen_format, export_found, note_in_history
from app.commands.parts.options import ArchiveOption, OverwriteOption, WhoOption


def export(
    archive: ArchiveOption,
    what: Annotated[
        str,
        typer.Argument(
            metavar="COLLECTION|SEARCH|PLAN",
            help="The name of a collection or of a saved search, or a JSON file with a plan or a result set. "
            "Where two are called alike: collection:NAME, search:NAME, ./FILE.",
        ),
    ],
    format: Annotated[
        str, typer.Argument(metavar="FORMAT", help="The name of a format; 'archive-search formats' lists them.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write; it must not be there yet.")],
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A setting of the format, such as language=da; 'archive-search formats' lists them; repeatable.",
        ),
    ] = [],  # noqa: B006
    only_open: Annotated[
        bool, typer.Option("--only-open", help="Leave out what its licence keeps from being passed on.")
    ] = False,
    sensitive: Annotated[
        list[str],
        typer.Option(
            "--sensitive",
            metavar="ID",
            help="This sensitive record may leave; repeatable. 'search --where sensitive=yes' lists them.",
        ),
    ] = [],  # noqa: B006
    overwrite: OverwriteOption = False,
    who: WhoOption = "",
) -> None:
    """
    Write a collection, or what a saved search or a plan finds now, to a file, with its provenance.

    A collection leaves in its own order, with notes and tags as columns, and says that it is chosen and no ranking.
    Of a search that is not saved, 'archive-search search' writes what it finds, with --export.
    """
    from archive_search.archive import Archive
    from archive_search.workspace.by_name import set_by_name
    from archive_search.workspace.chosen_set import is_chosen

    format, given = chosen_format(file, format, settings, overwrite)
    opened = Archive.open(archive)
    found = set_by_name(opened, what, who)
    if not is_chosen(found):
        note_in_history(opened, found, who)
    export_found(found, file, format, given, only_open, sensitive, overwrite)


COMMANDS = {"export": export}
