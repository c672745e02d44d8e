"""A file of a dataset that holds pictures itself: its samples, and the bytes of a picture by where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from archive_search.types import PictureError
from ingest.source import Rejected

LARGEST_PICTURE = 256 * 10**6
"""Bytes; what is longer is no picture that anybody can look at."""


@dataclass(frozen=True, slots=True)
class Sample:
    """
    A picture and what is said of it.

    `name` names it within its file, the same at every reading. `place` is what `Shard.read` finds it by; '' where the
    picture is a file of its own, beside the dataset, which `beside` names. `label` is the class as it is stored.
    """

    name: str
    place: str
    cells: Mapping[str, Any] = field(default_factory=dict)
    label: tuple[str, ...] = ()
    file: str = ""
    object: str = ""
    beside: str = ""


class Shard(Protocol):
    """A file of a dataset, read in bounded memory; `read` is called on several threads."""

    path: Path

    def samples(self) -> Iterator[Sample | Rejected]:
        """Every sample, in order, or why a part of the file is none."""
        ...

    def read(self, place: str) -> bytes:
        """The bytes of a picture; raises PictureError where they cannot be had."""
        ...

    def count(self) -> int | None:
        """How many samples there are, where that is known without reading them."""
        ...


def part_of(path: Path, offset: int, length: int) -> bytes:
    """Some bytes of a file; raises PictureError where it has them not any more."""
    if length > LARGEST_PICTURE:
        raise PictureError(f"it has {length / 1e6:,.0f} MB, and at most {LARGEST_PICTURE / 1e6:,.0f} are read")
    try:
        with path.open("rb") as file:
            file.seek(offset)
            found = file.read(length)
    except OSError as error:
        raise PictureError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if len(found) != length:
        raise PictureError(f"{path.name} breaks off within it")
    return found
