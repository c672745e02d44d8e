"""A pandas DataFrame as a table of metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archive_search.types import InvalidInputError, MetadataError
from ingest.tables import Faulty, Reading, Row, Table, cell_of, check_header, table_of

if TYPE_CHECKING:
    import pandas as pd

_CHUNK = 2_000
"""Rows that are turned into cells at once."""


class Frame:
    """
    A DataFrame in the place of a metadata file; its named index is a column.

    Cells are text, as those of a file are: what is missing (NaN, None, NaT) is empty, a whole number in a column that
    has become one of floats is written without a point, lists stay lists.

    Raises:
        InvalidInputError: If it is no DataFrame.
        MetadataError: If an index is called as a column is.
    """

    name = "the DataFrame"

    def __init__(self, frame: Any) -> None:
        import pandas as pd

        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            raise InvalidInputError(f"metadata is the path of a file or a pandas DataFrame, not a {kind}.")
        self._frame: pd.DataFrame = frame.copy()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._frame.equals(other._frame)

    def __hash__(self) -> int:
        return hash((tuple(map(str, self._frame.columns)), len(self._frame)))

    def table(self) -> Table:
        """
        Its rows, in their order; a row is called by its label.

        Raises:
            MetadataError: If it has no columns, columns without names, or two of one name.
        """
        return table_of(self.name, self._read)

    def _read(self) -> Reading:
        frame = self._frame
        if any(name is not None for name in frame.index.names):
            try:
                frame = frame.reset_index()
            except ValueError as error:
                raise MetadataError(f"{self.name}: its index is called as a column is: {error}.") from error
        header = [str(one).strip() for one in frame.columns]
        check_header(self.name, "its columns", header)
        return Reading(self._rows(frame, header), dict.fromkeys(header), tuple, len(frame))

    def _rows(self, frame: pd.DataFrame, header: list[str]) -> Iterator[Row | Faulty]:
        labels = self._frame.index
        for start in range(0, len(frame), _CHUNK):
            some = frame.iloc[start : start + _CHUNK]
            columns = [_cells(some.iloc[:, place]) for place in range(len(header))]
            for number, cells in enumerate(zip(*columns, strict=True), start):
                found = zip(header, cells, strict=True)
                yield Row(f"row {labels[number]}", {key: value for key, value in found if value is not None})


def _cells(column: pd.Series) -> list[Any]:
    missing = column.isna().to_numpy()
    return [None if gone else cell_of(_plain(value)) for value, gone in zip(column.array, missing, strict=True)]


def _plain(value: Any) -> Any:
    """A value of pandas or NumPy as Python's own."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.floating):
        value = float(str(value))  # as short as its own precision allows
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
