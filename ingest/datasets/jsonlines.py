"""JSON lines with pictures in base64, or with the paths of pictures beside the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_search.reading import parse_records
from archive_search.types import MetadataError, PictureError
from ingest.datasets.rows import LABELS, PICTURES, bytes_of, cells_of, is_embedded, labels_of, named, path_of
from ingest.datasets.shards import LARGEST_PICTURE, Sample, part_of
from ingest.source import Rejected

_NONE = "It has no picture"
_LONGEST = LARGEST_PICTURE * 4 // 3
"""Bytes of a line; base64 makes four of three."""


class JsonLines:
    """One file of JSON lines; a line is a sample."""

    def __init__(self, path: Path, picture: str = "", label: str = "") -> None:
        self.path, self._picture, self._label = path, picture, label

    def count(self) -> int | None:
        """Nobody knows without reading."""
        return None

    def holds_pictures(self) -> bool:
        """Whether the first line has a picture; also where it cannot be read, so that this is told."""
        for one in self.samples():
            return not (isinstance(one, Rejected) and one.reason.startswith(_NONE))
        return False

    def samples(self) -> Iterator[Sample | Rejected]:
        """Every line that is not empty, one at a time."""
        offset = number = 0
        with self.path.open("rb") as file:
            while line := file.readline(_LONGEST):
                number += 1
                length = len(line)
                where = f"{self.path.name}, line {number}"
                if length == _LONGEST and not line.endswith(b"\n"):
                    yield Rejected(where, self.path.name, "record", f"The line has more than {_LONGEST:,} bytes.")
                    while line and not line.endswith(b"\n"):
                        line = file.readline(_LONGEST)
                        length += len(line)
                elif line.strip():
                    yield self._sample(line, where, number, f"{offset} {length}")
                offset += length

    def read(self, place: str) -> bytes:
        """The picture in a line, by where it begins and how long it is."""
        offset, length = (int(one) for one in place.split())
        try:
            row = self._row(part_of_line(self.path, offset, length), self.path.name)
        except MetadataError as error:
            raise PictureError(str(error)) from error
        return bytes_of(row.get(named(list(row), self._picture, PICTURES)))

    def _row(self, line: bytes, where: str) -> dict[str, Any]:
        row = parse_records(line.decode("utf-8-sig", "replace"), where, MetadataError)
        if not isinstance(row, dict):
            raise MetadataError(f"{where} is no object with named values.")
        return row

    def _sample(self, line: bytes, where: str, number: int, place: str) -> Sample | Rejected:
        try:
            row = self._row(line, where)
        except MetadataError as error:
            return Rejected(where, self.path.name, "record", str(error))
        picture = named(list(row), self._picture, PICTURES)
        label = named(list(row), self._label, LABELS)
        cell = row.get(picture)
        if not picture or cell in (None, ""):
            wanted = repr(self._picture) if self._picture else "a usual name"
            return Rejected(where, self.path.name, "record", f"{_NONE}: no value is called {wanted}.")
        path = path_of(cell)
        beside = "" if is_embedded(cell) else path
        labels = labels_of(row.get(label), ()) if label else ()
        file = path.replace("\\", "/").rpartition("/")[2]
        return Sample(str(number), "" if beside else place, cells_of(row, (picture, label)), labels, file, "", beside)


def part_of_line(path: Path, offset: int, length: int) -> bytes:
    """A line of a file; a line of base64 may be longer than a picture."""
    if length <= LARGEST_PICTURE:
        return part_of(path, offset, length)
    half = length // 2
    return part_of(path, offset, half) + part_of(path, offset + half, length - half)
