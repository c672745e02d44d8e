"""An archive for many exact searches: what two of them ask the store alike is asked once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive_search.search import Searchable, SearchContext
from archive_search.types import FieldTable, Filter, Point, Query, Ranking, Store, Vector, Vectors

T = TypeVar("T")
KEPT = 300_000
"""Hits and scores that are remembered together, the latest: some 40 MB."""


class AskedOnce:
    """An archive whose stores are exact and remember what they answered; to be made for one piece of work."""

    def __init__(self, archive: Searchable) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._stores: dict[int, tuple[Store, RememberingStore]] = {}  # the first is held, so that no other gets its id

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan for `query` may see."""
        found = self._archive.context(query, space)
        with self._lock:
            if id(found.store) not in self._stores:
                self._stores[id(found.store)] = found.store, RememberingStore(found.store.exactly())
            _, store = self._stores[id(found.store)]
        return replace(found, store=store)


class RememberingStore:
    """
    An exact store that nobody writes to; its answers are those of the store itself, to the last bit.

    Safe to share between threads.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._size = 0

    @property
    def spaces(self) -> Mapping[str, int]:
        """Dimensions by space name."""
        return self._store.spaces

    @property
    def fields(self) -> FieldTable:
        """The fields of its payloads."""
        return self._store.fields

    @property
    def precision(self) -> str:
        """The name of how its vectors are kept."""
        return self._store.precision

    def exactly(self) -> Store:
        """Itself: every search is exact."""
        return self

    def nearest(self, space: str, vector: Vector, limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points most similar to `vector`."""
        return self.nearest_each(space, [vector], limit, where)[0]

    def nearest_each(
        self, space: str, vectors: Sequence[Vector], limit: int, where: Sequence[Filter] = ()
    ) -> list[Ranking]:
        """What `nearest` gives each of these vectors: those that are new are asked together, each once."""
        keys = [("nearest", space, vector.tobytes(), limit, tuple(where)) for vector in vectors]
        found = {key: self._remembered(key) for key in keys}
        new = {key: vector for key, vector in zip(keys, vectors, strict=True) if found[key] is None}
        if new:
            rankings = self._store.nearest_each(space, list(new.values()), limit, where)
            for key, ranking in zip(new, rankings, strict=True):
                found[key] = self._remember(key, ranking)
        return [found[key] for key in keys]

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points: those that are new for the vector are asked for."""
        key = ("scores", space, vector.tobytes())
        known: dict[str, float] = self._remembered(key) or {}
        if new := [one for one in dict.fromkeys(ids) if one not in known]:
            found = self._store.scores(space, vector, new).tolist()
            known = self._remember(key, {**known, **dict(zip(new, found, strict=True))})
        return np.array([known[one] for one in ids], dtype=np.float32)

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points whose metadata best match these words."""
        key = ("matching", tuple(words.items()), limit, tuple(where))
        return self._once(key, lambda: self._store.matching(words, limit, where))

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score that `matching` gives each of these points."""
        # of just these points: among others, Qdrant may add up the words in another order
        key = ("word scores", tuple(words.items()), frozenset(ids))
        found = self._once(key, lambda: dict(zip(ids, self._store.word_scores(words, ids).tolist(), strict=True)))
        return np.array([found[one] for one in ids], dtype=np.float32)

    def holding(self, word: str) -> int:
        """How many points say a folded word."""
        return self._once(("holding", word), lambda: self._store.holding(word))

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`."""
        return self._store.points(ids, space)

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """What each of these points holds in a space."""
        return self._store.vectors(space, ids)

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload."""
        return self._store.values(field, ids)

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes."""
        return self._store.scan(where, space)

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of the points that `scan` gives."""
        return self._store.ids(where)

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        return self._once(("count", tuple(where)), lambda: self._store.count(where))

    def filled(self, space: str) -> int:
        """How many points hold vectors in a space."""
        return self._store.filled(space)

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field."""
        return self._store.facet(field, where, limit)

    def ends(self, field: str, where: Sequence[Filter] = ()) -> tuple[float, float] | None:
        """The smallest and the largest number in a field."""
        return self._store.ends(field, where)

    def sample(self, where: Sequence[Filter] = ()) -> str | None:
        """The id of a point that passes, drawn anew each time."""
        return self._store.sample(where)

    def close(self) -> None:
        """Nothing to do: the store belongs to the archive."""

    def _once(self, key: Hashable, ask: Callable[[], T]) -> T:
        found: T | None = self._remembered(key)
        return self._remember(key, ask()) if found is None else found

    def _remembered(self, key: Hashable) -> Any:
        """What was answered; None where nothing was, or it is forgotten."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _remember(self, key: Hashable, answer: T) -> T:
        with self._lock:
            self._size += _size(answer) - _size(self._known.pop(key, 0))
            self._known[key] = answer
            while self._size > KEPT and len(self._known) > 1:
                self._size -= _size(self._known.popitem(last=False)[1])
        return answer


def _size(answer: Any) -> int:
    return len(answer) if isinstance(answer, tuple | dict) else 0
