"""Parquet files with pictures in them, as Hugging Face stores datasets."""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from archive_search.pictures.kept import is_link
from archive_search.types import MetadataError, NotInstalledError, PictureError
from ingest.datasets.rows import LABELS, PICTURES, bytes_of, cells_of, labels_of, named, path_of
from ingest.datasets.shards import LARGEST_PICTURE, Sample
from ingest.source import Rejected

_TOGETHER = 32
"""Rows whose pictures are decoded at once."""
_BEHIND = 8
"""So many batches of pictures stay in memory: loaders run at most a few dozen records apart."""


class NoPicturesError(MetadataError):
    """A Parquet file without a column of pictures."""


class Parquet:
    """
    One Parquet file; a row is a sample.

    A column of whole numbers whose names the schema tells (`ClassLabel`) gives those names. What is said of pictures is
    read without them, and they are read a few dozen rows at a time.
    """

    def __init__(self, path: Path, picture: str = "", label: str = "") -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise NotInstalledError(
                "Reading Parquet files needs pyarrow: pip install 'archive-search[parquet]'"
            ) from error
        self.path = path
        self._arrow = pyarrow
        try:
            self._file = pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
        except (pyarrow.ArrowException, OSError) as error:
            raise MetadataError(f"{path.name} cannot be read as a Parquet file: {error}.") from error
        schema = self._file.schema_arrow
        columns = [str(one) for one in schema.names]
        self.picture = named(columns, picture, PICTURES) or ("" if picture else _embedded(schema))
        if not self.picture:
            raise NoPicturesError(
                f"{path.name} has no column of pictures{f' called {picture!r}' if picture else ''}: name the "
                f"column. Columns: {', '.join(columns)}.",
                settings=("picture",),
            )
        self.label = named(columns, label, LABELS)
        if label and not self.label:
            raise MetadataError(f"{path.name} has no column {label!r}. Columns: {', '.join(columns)}.")
        self.names = _class_names(schema.metadata or {}, self.label)
        kind = schema.field(self.picture).type
        self._nested = pyarrow.types.is_struct(kind)
        self._bytes = f"{self.picture}.bytes" if self._nested else self.picture
        self._is_text = pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)
        self._rest = [
            one for one in columns if one != self.picture and not pyarrow.types.is_binary(schema.field(one).type)
        ]
        inner = [str(kind.field(place).name) for place in range(kind.num_fields)] if self._nested else []
        self._path = f"{self.picture}.path" if "path" in inner else ""
        sizes = [self._file.metadata.row_group(group).num_rows for group in range(self._file.metadata.num_row_groups)]
        self._ends = list(accumulate(sizes))
        self._lock = threading.Lock()
        self._kept: deque[tuple[int, list[dict[str, Any]]]] = deque(maxlen=_BEHIND)
        self._batches: Iterator[Any] = iter(())
        self._at = self._group = -1

    def count(self) -> int | None:
        """The rows that the file says it has."""
        return int(self._file.metadata.num_rows)

    def samples(self) -> Iterator[Sample | Rejected]:
        """Every row, without its picture where that is not a path."""
        columns = [*self._rest, *([self._path] if self._path else []), *([self.picture] if self._is_text else [])]
        row = 0
        try:
            import pyarrow.parquet

            with pyarrow.parquet.ParquetFile(self.path, pre_buffer=False, buffer_size=1 << 20) as file:
                if not columns:
                    for row in range(file.metadata.num_rows):
                        yield Sample(str(row), str(row))
                    return
                for batch in file.iter_batches(1000, columns=columns):
                    for cells in batch.to_pylist():
                        yield self._sample(row, cells)
                        row += 1
        except (self._arrow.ArrowException, OSError) as error:
            said = f"The file cannot be read from row {row} on: {error}."
            yield Rejected(f"{self.path.name}, row {row}", self.path.name, "record", said)

    def _sample(self, row: int, cells: dict[str, Any]) -> Sample:
        said = path_of(cells.get(self.picture))
        linked = said if self._is_text and said else ""
        file = said.replace("\\", "/").rpartition("/")[2] if not is_link(said) else ""
        labels = labels_of(cells.get(self.label), self.names) if self.label else ()
        rest = cells_of(cells, (self.picture, self.label))
        return Sample(str(row), "" if linked else str(row), rest, labels, file, beside=linked)

    def read(self, place: str) -> bytes:
        """The picture of a row; a batch of them is decoded at once, and the last few batches are kept."""
        row = int(place)
        with self._lock:
            found = self._find(row)
        data = bytes_of(found.get(self.picture))
        if len(data) > LARGEST_PICTURE:
            raise PictureError(f"it has {len(data) / 1e6:,.0f} MB")
        return data

    def _find(self, row: int) -> dict[str, Any]:
        for _ in range(2):
            for start, rows in self._kept:
                if start <= row < start + len(rows):
                    return rows[row - start]
            group = bisect_right(self._ends, row)
            if group >= len(self._ends):
                break
            begin = self._ends[group - 1] if group else 0
            if group != self._group or not begin <= self._at <= row:
                self._batches = self._file.iter_batches(
                    _TOGETHER, row_groups=[group], columns=[self._bytes], use_threads=False
                )
                self._at, self._group = begin, group
            try:
                for batch in self._batches:
                    self._kept.append((self._at, batch.to_pylist()))
                    self._at += batch.num_rows
                    if self._at > row:
                        break
            except (self._arrow.ArrowException, OSError) as error:
                self._group = -1
                raise PictureError(f"{self.path.name} cannot be read: {error}") from error
        raise PictureError(f"{self.path.name} has no row {row} any more")


def _embedded(schema: Any) -> str:
    """The first column that holds pictures by its kind: bytes, or an object with bytes."""
    import pyarrow

    for one in schema:
        binary = pyarrow.types.is_binary(one.type) or pyarrow.types.is_large_binary(one.type)
        if binary or (pyarrow.types.is_struct(one.type) and one.type.get_field_index("bytes") >= 0):
            return str(one.name)
    return ""


def _class_names(metadata: dict[bytes, bytes], label: str) -> Sequence[str]:
    """The names of the numbers in a column, where the schema tells them as Hugging Face writes it."""
    try:
        feature = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"][label]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    feature = feature.get("feature", feature) if isinstance(feature, dict) else {}
    names = feature.get("names") if isinstance(feature, dict) else None
    return tuple(map(str, names)) if isinstance(names, list) else ()
