"""CSV: a row per hit, for spreadsheets and statistics; its provenance in a JSON file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.beside import ENDING, carried_beside, write_beside
from archive_search.exports.parts.rows import columns, rows
from archive_search.knobs import knob
from archive_search.spreadsheet_cells import csv_line


@dataclass(frozen=True)
class Csv:
    """
    A row per hit, UTF-8 with a byte order mark, which spreadsheets need to read letters as they are.

    Cells that a spreadsheet would run are made harmless by an apostrophe; `archive_search.spreadsheet_cells` reads them
    back. `FILE.provenance.json` beside it tells how the set was found.
    """

    summary: ClassVar[str] = "a row per hit, for spreadsheets; provenance beside it"
    endings: ClassVar[tuple[str, ...]] = (".csv",)
    beside: ClassVar[tuple[str, ...]] = (ENDING,)
    folder: ClassVar[bool] = False

    fields: tuple[str, ...] = knob((), "Columns", help="Fields and columns; none named: all.")
    mark: bool = knob(True, "Byte order mark", help="Off: for programs that take it for a part of the first name.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """Two passes: one for the columns, one for the rows."""
        names = columns(outgoing, self.fields)
        with target.open("w", encoding="utf-8-sig" if self.mark else "utf-8", newline="") as file:
            file.write(csv_line(names))
            for row in rows(outgoing):
                file.write(csv_line(row.get(name) for name in names))
        write_beside(outgoing, target)

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in the file beside it."""
        return carried_beside(target)


EXPORTS: Mapping[str, type[Export]] = {"csv": Csv}
