"""
Delimited text as rows of cells: the delimiter is found, and a lone quotation mark swallows no rows.

A quotation mark at the beginning of a cell opens a text that ends at the next lone one, and may hold delimiters and
line breaks. Where somebody wrote just a mark (`"Axe`, `5" nails`), such a reading takes the rows that follow into the
cell. So a mark is read as text where its cell is not closed as it should be (the closing mark is followed by a
delimiter or the line's end) and its line is a whole row without it, or where every line that the cell would span is a
whole row: as many cells as the header has, none beginning with a space, as prose has them behind its commas. Where
marks in one line hinder each other, all of them are text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from archive_search.types import MetadataError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""What may stand between cells, in words."""
NO_DELIMITER = "\x1f"
"""Stands for the delimiter of a text with one column."""

_SAMPLE = 50
_LITERAL = "\ufdd0"
"""Stands for a quotation mark that is text while `csv` reads; no text holds this character."""

_Row: TypeAlias = tuple[int, list[str]]
"""The number of the line that a row begins on, from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a text, what stands between their cells, and the lines whose lone quotation mark was read as text."""

    rows: tuple[_Row, ...]
    delimiter: str
    lone: tuple[int, ...]


def read_rows(text: str, name: str, delimiter: str = "") -> Delimited:
    """
    Read delimited text; blank lines are left out.

    Args:
        name: how errors name the file.
        delimiter: what stands between cells, where that is known.

    Raises:
        MetadataError: Where a cell is longer than any cell is.
    """
    lines = tuple(io.StringIO(text, newline=""))
    found, quoting = (delimiter, csv.QUOTE_MINIMAL) if delimiter else _sniffed(lines)
    reading = _Reading(lines, found, quoting, name)
    return Delimited(tuple(reading.rows()), found, tuple(sorted(reading.literal)))


def _sniffed(lines: Sequence[str]) -> tuple[str, Any]:
    """The delimiter (and whether quotation marks count) under which most of the first rows have the header's length."""
    best: tuple[float, int] = (0.0, 1)
    found: tuple[str, Any] = (NO_DELIMITER, csv.QUOTE_NONE)
    for delimiter, quoting in [*((one, csv.QUOTE_MINIMAL) for one in DELIMITERS), ("\t", csv.QUOTE_NONE)]:
        rows: list[list[str]] = []
        with suppress(MetadataError):  # what stands before a fault tells enough; reading the whole will name it
            rows.extend(cells for _, cells in islice(_Reading(lines, delimiter, quoting, "").rows(), _SAMPLE))
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        alike = sum(len(cells) == width for cells in rows) / len(rows)
        # A tab in a cell is rarer than a lone quotation mark that has swallowed the next row.
        swallowed = delimiter == "\t" and any("\t" in cell for cells in rows for cell in cells)
        score = alike - 0.01 * swallowed, width
        if score > best:
            best, found = score, (delimiter, quoting)
    return found


class _Reading:
    """One reading of the lines, that goes back where a quotation mark has swallowed rows."""

    def __init__(self, lines: Sequence[str], delimiter: str, quoting: Any, name: str) -> None:
        self._lines, self._delimiter, self._quoting, self._name = lines, delimiter, quoting, name
        self._at = 0
        self.literal: dict[int, str] = {}
        """Lines by number, from 1, as they are read once their lone quotation mark is text."""

    def __iter__(self) -> Iterator[str]:
        """The lines, for `csv`; after the last one it may go back."""
        return self

    def __next__(self) -> str:
        """The next line."""
        if self._at == len(self._lines):
            raise StopIteration
        self._at += 1
        return self._line(self._at)

    def rows(self) -> Iterator[_Row]:
        """The rows, each with the number of the line it begins on."""
        reader = csv.reader(self, delimiter=self._delimiter, quoting=self._quoting)
        width = 0
        while self._at < len(self._lines):
            number = self._at + 1
            fault: csv.Error | None = None
            try:
                cells = next(reader)
            except csv.Error as error:
                cells, fault = [], error
            if self._quoting != csv.QUOTE_NONE and self._is_misread(number, cells, width):
                self._at = number - 1
                continue
            if fault is not None:
                hint = " Is a quotation mark never closed?" if "limit" in str(fault) else ""
                raise MetadataError(f"{self._name}, line {number}: {fault}.{hint}") from fault
            if number in self.literal:
                cells = [cell.replace(_LITERAL, '"') for cell in cells]
            if any(cell.strip() for cell in cells):
                width = width or max(place for place, cell in enumerate(cells, 1) if cell.strip())
                yield number, cells

    def _line(self, number: int) -> str:
        return self.literal.get(number, self._lines[number - 1])

    def _is_misread(self, number: int, cells: Sequence[str], width: int) -> bool:
        """Whether the row just read is none because of a lone quotation mark, which is text from now on."""
        spanned = [self._line(one) for one in range(number, self._at + 1)]
        line = spanned[0]
        if len(spanned) == 1 and '"' not in line:
            return False
        opens = _opens(line, self._delimiter)
        if opens < 0 and (not width or _fits(cells, width)):
            return False
        without = f"{line[:opens]}{_LITERAL}{line[opens + 1 :]}" if opens >= 0 else line
        if self._is_well_formed(spanned):
            rows = (without, *spanned[1:])
            found = (
                without if opens >= 0 and width and all(self._is_row(one, width, prose=False) for one in rows) else ""
            )
        else:
            readings = (without, line.replace('"', _LITERAL))
            found = next((one for one in readings if not width or self._is_row(one, width, prose=True)), "")
        if not found or found == line:
            return False
        self.literal[number] = found
        return True

    def _is_well_formed(self, spanned: Sequence[str]) -> bool:
        """Whether quotation marks open and close as they should."""
        try:
            list(csv.reader(spanned, delimiter=self._delimiter, quoting=self._quoting, strict=True))
        except csv.Error:
            return False
        return True

    def _is_row(self, line: str, width: int, prose: bool) -> bool:
        """Whether a line alone has a cell for each column and nothing more; `prose`: also with spaces before cells."""
        if _opens(line, self._delimiter) >= 0:
            return False
        cells = next(csv.reader([line], delimiter=self._delimiter, quoting=self._quoting), [])
        return _fits(cells, width) and (prose or not any(cell[:1] == " " for cell in cells))


def _fits(cells: Sequence[str], width: int) -> bool:
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _opens(line: str, delimiter: str) -> int:
    """Where the quotation mark stands that opens a cell which the line does not close; -1 if there is none."""
    opened, begins = -1, True  # as `csv` reads: a mark counts where a cell begins, two within a quoted cell are one
    at = 0
    while at < len(line):
        one = line[at]
        if opened >= 0:
            if one == '"' and line[at + 1 : at + 2] == '"':
                at += 1
            elif one == '"':
                opened = -1
        elif one == '"' and begins:
            opened = at
        begins = opened < 0 and one == delimiter
        at += 1
    return opened
