"""
What was written to a build since it began, so that a crash loses nothing that was flushed.

A shard without write-ahead log that is killed between flushes opens, but it is not what was flushed: in trials, points
that were being replaced had their new vector and their old payload, points that were never flushed were there, and, now
and then, a payload was older than the flushed one. So a build that was not closed is never trusted: it is made anew
from the published generation and this log, up to the last commit.

A log is a row of frames: CRC-32, length of the JSON, length of the vectors (little-endian, 4, 4 and 8 bytes), then the
JSON of the operation, then its vectors as float32. Of what a point holds in a space the JSON says the dimension, or,
in a space of tiles, rows and dimension.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from archive_search.spaces import is_tiled
from archive_search.types import Payload, Point, StoreError, Vector, Vectors, WritableStore

FRAME = struct.Struct("<IIQ")


@dataclass(frozen=True, slots=True)
class Committed:
    """What a log holds: the generation it starts from, the spaces where there is none, its end, how many operations."""

    base: str | None
    spaces: Mapping[str, int]
    end: int
    operations: int


class BuildLog:
    """The operations of one build in a file, for appending."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.dirty = False

    @classmethod
    def begin(cls, path: Path, base: str | None, spaces: Mapping[str, int]) -> BuildLog:
        """Make a log for a build that starts from the generation `base`, or, if None, from nothing with `spaces`."""
        log = cls(path.open("wb"))
        log._append({"op": "begin", "base": base, "spaces": dict(spaces)})
        log.commit()
        return log

    @classmethod
    def resume(cls, path: Path, committed: Committed) -> BuildLog:
        """Open a log to append to what was committed; the rest is cut off."""
        file = path.open("r+b")
        file.truncate(committed.end)
        file.seek(0, os.SEEK_END)
        return cls(file)

    def upsert(self, points: Sequence[Point]) -> None:
        """Note points that were stored whole."""
        rows = [[p.id, dict(p.payload), {space: _shape(held) for space, held in p.vectors.items()}] for p in points]
        self._append({"op": "upsert", "points": rows}, [v for p in points for v in p.vectors.values()])

    def add_space(self, name: str, dim: int) -> None:
        """Note a new space."""
        self._append({"op": "add_space", "name": name, "dim": dim})

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Note vectors that were set."""
        operation: dict[str, Any] = {"op": "set_vectors", "space": space, "ids": list(ids)}
        if is_tiled(space):
            operation["rows"] = [len(one) for one in vectors]
        self._append(operation, list(vectors))

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Note payloads that were replaced."""
        self._append({"op": "set_payload", "ids": list(ids), "payloads": [dict(p) for p in payloads]})

    def delete(self, ids: Sequence[str]) -> None:
        """Note points that were removed."""
        self._append({"op": "delete", "ids": list(ids)})

    def commit(self) -> None:
        """Make all that was noted durable."""
        if self.dirty:
            self._append({"op": "commit"})
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise StoreError(f"The log of the build cannot be written: {error}.") from error
            self.dirty = False

    def length(self) -> int:
        """How many bytes were noted."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._file.close()

    def _append(self, operation: dict[str, Any], vectors: Sequence[Vectors] = ()) -> None:
        text = json.dumps(operation, ensure_ascii=False).encode()
        raw = b"".join(np.ascontiguousarray(v, dtype="<f4").tobytes() for v in vectors)
        crc = zlib.crc32(raw, zlib.crc32(text))
        try:
            self._file.write(FRAME.pack(crc, len(text), len(raw)) + text + raw)
        except OSError as error:
            raise StoreError(f"The log of the build cannot be written: {error}.") from error
        self.dirty = True


def read(path: Path) -> Committed:
    """
    What a log holds up to its last commit.

    Raises:
        StoreError: If the file does not begin as a log does.
    """
    base, spaces = None, None
    end = operations = waiting = 0
    for operation, _, position in _frames(path):
        if spaces is None and operation["op"] != "begin":
            break
        if operation["op"] == "begin":
            base, spaces = operation["base"], operation["spaces"]
        elif operation["op"] == "commit":
            end, operations, waiting = position, operations + waiting, 0
        else:
            waiting += 1
    if spaces is None or not end:
        raise StoreError(f"{path} is not the log of a build.")
    return Committed(base, spaces, end, operations)


def replay(path: Path, committed: Committed, store: WritableStore) -> None:
    """Do to a store what was committed."""
    for operation, raw, position in _frames(path):
        if position > committed.end:
            break
        kind = operation["op"]
        if kind == "upsert":
            store.upsert(list(_points(operation["points"], raw)))
        elif kind == "add_space":
            store.add_space(operation["name"], operation["dim"])
        elif kind == "set_vectors":
            store.set_vectors(operation["space"], operation["ids"], _each(operation, raw))
        elif kind == "set_payload":
            store.set_payload(operation["ids"], operation["payloads"])
        elif kind == "delete":
            store.delete(operation["ids"])


def _points(rows: Sequence[Any], raw: bytes) -> Iterator[Point]:
    numbers = np.frombuffer(raw, dtype="<f4")
    at = 0
    for one, payload, spaces in rows:
        vectors = {}
        for space, shape in spaces.items():
            size = int(np.prod(shape))
            vectors[space] = numbers[at : at + size].reshape(shape)
            at += size
        yield Point(one, vectors, payload)


def _shape(held: Vector | Vectors) -> int | list[int]:
    shape = list(np.shape(held))
    return shape[0] if len(shape) == 1 else shape


def _each(operation: Mapping[str, Any], raw: bytes) -> Vectors | list[Vectors]:
    """What each point of a `set_vectors` is given."""
    numbers = np.frombuffer(raw, dtype="<f4")
    if "rows" not in operation:
        return numbers.reshape(len(operation["ids"]), -1)
    held = numbers.reshape(sum(operation["rows"]), -1)
    return np.split(held, np.cumsum(operation["rows"])[:-1])


def _frames(path: Path) -> Iterator[tuple[dict[str, Any], bytes, int]]:
    """The operations of a log, each with its vectors and the position behind it, up to the first that is torn."""
    with path.open("rb") as file:
        left = path.stat().st_size
        while left >= FRAME.size:
            crc, text_length, raw_length = FRAME.unpack(file.read(FRAME.size))
            left -= FRAME.size + text_length + raw_length
            if left < 0:
                return
            text, raw = file.read(text_length), file.read(raw_length)
            if zlib.crc32(raw, zlib.crc32(text)) != crc:
                return
            yield json.loads(text), raw, file.tell()
