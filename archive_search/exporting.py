"""Exporting a result set: the format by name or ending, what may leave, all or nothing."""

from __future__ import annotations

import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol

from archive_search.atomic import atomic_write
from archive_search.knobs import from_data
from archive_search.metadata.licences import is_open
from archive_search.metadata.sensitive import is_sensitive, leaving
from archive_search.metadata.table import Fields
from archive_search.plan import Plan, Trace
from archive_search.provenance import Provenance
from archive_search.registry import Registry
from archive_search.saved import SavedHead
from archive_search.types import (
    Box,
    Hit,
    InvalidInputError,
    Payload,
    Ranking,
    StoreError,
    UnknownNameError,
    Vector,
)


class Holdings(Protocol):
    """What a result set reads of its records, when it is asked for."""

    @property
    def fields(self) -> Fields:
        """The fields that they have."""
        ...

    def payloads(self, ids: Sequence[str]) -> Mapping[str, Payload]:
        """What is known of these records, by id; unknown ids left out."""
        ...

    def boxes(self, payloads: Mapping[str, Payload], sought: Vector, space: str) -> Mapping[str, Box]:
        """Of each of these records that has tiles, the box of the one most similar to a vector of this space."""
        ...

    def thumbnail_file(self, payload: Payload) -> Path | None:
        """The thumbnail of a record; None where there is none."""
        ...

    def picture_file(self, record_id: str) -> Path | None:
        """The original picture where it is at hand, else the thumbnail; None where there is neither."""
        ...


class Exportable(Protocol):
    """What an export reads of a result set."""

    @property
    def plan(self) -> Plan:
        """What was asked, by which steps."""
        ...

    @property
    def trace(self) -> Trace:
        """What every step did."""
        ...

    @property
    def ranking(self) -> Ranking:
        """The hits without their payloads."""
        ...

    @property
    def plain(self) -> Mapping[str, int]:
        """Ranks in plain nearest-neighbour search by id, from 1, as far as it was looked."""
        ...

    @property
    def holdings(self) -> Holdings:
        """What is known of the records."""
        ...

    @property
    def provenance(self) -> Provenance:
        """Archive, generation, weights, versions and time of the search."""
        ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Hit]:
        """Every hit with its payload, best first."""
        ...

    def head(self) -> SavedHead:
        """The saved form but for the hits."""
        ...


@dataclass(frozen=True)
class Outgoing:
    """
    A result set as it leaves: sensitive records only where they were asked for by name, and, where that is wanted, only
    what its licence lets anybody pass on; of each record all but where its files lie on this computer.

    Going through it gives (rank, hit), best first; ranks are those of the result set, so that a gap tells what is left
    out. Nothing is held in memory as a whole.
    """

    found: Exportable
    only_open: bool = False
    sensitive: frozenset[str] = frozenset()
    tick: Callable[[int, int], None] = lambda done, total: None
    """Told how many of how many hits are done."""
    remarks: list[str] = field(default_factory=list)
    """What the format has to say to whoever exports."""

    def __iter__(self) -> Iterator[tuple[int, Hit]]:
        total = len(self.found)
        for rank, hit in enumerate(self.found, 1):
            if not self.kept_back(hit):
                yield rank, hit._replace(payload=leaving(hit.payload))
            self.tick(rank, total)

    def silent(self) -> Outgoing:
        """The same, to be gone through without telling how far one is."""
        return replace(self, tick=lambda done, total: None)

    @cached_property
    def kept(self) -> Mapping[str, str]:
        """Why each hit that stays does not leave, by id: `sensitive` or `licence`."""
        return {hit.id: why for hit in self.found if (why := self.kept_back(hit))}

    @cached_property
    def left_out(self) -> Mapping[str, int]:
        """How many records are left out, by reason: `sensitive`, `licence`."""
        counts = Counter(self.kept.values())
        return {why: counts[why] for why in ("sensitive", "licence") if counts[why]}

    @cached_property
    def ranking(self) -> Ranking:
        """The hits that leave, best first, without their payloads."""
        return tuple(hit for hit in self.found.ranking if hit.id not in self.kept)

    def kept_back(self, hit: Hit) -> str:
        """Why a hit does not leave: `sensitive` or `licence`; '' where it does."""
        if is_sensitive(hit.payload) and hit.id not in self.sensitive:
            return "sensitive"
        return "licence" if self.only_open and not is_open(str(hit.payload.get("licence") or "")) else ""


class Export(Protocol):
    """A format; a frozen dataclass whose fields are its settings."""

    summary: ClassVar[str]
    endings: ClassVar[tuple[str, ...]]
    """Endings of file names that choose it; () for a format that is chosen by its name only."""
    beside: ClassVar[tuple[str, ...]]
    """What the names of files end with that it may write beside the target, after the target's own name."""
    folder: ClassVar[bool]
    """Whether it writes a folder."""

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """Write the set to a path that does not exist yet; what it writes beside it begins with the path's name."""
        ...

    @classmethod
    def carried(cls, target: Path) -> str:
        """
        The provenance that an export of this format carries, the JSON that was written.

        Raises:
            InvalidInputError: If the target is no export of this format, or carries none.
        """
        ...


EXPORTS: Registry[type[Export]] = Registry("archive_search.exports", "EXPORTS", "export format")
"""Every format by name."""


@dataclass(frozen=True)
class Exported:
    """What an export wrote, how many records it left out, by reason, and what it has to say."""

    target: Path
    format: str
    records: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def formats_by_ending(target: Path) -> list[str]:
    """The formats that the ending of a name chooses."""
    return [known for known, kind in EXPORTS.items() if target.name.lower().endswith(kind.endings)]


def format_of(target: Path, name: str = "") -> str:
    """
    The format that a name or an ending chooses.

    Raises:
        UnknownNameError: Listing the formats and their endings.
    """
    if name:
        EXPORTS[name]
        return name
    if meant := formats_by_ending(target):
        return meant[0]
    choices = ", ".join(f"{known} ({', '.join(kind.endings) or 'by name'})" for known, kind in EXPORTS.items())
    raise UnknownNameError(f"The name {target.name!r} chooses no format: name one of {choices}.")


def export(
    found: Exportable,
    target: str | Path,
    format: str = "",
    *,
    settings: Mapping[str, Any] | None = None,
    only_open: bool = False,
    sensitive: Collection[str] = (),
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Exported:
    """
    Write a result set, whole, in one of the formats of `EXPORTS`; nothing is there until all of it is.

    Args:
        format: its name; '' goes by the ending of the target.
        settings: of the format, where they differ from its defaults.
        only_open: leave out what its licence does not let anybody pass on.
        sensitive: ids of sensitive records that are to leave all the same; all others stay.
        overwrite: whether a file that is there is replaced; a folder that is there never is.
        progress: told how many of how many hits are done.

    Raises:
        UnknownNameError: If no format is called so, or no record of the set has an id in `sensitive`.
        InvalidInputError: On a setting out of range, or a target that is there already or has no folder to lie in.
        StoreError: If the target cannot be written.
    """
    place, name = Path(target), format_of(Path(target), format)
    made = from_data(EXPORTS[name], dict(settings or {}), f"settings of {name}")
    check_target(place, name, overwrite)
    outgoing = Outgoing(found, only_open, frozenset(sensitive), progress or (lambda done, total: None))
    if strangers := sorted(outgoing.sensitive - {hit.id for hit in found.ranking}):
        raise UnknownNameError(f"No record of this set has the id {strangers[0]!r}, which is named as sensitive.")
    try:
        if made.folder:
            _write_folder(made, outgoing, place)
        else:
            with atomic_write(place) as part:
                try:
                    made.write(outgoing, part)
                    for ending in made.beside:
                        with suppress(FileNotFoundError):  # not every set has all that can be beside it
                            part.with_name(part.name + ending).replace(place.with_name(place.name + ending))
                finally:
                    for ending in made.beside:
                        part.with_name(part.name + ending).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{place} cannot be written: {error.strerror or error}.") from error
    return Exported(
        place, name, len(found) - sum(outgoing.left_out.values()), outgoing.left_out, tuple(outgoing.remarks)
    )


def check_target(place: Path, name: str, overwrite: bool = False) -> None:
    """
    Make sure that an export of a format can be put where it is wanted, before a long search and before it is written.

    What is there may be somebody's work: a file is replaced only where that is said, a folder never.

    Raises:
        InvalidInputError: If something is there already, or no folder for it to lie in.
    """
    kind = EXPORTS[name]
    if place.is_dir() or (kind.folder and place.exists()):
        raise InvalidInputError(f"{place} is there already, and no export replaces a folder: name another one.")
    there = [one for one in (place, *(place.with_name(place.name + end) for end in kind.beside)) if one.exists()]
    if there and not overwrite:
        raise InvalidInputError(f"{there[0]} is there already: name another file, or say that it is to be overwritten.")
    if not place.parent.is_dir():
        why = "is no folder" if place.parent.exists() else "does not exist: make it first"
        raise InvalidInputError(f"{place} cannot be written: {place.parent} {why}.")


def _write_folder(made: Export, outgoing: Outgoing, place: Path) -> None:
    part = place.with_name(f".{place.name}.{uuid.uuid4().hex[:12]}")
    try:
        made.write(outgoing, part)
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
