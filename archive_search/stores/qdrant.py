"""What the stores on Qdrant do alike: checks, ties, ids and words; each says how its Qdrant is asked."""

from __future__ import annotations

import copy
import struct
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from operator import neg
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import COUNTED, document, number, question, stems
from archive_search.metadata.words import SPACE as TEXT
from archive_search.stores import checks, equals
from archive_search.stores.pages import points_to_read
from archive_search.stores.precision import FLOAT32, Precision
from archive_search.types import FieldTable, Filter, Hit, Payload, Point, Range, Ranking, Vector, Vectors


class Ordered(Hashable, Protocol):
    """An internal id: the order of a scan is theirs."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether it comes before another."""
        ...


Id = TypeVar("Id", bound=Ordered)
REMEMBERED = 1 << 18
"""Record ids that were seen are remembered until there are so many, some 100 MB: then it begins anew."""
TOGETHER = 16
"""So many searches are one request: more at once are hardly cheaper, and Edge lets no other thread work meanwhile."""
FARTHEST = 1e12
"""No number of a record is larger: what lies beyond is not looked for."""
Held: TypeAlias = Vector | Vectors | Mapping[int, float]
"""What a point holds in a space, or a question asks of it: a vector, rows of tiles, or weights of words."""


class Found(Protocol):
    """A point that a search has found, as Qdrant gives it: its id costs more than its score, and is asked for last."""

    @property
    def score(self) -> float:
        """How similar it is."""
        ...


class QdrantStore(ABC, Generic[Id]):
    """Points in Qdrant: ties by record id, filters pushed down; scores are those of the vectors as they are kept."""

    numbers_per_page: int
    """Numbers read at a time in a scan."""

    def __init__(
        self,
        spaces: Mapping[str, int],
        has_words: bool,
        fields: FieldTable = STANDARD,
        precision: Precision = FLOAT32,
    ) -> None:
        self._spaces = dict(spaces)
        self.kept_with, self._exactly = precision, False
        self._exact: Self | None = None
        self._fields = fields
        self.has_words = has_words
        self._names: dict[Id, str] = {}  # record ids seen so far: cheaper than their payloads with every hit
        self._internal: dict[str, Id] = {}

    # -------------------------------------------------------------- reading

    @property
    def spaces(self) -> Mapping[str, int]:
        """Dimensions by space name."""
        return dict(self._spaces)

    @property
    def fields(self) -> FieldTable:
        """The fields of its payloads."""
        return self._fields

    @property
    def precision(self) -> str:
        """The name of how its vectors are kept and searched; see `archive_search.stores.precision`."""
        return self.kept_with.name

    def exactly(self) -> Self:
        """The same points, of which every search compares every vector."""
        if self._exactly or not self.kept_with.bits:
            return self
        if self._exact is None:  # one for all who ask: much is remembered by the store that it is known of
            exact = copy.copy(self)
            exact._exactly = True
            self._exact = exact
        return self._exact

    def nearest(self, space: str, vector: Vector, limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The `limit` points most similar to `vector`, best first, equal scores by id; payloads left empty."""
        return self.nearest_each(space, [vector], limit, where)[0]

    def nearest_each(
        self, space: str, vectors: Sequence[Vector], limit: int, where: Sequence[Filter] = ()
    ) -> list[Ranking]:
        """What `nearest` gives each of these vectors, `TOGETHER` of them in one request."""
        dim = checks.check_space(space, self._spaces)
        queries = [checks.unit(vector, space, dim) for vector in vectors]
        if limit < 1:
            return [() for _ in queries]
        pages = (queries[start : start + TOGETHER] for start in range(0, len(queries), TOGETHER))
        return [hits for page in pages for hits in self._best_each(space, page, limit, where)]

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points, in the order of `ids`; NaN where a point lacks the space."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        return self._scores(space, query, ids, float("nan"))

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points whose metadata best match these words; those that hold none are left out."""
        wanted = self._question(words)
        if limit < 1 or not wanted:
            return ()
        found = [hit for hit in self._best_each(TEXT, [wanted], limit, where)[0] if hit.score > 0]
        ids = [hit.id for hit in found]
        scores = self._plain(np.array([hit.score for hit in found]), self._internal_ids(ids)).tolist()
        return tuple([Hit(one, -score) for score, one in sorted(zip(map(neg, scores), ids, strict=True))])

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score of each of these points, 0 where it holds none of the words."""
        wanted = self._question(words)
        if not wanted:
            return np.zeros(len(ids), dtype=np.float32)
        return self._plain(self._scores(TEXT, wanted, ids, 0.0), self._internal_ids(ids))

    def holding(self, word: str) -> int:
        """How many points say a folded word, up to `COUNTED`."""
        return max(self._count_holding(number(stem)) for stem in stems(word)) if self.has_words else 0

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`, unknown ids left out; with the vectors of `space` if one is named."""
        internal = self._internal_ids(ids)
        by_id = {one: _point(payload, held) for one, payload, held in self._fetch(internal, True, self._named(space))}
        return [by_id[one] for one in internal if one in by_id]

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """What each of these points holds in a space, by id in the order of `ids`; those that hold nothing left out."""
        checks.check_space(space, self._spaces)
        internal = self._internal_ids(ids)
        found = self._vectors_of(space, internal)
        return {name: found[one] for name, one in zip(ids, internal, strict=True) if one in found}

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload, in the order of `ids`; None where nothing."""
        internal = self._internal_ids(ids)
        found = self._values_of(field, internal)
        return [found.get(one) for one in internal]

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes, ordered by internal id."""
        return self._scan(self._filter(where), self._named(space))

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of every point that passes, in the order of a scan."""
        return (str(payload["id"]) for payload, _ in self._pages(self._filter(where), [], ["id"]))

    @abstractmethod
    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""

    @abstractmethod
    def filled(self, space: str) -> int:
        """How many points hold anything in a space."""

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        checks.check_facet(field, self._fields)
        counts = self._facet(field, self._filter(where))
        return dict(sorted(counts, key=lambda item: (-item[1], item[0]))[:limit])

    def ends(self, field: str, where: Sequence[Filter] = ()) -> tuple[float, float] | None:
        """The smallest and the largest number in a field, by the order of its index."""
        checks.check_number(field, self._fields)
        among = self._filter((*where, Range(field, low=-FARTHEST, high=FARTHEST)))
        found = [self._first_by(field, falling, among) for falling in (False, True)]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def sample(self, where: Sequence[Filter] = ()) -> str | None:
        """The id of a point that passes, drawn at random by Qdrant."""
        return self._drawn(self._filter(where))

    # -------------------------------------------------------------- writing

    def follow(self, fields: FieldTable) -> None:
        """Have the fields of another table from now on, with their indexes; what is stored stays as it is."""
        self._fields = fields
        self.add_indexes()

    @abstractmethod
    def add_indexes(self) -> None:
        """Make the indexes on fields that are lacking, or of another kind: the table may have changed since."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        self._put(checks.check_points(points, self._spaces))

    def add_space(self, name: str, dim: int) -> None:
        """Add a space; nothing happens if it is there."""
        if checks.check_new_space(name, dim, self._spaces):
            self._make_space(name, dim)
            self._spaces[name] = dim

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Set the vectors of one space; the other spaces of these points stay."""
        dim = checks.check_space(space, self._spaces)
        checks.check_pairs(ids, vectors, "vectors")
        if len(ids):
            held = checks.held_each(vectors, space, dim)
            self._put_vectors(space, list(zip(self._known(ids), held, strict=True)))

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        checks.check_pairs(ids, payloads, "payloads")
        stored = [checks.stored_payload(one, payload) for one, payload in zip(ids, payloads, strict=True)]
        internal = self._known(ids)
        self._put_payloads(list(zip(internal, stored, strict=True)))
        self._set_words(internal, stored)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        self._remove(self._internal_ids(ids))

    # --------------------------------------------------- how Qdrant is asked

    @abstractmethod
    def _id(self, record_id: str) -> Id:
        """The internal id of a record, as it comes back with hits."""

    @abstractmethod
    def _number(self, internal: Id) -> int:
        """An internal id as a number of 128 bits."""

    @abstractmethod
    def _filter(self, where: Sequence[Filter]) -> Any:
        """Filters as this Qdrant reads them; None where there are none."""

    @abstractmethod
    def _among(self, internal: Iterable[Id]) -> Any:
        """The filter that only these points pass."""

    @abstractmethod
    def _ids(self, found: Sequence[Any]) -> list[Id]:
        """The internal ids of what was found."""

    @abstractmethod
    def _query(self, space: str, query: Held, limit: int, among: Any, exact: bool = True) -> Sequence[Found]:
        """The best `limit` points with their scores, best first; not `exact`: those of a quantised copy may do."""

    @abstractmethod
    def _query_each(
        self, space: str, queries: Sequence[Held], limit: int, among: Any, exact: bool = True
    ) -> Sequence[Sequence[Found]]:
        """What `_query` gives each of these, in one request."""

    @abstractmethod
    def _retrieve(
        self, internal: Sequence[Id], payload: bool | list[str], spaces: Sequence[str]
    ) -> list[tuple[Id, Payload, Mapping[str, Any]]]:
        """Those of these points that there are: with all of the payload or some fields, with what these spaces hold."""

    @abstractmethod
    def _first_by(self, field: str, falling: bool, among: Any) -> float | None:
        """The number in a field of the first point in its order; None where no point passes."""

    @abstractmethod
    def _drawn(self, among: Any) -> str | None:
        """The record id of a point drawn at random; None where none passes."""

    @abstractmethod
    def _scroll(
        self, offset: Any, limit: int, among: Any, spaces: Sequence[str], payload: bool | list[str]
    ) -> tuple[list[tuple[Payload, Mapping[str, Any]]], Any]:
        """The next points in the order of internal ids, and the offset behind them, None at the end."""

    @abstractmethod
    def _facet(self, field: str, among: Any) -> list[tuple[str, int]]:
        """All values of an indexed field with their counts; none where it has no index."""

    @abstractmethod
    def _put(self, points: Sequence[Point]) -> None: ...

    @abstractmethod
    def _make_space(self, name: str, dim: int) -> None: ...

    @abstractmethod
    def _put_vectors(self, space: str, held: Sequence[tuple[Id, Held]]) -> None: ...

    @abstractmethod
    def _drop_vectors(self, space: str, internal: Sequence[Id]) -> None: ...

    @abstractmethod
    def _put_payloads(self, payloads: Sequence[tuple[Id, dict[str, Any]]]) -> None: ...

    @abstractmethod
    def _remove(self, internal: Sequence[Id]) -> None: ...

    # --------------------------------------------------------------- within

    def _best_each(self, space: str, queries: Sequence[Held], limit: int, where: Sequence[Filter]) -> list[Ranking]:
        """For each query the `limit` best, best first, equal scores by id."""
        among = self._filter(where)
        exact = space == TEXT or self._is_exact(space) or self._few_pass(among)
        if len(queries) == 1:
            found = [self._query(space, queries[0], limit + 1, among, exact)]
        else:
            found = [*self._query_each(space, queries, limit + 1, among, exact)]
        return [self._cut(space, query, limit, among, exact, one) for query, one in zip(queries, found, strict=True)]

    def _cut(self, space: str, query: Held, limit: int, among: Any, exact: bool, found: Sequence[Found]) -> Ranking:
        """
        The `limit` best of what was found with one more, equal scores by id.

        Of those that tie with the last, the first by internal id are taken.
        """
        asked = limit + 1
        while len(found) == asked and found[-1].score == found[limit - 1].score:  # a tie across the cut: see all of it
            asked *= 4
            found = self._query(space, query, asked, among, exact)
        scores = [one.score for one in found]
        if len(found) > limit:
            first = bisect_left(scores, -scores[limit - 1], key=neg)
            ties = found[first : bisect_right(scores, -scores[limit - 1], key=neg)]
            ids = [*self._ids(found[:first]), *sorted(self._ids(ties))[: limit - first]]
            scores = scores[:limit]
        else:
            ids = self._ids(found)
        ranked = sorted(zip(map(neg, scores), self._record_ids(ids), strict=True))
        return tuple([Hit(name, -score) for score, name in ranked])

    def _few_pass(self, among: Any) -> bool:
        """Whether so few points pass a filter that to compare their vectors themselves takes no longer than copies."""
        return False

    def _is_exact(self, space: str) -> bool:
        """Whether every vector of a space is compared in a search."""
        return self._exactly or not self.kept_with.fitting(self._spaces[space]).bits

    def _scores(self, space: str, query: Held, ids: Sequence[str], missing: float) -> NDArray[np.float32]:
        internal = self._internal_ids(ids)
        wanted = dict.fromkeys(internal)
        found = self._query(space, query, len(wanted), self._among(wanted)) if wanted else ()
        scores = dict(zip(self._ids(found), [one.score for one in found], strict=True))
        return np.array([scores.get(one, missing) for one in internal], dtype=np.float32)

    def _scan(self, among: Any, spaces: Sequence[str]) -> Iterator[Point]:
        return (_point(payload, held) for payload, held in self._pages(among, spaces, True))

    def _pages(
        self, among: Any, spaces: Sequence[str], payload: bool | list[str]
    ) -> Iterator[tuple[Payload, Mapping[str, Any]]]:
        limit = points_to_read({space: self._spaces[space] for space in spaces}, self.numbers_per_page)
        offset: Any = None
        while True:
            found, offset = self._scroll(offset, limit, among, spaces, payload)
            yield from found
            if offset is None:
                return

    def _named(self, space: str | None) -> list[str]:
        if space is None:
            return []
        checks.check_space(space, self._spaces)
        return [space]

    def _fetch(
        self, internal: Sequence[Id], payload: bool | list[str], spaces: Sequence[str] = ()
    ) -> list[tuple[Id, Payload, Mapping[str, Any]]]:
        unique = list(dict.fromkeys(internal))
        return self._retrieve(unique, payload, spaces) if unique else []

    def _vectors_of(self, space: str, internal: Sequence[Id]) -> dict[Id, Vectors]:
        found = self._fetch(internal, False, [space])
        return {one: _numbers(held[space]) for one, _, held in found if space in held}

    def _values_of(self, field: str, internal: Sequence[Id]) -> dict[Id, Any]:
        return {one: payload.get(field) for one, payload, _ in self._fetch(internal, [checks.field_path(field)])}

    def _internal_ids(self, ids: Sequence[str]) -> list[Id]:
        known, found = self._internal, []
        if len(known) > REMEMBERED:
            known.clear()
        for one in ids:
            if (internal := known.get(one)) is None:
                internal = known[one] = self._id(one)
            found.append(internal)
        return found

    def _record_ids(self, internal: Sequence[Id]) -> list[str]:
        known = self._names
        if len(known) > REMEMBERED:
            known.clear()
        names = [known.get(one) for one in internal]
        new = [one for one, name in zip(internal, names, strict=True) if name is None]
        read = {one: str(payload["id"]) for one, payload in self._read_new(new)} if new else {}
        known.update(read)
        self._internal.update((name, one) for one, name in read.items())
        return [read[one] if name is None else name for one, name in zip(internal, names, strict=True)]

    def _read_new(self, internal: Sequence[Id]) -> list[tuple[Id, Payload]]:
        """The record ids, at least, of points that come up for the first time."""
        return [(one, payload) for one, payload, _ in self._fetch(internal, ["id"])]

    def _known(self, ids: Sequence[str]) -> list[Id]:
        internal = self._internal_ids(ids)
        found = {one for one, _, _ in self._fetch(internal, False)}
        if len(found) < len(internal):
            raise checks.unknown_ids([name for name, one in zip(ids, internal, strict=True) if one not in found])
        return internal

    def _held(self, point: Point) -> dict[str, Held]:
        """All that a point holds: what its spaces hold, and its words."""
        words = self._words(self._id(point.id), point.payload) if self.has_words else {}
        return {**point.vectors, TEXT: words} if words else dict(point.vectors)

    def _words(self, internal: Id, payload: Payload) -> dict[int, float]:
        return equals.weighed(document(payload, self._fields), self._number(internal))

    def _plain(self, scores: NDArray[np.float32], internal: Sequence[Id]) -> NDArray[np.float32]:
        return equals.plain(scores, [self._number(one) for one in internal])

    def _question(self, words: Mapping[str, float]) -> dict[int, float]:
        """The weights of words; empty where nothing holds any."""
        return question(words, self._count_holding, self.count()) if self.has_words else {}

    def _count_holding(self, index: int) -> int:
        return len(self._query(TEXT, {index: 1.0}, COUNTED, None))

    def _set_words(self, internal: Sequence[Id], payloads: Sequence[Payload]) -> None:
        if self.has_words:
            held = [(one, self._words(one, payload)) for one, payload in zip(internal, payloads, strict=True)]
            self._put_vectors(TEXT, [(one, words) for one, words in held if words])
            self._drop_vectors(TEXT, [one for one, words in held if not words])


def _point(payload: Payload, held: Mapping[str, Any]) -> Point:
    vectors = {space: _numbers(one) for space, one in held.items()}
    return Point(str(payload["id"]), vectors, payload)


def _numbers(held: Any) -> NDArray[np.float32]:
    """A list of numbers, or of rows of them, as float32; packed first, which takes a third of what numpy takes."""
    if len(held) and isinstance(held[0], list):
        return np.stack([_numbers(row) for row in held])
    return np.frombuffer(struct.pack(f"{len(held)}f", *held), dtype=np.float32).copy()
