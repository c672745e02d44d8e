"""Rerunning an export: its plan once more, what is the same, what is new, gone or moved, and why that may be."""

from __future__ import annotations

import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from archive_search.archive import Archive
from archive_search.counted import count
from archive_search.evaluation.overlap import rank_biased_overlap
from archive_search.exporting import EXPORTS, Outgoing, format_of
from archive_search.exports.parts.provenance import Carried, read
from archive_search.plan import as_it_was, from_json
from archive_search.provenance import Provenance
from archive_search.reading import read_text
from archive_search.results import ResultSet
from archive_search.saved import SavedHead, SavedResultSet
from archive_search.types import ArchiveSearchError, InvalidInputError, NotInstalledError, UnknownNameError

LARGEST = 200_000_000
"""Bytes of the largest provenance that is read out of a ZIP file: that of some millions of records."""
_PROVENANCE = "provenance.json"


@dataclass(frozen=True)
class Told:
    """What a file says of the set that it came from; `whole` where all of the set is in it, as in a saved one."""

    carried: Carried
    whole: bool = False


class Place(BaseModel):
    """A record in the ranking before and after, by its place among those that left, from 1; None where it is not."""

    id: str
    before: int | None
    after: int | None
    why: str = ""
    """Of one that is gone, what is known of it; of one that moved, its places among the records that both have."""


class Cause(BaseModel):
    """What was another when the set was found: `generation`, `weights`, `torch` ..."""

    what: str
    before: str
    now: str


class Rerun(BaseModel):
    """
    A set that was found before, found again.

    `moved` are as few records as can be said to have moved for the order to have become what it is: what rises or falls
    only because others are new or gone has not moved.
    """

    file: str
    time: str
    """When the set was found before."""
    elsewhere: bool
    """Whether it was found in another archive than this one, by their ids."""
    before: int
    after: int
    same: bool
    """Whether the same records came in the same order."""
    same_scores: bool
    largest_difference: float
    """Between the scores of a record before and after."""
    overlap: float
    """Rank-biased overlap of the two rankings, 0 to 1."""
    new: list[Place]
    gone: list[Place]
    moved: list[Place]
    causes: list[Cause]
    generations: list[str]
    """Those that are still there and can be searched."""
    provenance_then: Provenance
    provenance_now: Provenance


def rerun(archive: Archive, file: str | Path, at: str = "") -> Rerun:
    """
    Run the plan of an export or of a saved result set again, and compare what comes with what came.

    What was left out then is left out now, by the same rules.

    Args:
        at: the generation to search, where it still is there; '' is the published one.

    Raises:
        ArchiveSearchError: If the file carries no provenance, or its plan cannot be run in this archive.
    """
    path = Path(file)
    told = told_by(path)
    carried = told.carried
    if carried.withheld:
        raise InvalidInputError(
            f"{path.name} cannot be rerun: its question names {count(carried.withheld, 'sensitive record')} "
            "left out of the export. Export the set again, and let each of them leave.",
            settings=("sensitive",),
        )
    searched = archive.at(at) if at else archive
    plan = as_it_was(from_json(carried.plan))
    found = searched.answer(replace(plan, space=plan.space or carried.provenance.space))
    outgoing = Outgoing(found, carried.only_open, frozenset(carried.sensitive))
    after = found.ranking if told.whole else outgoing.ranking
    old, new = {hit.id: hit.score for hit in carried.hits()}, {hit.id: hit.score for hit in after}
    elsewhere = carried.provenance.archive_id != found.provenance.archive_id
    differences = [abs(new[one] - score) for one, score in old.items() if one in new]
    return Rerun(
        file=path.name,
        time=carried.provenance.time,
        elsewhere=elsewhere,
        before=len(old),
        after=len(new),
        same=list(old) == list(new),
        same_scores=old == new,
        largest_difference=max(differences, default=0.0),
        overlap=rank_biased_overlap(list(old), list(new)),
        new=[Place(id=one, before=None, after=place) for place, one in enumerate(new, 1) if one not in old],
        gone=_gone(searched, found, outgoing, list(old), new, elsewhere),
        moved=moved_between(list(old), list(new)),
        causes=list(causes(carried.provenance, found.provenance)),
        generations=archive.index.generations(),
        provenance_then=carried.provenance,
        provenance_now=found.provenance,
    )


def causes(before: Provenance, now: Provenance) -> Iterator[Cause]:
    """What was another at an earlier search, and may be why it found other things; a chosen set goes by no model."""
    model = ("space", "embedder", "weights", "adapter") if before.space else ()
    for name in ("archive", "archive_id", "generation", "records", *model):
        yield from _cause(name, getattr(before, name), getattr(now, name))
    yield from _cause("archive-search", before.program, now.program)
    yield from _cause("store", before.store, now.store)
    for name in sorted({*before.versions, *now.versions}):
        yield from _cause(name, before.versions.get(name, ""), now.versions.get(name, ""))


def _cause(what: str, before: object, now: object) -> Iterator[Cause]:
    if before != now:
        yield Cause(what=what, before=str(before), now=str(now))


# ---------------------------------------------------------------------- what is another


def _gone(
    archive: Archive,
    found: ResultSet,
    outgoing: Outgoing,
    old: Sequence[str],
    new: Mapping[str, float],
    elsewhere: bool,
) -> list[Place]:
    gone = {one: place for place, one in enumerate(old, 1) if one not in new}
    there = {point.id for point in archive.store.points(list(gone))}
    any_more = "" if elsewhere else " any more"
    why = {
        "sensitive": f"{'' if elsewhere else 'now '}sensitive",
        "licence": f"its licence does not allow it{any_more}",
    }
    below = f"not among the first {found.plan.limit:,}" if len(found) >= found.plan.limit else f"not found{any_more}"
    return [
        Place(
            id=one,
            before=place,
            after=None,
            why=why[outgoing.kept[one]]
            if one in outgoing.kept
            else below
            if one in there
            else f"not in {'this' if elsewhere else 'the'} archive{any_more}",
        )
        for one, place in gone.items()
    ]


def moved_between(old: Sequence[str], new: Sequence[str]) -> list[Place]:
    """
    The fewest records of both rankings without which the others come in the same order.

    Only the records that both have are compared, and one whose place among them is the same has not moved.
    """
    before, after = ({one: place for place, one in enumerate(ids, 1)} for ids in (old, new))
    shared = [one for one in new if one in before]
    was = {one: place for place, one in enumerate((one for one in old if one in after), 1)}
    stayed = set(_longest_rising([was[one] for one in shared]))
    return [
        Place(
            id=one,
            before=before[one],
            after=after[one],
            why=f"{was[one]:,} to {now:,} of {len(shared):,} in both",
        )
        for now, one in enumerate(shared, 1)
        if was[one] not in stayed and was[one] != now
    ]


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest rising subsequence of different numbers (Schensted 1961)."""
    ends: list[int] = []  # ends[n]: the smallest number that a rising subsequence of n + 1 numbers ends with
    previous: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        previous[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found: list[int] = []
    last: int | None = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = previous[last]
    return found[::-1]


# ---------------------------------------------------------------------- what a file carries


def told_by(file: Path) -> Told:
    """
    What an export of any format, the provenance beside one, or a saved result set says of the set that it came from.

    By the file's ending, and by what is in it where the ending tells nothing.

    Raises:
        InvalidInputError: If it carries no provenance, or cannot be read.
        NotInstalledError: If what reads its format is missing.
    """
    try:
        return _told_by(file)
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror or error}.") from error


def _told_by(file: Path) -> Told:
    if not file.exists():
        raise InvalidInputError(f"{file} does not exist: name an exported file, or a saved result set.")
    try:
        chosen = format_of(file)
    except UnknownNameError:
        chosen = ""
    if chosen:
        try:
            return Told(read(EXPORTS[chosen].carried(file), file.name))
        except InvalidInputError as error:
            first: ArchiveSearchError = error
    else:
        first = InvalidInputError(
            f"{file} carries no provenance: name an export, or what 'archive-search search --json' printed."
        )
    if (told := _as_json(file) or _in_a_zip(file)) is not None:
        return told
    for name, kind in EXPORTS.items():
        if name != chosen:
            try:
                return Told(read(kind.carried(file), file.name))
            except (InvalidInputError, NotInstalledError):
                continue
    raise first


def _in_a_zip(file: Path) -> Told | None:
    """What the provenance in a ZIP file of an export's folder, or of its files, tells; None where there is none."""
    try:
        with zipfile.ZipFile(file) as parts:
            some = [
                one for one in parts.infolist() if one.filename.endswith(_PROVENANCE) and one.filename.count("/") < 2
            ]
            if len(some) != 1 or some[0].file_size > LARGEST:
                return None
            text = parts.read(some[0]).decode("utf-8")
    except (zipfile.BadZipFile, zlib.error, OSError, UnicodeDecodeError, NotImplementedError, RuntimeError):
        return None
    try:
        return Told(read(text, file.name))
    except InvalidInputError:
        return None


def _as_json(file: Path) -> Told | None:
    """What a saved result set, or provenance in a file of its own, tells; None where it is neither."""
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        if not opened.read(16).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return None
    try:
        text = read_text(file, "The export")
    except InvalidInputError:
        return None
    try:
        return Told(read(text, file.name))
    except InvalidInputError:
        pass
    try:
        saved = SavedResultSet.model_validate_json(text)
    except ValidationError:
        return None
    head: dict[str, Any] = {name: getattr(saved, name) for name in SavedHead.model_fields}
    ranking = [(hit.id, hit.score) for hit in saved.hits]
    carried = Carried(**head, left_out={}, only_open=False, sensitive=[], withheld=0, ranking=ranking)
    return Told(carried, whole=True)


def day_of(time: str) -> str:
    """The day of a time as ISO 8601 writes it; the text itself where it is none."""
    try:
        return datetime.fromisoformat(time).date().isoformat()
    except ValueError:
        return time
