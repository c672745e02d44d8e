"""Metadata tables: CSV, XLSX, JSON, JSONL and Parquet files as rows of text, exactly as written, a few at a time."""

from __future__ import annotations

import datetime
import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from archive_search.counted import count
from archive_search.pictures.media import ALL
from archive_search.reading import parse_records
from archive_search.types import MetadataError, NotInstalledError
from ingest.delimited import DELIMITERS, Delimited
from ingest.text_lines import WINDOWS, TextLines

SAMPLE = 10_000
"""So many of the first rows are kept in memory, and what must be decided about a table is decided by them."""
_SHOWN = 5
_BATCH = 2_000
"""Rows of a Parquet file that are decoded at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file for messages ("line 17"), and its cells by column; empty cells are absent."""

    where: str
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that cannot be read: its place in the file, why, and the texts of its cells, of no column in particular."""

    where: str
    reason: str
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """
    One reading of a table: its rows, as they come, and what is known of it once some were asked for.

    `columns` keeps their order; where every row names its own, those of the first `SAMPLE` rows are noted as they come.
    """

    rows: Iterator[Row | Faulty]
    columns: dict[str, None]
    remarks: Callable[[], tuple[str, ...]] = tuple
    count: int | None = None
    """How many rows there are, where that is known beforehand."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of metadata, read anew each time its rows are asked for; only its first rows are in memory.

    `sample` holds those, and `is_whole` says whether they are all; `remarks` are sentences about how it was read.
    """

    name: str
    columns: tuple[str, ...]
    sample: tuple[Row | Faulty, ...]
    is_whole: bool
    remarks: tuple[str, ...] = ()
    _read: Callable[[], Reading] | None = field(default=None, repr=False, compare=False)

    def rows(self) -> Iterator[Row | Faulty]:
        """
        Every row, in order.

        Raises:
            MetadataError: If it cannot be read any more.
        """
        if self.is_whole or self._read is None:
            yield from self.sample
            return
        try:
            yield from self._read().rows
        except OSError as error:
            raise MetadataError(f"{self.name} cannot be read: {error.strerror or error}.") from error

    def sound(self) -> list[Row]:
        """The rows of the sample that can be read."""
        return [one for one in self.sample if isinstance(one, Row)]

    def count(self) -> int:
        """How many rows there are, faulty ones included; a long text is read once for it."""
        if self.is_whole or self._read is None:
            return len(self.sample)
        known = self._read().count
        return known if known is not None else sum(1 for _ in self.rows())


def read_table(path: Path) -> Table:
    """
    Read a metadata file by its ending; without a known one it is read as delimited text.

    A cell is text exactly as written ("00123" and "1E5" stay so), without spaces at its ends. A JSON or Parquet list
    stays a list; an object inside an object becomes columns with a dot ("place.name"). A row that cannot be read, as
    one with a cell too few, is `Faulty`.

    Raises:
        MetadataError: If the file is missing, empty, without a header, names two columns alike, or if most of its first
            rows cannot be read.
        NotInstalledError: If an optional package is needed to read it.
    """
    reader = READERS.get(path.suffix.lower(), _read_delimited)
    try:
        there = path.is_file()
    except OSError as error:
        raise MetadataError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if not there:
        raise MetadataError(f"There is no metadata file {path}.")
    return table_of(path.name, lambda: reader(path))


def table_of(name: str, read: Callable[[], Reading]) -> Table:
    """
    The table that is read so.

    Raises:
        MetadataError: As `read_table` does.
    """
    try:
        reading = read()
        first = list(islice(reading.rows, SAMPLE + 1))
    except OSError as error:
        raise MetadataError(f"{name} cannot be read: {error.strerror or error}.") from error
    columns, sample, is_whole = tuple(reading.columns), tuple(first[:SAMPLE]), len(first) <= SAMPLE
    faulty = [one for one in sample if isinstance(one, Faulty)]
    if len(faulty) * 2 > len(sample):
        also = ", ".join(one.where for one in faulty[1:4])
        others = f" ({len(faulty)} such rows, also {also})" if also else ""
        raise MetadataError(f"{name}, {faulty[0].where}: {faulty[0].reason}{others}")
    if not columns:
        raise MetadataError(f"{name} is empty: it describes nothing.")
    remarks = reading.remarks()
    if not is_whole:
        remarks = (*remarks, f"how it is to be understood was decided by its first {SAMPLE:,} rows")
    if faulty:
        remarks = (*remarks, f"{len(faulty)} of its rows cannot be read, such as {faulty[0].where}")
    if not is_whole and hasattr(reading.rows, "close"):
        reading.rows.close()
    return Table(name, columns, sample, is_whole, remarks, read)


# ------------------------------------------------------------------ delimited text


def _read_delimited(path: Path) -> Reading:
    # Not pandas: it stops at ragged rows, a lone quotation mark swallows rows, and the encoding must be known before.
    text = TextLines(path)
    lines = iter(text)
    first = next(lines, "")
    declared = re.fullmatch(r"sep=(.)\r?\n", first)  # Excel writes such a first line
    skipped = 1 if declared else 0
    found = Delimited(lines, declared[1]) if declared else Delimited(chain([first], lines))
    rows = iter(found)
    header = next(rows, None)
    if header is None:
        raise MetadataError(f"{path.name} is empty: it needs a first line with the names of the columns.")
    if header.fault:
        raise MetadataError(f"{path.name}, line {header.number + skipped}: {header.fault}")
    columns = _header(path.name, f"line {header.number + skipped}", header.cells)
    hint = f" A cell that holds {found.delimiter!r} or a line break must stand in quotation marks."

    def read() -> Iterator[Row | Faulty]:
        for number, cells, fault in rows:
            where = f"line {number + skipped}"
            if fault:
                yield Faulty(where, fault, tuple(cells))
            elif len(cells) < len(columns):  # a text file with a cell too few has lost one
                yield _ragged(where, cells, len(columns), hint)
            else:
                yield _row(where, cells, columns, hint)

    def remarks() -> tuple[str, ...]:
        separated = DELIMITERS.get(found.delimiter)
        said = [text.remark, *([f"columns separated by {separated}"] if separated else [])]
        return (*said, *([_lone_marks([number + skipped for number in found.lone])] if found.lone else []))

    return Reading(read(), dict.fromkeys(columns), remarks)


def _lone_marks(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN])) + (f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else "")
    if len(lines) == 1:
        return f"a quotation mark in line {shown}, which would have taken the next rows into its cell, was read as text"
    return f"quotation marks in lines {shown}, which would have taken rows into their cells, were read as text"


def _row(where: str, cells: Sequence[Any], columns: Sequence[str], hint: str = "") -> Row | Faulty:
    """The row; spreadsheets add empty cells at its end, or drop them."""
    if len(cells) > len(columns) and any(cell_of(one) is not None for one in cells[len(columns) :]):
        return _ragged(where, cells, len(columns), hint)
    found = zip(columns, map(cell_of, cells), strict=False)
    return Row(where, {key: value for key, value in found if value is not None})


def _ragged(where: str, cells: Sequence[Any], width: int, hint: str) -> Faulty:
    texts = tuple(str(one) for one in map(cell_of, cells) if one is not None)
    return Faulty(where, f"{count(len(cells), 'cell')} where the header has {width}.{hint}", texts)


def _header(name: str, where: str, cells: Sequence[Any]) -> list[str]:
    """The names of the columns, as they are written or by their place."""
    header = [str(cell_of(one) or "") for one in cells]
    while header and not header[-1]:
        header.pop()
    check_header(name, where, header)
    return header


def check_header(name: str, where: str, header: list[str]) -> None:
    """MetadataError where these are no names of columns; a column without one is called by its place."""
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


# ------------------------------------------------------------------ spreadsheets


def _read_xlsx(path: Path) -> Reading:
    # Not pandas: it drops the leading zeros of the format "00000", takes a hidden first sheet, and reads all at once.
    try:
        import openpyxl
    except ImportError as error:
        raise NotInstalledError("Reading XLSX files needs openpyxl: pip install 'archive-search[xlsx]'") from error
    file = path.open("rb")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and validations that it leaves out
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        title = sheets[0].title
    except BaseException as error:  # a damaged workbook raises whatever its ZIP and XML parts do
        file.close()
        if isinstance(error, OSError) or not isinstance(error, Exception):
            raise
        raise _damaged(path, error) from error
    lines = _spreadsheet_lines(path, file, book, sheets[0])
    header = next(lines, None)
    if header is None:
        raise MetadataError(f"{path.name} is empty: its sheet {title!r} needs a first row that names the columns.")
    columns = _header(path.name, *header)
    remarks = (f"read the sheet {title!r}, the first of {len(sheets)}",) if len(sheets) > 1 else ()
    return Reading((_row(where, cells, columns) for where, cells in lines), dict.fromkeys(columns), lambda: remarks)


def _spreadsheet_lines(path: Path, file: BinaryIO, book: Any, sheet: Any) -> Iterator[tuple[str, list[Any]]]:
    """The rows of a sheet that hold anything; the workbook is closed behind them."""
    with file, closing(book):
        try:
            for number, cells in enumerate(sheet.iter_rows(), 1):
                values = [_spreadsheet_cell(cell) for cell in cells]
                if any(map(cell_of, values)):
                    yield f"row {number}", values
        except OSError:
            raise
        except Exception as error:
            raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> MetadataError:
    return MetadataError(f"{path.name} cannot be read as an XLSX workbook: {error}.")


def _spreadsheet_cell(cell: Any) -> Any:
    """A number formatted as "00000" is meant with its leading zeros; they are kept."""
    value, shown = cell.value, getattr(cell, "number_format", "")
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0 and re.fullmatch(r"0+", shown or ""):
        return str(value).zfill(len(shown))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value


# ------------------------------------------------------------------ objects


def _read_json(path: Path) -> Reading:
    lines = TextLines(path)
    items = _list_of_objects(path.name, parse_records("".join(lines), path.name, MetadataError))
    named = ((f"item {number}", one) for number, one in enumerate(items, 1))
    return _reading(named, lambda: (lines.remark,), len(items))


def _read_jsonl(path: Path) -> Reading:
    lines = TextLines(path)

    def objects() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"line {number}"
                try:
                    yield where, parse_records(line, "it", MetadataError)
                except MetadataError as error:
                    yield where, Faulty(where, str(error))

    return _reading(objects(), lambda: (lines.remark,))


def _read_parquet(path: Path) -> Reading:
    # Not pandas: it reads the whole file, and years beside an empty cell would become 1850.0.
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise NotInstalledError("Reading Parquet files needs pyarrow: pip install 'archive-search[parquet]'") from error
    try:
        file = pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except pyarrow.ArrowException as error:
        raise _no_parquet(path, error) from error
    check_header(path.name, "the schema", [str(one) for one in file.schema_arrow.names])

    def objects() -> Iterator[tuple[str, Any]]:
        with file:
            try:
                every = chain.from_iterable(batch.to_pylist() for batch in file.iter_batches(_BATCH))
                yield from ((f"row {number}", one) for number, one in enumerate(every, 1))
            except pyarrow.ArrowException as error:
                raise _no_parquet(path, error) from error

    return _reading(objects(), tuple, file.metadata.num_rows)


def _no_parquet(path: Path, error: Exception) -> MetadataError:
    return MetadataError(f"{path.name} cannot be read as a Parquet file: {error}.")


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


def _reading(
    objects: Iterable[tuple[str, Any]], remarks: Callable[[], tuple[str, ...]], count: int | None = None
) -> Reading:
    columns: dict[str, None] = {}

    def rows() -> Iterator[Row | Faulty]:
        for number, (where, one) in enumerate(objects):
            if isinstance(one, Faulty):
                yield one
            elif not isinstance(one, dict):
                yield Faulty(where, "it is not an object with named fields.")
            else:
                cells = dict(_flat(one))
                if number < SAMPLE:
                    columns.update(dict.fromkeys(cells))
                yield Row(where, {key: value for key, value in cells.items() if value is not None})

    return Reading(rows(), columns, remarks, count)


def _flat(data: dict[Any, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = f"{before}{str(key).strip()}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, cell_of(value)


def cell_of(value: Any) -> Any:
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
        return value.decode("utf-8", errors=WINDOWS).strip() or None
    if isinstance(value, list | tuple):
        return [item for item in map(cell_of, value) if item is not None] or None
    if isinstance(value, dict):
        cells = {str(key): cell_of(item) for key, item in value.items()}
        return {key: item for key, item in cells.items() if item is not None} or None
    return str(value)


READERS: dict[str, Callable[[Path], Reading]] = {
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
