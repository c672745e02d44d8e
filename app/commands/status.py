"""`archive-search status`: what an archive holds, and what was rejected and why."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count

if TYPE_CHECKING:
    from archive_search.archive import Archive
    from ingest.source import Rejected
    from ingest.status import Progressed


def status(
    archive: ArchiveOption,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    not_understood: Annotated[
        bool,
        typer.Option(
            "--not-understood", help="List dates and sizes that were not understood, the most frequent first."
        ),
    ] = False,
    rejected: Annotated[bool, typer.Option("--rejected", help="List every rejected record with its reason.")] = False,
    measure_recall: Annotated[
        bool,
        typer.Option(
            "--measure-recall",
            help="Measure first what a search of a large index finds of the truly nearest, and keep it in the archive.",
        ),
    ] = False,
) -> None:
    """Show counts, spaces, generation, how the index searches, and why records were rejected."""
    from archive_search.archive import Archive
    from ingest.status import progressed

    opened = Archive.open(archive)
    if measure_recall:
        _measure(opened)
    if not_understood:
        _not_understood(opened, as_json)
    elif rejected and not as_json:
        _each(progressed(opened).rejected)
    elif as_json:
        say_json(gather(opened))
    else:
        work = progressed(opened)
        _print(gather(opened, work))
        _reasons(work.rejected, opened)


def gather(archive: Archive, work: Progressed | None = None) -> dict[str, Any]:
    """The state of an archive as data; `work` is how far it is, where that was asked for already."""
    from archive_search.contents import contents
    from archive_search.evaluation.recall import read_recall
    from archive_search.metadata.fields import SAME_PICTURE
    from ingest.status import progressed, spaces

    work = work or progressed(archive)
    held = contents(archive.store) if archive.generation is not None else None
    recall = read_recall(archive)
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
        "precision": _precision(archive) if held else {},
        "recall": dataclasses.asdict(recall) if recall else None,
        "fields": {
            field.name: held.filled[key] for key, field in archive.fields.items() if held and key in held.filled
        },
        "pending": work.pending,
        "rejected": [dataclasses.asdict(one) for one in work.rejected],
        "last_ingest": dataclasses.asdict(work.last) if work.last else None,
    }


def _print(found: dict[str, Any]) -> None:
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
    if precision := found["precision"]:
        fixed = "as archive.toml says" if precision["fixed"] else "chosen by size"
        say(f"precision   {precision['name']}, {fixed}: {precision['why']}")
        if precision["next"] != precision["name"]:
            say(f"            the next ingest packs the index anew as {precision['next']}")
    if recall := found["recall"]:
        _print_recall(recall, found["generation"])
    if found["remark"]:
        say(f"index       {found['remark']}")
    if found["building"]:
        say(
            f"unfinished  {found['building']}, {count(found['pending'], 'record')} so far: "
            "run the same ingest again to go on"
        )
    say(f"rejected    {len(found['rejected']):,}")


REASONS = 25
"""So many kinds of reasons are listed, the most frequent."""
_STAGES = {
    "record": "in the catalogue",
    "opened": "when opened",
    "prepared": "when made ready for the model",
    "encoded": "by the model",
    "stored": "when stored",
}


def _reasons(rejected: Sequence[Rejected], archive: Archive) -> None:
    """Each kind of reason, with how many records it has and the first of their ids."""
    from ingest.rejections import by_reason

    kinds = by_reason(rejected)
    for one in kinds[:REASONS]:
        many = len(one.rejected)
        more = f" and {many - NAMED:,} more" if many > NAMED else ""
        # a reason may begin with the address that is the id
        ids = [each.id for each in one.rejected[:NAMED] if each.id not in one.said]
        say()
        say(f"{many:>10,}  {one.said}")
        say(f"{'':10}  {': '.join(filter(None, (_STAGES[one.stage], ', '.join(ids) + more)))}")
    if kinds:
        others = f"and {count(len(kinds) - REASONS, 'other reason')}; " if len(kinds) > REASONS else ""
        say()
        say(f"{others}each record: archive-search status --rejected --archive {shlex.quote(str(archive.directory))}")


def _each(rejected: Sequence[Rejected]) -> None:
    """Every rejected record."""
    from app.commands.parts.table import print_table

    rows = [(one.id, "" if one.image == one.id else one.image, one.stage, one.reason) for one in rejected]
    if rows:
        print_table(("id", "picture", "stage", "reason"), rows, widest="")
    else:
        say("Nothing was rejected.")


NAMED = 3
"""So many records are named for each reason."""


def _precision(archive: Archive) -> dict[str, Any]:
    """How the index keeps and searches vectors, why, and how the next ingest will."""
    now, choice = archive.store.precision, archive.index.choice
    wanted = choice.of(archive.store.count(), now)
    return {"name": now, "why": choice.named(now).why, "fixed": bool(choice.fixed), "next": wanted.name}


def _measure(archive: Archive) -> None:
    from app.commands.parts.progress import ProgressBar
    from archive_search.evaluation.recall import measure_recall

    with ProgressBar() as bar:
        measure_recall(archive, progress=lambda done, total: bar.step("searching twice", done, total))


def _print_recall(recall: Mapping[str, Any], generation: str) -> None:
    of = "" if recall["generation"] == generation else f", then {recall['generation']}"
    say(f"recall      measured {recall['time'][:10]}, {recall['records']:,} records, {recall['precision']}{of}")
    for one in recall["measured"]:
        asked = f"{one['space']} by {one['queries']} {one['asked']}, the best {one['limit']}"
        found = f"{one['recall']:.2%} found (at least {one['lowest']:.1%})"
        say(f"            {asked}: {found}, {one['ms']:.1f} ms instead of {one['exact_ms']:.1f}")


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
