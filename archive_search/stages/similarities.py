"""How similar an archive's records are to one example: a histogram, with the place where the category's gate ends."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from archive_search.ranking.parts.background import SIZE, sample
from archive_search.ranking.parts.best_part import best_similarities_to
from archive_search.search import SearchContext
from archive_search.types import Example, Filter, Query, Store

LOOKED = 2000
"""Records that are looked at, where there are more: their similarities lie as those of all do, within some 2 %."""
KEPT = 128
"""Examples whose similarities are kept, by published store."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """
    Similarities of records to an example: `counts[i]` of them lie from `edges[i]` to `edges[i + 1]`.

    `looked` of `records` were looked at: all, or a fixed sample. `gate` are the similarities, highest first, by which
    the step `within` counts its width.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    looked: int
    records: int
    gate: tuple[float, ...]

    def threshold(self, share: float) -> float:
        """The similarity from which on a gate of this width, 0 to 1, lets records through."""
        return float(np.quantile(self.gate, 1.0 - share))

    def passing(self, share: float) -> int:
        """About how many of the records such a gate lets through."""
        return round(share * self.records)


class Asked(Protocol):
    """What can be asked about similarities: an archive."""

    @property
    def store(self) -> Store:
        """The published generation."""
        ...

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan may see."""
        ...


def similarity_histogram(
    archive: Asked,
    example: Example | str,
    space: str = "",
    bins: int = 40,
    where: Sequence[Filter] = (),
    tiles: bool = True,
) -> Histogram | None:
    """
    The similarities of the records that pass the filters, each of its most similar part, unless `tiles` is off.

    The example's weight does not matter: of what is not wanted it is told how similar records are to it.

    None where nothing can be told: no record has a vector, or the space can be searched by no word of the text. What
    was read is kept for the next question about the same example in the same generation.

    Raises:
        ArchiveSearchError: As a search by the example does.
    """
    example = Example("text", example) if isinstance(example, str) else Example(example.kind, example.value)
    search = archive.context(Query((example,), tuple(where)), space)
    if not search.reads(example):
        return None
    found, records = _similarities(search, example, tiles)
    known = found[~np.isnan(found)]
    gate = np.sort(found[:SIZE][~np.isnan(found[:SIZE])])[::-1]
    if not len(known) or not len(gate):
        return None
    counts, edges = np.histogram(known, bins)
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), len(known), records, tuple(gate.tolist()))


Key: TypeAlias = tuple[str, Example, tuple[Filter, ...], bool, str]
_KEPT: WeakKeyDictionary[Store, OrderedDict[Key, tuple[NDArray[np.float64], int]]] = WeakKeyDictionary()
_LOCK = Lock()


def _similarities(search: SearchContext, example: Example, tiles: bool) -> tuple[NDArray[np.float64], int]:
    """Those of the sample, in its order, and how many records there are."""
    text = example.kind == "text"
    mark = search.prompt(example.value) if text else search.identity(example.value.rpartition("@")[2])
    key = (search.space, example, search.query.where, tiles, mark)
    with _LOCK:
        kept = _KEPT.setdefault(search.store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    ids = sample(search.store, search.query.where, LOOKED)
    found = best_similarities_to(search, (example,), ids, tiles), search.store.count(search.query.where)
    if text or mark:
        with _LOCK:
            kept[key] = found
            while len(kept) > KEPT:
                kept.popitem(last=False)
    return found
