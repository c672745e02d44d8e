"""`archive-search status`: what an archive holds, and what was rejected and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count

if TYPE_CHECKING:
    from archive_search.archive import Archive


def status(
    archive: ArchiveOption,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    not_understood: Annotated[
        bool,
        typer.Option(
            "--not-understood", help="List dates and sizes that were not understood, the most frequent first."
        ),
    ] = False,
) -> None:
    """Show counts, spaces, generation, and every rejected record with its reason."""
    from archive_search.archive import Archive

    if not_understood:
        _not_understood(Archive.open(archive), as_json)
        return
    found = gather(Archive.open(archive))
    if as_json:
        say_json(found)
    else:
        _print(found)


def gather(archive: Archive) -> dict[str, Any]:
    """The state of an archive as data."""
    from archive_search.contents import contents
    from archive_search.metadata.fields import SAME_PICTURE
    from ingest.status import progressed, spaces

    work = progressed(archive)
    held = contents(archive.store) if archive.generation is not None else None
    return {
        "archive": str(archive.directory),
        "name": archive.settings.name,
        "generation": work.generation,
        "building": work.building,
        "remark": work.remark,
        "records": held.records if held else 0,
        "same_picture": {"groups": held.groups, "records": held.filled.get(SAME_PICTURE, 0)} if held else {},
        "spaces": {
            name: {key: value for key, value in dataclasses.asdict(one).items() if value is not None}
            for name, one in spaces(archive).items()
        },
        "fields": {
            field.name: held.filled[key] for key, field in archive.fields.items() if held and key in held.filled
        },
        "pending": work.pending,
        "rejected": [dataclasses.asdict(one) for one in work.rejected],
        "last_ingest": dataclasses.asdict(work.last) if work.last else None,
    }


def _print(found: dict[str, Any]) -> None:
    from app.commands.parts.table import print_table

    say(f"{found['name']} ({found['archive']})")
    say(f"records     {found['records']}")
    if groups := found["same_picture"].get("groups"):
        records = count(found["same_picture"]["records"], "record")
        say(f"same        {records} in {count(groups, 'group')}, each of which shows one picture")
    spaces = [
        f"{name} ({space['dim']} dimensions{', searched by default' if space['default'] else ''}"
        f"{_held(space, found['records'])})"
        for name, space in found["spaces"].items()
    ]
    say(f"spaces      {'; '.join(spaces) or 'none yet'}")
    filled = (f"{name} {records:,}" for name, records in found["fields"].items())
    say(f"fields      {', '.join(filled) or 'none filled yet'}")
    say(f"generation  {found['generation'] or 'none published yet'}")
    if found["remark"]:
        say(f"index       {found['remark']}")
    if found["building"]:
        say(
            f"unfinished  {found['building']}, {count(found['pending'], 'record')} so far: "
            "run the same ingest again to go on"
        )
    say(f"rejected    {len(found['rejected'])}")
    if found["rejected"]:
        say()
        rows = [(one["id"], one["image"], one["stage"], one["reason"]) for one in found["rejected"]]
        print_table(("id", "picture", "stage", "reason"), rows, widest="")


LISTED = 200
"""So many texts that were not understood are listed; `--json` has all that are held."""


def _not_understood(archive: Archive, as_json: bool) -> None:
    from app.commands.parts.table import print_table
    from archive_search.contents import contents

    held = contents(archive.store) if archive.generation is not None else None
    tallies = {"dates": held.dates, "sizes": held.sizes} if held else {}
    if as_json:
        say_json({what: {"records": tally.total, "texts": dict(tally)} for what, tally in tallies.items()})
        return
    for what, tally in tallies.items():
        different = f"{count(len(tally), 'different text')}{'' if tally.is_whole else ' and more'}"
        say(f"{what}       {count(tally.total, 'record')} not understood, {different}")
        rows = [(f"{number:,}", text) for text, number in list(tally.items())[:LISTED]]
        if rows:
            say()
            print_table(("records", "as written"), rows, right=("records",), widest="as written")
            if len(tally) > LISTED:
                say(f"... and {count(len(tally) - LISTED, 'more text')}: --json lists them")
            say()
    if not held:
        say("Nothing is published yet.")


def _held(space: Mapping[str, Any], records: int) -> str:
    if "tiles" not in space:
        return f", {count(space['without'], 'record')} without a vector there" if space["without"] else ""
    from ingest.status import READ

    about = "about " if records > READ else ""
    return f", {about}{count(space['tiles'], 'vector')} of parts of {count(records - space['without'], 'picture')}"


COMMANDS = {"status": status}
