"""`archive-search history ...`: the searches that a person ran, for those who ask for it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts.helping import Commands
from app.commands.parts.options import ArchiveOption, WhoOption
from app.commands.parts.terminal import say, say_json
from app.commands.searches import asked_in_words

if TYPE_CHECKING:
    from archive_search.workspace.history import History

cli = Commands(
    help="The searches that you ran. None are kept before you say 'history on --who NAME', and none without a name.",
)


def show(
    archive: ArchiveOption,
    limit: Annotated[int, typer.Option(help="How many are shown, the last ones first.", min=1)] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, each with its plan, which can be run again.")
    ] = False,
    who: WhoOption = "",
) -> None:
    """Show the searches that you ran, the last one first."""
    from app.commands.parts.table import print_table

    kept = _open(archive, who)
    found = kept.all(limit) if who else ()
    if as_json:
        say_json([dataclasses.asdict(one) for one in found])
        return
    if not found:
        hint = "" if kept.is_kept() else " 'history on --who NAME' has your searches kept from then on."
        say(f"No searches are kept{f' of {who}' if who else ''}.{hint}")
        return
    rows = [
        (one.at[:16].replace("T", " "), asked_in_words(one.plan), one.strategy or "a plan", f"{one.count:,}")
        for one in found
    ]
    print_table(("when (UTC)", "asked for", "ranked by", "records"), rows, right=("records",), widest="asked for")


def on(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Keep your last 1000 searches from now on; whoever can open the archive's files can read them there."""
    _open(archive, who).keep()
    say(f"The searches of {who} are kept from now on; 'history off' ends it, 'history clear' removes them.")


def off(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Keep no more of your searches; those already kept stay until 'history clear'."""
    kept = _open(archive, who)
    kept.keep(False)
    left = len(kept.all())
    still = f" {left:,} still there: 'history clear' removes them." if left else ""
    say(f"No more searches of {who} are kept.{still}")


def clear(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Remove all your searches for good; no undo brings them back."""
    say(f"searches of {who or 'nobody'} removed: {_open(archive, who).clear():,}")


def _open(directory: Path, who: str) -> History:
    from archive_search.archive import Archive
    from archive_search.workspace.history import History

    return History(Archive.open(directory).workspace, who)


cli.command("show", help=show.__doc__)(show)
cli.command("on", help=on.__doc__)(on)
cli.command("off", help=off.__doc__)(off)
cli.command("clear", help=clear.__doc__)(clear)


COMMANDS = {"history": cli}
