"""The provenance in a file beside an export whose format has no room for it."""

from __future__ import annotations

from pathlib import Path

from archive_search.exporting import Outgoing
from archive_search.exports.parts.provenance import provenance
from archive_search.reading import read_text
from archive_search.types import InvalidInputError

ENDING = ".provenance.json"
"""What its name ends with, after the name of the export."""


def write_beside(outgoing: Outgoing, target: Path) -> None:
    """Write the provenance beside a target."""
    _beside(target).write_text(provenance(outgoing, 1), encoding="utf-8")


def carried_beside(target: Path) -> str:
    """The provenance beside a target; raises InvalidInputError where there is none."""
    if not _beside(target).is_file():
        raise InvalidInputError(f"{target} carries no provenance: {_beside(target).name} is not beside it.")
    return read_text(_beside(target), "The provenance")


def _beside(target: Path) -> Path:
    return target.with_name(target.name + ENDING)
