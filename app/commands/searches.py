"""`archive-search searches ...`: searches that are kept under a name, and what of them is new."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.parts import asking
from app.commands.parts.found import note_in_history, print_hits
from app.commands.parts.helping import Commands
from app.commands.parts.options import ArchiveOption, WhoOption
from app.commands.parts.terminal import say, say_json, say_json_lines
from archive_search.counted import be, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive_search.archive import Archive
    from archive_search.workspace.searches import Searches

cli = Commands(
    help="Saved searches: kept under a name, run again, and what is new since you last looked. "
    "'archive-search export NAME FORMAT FILE' writes what one finds to a file.",
)
Name = Annotated[str, typer.Argument(metavar="SEARCH", help="Its name, or its id.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, with everything that is known.")]
Show = Annotated[int, typer.Option("--show", help="How many records are printed.", min=1)]


def list_(
    archive: ArchiveOption,
    deleted: Annotated[bool, typer.Option("--deleted", help="Only those that were deleted.")] = False,
    as_json: AsJson = False,
    who: WhoOption = "",
) -> None:
    """List the saved searches, and when you last looked at each."""
    from app.commands.parts.table import print_table

    _, kept = _open(archive, who)
    found = kept.all(deleted)
    if as_json:
        say_json([{**dataclasses.asdict(one), "looked": kept.looked(one)} for one in found])
        return
    if not found:
        say("No search was deleted." if deleted else "No search is saved yet: 'searches save NAME WORDS' saves one.")
        return
    rows = [(one.name, asked_in_words(one.plan), kept.looked(one)[:10] or "never", one.who, one.id) for one in found]
    print_table(("search", "asks for", "looked at", "saved by", "id"), rows, widest="asks for")


@asking.asked(asking.by_plan)
def save(
    archive: ArchiveOption,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    asked: asking.AskPlan,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Save a plan from a JSON file (as search --json prints it) instead.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the saved search of this name, if there is one.")
    ] = False,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
    who: WhoOption = "",
) -> None:
    """
    Save a search under a name: the words and options are those of 'archive-search search'.

    What it finds now counts as looked at, so that 'searches new' tells what comes after.
    """
    from archive_search.plan import read_plan

    opened, kept = _open(archive, who)
    plan, recipe = (read_plan(plan_file), None) if plan_file is not None else asked(opened, 100)
    found = opened.answer(plan, recipe, who)  # what cannot be run is not saved
    saved = kept.save(name, plan, recipe, replace, note)
    kept.saw(saved.id, found)
    for remark in found.trace.remarks:
        say(f"note: {remark}", err=True)
    say(f"{saved.name}: saved; {count(len(found), 'record')} now. 'searches new' will tell what comes.")


def run(archive: ArchiveOption, name: Name, show: Show = 20, as_json: AsJson = False, who: WhoOption = "") -> None:
    """Run a saved search and print what it finds; 'searches new' then tells only what comes after this look."""
    opened, kept = _open(archive, who)
    look = kept.look(name, opened)
    note_in_history(opened, look.found, who)
    if as_json:
        say_json_lines(look.found.json_lines())
        return
    print_hits(look.found[:show], look.found.trace)
    if len(look.found) > show:
        say(f"... and {len(look.found) - show:,} more: --show {len(look.found)} prints all.")


def new(
    archive: ArchiveOption,
    name: Name,
    show: Show = 20,
    peek: Annotated[
        bool, typer.Option("--peek", help="Look without it counting: the next 'searches new' tells the same again.")
    ] = False,
    as_json: AsJson = False,
    who: WhoOption = "",
) -> None:
    """
    Show what a saved search finds now and did not find when you last looked (saving, 'run' and 'new' are looks).

    This is then your last look, unless you --peek. Looks are kept by the name that --who gives.
    """
    from app.commands.parts.table import print_table

    opened, kept = _open(archive, who)
    look = kept.look(name, opened, keep=not peek)
    note_in_history(opened, look.found, who)
    if as_json:
        told = {"search": look.search.name, "since": look.since, "found": len(look.found)}
        say_json({**told, "new": list(look.new), "gone": list(look.gone)})
        return
    since = f"since {look.since[:16].replace('T', ' ')} UTC" if look.since else "to you: you have not looked before"
    say(f"{look.search.name}: {len(look.new):,} of {count(len(look.found), 'record')} {be(len(look.new))} new {since}.")
    some = look.new[:show]
    payloads = look.found.holdings.payloads(some)
    ranks = look.found.ranks
    rows = [(str(ranks[one]), one, str(payloads.get(one, {}).get("title") or "")) for one in some]
    if rows:
        print_table(("rank", "id", "title"), rows, right=("rank",))
    if len(look.new) > show:
        say(f"... and {len(look.new) - show:,} more: --show {len(look.new)} prints all.")
    if look.gone:
        some_gone = ", ".join(look.gone[:5]) + (f" and {len(look.gone) - 5} more" if len(look.gone) > 5 else "")
        say(f"No longer found: {some_gone}.")


def rename(
    archive: ArchiveOption,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    who: WhoOption = "",
) -> None:
    """Give a saved search another name."""
    _, kept = _open(archive, who)
    found = kept.get(name)
    kept.rename(found.id, new)
    say(f"{found.name}: called {kept.get(found.id).name} now")


def delete(archive: ArchiveOption, name: Name, who: WhoOption = "") -> None:
    """Hide a saved search. Nothing is lost: 'searches undo' or 'searches bring-back' shows it again."""
    _, kept = _open(archive, who)
    found = kept.get(name)
    kept.delete(found.id)
    say(f"{found.name}: deleted; 'searches undo' brings it back, later 'searches bring-back {found.id}'")


def bring_back(archive: ArchiveOption, name: Name, who: WhoOption = "") -> None:
    """Show a deleted search again, whoever deleted it; 'searches list --deleted' lists them."""
    say(f"{_open(archive, who)[1].bring_back(name).name}: brought back")


def undo(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Take back what you did last to any saved search; nobody else's acts. Again: what you did before that."""
    event = _open(archive, who)[1].undo()
    said = "There is nothing of yours to take back."
    say(said if event is None else f"taken back: {event.act} {event.data.get('name') or ''}".rstrip())


def redo(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Do again what you took back last, unless you have done something else since."""
    event = _open(archive, who)[1].redo()
    said = "There is nothing to do again."
    say(said if event is None else f"done again: {event.act} {event.data.get('name') or ''}".rstrip())


def asked_in_words(plan: Mapping[str, Any]) -> str:
    """What a plan asks for, in one line."""
    from archive_search.plan import query_from_json
    from archive_search.types import ArchiveSearchError
    from archive_search.workspace.topics import words

    try:
        query = query_from_json(plan.get("query", {}))
    except ArchiveSearchError:
        return "a plan that this version cannot read"
    filters = f"{len(query.where)} filter{'s' * (len(query.where) != 1)}" if query.where else ""
    return "; ".join(filter(None, (words(query), filters))) or "everything"


def _open(directory: Path, who: str) -> tuple[Archive, Searches]:
    from archive_search.archive import Archive
    from archive_search.workspace.searches import Searches

    opened = Archive.open(directory)
    return opened, Searches(opened.workspace, who)


cli.command("list", help=list_.__doc__)(list_)
cli.command("save", help=save.__doc__)(save)
cli.command("run", help=run.__doc__)(run)
cli.command("new", help=new.__doc__)(new)
cli.command("rename", help=rename.__doc__)(rename)
cli.command("delete", help=delete.__doc__)(delete)
cli.command("bring-back", help=bring_back.__doc__)(bring_back)
cli.command("undo", help=undo.__doc__)(undo)
cli.command("redo", help=redo.__doc__)(redo)


COMMANDS = {"searches": cli}
