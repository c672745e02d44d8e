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
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""What may stand between cells, in words."""
NO_DELIMITER = "\x1f"
"""Stands for the delimiter of a text with one column."""

_SAMPLE = 50
_SNIFFED = 10_000
"""Lines in which the first rows are looked for, to find the delimiter."""
_LITERAL = "\ufdd0"
"""Stands for a quotation mark that is text while `csv` reads; no text holds this character."""


class Line(NamedTuple):
    """A row: the number of the line that it begins on, from 1, and its cells; or why it cannot be read."""

    number: int
    cells: Sequence[str]
    fault: str = ""


class Delimited:
    """
    The rows of delimited text, read as they are asked for; blank lines are left out.

    `delimiter` is what stands between cells. `lone` holds, of the rows read so far, the lines whose lone quotation mark
    was read as text.

    Args:
        lines: with their line ends, whichever they are; a window of them is kept, however many there are.
        delimiter: what stands between cells, where that is known.
    """

    def __init__(self, lines: Iterable[str], delimiter: str = "") -> None:
        self.delimiter, self._quoting = delimiter, csv.QUOTE_MINIMAL
        self._lines = iter(lines)
        if not delimiter:
            first = list(islice(self._lines, _SNIFFED))
            self.delimiter, self._quoting = _sniffed(first)
            self._lines = chain(first, self._lines)
        self._reading = _Reading(self._lines, self.delimiter, self._quoting)

    @property
    def lone(self) -> Sequence[int]:
        """The lines, so far, whose lone quotation mark was read as text."""
        return self._reading.lone

    def __iter__(self) -> Iterator[Line]:
        """The rows; one with a cell longer than any cell is has a fault, and the next begins on the next line."""
        return self._reading.rows()


def _sniffed(lines: Sequence[str]) -> tuple[str, Any]:
    """The delimiter (and whether quotation marks count) under which most of the first rows have the header's length."""
    best: tuple[float, int] = (0.0, 1)
    found: tuple[str, Any] = (NO_DELIMITER, csv.QUOTE_NONE)
    for delimiter, quoting in [*((one, csv.QUOTE_MINIMAL) for one in DELIMITERS), ("\t", csv.QUOTE_NONE)]:
        rows = [one.cells for one in islice(_Reading(iter(lines), delimiter, quoting).rows(), _SAMPLE)]
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

    def __init__(self, lines: Iterator[str], delimiter: str, quoting: Any) -> None:
        self._lines, self._delimiter, self._quoting = lines, delimiter, quoting
        self._read: list[str] = []
        """The lines that the row at hand may span, as they are read; one whose lone mark is text has it so."""
        self._again: deque[str] = deque()
        """Lines that were read and are to be read again."""
        self.lone: list[int] = []

    def __iter__(self) -> Iterator[str]:
        """The lines, for `csv`; after the last one it may go back."""
        return self

    def __next__(self) -> str:
        """The next line."""
        line = self._again.popleft() if self._again else next(self._lines)
        self._read.append(line)
        return line

    def rows(self) -> Iterator[Line]:
        """The rows."""
        reader = csv.reader(self, delimiter=self._delimiter, quoting=self._quoting)
        width, number, marked = 0, 1, False
        while True:
            fault: csv.Error | None = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, fault = [], error
            text = self._mended(cells, width) if self._quoting != csv.QUOTE_NONE else ""
            if text:
                self._again.extendleft(reversed([text, *self._read[1:]]))
                self._read = []
                if not marked:
                    self.lone.append(number)
                marked = True
                continue
            if fault is not None:
                hint = ". Is a quotation mark never closed?" if "limit" in str(fault) else ""
                yield Line(number, (), f"{fault}{hint}")
                self._again.extendleft(reversed(self._read[1:]))
                del self._read[1:]
            if marked:
                cells = [cell.replace(_LITERAL, '"') for cell in cells]
            if any(cell.strip() for cell in cells):
                width = width or max(place for place, cell in enumerate(cells, 1) if cell.strip())
                yield Line(number, cells)
            number, marked = number + len(self._read), False
            self._read = []

    def _mended(self, cells: Sequence[str], width: int) -> str:
        """The line that the row begins with, its mark read as text, where the row is none because of it; else ''."""
        line = self._read[0]
        if len(self._read) == 1 and '"' not in line:
            return ""
        opens = _opens(line, self._delimiter)
        if opens < 0 and (not width or _fits(cells, width)):
            return ""
        without = f"{line[:opens]}{_LITERAL}{line[opens + 1 :]}" if opens >= 0 else line
        if self._is_well_formed(self._read):
            rows = (without, *self._read[1:])
            found = (
                without if opens >= 0 and width and all(self._is_row(one, width, prose=False) for one in rows) else ""
            )
        else:
            readings = (without, line.replace('"', _LITERAL))
            found = next((one for one in readings if not width or self._is_row(one, width, prose=True)), "")
        return found if found != line else ""

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
    at = 0
    while True:  # as `csv` reads: a mark counts where a cell begins, two within a quoted cell are one
        if line[at : at + 1] == '"':
            opened = at
            at = line.find('"', at + 1)
            while at >= 0 and line[at + 1 : at + 2] == '"':
                at = line.find('"', at + 2)
            if at < 0:
                return opened
        at = line.find(delimiter, at) + 1
        if not at:
            return -1
