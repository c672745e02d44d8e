"""Metadata tables: CSV, XLSX, JSON, JSONL and Parquet files as rows of text, exactly as written."""

from __future__ import annotations

import codecs
import datetime
import io
import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from archive_search.pictures.media import ALL
from archive_search.reading import parse_records
from archive_search.types import MetadataError, NotInstalledError
from ingest.delimited import DELIMITERS, read_rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file for messages ("line 17"), and its cells by column; empty cells are absent."""

    where: str
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A metadata file that was read, with sentences about how (encoding, delimiter, sheet)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """
    Read a metadata file by its ending; without a known one it is read as delimited text.

    A cell is text exactly as written ("00123" and "1E5" stay so), without spaces at its ends. A JSON or Parquet list
    stays a list; an object inside an object becomes columns with a dot ("place.name").

    Raises:
        MetadataError: If the file is missing, empty, without a header, ragged, or names two columns alike.
        NotInstalledError: If an optional package is needed to read it.
    """
    reader = READERS.get(path.suffix.lower(), _read_delimited)
    try:
        if not path.is_file():
            raise MetadataError(f"There is no metadata file {path}.")
        return reader(path)
    except OSError as error:
        raise MetadataError(f"{path.name} cannot be read: {error.strerror or error}.") from error


# ------------------------------------------------------------------ delimited text

_Line: TypeAlias = tuple[str, Sequence[Any]]
"""Where a line of cells stands, and the cells."""
_SHOWN = 5


def _read_delimited(path: Path) -> Table:
    text, remarks = _text(path)
    declared = re.match(r"sep=(.)\r?\n", text)  # Excel writes such a first line
    skipped = 1 if declared else 0
    found = read_rows(text[declared.end() :], path.name, declared[1]) if declared else read_rows(text, path.name)
    if not found.rows:
        raise MetadataError(f"{path.name} is empty: it needs a first line with the names of the columns.")
    if found.delimiter in DELIMITERS:
        remarks = (*remarks, f"columns separated by {DELIMITERS[found.delimiter]}")
    if found.lone:
        remarks = (*remarks, _lone_marks([number + skipped for number in found.lone]))
    lines = [(f"line {number + skipped}", cells) for number, cells in found.rows]
    return _table(path.name, lines, remarks, found.delimiter)


def _lone_marks(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN])) + (f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else "")
    if len(lines) == 1:
        return f"a quotation mark in line {shown}, which would have taken the next rows into its cell, was read as text"
    return f"quotation marks in lines {shown}, which would have taken rows into their cells, were read as text"


def _text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and its encoding as a remark; bytes that are not UTF-8 are read as Windows-1252."""
    data = path.read_bytes()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise MetadataError(f"{path.name} is not text but an Excel file: save it as .xlsx and give it that ending.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ("read as UTF-16",)
        except UnicodeDecodeError as error:
            raise MetadataError(f"{path.name} begins as UTF-16 but is not: {error.reason}.") from error
    if b"\0" in data:
        raise MetadataError(f"{path.name} is not text: it holds zero bytes. Save it as CSV with UTF-8.")
    try:
        return data.decode("utf-8-sig"), ("read as UTF-8",)
    except UnicodeDecodeError:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors=_WINDOWS)
        return text, ("not UTF-8 throughout: the other bytes were read as Windows-1252 (Latin-1)",)


def _windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_windows_byte(one) for one in bad), error.end


def _windows_byte(one: int) -> str:
    try:
        return bytes([one]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no meaning there
        return chr(one)


_WINDOWS = "archive-search-windows-1252"
codecs.register_error(_WINDOWS, _windows)


def _table(name: str, lines: Sequence[_Line], remarks: tuple[str, ...], delimiter: str = "") -> Table:
    """Columns and rows from lines of cells, the first of which is the header."""
    header = [_cell(one) or "" for one in lines[0][1]]
    while header and not header[-1]:
        header.pop()
    _check_header(name, lines[0][0], header)
    width = len(header)
    rows, ragged = [], []
    for where, cells in lines[1:]:
        values = [_cell(one) for one in cells]
        # Spreadsheets add or drop empty cells at the end of a row; a text file with a cell too few has lost one.
        if (delimiter and len(values) < width) or any(value is not None for value in values[width:]):
            ragged.append((where, len(values)))
            continue
        rows.append(Row(where, {key: value for key, value in zip(header, values, strict=False) if value is not None}))
    if ragged:
        raise MetadataError(_ragged(name, ragged, width, delimiter))
    return Table(tuple(header), tuple(rows), remarks)


def _check_header(name: str, where: str, header: list[str]) -> None:
    if not header:
        raise MetadataError(f"{name} has no header: {where} must name the columns.")
    data = [one for one in header if one.lower().endswith(ALL)]
    if data or all(re.fullmatch(r"[-+\d.,]*", one) for one in header):
        shown = data[0] if data else ", ".join(header)[:60]
        raise MetadataError(f"{name} has no header: {where} must name the columns, but holds data ({shown}).")
    for position, one in enumerate(header):
        if not one:
            header[position] = f"column {position + 1}"
    twice = sorted({one for one in header if header.count(one) > 1})
    if twice:
        raise MetadataError(f"{name} has more than one column named {', '.join(map(repr, twice))}; rename all but one.")


def _ragged(name: str, ragged: list[tuple[str, int]], width: int, delimiter: str) -> str:
    where, length = ragged[0]
    others = f" ({len(ragged)} such rows, also {', '.join(one for one, _ in ragged[1:4])})" if len(ragged) > 1 else ""
    hint = f" A cell that holds {delimiter!r} or a line break must stand in quotation marks." if delimiter else ""
    return f"{name}, {where}: {length} cells where the header has {width}{others}.{hint}"


# ------------------------------------------------------------------ spreadsheets


def _read_xlsx(path: Path) -> Table:
    try:
        import openpyxl
    except ImportError as error:
        raise NotInstalledError("Reading XLSX files needs openpyxl: pip install 'archive-search[xlsx]'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and validations that it leaves out
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        sheet = sheets[0]
        rows = ([_spreadsheet_cell(cell) for cell in cells] for cells in sheet.iter_rows())
        lines = [(f"row {number}", cells) for number, cells in enumerate(rows, 1) if any(map(_cell, cells))]
        book.close()
    except OSError:
        raise
    except Exception as error:  # a damaged workbook raises whatever its ZIP and XML parts do
        raise MetadataError(f"{path.name} cannot be read as an XLSX workbook: {error}.") from error
    if not lines:
        raise MetadataError(
            f"{path.name} is empty: its sheet {sheet.title!r} needs a first row that names the columns."
        )
    remarks = (f"read the sheet {sheet.title!r}, the first of {len(sheets)}",) if len(sheets) > 1 else ()
    return _table(path.name, lines, remarks)


def _spreadsheet_cell(cell: Any) -> Any:
    """A number formatted as "00000" is meant with its leading zeros; they are kept."""
    value, shown = cell.value, getattr(cell, "number_format", "")
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0 and re.fullmatch(r"0+", shown or ""):
        return str(value).zfill(len(shown))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value


# ------------------------------------------------------------------ objects


def _read_json(path: Path) -> Table:
    text, remarks = _text(path)
    return _from_objects(
        path.name,
        "item",
        enumerate(_list_of_objects(path.name, parse_records(text, path.name, MetadataError)), 1),
        remarks,
    )


def _read_jsonl(path: Path) -> Table:
    text, remarks = _text(path)
    lines = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    objects = ((number, parse_records(line, f"{path.name}, line {number}", MetadataError)) for number, line in lines)
    return _from_objects(path.name, "line", objects, remarks)


def _read_parquet(path: Path) -> Table:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise NotInstalledError("Reading Parquet files needs pyarrow: pip install 'archive-search[parquet]'") from error
    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(path.read_bytes()))
        columns = [str(one) for one in table.column_names]
        objects = table.to_pylist()
    except pyarrow.ArrowException as error:
        raise MetadataError(f"{path.name} cannot be read as a Parquet file: {error}.") from error
    _check_header(path.name, "the schema", columns)
    return _from_objects(path.name, "row", enumerate(objects, 1), ())


def _list_of_objects(name: str, data: Any) -> list[Any]:
    if isinstance(data, dict):
        lists = [key for key, value in data.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            return list(data[lists[0]])
        found = f"it holds {', '.join(map(str, lists)) or 'none'}"
    elif isinstance(data, list):
        return data
    else:
        found = "it is neither"
    raise MetadataError(f"{name} must be a list of objects, or an object that holds one such list; {found}.")


def _from_objects(name: str, unit: str, objects: Iterable[tuple[int, Any]], remarks: tuple[str, ...]) -> Table:
    columns: dict[str, None] = {}
    rows = []
    for number, one in objects:
        if not isinstance(one, dict):
            raise MetadataError(f"{name}, {unit} {number} is not an object with named fields.")
        cells = dict(_flat(one))
        columns.update(dict.fromkeys(cells))
        rows.append(Row(f"{unit} {number}", {key: value for key, value in cells.items() if value is not None}))
    if not columns:
        raise MetadataError(f"{name} is empty: it describes nothing.")
    return Table(tuple(columns), tuple(rows), remarks)


def _flat(data: dict[Any, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = f"{before}{str(key).strip()}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, _cell(value)


def _cell(value: Any) -> Any:
    """One value as text, or as a list of such; None where there is nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors=_WINDOWS).strip() or None
    if isinstance(value, list | tuple):
        return [item for item in map(_cell, value) if item is not None] or None
    if isinstance(value, dict):
        cells = {str(key): _cell(item) for key, item in value.items()}
        return {key: item for key, item in cells.items() if item is not None} or None
    return str(value)


READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": _read_delimited,
    ".tsv": _read_delimited,
    ".txt": _read_delimited,
    ".tab": _read_delimited,
    ".xlsx": _read_xlsx,
    ".xlsm": _read_xlsx,
    ".json": _read_json,
    ".geojson": _read_json,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".parquet": _read_parquet,
}
"""Readers by the ending of the file."""
