"""Parquet: a row per hit with typed columns, for pandas, R and databases; provenance in the file's metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.provenance import KEY, provenance
from archive_search.exports.parts.rows import columns, rows
from archive_search.knobs import knob
from archive_search.metadata.rows import Cell
from archive_search.types import InvalidInputError, NotInstalledError

GROUP = 5000
"""So many rows are written at once."""
NEEDED = "Parquet needs pyarrow: pip install 'archive-search[parquet]'"


@dataclass(frozen=True)
class Parquet:
    """A row per hit; a column holds whole numbers, numbers or truth values where all its cells do, else text."""

    summary: ClassVar[str] = "a row per hit with typed columns; provenance in its metadata"
    endings: ClassVar[tuple[str, ...]] = (".parquet",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    fields: tuple[str, ...] = knob((), "Columns", help="Fields and columns; none named: all.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        Two passes: one for the columns and their types, one for the rows.

        Raises:
            NotInstalledError: If pyarrow is missing.
        """
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise NotInstalledError(NEEDED) from error
        names = columns(outgoing, self.fields)
        kinds = _kinds(row for row in rows(outgoing.silent()))
        types = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
        fields = [(name, types.get(kinds.get(name, ""), pa.string())) for name in names]
        schema = pa.schema(fields, metadata={KEY: provenance(outgoing)})
        some = rows(outgoing)
        with pq.ParquetWriter(target, schema) as file:
            while group := list(islice(some, GROUP)):
                table = {name: [_value(row.get(name), kinds.get(name, "")) for row in group] for name in names}
                file.write_table(pa.table(table, schema=schema))

    @classmethod
    def carried(cls, target: Path) -> str:
        """
        What is in the file's metadata.

        Raises:
            NotInstalledError: If pyarrow is missing.
            InvalidInputError: As for every format.
        """
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise NotInstalledError(NEEDED) from error
        try:
            about = pq.read_schema(target).metadata or {}
            return bytes(about[KEY.encode()]).decode("utf-8")
        except (OSError, pa.ArrowException, KeyError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{target} is no Parquet file that carries provenance.") from error


def _kinds(some: Iterable[dict[str, Cell]]) -> dict[str, str]:
    """`int`, `float`, `bool` or `text` for each column, by all its cells."""
    found: dict[str, str] = {}
    for row in some:
        for name, value in row.items():
            if value is None:
                continue
            kind = "bool" if isinstance(value, bool) else type(value).__name__
            kind = "float" if kind == "int" and found.get(name) == "float" else kind
            kind = kind if kind in ("int", "float", "bool") and found.get(name, kind) in (kind, "int") else "text"
            found[name] = "text" if found.get(name) == "text" else kind
    return found


def _value(value: Any, kind: str) -> Any:
    return value if value is None or kind in ("int", "float", "bool") else str(value)


EXPORTS: Mapping[str, type[Export]] = {"parquet": Parquet}
