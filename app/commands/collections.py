"""`archive-search collections ...`: sets of records that people choose, with notes, tags, order and a star."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.parts.helping import Commands
from app.commands.parts.options import ArchiveOption, WhoOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count
from archive_search.types import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive_search.archive import Archive
    from archive_search.workspace.collections import Collection, Collections, Note
    from archive_search.workspace.items import Item
    from archive_search.workspace.journal import Event

cli = Commands(
    help="Collections: records that you choose and keep, with notes, tags, an order and a star. Nothing is ever lost: "
    "'undo' takes back, 'bring-back' shows what was deleted, 'log' tells who did what. "
    "'archive-search export NAME FORMAT FILE' writes one to a file.",
)
Name = Annotated[str, typer.Argument(metavar="COLLECTION", help="Its name, or its id.")]
Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID", help="Records; a part of a picture as LEFT,TOP,RIGHT,BOTTOM@ID, shares from 0 to 1."),
]
SomeIds = Annotated[
    list[str], typer.Argument(metavar="ID", help="Records, or parts of pictures; the collection itself if none.")
]
OnIds = Annotated[
    list[str],
    typer.Option("--on", metavar="ID", help="A record, or a part of a picture; repeatable. If none: the collection."),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, with everything that is known.")]
WITHOUT = "a record without a title"


def list_(
    archive: ArchiveOption,
    deleted: Annotated[bool, typer.Option("--deleted", help="Only those that were deleted.")] = False,
    as_json: AsJson = False,
    who: WhoOption = "",
) -> None:
    """List the collections, starred ones first."""
    from app.commands.parts.table import print_table

    found = _open(archive, who)[1].all(deleted)
    if as_json:
        say_json([_data(one) for one in found])
        return
    if not found:
        say(
            "No collection was deleted."
            if deleted
            else "There is no collection yet: 'collections create NAME' makes one."
        )
        return
    rows = [
        (_star(one.starred), one.name, str(len(one.members)), ", ".join(one.tags), one.who, one.changed[:10], one.id)
        for one in found
    ]
    print_table(
        ("", "collection", "items", "tags", "made by", "changed", "id"), rows, right=("items",), widest="collection"
    )


def show(archive: ArchiveOption, name: Name, as_json: AsJson = False, who: WhoOption = "") -> None:
    """Show what is in a collection, in its order, with notes and tags; records no longer in the archive are marked."""
    from app.commands.parts.table import print_table

    opened, kept = _open(archive, who)
    found = kept.get(name)
    gone = kept.gone(found, opened.store) if found.members else frozenset()
    if as_json:
        say_json(_data(found, gone))
        return
    say(f"{_star(found.starred)}{' ' * found.starred}{found.name}: {count(len(found.members), 'item')}")
    for note in found.notes:
        say(f"note: {_said(note)}")
    if found.tags:
        say(f"tags: {', '.join(found.tags)}")
    rows = [
        (
            *(str(place), _star(member.starred), member.item.text, member.title or WITHOUT),
            *(" | ".join(map(_said, member.notes)), ", ".join(member.tags), "gone" * (member.item.record in gone)),
        )
        for place, member in enumerate(found.members, 1)
    ]
    if rows:
        print_table(("", "", "id", "title", "notes", "tags", ""), rows)
    if gone:
        say(
            f"{count(len(gone), 'record')} marked 'gone': no longer in the archive, with the last known title.",
            err=True,
        )


def create(
    archive: ArchiveOption,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
    who: WhoOption = "",
) -> None:
    """Make an empty collection."""
    _, kept = _open(archive, who)
    made = kept.create(name)
    if note:
        kept.note(made.id, note)
    say(f"{made.name}: made; 'collections add' puts records into it (id {made.id})")


def add(
    archive: ArchiveOption,
    name: Name,
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID", help="Records; a part of a picture as LEFT,TOP,RIGHT,BOTTOM@ID, shares from 0 to 1."
        ),
    ] = [],  # noqa: B006
    from_search: Annotated[
        str,
        typer.Option(
            "--from-search",
            metavar="SEARCH",
            help="Also what a saved search finds now, or the plan or result set in a JSON file.",
        ),
    ] = "",
    first: Annotated[
        int | None, typer.Option("--first", help="With --from-search: only so many from the top.", min=1)
    ] = None,
    who: WhoOption = "",
) -> None:
    """
    Put records at the end of a collection; those that are in it stay where they are.

    Ids are those that 'archive-search search' prints. A collection is made by 'collections create'.
    """
    from archive_search.workspace.by_name import set_by_name

    opened, kept = _open(archive, who)
    found = kept.get(name)
    wanted: list[str | Item] = list(ids)
    if from_search:
        wanted += [_whole(hit.id) for hit in set_by_name(opened, from_search, who).ranking[:first]]
    if not wanted and not from_search:
        raise InvalidInputError("Name the records to add by their ids, or a saved search with --from-search.")
    new = kept.add(name, wanted, opened.store)
    known = len(dict.fromkeys(wanted)) - new
    say(f"{found.name}: {new} added{f', {known} there already' if known else ''}")


def remove(archive: ArchiveOption, name: Name, ids: Ids, who: WhoOption = "") -> None:
    """Take records out of a collection; when they are put back, they have their notes and tags again."""
    kept = _open(archive, who)[1]
    kept.remove(name, ids)
    say(f"{kept.get(name).name}: {count(len(ids), 'item')} taken out")


def note(
    archive: ArchiveOption,
    name: Name,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Your note, in the place of your earlier one; '' takes it off.")
    ],
    on: Annotated[
        str, typer.Option("--on", metavar="ID", help="A record, or a part of a picture. If none: the collection.")
    ] = "",
    who: WhoOption = "",
) -> None:
    """Write a note on a collection, or on a record in it. Everybody has a note of their own on each."""
    kept = _open(archive, who)[1]
    kept.note(name, text, on or None)
    say(f"{kept.get(name).name}: note {'written' if text else 'taken off'}{f' on {on}' if on else ''}")


def tag(
    archive: ArchiveOption,
    name: Name,
    tags: Annotated[list[str], typer.Argument(metavar="TAG", help="One or several.")],
    on: OnIds = [],  # noqa: B006
    off: Annotated[bool, typer.Option("--off", help="Take these tags off.")] = False,
    who: WhoOption = "",
) -> None:
    """Put tags on a collection, or on records in it."""
    kept = _open(archive, who)[1]
    (kept.untag if off else kept.tag)(name, tags, on)
    say(f"{kept.get(name).name}: {', '.join(tags)} {'taken off' if off else 'put on'}{_on(on)}")


def star(
    archive: ArchiveOption,
    name: Name,
    ids: SomeIds = [],  # noqa: B006
    off: Annotated[bool, typer.Option("--off", help="Take the star off.")] = False,
    who: WhoOption = "",
) -> None:
    """Star a collection, or records in it."""
    kept = _open(archive, who)[1]
    kept.star(name, ids, not off)
    say(f"{kept.get(name).name}: star {'taken off' if off else 'put on'}{_on(ids)}")


def move(
    archive: ArchiveOption,
    name: Name,
    ids: Ids,
    before: Annotated[str, typer.Option(metavar="ID", help="Put them before this one.")] = "",
    to: Annotated[
        int | None, typer.Option(metavar="PLACE", help="Put them at this place; 1 is the first.", min=1)
    ] = None,
    last: Annotated[bool, typer.Option("--last", help="Put them at the end.")] = False,
    who: WhoOption = "",
) -> None:
    """Change the order: put records, as you name them, before another one, at a place, or at the end."""
    from archive_search.workspace.items import read_item

    if bool(before) + (to is not None) + last != 1:
        raise InvalidInputError("Say where to put them, in one way: --before ID, --to PLACE or --last.")
    kept = _open(archive, who)[1]
    place: Item | None = read_item(before) if before else None
    if to is not None:
        moved = set(map(read_item, ids))
        others = [one.item for one in kept.get(name).members if one.item not in moved]
        place = others[to - 1] if to <= len(others) else None
    kept.move(name, ids, place)
    say(f"{kept.get(name).name}: {count(len(ids), 'item')} put {f'before {place.text}' if place else 'at the end'}")


def rename(
    archive: ArchiveOption,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    who: WhoOption = "",
) -> None:
    """Give a collection another name."""
    kept = _open(archive, who)[1]
    found = kept.get(name)
    kept.rename(found.id, new)
    say(f"{found.name}: called {kept.get(found.id).name} now")


def delete(archive: ArchiveOption, name: Name, who: WhoOption = "") -> None:
    """Hide a collection. Nothing is lost: 'collections undo' or 'collections bring-back' shows it again."""
    kept = _open(archive, who)[1]
    found = kept.get(name)
    kept.delete(found.id)
    say(f"{found.name}: deleted; 'collections undo' brings it back, later 'collections bring-back {found.id}'")


def bring_back(archive: ArchiveOption, name: Name, who: WhoOption = "") -> None:
    """Show a deleted collection again, whoever deleted it; 'collections list --deleted' lists them."""
    found = _open(archive, who)[1].bring_back(name)
    say(f"{found.name}: brought back, {count(len(found.members), 'item')}")


def undo(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Take back what you did last to any collection; nobody else's acts. Again: what you did before that."""
    kept = _open(archive, who)[1]
    event = kept.undo()
    say("There is nothing of yours to take back." if event is None else f"taken back: {_told(kept, event)}")


def redo(archive: ArchiveOption, who: WhoOption = "") -> None:
    """Do again what you took back last, unless you have done something else since."""
    kept = _open(archive, who)[1]
    event = kept.redo()
    say("There is nothing to do again." if event is None else f"done again: {_told(kept, event)}")


def log(archive: ArchiveOption, name: Name, as_json: AsJson = False, who: WhoOption = "") -> None:
    """Show everything that was ever done to a collection: when, who, what."""
    kept = _open(archive, who)[1]
    events = kept.history(name)
    if as_json:
        say_json([dataclasses.asdict(event) for event in events])
        return
    acts = {event.id: event for event in events}
    for event in events:
        said = f"{event.act}: {_act(acts[event.target])}" if event.target in acts else _act(event)
        say(f"{event.at[:19].replace('T', ' ')}  {event.who or '-'}  {said}")


def _open(directory: Path, who: str) -> tuple[Archive, Collections]:
    from archive_search.archive import Archive
    from archive_search.workspace.collections import Collections

    opened = Archive.open(directory)
    return opened, Collections(opened.workspace, who)


def _whole(record: str) -> Item:
    from archive_search.workspace.items import item

    return item(record)


def _data(found: Collection, gone: Iterable[str] | None = None) -> dict[str, Any]:
    """A collection as JSON data; which records are gone, where that was looked up."""
    data = dataclasses.asdict(found)
    for member, one in zip(found.members, data["members"], strict=True):
        one["item"] = member.item.data()
        if gone is not None:
            one["gone"] = member.item.record in gone
    return data


def _told(kept: Collections, event: Event) -> str:
    return f"{_act(event)} ({kept.get(event.subject).name})"


def _act(event: Event) -> str:
    """What an act was, in a few words."""
    data = event.data
    items = [str(one["record"]) for one in data.get("items", ())]
    said = [str(data.get("name") or ""), ", ".join(data.get("tags", ())), str(data.get("text") or "")[:60]]
    said.append(", ".join(items[:5]) + (f" and {len(items) - 5} more" if len(items) > 5 else ""))
    if event.act == "star" and not data.get("on"):
        said.append("off")
    if event.act == "see":
        said.append(f"{count(len(data['seen']), 'title')} that changed")
    return " ".join([event.act, *filter(None, said)])


def _star(starred: bool) -> str:
    return "*" if starred else ""


def _said(note: Note) -> str:
    return f"{note.who}: {note.text}" if note.who else note.text


def _on(ids: list[str]) -> str:
    return f" {', '.join(ids[:5])}{f' and {len(ids) - 5} more' if len(ids) > 5 else ''}" if ids else " the collection"


cli.command("list", help=list_.__doc__)(list_)
cli.command("show", help=show.__doc__)(show)
cli.command("create", help=create.__doc__)(create)
cli.command("add", help=add.__doc__)(add)
cli.command("remove", help=remove.__doc__)(remove)
cli.command("note", help=note.__doc__)(note)
cli.command("tag", help=tag.__doc__)(tag)
cli.command("star", help=star.__doc__)(star)
cli.command("move", help=move.__doc__)(move)
cli.command("rename", help=rename.__doc__)(rename)
cli.command("delete", help=delete.__doc__)(delete)
cli.command("bring-back", help=bring_back.__doc__)(bring_back)
cli.command("undo", help=undo.__doc__)(undo)
cli.command("redo", help=redo.__doc__)(redo)
cli.command("log", help=log.__doc__)(log)


COMMANDS = {"collections": cli}
