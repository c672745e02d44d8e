"""`archive-search rerun`: the search of an export once more, and what is another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count
from archive_search.types import ArchiveSearchError

if TYPE_CHECKING:
    from archive_search.rerun import Place, Rerun

SHOWN = 20
"""So many records of a kind are named."""


def rerun(
    file: Annotated[
        Path, typer.Argument(metavar="EXPORT", help="A file that --export wrote, or a result set that --json printed.")
    ],
    archive: ArchiveOption,
    at: Annotated[
        str,
        typer.Option(
            metavar="GENERATION",
            help="Search this older state of the archive, such as gen-000007, if it is still kept.",
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="As one JSON object, which names all that is new, gone or moved.")
    ] = False,
) -> None:
    """
    Run the search of an exported set again, and tell what has changed and why that may be.

    Nothing is written. Moved are the fewest records whose moving explains the order of those found both times.

    Ends with 0 where the same records come in the same order, with 1 where they do not, with 2 where the search cannot
    be run again.
    """
    from archive_search.archive import Archive
    from archive_search.rerun import rerun as again

    try:
        found = again(Archive.open(archive), file, at)
    except ArchiveSearchError as error:
        say(f"archive-search: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        say_json(found.model_dump(mode="json"))
    else:
        _print(found, at)
    if not found.same:
        raise typer.Exit(1)


def _print(found: Rerun, at: str) -> None:
    from app.commands.parts.table import print_table
    from archive_search.rerun import day_of

    there = ("there", "here") if found.elsewhere else ("then", "now")
    if found.elsewhere:
        told = {cause.what: (cause.before, cause.now) for cause in found.causes}
        was, now = told["archive_id"]
        before, here = (f"{name!r} " if name else "" for name in told.get("archive", ("", "")))
        say(f"This is another archive {here}({now}): the set was found in {before or 'one '}({was}).")
    said = f"{found.file}, found on {day_of(found.time)}"
    if found.same:
        differ = f"scores differ by {found.largest_difference:.1e} at most"
        scores = "with the same scores" if found.same_scores else differ
        say(f"{said}: the same {count(found.after, 'record')} in the same order, {scores}.")
    else:
        came, went = ("only here", "only there") if found.elsewhere else ("new", "gone")
        kinds = {came: found.new, went: found.gone, "moved": found.moved}
        counts = ", ".join(f"{len(places):,} {kind}" for kind, places in kinds.items())
        say(f"{said}: {count(found.before, 'record')} {there[0]}, {found.after:,} {there[1]}; {counts}.")
        say(f"Rank-biased overlap {found.overlap:.3f}: 1 is the same order, 0 nothing in common; the top counts most.")
        if found.moved:
            say("Moved are the fewest whose moving explains the order of the records in both; others made way.")
        rows = [_row(kind, one) for kind, places in kinds.items() for one in places[:SHOWN]]
        print_table(("", *there, "id", "why"), rows, right=there, widest="id")
        for kind, places in kinds.items():
            if len(places) > SHOWN:
                say(f"... and {len(places) - SHOWN:,} more {kind}; --json names all.")
    told_already = ("archive", "archive_id", "generation") if found.elsewhere else ()
    causes = [one for one in found.causes if one.what not in told_already]
    if causes:
        say(f"Another than it was {there[0]}:" if found.same else "Why that may be:")
        for cause in causes:
            say(f"  {cause.what}: {cause.before or 'none'}, {there[1]} {cause.now or 'none'}")
            if cause.what == "generation" and cause.before in found.generations and not at:
                say(f"    {cause.before} is still there: --at {cause.before} searches it")
    elif not found.same and not found.elsewhere:
        say("Archive, generation, weights and versions are those of then.")


def _row(kind: str, one: Place) -> tuple[str, str, str, str, str]:
    then, now = (f"{place:,}" if place is not None else "" for place in (one.before, one.after))
    return kind, then, now, one.id, one.why


COMMANDS = {"rerun": rerun}
