"""CSV: a row per hit, for spreadsheets and statistics; its provenance in a JSON file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.provenance import provenance
from archive_search.exports.parts.rows import columns, rows
from archive_search.knobs import knob
from archive_search.reading import read_text
from archive_search.spreadsheet_cells import csv_line
from archive_search.types import InvalidInputError


@dataclass(frozen=True)
class Csv:
    """
    A row per hit, UTF-8 with a byte order mark, which spreadsheets need to read letters as they are.

    Cells that a spreadsheet would run are made harmless by an apostrophe; `archive_search.spreadsheet_cells` reads them
    back. `FILE.provenance.json` beside it tells how the set was found.
    """

    summary: ClassVar[str] = "a row per hit, for spreadsheets; provenance beside it"
    endings: ClassVar[tuple[str, ...]] = (".csv",)
    beside: ClassVar[tuple[str, ...]] = (".provenance.json",)
    folder: ClassVar[bool] = False

    mark: bool = knob(True, "Byte order mark", help="Off: for programs that take it for a part of the first name.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """Two passes: one for the columns, one for the rows."""
        names = columns(outgoing)
        with target.open("w", encoding="utf-8-sig" if self.mark else "utf-8", newline="") as file:
            file.write(csv_line(names))
            for row in rows(outgoing):
                file.write(csv_line(row.get(name) for name in names))
        _beside(target).write_text(provenance(outgoing, 1), encoding="utf-8")

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in the file beside it."""
        if not _beside(target).is_file():
            raise InvalidInputError(f"{target} carries no provenance: {_beside(target).name} is not beside it.")
        return read_text(_beside(target), "The provenance")


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.provenance.json")


EXPORTS: Mapping[str, type[Export]] = {"csv": Csv}
