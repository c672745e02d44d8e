"""
Cells for spreadsheets: no text is taken for a formula, and reads back as it was.

A spreadsheet computes a cell that begins with =, +, - or @, also where a file was written by others: a title may fetch
an address or run a program. An apostrophe before it makes it a text (OWASP, "CSV injection").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archive_search.types import MetadataError

_RUN = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
_BEGINNING = re.compile(rf"'*(?:[{_RUN}\s]|.*\s\Z)", re.DOTALL)
"""A text that is guarded: a formula, or one with white space around it, which spreadsheets and people lose."""
_WITHIN = re.compile(rf"([;\t\r\n])('*)(?=[{_RUN}])")
"""A formula after what some spreadsheets take for the end of a cell or line, also within quotation marks."""
_GUARDED_WITHIN = re.compile(rf"([;\t\r\n])'('*)(?=[{_RUN}])")


def harmless(value: Any) -> Any:
    """A value for a cell: a text gets an apostrophe before each thing a spreadsheet would run; numbers stay."""
    if not isinstance(value, str):
        return value
    text = _WITHIN.sub(r"\1'\2", value)
    return f"'{text}" if _BEGINNING.match(text) else text


def as_it_was(cell: str) -> str:
    """The text that `harmless` made a cell of; of a person's own cell, the text without white space around it."""
    guarded = cell.startswith("'") and _BEGINNING.match(cell)
    return _GUARDED_WITHIN.sub(r"\1\2", cell[1:] if guarded else cell.strip())


def csv_line(row: Iterable[Any]) -> str:
    """A row as a line of CSV, each cell harmless."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([harmless(cell) for cell in row])  # so that it quotes a lone \r
    return text.getvalue().removesuffix("\r\n") + "\n"


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV, each cell harmless."""
    return "".join(map(csv_line, rows))


def csv_rows(text: str, what: str, needed: Sequence[str] = ()) -> Iterator[tuple[int, dict[str | None, Any]]]:
    """
    The rows of a CSV file below its header, each with the number of its line; cells as they were.

    The separator is the one that the header has most of: comma, semicolon or tab. Cells beyond the header's are a list
    under None; a cell that is missing is ''.

    Args:
        what: how errors name the file.
        needed: columns without which it cannot be used.

    Raises:
        MetadataError: If a needed column is missing, or a line is no CSV.
    """
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="")
    try:
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise MetadataError(f"{what} has no column {' and no column '.join(missing)}.")
        for row in reader:
            yield reader.line_num, {name: cell if name is None else as_it_was(cell) for name, cell in row.items()}
    except csv.Error as error:
        raise MetadataError(f"{what}, line {reader.line_num}: {error}.") from error
