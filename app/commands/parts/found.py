"""What a search found, a collection or a saved search holds: printed, exported, noted in a history."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.parts.terminal import say
from archive_search.counted import count
from archive_search.types import ArchiveSearchError, InvalidInputError

if TYPE_CHECKING:
    from archive_search.archive import Archive
    from archive_search.plan import Stage, Trace
    from archive_search.results import ResultSet
    from archive_search.types import Hit


def note_in_history(archive: Archive, found: ResultSet, who: str) -> None:
    """Note a search in the history of who asked for one; a search is never lost for it."""
    from archive_search.workspace.history import History

    try:
        History(archive.workspace, who).note(found)
    except ArchiveSearchError as error:
        say(f"note: this search is not in your history: {error}", err=True)


def chosen_format(
    target: Path, format: str, settings: Sequence[str], overwrite: bool = False
) -> tuple[str, dict[str, Any]]:
    """The format of an export and its settings as they were typed; told before a long search, not after it."""
    from archive_search.exporting import EXPORTS, check_target, format_of, formats_by_ending
    from archive_search.knobs import from_data, from_texts

    name = format_of(target, format)
    check_target(target, name, overwrite)
    if others := [one for one in formats_by_ending(target) if one != name]:
        say(f"note: {target.name} ends like {others[0]}, what is written into it is {name}", err=True)
    what = f"The settings of {name}"
    given = from_texts(EXPORTS[name], settings, what)
    from_data(EXPORTS[name], given, what)
    return name, given


def export_found(
    found: ResultSet,
    target: Path,
    format: str,
    settings: Mapping[str, Any],
    only_open: bool,
    sensitive: Sequence[str],
    overwrite: bool = False,
) -> None:
    """Write a set to a file, with progress, and say what left and what did not."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.exporting import Outgoing, export
    from archive_search.exports.parts.provenance import withheld

    outgoing = Outgoing(found, only_open, frozenset(sensitive))
    if next(iter(outgoing), None) is None:
        why = {"sensitive": "sensitive (--sensitive ID lets one leave)", "licence": "left out for their licence"}
        left_out = ", ".join(f"{count} {why[one]}" for one, count in outgoing.left_out.items())
        raise InvalidInputError(f"Nothing is left to export, no file is written: {left_out or 'no record was found'}.")
    for remark in found.trace.remarks:
        say(f"note: {remark}", err=True)
    with ProgressBar() as bar:
        step = functools.partial(bar.step, "exporting")
        told = export(
            found,
            target,
            format,
            settings=settings,
            only_open=only_open,
            sensitive=sensitive,
            overwrite=overwrite,
            progress=step,
        )
    why = {
        "sensitive": "sensitive, left out: --sensitive ID lets one leave, 'search --where sensitive=yes' lists them",
        "licence": "left out for their licence",
    }
    left = "".join(f"; {count} {why[reason]}" for reason, count in told.left_out.items())
    say(f"{told.target}: {count(told.records, 'record')} as {told.format}{left}")
    for remark in told.remarks:
        say(f"note: {remark}", err=True)
    if stays := withheld(outgoing):
        named = ", ".join(stays)
        options = " ".join(f"--sensitive {one}" for one in stays)
        say(
            f"note: {told.target.name} can never be rerun: its question names what is sensitive and stays ({named}). "
            f"Where that may leave, export again with {options}.",
            err=True,
        )


def print_hits(hits: Sequence[Hit], happened: Trace) -> None:
    """Print hits as a table, with what the search has to say about them."""
    from app.commands.parts.table import print_table

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
            text_of(hit.payload.get("title")),
            text_of(hit.payload.get("date")) or _years(hit.payload.get("date_from"), hit.payload.get("date_to")),
            text_of(hit.payload.get("file")),
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


def text_of(value: object) -> str:
    """A value of the metadata in one line."""
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
