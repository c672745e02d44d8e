"""XLSX: a workbook with thumbnails, a frozen header, a filter and links; how the hits were found on two more sheets."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.pictures import small_jpeg
from archive_search.exports.parts.provenance import provenance, shown_plan
from archive_search.exports.parts.rows import columns, row_of
from archive_search.exports.parts.told import asked, besides, extent, how, making, stages, suggested_end
from archive_search.exports.parts.words import WORDS, Language
from archive_search.knobs import knob
from archive_search.metadata.licences import address_of
from archive_search.metadata.rows import Cell
from archive_search.types import InvalidInputError, NotInstalledError

LONGEST_CELL = 32_767
"""Letters that a cell of a workbook may hold; a longer text ends with an ellipsis."""
PIECE = 4000
"""Letters of the provenance in a cell: with all of them escaped it still holds them."""
TOLD = "Provenance"
"""The sheet that tells programs how the hits were found."""
LINKED = ("record_url", "image_url")
"""Columns whose web addresses can be followed; a licence leads to the text that its makers give it."""
LONGEST_LINK = 2000
"""Letters that a link may have; a longer address stays as text."""
MOST_LINKS = 65_000
"""A sheet may hold so many links; the others stay as text."""


@dataclass(frozen=True)
class Xlsx:
    """
    A workbook: the hits with their thumbnails, how they were found in words, and the same for programs.

    Texts are texts, whatever they begin with: nothing is computed when the file is opened.
    """

    summary: ClassVar[str] = "a workbook with thumbnails, filter and links; provenance on sheets of its own"
    endings: ClassVar[tuple[str, ...]] = (".xlsx",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    fields: tuple[str, ...] = knob((), "Columns", help="Fields and columns; none named: all.")
    thumbnails: bool = knob(True, "Thumbnails")
    language: Language = knob("en", "Language", help="Of the sheet that tells how the hits were found.")
    pixels: int = knob(96, "Pixels of a thumbnail's longer side", low=16, high=512)

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        Two passes: one for the columns, one for the rows, which are written as they come.

        Raises:
            NotInstalledError: If XlsxWriter is missing.
        """
        try:
            import xlsxwriter
        except ImportError as error:
            raise NotInstalledError("XLSX needs XlsxWriter: pip install 'archive-search[xlsx]'") from error
        names = columns(outgoing, self.fields)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        }
        with xlsxwriter.Workbook(str(target), options) as book:
            sheet = book.add_worksheet("Hits")
            self._hits(book, sheet, outgoing, names)
            _about(book, book.add_worksheet("About"), outgoing, self.language)
            _told(book.add_worksheet(TOLD), provenance(outgoing, 1))

    @classmethod
    def carried(cls, target: Path) -> str:
        """
        What is on its last sheet.

        Raises:
            NotInstalledError: If openpyxl is missing.
            InvalidInputError: As for every format.
        """
        try:
            import openpyxl
            from openpyxl.utils.escape import unescape
            from openpyxl.utils.exceptions import InvalidFileException
        except ImportError as error:
            raise NotInstalledError("XLSX needs openpyxl: pip install 'archive-search[xlsx]'") from error
        try:
            with target.open("rb") as file:
                rows = openpyxl.load_workbook(file, read_only=True)[TOLD].iter_rows(values_only=True)
                return "".join(unescape(str(row[0])) for row in rows if row and row[0] is not None)
        except (OSError, KeyError, ValueError, BadZipFile, SyntaxError, InvalidFileException) as error:
            raise InvalidInputError(f"{target} is no workbook that carries provenance.") from error

    def _hits(self, book: Any, sheet: Any, outgoing: Outgoing, names: list[str]) -> None:
        bold = book.add_format({"bold": True, "bottom": 1, "align": "left", "indent": 1})
        top = book.add_format({"valign": "top", "text_wrap": True, "align": "left", "indent": 1})
        score = book.add_format({"valign": "top", "num_format": "0.000", "align": "left", "indent": 1})
        first = 1 if self.thumbnails else 0
        header = [*(["picture"] if self.thumbnails else []), *names]
        if self.thumbnails:
            sheet.set_column(0, 0, self.pixels / 7 + 1)
        for column, name in enumerate(names, first):
            sheet.set_column(column, column, _width(name))
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        _on_paper(sheet)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, first + 1)
        links, number = 0, 0
        for number, (rank, hit) in enumerate(outgoing, 1):
            row = row_of(outgoing, rank, hit)
            if self.thumbnails:
                sheet.set_row_pixels(number, self.pixels + 6)
                if picture := small_jpeg(outgoing, hit, "thumbnails", self.pixels):
                    about = {"image_data": io.BytesIO(picture), "x_offset": 3, "y_offset": 3, "object_position": 1}
                    sheet.insert_image(number, 0, f"{number}.jpg", about)
            for column, name in enumerate(names, first):
                value = row.get(name)
                address = _address(name, value)
                if links < MOST_LINKS and _is_address(address):
                    links += 1
                    sheet.write_url(number, column, address, top, str(value))
                else:
                    _write(sheet, number, column, value, score if name == "score" else top)
        sheet.autofilter(0, 0, max(number, 1), len(header) - 1)


def _address(name: str, value: Cell) -> str:
    """Where a cell leads: to its own address, or that of the licence that it names; '' where nowhere."""
    if name == "licence":
        return address_of(str(value or "")) or str(value or "")
    return str(value or "") if name in LINKED else ""


def _write(sheet: Any, row: int, column: int, value: Cell, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, _short(value), look)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _is_address(value: Cell) -> bool:
    return (
        isinstance(value, str) and value.startswith(("http://", "https://")) and len(value) < 2000 and " " not in value
    )


def _width(name: str) -> int:
    return {"rank": 7, "plain_rank": 12, "score": 9, "title": 36, "description": 50}.get(name, 18)


def _on_paper(sheet: Any) -> None:
    """Landscape A4, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _about(book: Any, sheet: Any, outgoing: Outgoing, language: Language) -> None:
    """What was asked, how it was ranked and with what, for people."""
    words, plan, end = WORDS[language], shown_plan(outgoing), suggested_end(outgoing, language)
    heading = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    sheet.set_column(0, 1, 70)
    _on_paper(sheet)
    parts = [
        (asked(plan, language), [*besides(outgoing, language), ("", extent(outgoing, language))]),
        (how(outgoing, language)[0], [*stages(outgoing, language), *([("", end)] if end else [])]),
        (words["made"], making(outgoing, language)),
    ]
    row = 0
    for title, lines in parts:
        sheet.write_string(row, 0, _short(title), heading)
        for what, said in lines:
            row += 1
            sheet.write_string(row, 0, _short(what), wrapped)
            sheet.write_string(row, 1, _short(said), wrapped)
        row += 2


def _told(sheet: Any, text: str) -> None:
    """The provenance as JSON: lines that people read, a long one in several cells; joined they are what is carried."""
    sheet.set_column(0, 0, 110)
    pieces = (line[at : at + PIECE] for line in text.split("\n") for at in range(0, len(line), PIECE))
    for number, piece in enumerate(pieces):
        sheet.write_string(number, 0, piece)


EXPORTS: Mapping[str, type[Export]] = {"xlsx": Xlsx}
