"""The values that travel through an ingest: task, loaded, encoded, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from archive_search.types import Modality, Payload, Record, Vector, Vectors
from ingest.ledger import Attempt, Row
from ingest.tiling import Tiles

# ------------------------------------------------------------------ what must be done


@dataclass(frozen=True, slots=True)
class Task:
    """
    A record to work on, with what the ledger knows of it.

    `given` are precomputed vectors by space, each with its mark. `mark` says what is tried, for the ledger's sake.
    Without `open`, the picture is known to be the one in the ledger and is not read.
    """

    record: Record
    origin: str
    stamp: str
    row: Row | None
    metadata_hash: str
    given: Mapping[str, tuple[str, Vector]]
    mark: str
    open: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A record about which nothing is new."""


@dataclass(frozen=True, slots=True)
class Same:
    """A picture that was read again and is the same; only its stamp is new, or its thumbnail, which was missing."""

    id: str
    content_hash: str
    stamp: str
    restored: bool = False


@dataclass(frozen=True, slots=True)
class StillRejected:
    """A record that was rejected before and whose picture has not changed since."""

    id: str
    image: str


Settled: TypeAlias = Attempt | Same | StillRejected
"""What needs no writing to the index."""


# ------------------------------------------------------------------ what was read


@dataclass(frozen=True, slots=True)
class Prepared:
    """One model's input, and which of its towers it is for; of tiles the list of their inputs."""

    modality: Modality
    input: Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    A record ready for the models: `prepared` holds an input for each space whose vector must be made.

    `without` names spaces that hold nothing for it: a small picture, a film or a recording has no tiles, and what
    measures colours hears no recording.
    """

    task: Task
    content_hash: str
    width: int
    height: int
    prepared: Mapping[str, Prepared]
    whole: bool
    """The picture is new or another one: the point is written as a whole."""
    without: tuple[str, ...] = ()
    tiles: Mapping[str, Tiles] = field(default_factory=dict)
    """How the picture was cut, by space of tiles."""
    fingerprint: tuple[int, int] | None = None
    """What finds pictures like this one, where its thumbnail was made."""


# ------------------------------------------------------------------ what was made of it


Made: TypeAlias = list[tuple[Loaded, dict[str, Vector | Vectors]]]
"""Records with the vectors made for them, by space; of tiles several."""

What: TypeAlias = Literal["added", "changed", "extended", "moved", "relabelled"]
"""What happened to a record, by the names of `Summary`."""


@dataclass(frozen=True, slots=True)
class Written:
    """One point to write, and the ledger's row for it; a part keeps what the point has in other spaces."""

    what: What
    row: Row
    payload: Payload | None
    vectors: Mapping[str, Vector | Vectors]
    whole: bool
    taken: bool
    """Its picture was read: what was rejected of it before is forgotten."""
    tiles: Mapping[str, Tiles] = field(default_factory=dict)
    """How the picture was cut, by space of tiles."""
    fingerprint: tuple[int, int] | None = None
    """What finds pictures like this one, where its thumbnail was made."""
    hubs: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """How near it is to texts at large, by space, where that was measured before it is written."""
