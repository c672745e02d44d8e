"""The seam between where records come from and the pipeline."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from archive_search.types import Record

Stage: TypeAlias = Literal["record", "opened", "prepared", "encoded", "stored"]
"""Where in the chain a record was rejected; `record` is before its picture was touched."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """
    A record that was not taken, and why, in words for people; `id` may be a file's path where no id is known.

    `record` is given where only an earlier record of the same id is in its way: it is taken if that one is rejected.
    """

    id: str
    image: str
    stage: Stage
    reason: str
    record: Record | None = None


class StoppedError(Exception):
    """What a source raises where it was stopped while it waited; no record is rejected for it."""


class Source(Protocol):
    """Where records come from; lazy, and the same ids in the same order each time it is asked."""

    @property
    def origin(self) -> str:
        """Names this source among those of an archive; what other sources gave is never taken for gone."""
        ...

    def records(self) -> Iterator[Record | Rejected]:
        """
        Every record, or the reason why a row or file cannot be one.

        Raises:
            MetadataError: If the metadata as a whole cannot be used; before the first record.
        """
        ...

    def stamp(self, record: Record) -> str:
        """A cheap mark that changes when the picture does (size and time of a file); '' where none can be had."""
        ...

    def file(self, record: Record) -> Path | None:
        """Where the picture, film or recording lies on this machine, or None; films are read only from there."""
        ...

    def read(self, record: Record) -> bytes:
        """
        The bytes of the record's picture; called on loader threads.

        Raises:
            PictureError: If they cannot be had.
        """
        ...


@runtime_checkable
class InArchive(Protocol):
    """What becomes a source once it knows the archive: it keeps there what it fetches."""

    @property
    def origin(self) -> str:
        """Names it among the sources of an archive, as that of the source does."""
        ...

    def opened(self, archive: Path, stop: threading.Event) -> AbstractContextManager[Source]:
        """
        The source, while the context lasts.

        Args:
            archive: the archive's directory, which exists.
            stop: once set, no more is asked for, and waiting ends with `StoppedError`.
        """
        ...


def summary_of(kind: type) -> str:
    """What a kind of source is, in the first paragraph of its description."""
    return " ".join(inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].split())


AnySource: TypeAlias = "Source | InArchive"
"""What an ingest takes."""


@runtime_checkable
class Movable(Protocol):
    """A source whose pictures may have lain elsewhere before, and whose records are to stay the same records."""

    @property
    def former_origin(self) -> str:
        """The origin that it had at an earlier ingest, where somebody said so; '' where nobody did."""
        ...

    def has_left(self, origin: str) -> bool:
        """Whether nothing is any more where another source of this kind was."""
        ...


@runtime_checkable
class Distant(Protocol):
    """A source whose pictures come from afar, so that reading them is waiting."""

    @property
    def waiting(self) -> int:
        """How many pictures may be waited for at the same time."""
        ...

    def refetch(self, image: str) -> None:
        """Fetch a picture anew when it is read next: what came of it is none."""
        ...

    def discard(self, image: str) -> None:
        """Keep a picture no longer: no record has it any more."""
        ...


@runtime_checkable
class Telling(Protocol):
    """A source that has something to say while its records are taken."""

    def told(self) -> Sequence[str]:
        """What people should know, as sentences; each is given once."""
        ...


@runtime_checkable
class Partial(Protocol):
    """A source of which a part may be out of reach for now: a forbidden folder, a disk that is not mounted."""

    def out_of_reach(self, image: str) -> bool:
        """Whether the picture of a record that the source did not give may be there all the same."""
        ...
