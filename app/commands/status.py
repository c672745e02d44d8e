"""`archive-search status`: what an archive holds, and what was rejected and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say, say_json
from archive_search.counted import count
from archive_search.spaces import is_tiled
from archive_search.types import Missing

if TYPE_CHECKING:
    from archive_search.archive import Archive
    from archive_search.types import Store

_READ = 1000
"""Records whose tiles are counted: all of them would be read from the disk."""


def status(
    archive: ArchiveOption,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show counts, spaces, generation, and every rejected record with its reason."""
    from archive_search.archive import Archive

    found = gather(Archive.open(archive))
    if as_json:
        say_json(found)
    else:
        _print(found)


def gather(archive: Archive) -> dict[str, Any]:
    """The state of an archive as data."""
    from ingest.ledger import Ledger

    generation = archive.generation
    found: dict[str, Any] = {
        "archive": str(archive.directory),
        "name": archive.settings.name,
        "generation": generation,
        "building": archive.index.building(),
        "remark": archive.index.remark(),
        "records": 0,
        "spaces": {},
        "fields": {},
        "pending": 0,
        "rejected": [],
        "last_ingest": None,
    }
    if generation is not None:
        store = archive.store
        found["records"] = store.count()
        found["spaces"] = {
            name: {
                "dim": dim,
                "default": name == archive.default_space(),
                "without": found["records"] - _filled(store, name, dim),
                **({"tiles": _tiles(store, name)} if is_tiled(name) else {}),
            }
            for name, dim in sorted(store.spaces.items())
        }
        found["fields"] = {
            field.name: filled
            for key, field in archive.fields.items()
            if (filled := found["records"] - store.count((Missing(key),)))
        }
    if archive.ledger.exists():
        with Ledger(archive.ledger, reading=True) as ledger:
            found["pending"] = ledger.pending_count()
            found["rejected"] = [dataclasses.asdict(one) for one in ledger.rejected()]
            last = ledger.last_run()
            found["last_ingest"] = dataclasses.asdict(last) if last else None
    return found


def _filled(store: Store, space: str, dim: int) -> int:
    """How many records have a vector in a space: those that any search finds."""
    anything = np.full(dim, dim**-0.5, dtype=np.float32)
    return len(store.nearest(space, anything, max(1, store.count())))


def _tiles(store: Store, space: str) -> int:
    """How many vectors a space of tiles holds; in a large archive what a part of the records suggests."""
    rows = [len(point.vectors.get(space, ())) for point in islice(store.scan((), space), _READ)]
    return round(store.count() * sum(rows) / max(len(rows), 1))


def _print(found: dict[str, Any]) -> None:
    from app.commands.parts.table import print_table

    say(f"{found['name']} ({found['archive']})")
    say(f"records     {found['records']}")
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


def _held(space: Mapping[str, Any], records: int) -> str:
    if "tiles" not in space:
        return f", {count(space['without'], 'record')} without a vector there" if space["without"] else ""
    about = "about " if records > _READ else ""
    return f", {about}{count(space['tiles'], 'vector')} of parts of {count(records - space['without'], 'picture')}"


COMMANDS = {"status": status}
