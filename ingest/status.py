"""The state of an archive: what it holds, what an ingest has left unfinished, what was rejected."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from archive_search.answers import answered
from archive_search.archive import Archive
from archive_search.spaces import is_tiled
from archive_search.types import Store
from ingest.ledger import Ledger, Run
from ingest.source import Rejected

READ = 1000
"""Records whose tiles are counted: all of them would be read from the disk."""


@dataclass(frozen=True, slots=True)
class Space:
    """
    What a space holds: its dimensions, whether a search takes it by default, how many records have no vector there.

    `tiles` is how many vectors a space of tiles holds, in a large archive what `READ` of the records suggest.
    """

    dim: int
    default: bool
    without: int
    tiles: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that records came from: how many are published, and its latest ingest where the ledger knows it."""

    name: str
    records: int
    last: Run | None


@dataclass(frozen=True, slots=True)
class Progressed:
    """
    What the ledger and the index tell of the work.

    `building` names the generation that an ingest has left unfinished, with `pending` records so far; `remark` says
    what is wrong with an index that can be read all the same.
    """

    generation: str | None
    building: str | None
    remark: str
    pending: int
    rejected: tuple[Rejected, ...]
    last: Run | None
    origins: tuple[Origin, ...]


def spaces(archive: Archive) -> dict[str, Space]:
    """The spaces of the published generation by name; none before the first."""
    if archive.generation is None:
        return {}
    store = archive.store
    records = store.count()
    return {
        name: Space(
            dim,
            name == archive.default_space(),
            records - store.filled(name),
            _tiles(store, name) if is_tiled(name) else None,
        )
        for name, dim in sorted(store.spaces.items())
    }


def progressed(archive: Archive) -> Progressed:
    """How far the work is, and every record that was rejected; cheap enough to ask again and again."""
    index = archive.generation, archive.index.building(), archive.index.remark()
    if not archive.ledger.exists():
        return Progressed(*index, 0, (), None, ())
    with Ledger(archive.ledger, reading=True) as ledger:
        records, runs = ledger.counts(), {one.origin: one for one in ledger.last_runs()}
        origins = tuple(Origin(one, records.get(one, 0), runs.get(one)) for one in dict.fromkeys((*runs, *records)))
        return Progressed(*index, ledger.pending_count(), tuple(ledger.rejected()), ledger.last_run(), origins)


def _tiles(store: Store, space: str) -> int:
    """How many vectors a space of tiles holds; in a large archive what a part of the records suggests."""
    return int(answered(store, f"tiles {space}", lambda: _some_tiles(store, space)))


def _some_tiles(store: Store, space: str) -> int:
    rows = [len(point.vectors.get(space, ())) for point in islice(store.scan((), space), READ)]
    return round(store.count() * sum(rows) / max(len(rows), 1))
