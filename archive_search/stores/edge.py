"""
The embedded store: a Qdrant Edge shard in a directory, its write-ahead log off so that several processes can read it.

No HNSW graph is built: vectors are scanned, exactly or, in a large index, in a quantised copy whose best are compared
again with the vectors themselves (see `precision`), so that one plan gives one ranking on one generation and publishing
takes seconds. `optimize` packs points into compact segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from archive_search.answers import Answers, answered
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import SPACE as TEXT
from archive_search.spaces import is_tiled
from archive_search.stores import checks
from archive_search.stores.edge_config import configuration, has_precision, packed, precision_of, read_config, several
from archive_search.stores.edge_errors import telling
from archive_search.stores.edge_fields import among_held, drop, is_right, kinds, make
from archive_search.stores.edge_filters import condition
from archive_search.stores.freed import give_back
from archive_search.stores.ids import internal_id, number_of
from archive_search.stores.pages import PAGE
from archive_search.stores.precision import FLOAT32, Precision
from archive_search.stores.private_copy import private_copy
from archive_search.stores.qdrant import Held, QdrantStore
from archive_search.stores.recast import Tell, recast
from archive_search.types import (
    FieldTable,
    Filter,
    InvalidInputError,
    Match,
    Missing,
    Payload,
    Point,
    StoreError,
    Vectors,
)

EXACT = edge.SearchParams(exact=True)
MOVE = " If it stays so, move that directory elsewhere and run the ingest again: it goes on from what is whole."
FEW = 20
"""Where a filter lets one in so many pass, or fewer, every vector is compared: at 1 M that takes half the time."""
LOOSE = 50_000
"""So many writes go to a segment that can grow, whose indexes are in memory (6 KB a point); then it is packed."""
VALUES = 10_000
"""So many values of a field are kept with their counts, the most frequent."""
SOME = 500
"""A word that so many records say is counted once for a generation; what fewer say is counted at once."""
KEPT = 1 << 23
"""Numbers of vectors read before that are kept for the next search, by space: 32 MB."""


class EdgeStore(QdrantStore[int]):
    """
    Points in a Qdrant Edge shard; filters are pushed down.

    Internal ids are the numbers of their UUIDs: a UUID is hashed and compared in Python, which costs more than to find
    the points.
    """

    numbers_per_page = 1 << 20  # each is an object of Python for a moment

    def __init__(
        self,
        shard: Any,
        spaces: Mapping[str, int],
        writable: bool,
        has_words: bool = True,
        fields: FieldTable = STANDARD,
        precision: Precision = FLOAT32,
        unheld: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(spaces, has_words, fields, precision)
        self.shard = shard
        self.unheld = dict(unheld or {})
        """Fields that no point holds, with the kind of the index they would have."""
        self._writable, self._loose = writable, 0
        self.answers = None if writable else Answers()
        self._asked: tuple[frozenset[int] | None, Any] = None, None  # ids that were last told to Edge, as a condition
        self._holding: dict[int, int] = {}  # how many points hold a word, of a published generation
        self._vectors: dict[str, dict[int, Vectors]] = {}  # read for steps, of a published generation
        self._values: dict[str, dict[int, Any]] = {}  # fields that steps have asked for, of a published generation

    @classmethod
    def create(
        cls, path: Path, spaces: Mapping[str, int], fields: FieldTable = STANDARD, precision: Precision = FLOAT32
    ) -> EdgeStore:
        """
        Make a shard in a directory that does not exist or is empty, and open it for writing.

        Raises:
            InvalidInputError: If no space is named.
        """
        if not spaces:
            raise InvalidInputError("An index needs at least one space.")
        for name, dim in spaces.items():
            checks.check_new_space(name, dim, {})
        with telling(f"No index can be made in {path}"):
            path.mkdir(parents=True, exist_ok=True)
            shard = edge.EdgeShard.create(str(path), configuration(spaces, precision))
            made = cls(shard, spaces, writable=True, fields=fields, precision=precision, unheld=kinds(fields))
            made.flush()
        return made

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        writable: bool = False,
        fields: FieldTable = STANDARD,
        unheld: Mapping[str, str] | None = None,
    ) -> EdgeStore:
        """
        Open a shard: to read, from a private copy, so that nothing changes where it lies; to write, in place.

        Only one process may write, and only to a generation that is not published. `unheld` are the fields that no
        point is known to hold.

        Raises:
            StoreError: If it cannot be opened, or there is no room for the private copy.
        """
        what = f"The index in {path} cannot be opened"
        with telling(what, MOVE):
            config = read_config(path)
            spaces = {name: int(one["size"]) for name, one in config["vectors"].items()}
            has_words = TEXT in config.get("sparse_vectors", {})
        with nullcontext(path) if writable else private_copy(path) as place, telling(what, MOVE, place, path):
            shard = edge.EdgeShard.load(str(place), packed() if writable and has_words else None)
        return cls(shard, spaces, writable, has_words, fields, precision_of(config), unheld)

    # -------------------------------------------------------------- reading

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        if len(where) > 1 or not all(isinstance(one, Missing | Match) for one in where):  # of these there is no end
            return self._passing(where)
        return int(answered(self, f"count {tuple(where)!r}", lambda: self._passing(where)))

    def about(self, among: Any = None) -> int:
        """About how many points pass a condition of Edge, all where there is none: by its indexes, at no cost."""
        with telling("Points cannot be counted"):
            return int(self.shard.count(edge.CountRequest(exact=False, filter=among)))

    def filled(self, space: str) -> int:
        """How many points hold anything in a space."""
        checks.check_space(space, self._spaces)
        holding = edge.Filter(must=[edge.HasVectorCondition(space)])
        return int(answered(self, f"filled {space}", lambda: self._counted(holding)))

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        if where or limit > VALUES:
            return super().facet(field, where, limit)
        checks.check_facet(field, self._fields)
        counts = answered(self, f"facet {field}", lambda: list(super(EdgeStore, self).facet(field, (), VALUES).items()))
        return dict(islice(counts, limit))

    def ends(self, field: str, where: Sequence[Filter] = ()) -> tuple[float, float] | None:
        """The smallest and the largest number in a field, by the order of its index."""
        if where:
            return super().ends(field, where)
        found = answered(self, f"ends {field}", lambda: super(EdgeStore, self).ends(field))
        return None if found is None else (found[0], found[1])

    # -------------------------------------------------------------- writing

    def add_indexes(self) -> None:
        """Make the indexes on fields that are lacking, or of another kind: the table may have changed since."""
        wanted, there = kinds(self.fields), self.shard.info().payload_schema
        right = {one for one, kind in wanted.items() if one in there and is_right(there[one], kind)}
        self._update([drop(one) for one in wanted if one in there and one not in right])
        unheld = {one for one, kind in wanted.items() if one not in there and self.unheld.get(one) == kind}
        self._update([make(one, kind) for one, kind in wanted.items() if one not in right and one not in unheld])
        self.unheld = {one: wanted[one] for one in unheld}

    def add_words(self) -> None:
        """Find the words of all points, where the shard was made before words were kept."""
        if not self.has_words:
            self._update([edge.UpdateOperation.create_sparse_vector(TEXT)])
            self.has_words = True
            points = iter(list(self.scan()))
            while page := list(islice(points, PAGE)):
                self._set_words(self._internal_ids([p.id for p in page]), [p.payload for p in page])

    def recast(self, path: Path, precision: Precision, tell: Tell | None = None) -> None:
        """
        Keep the vectors of this shard, which lies at `path`, with another precision from now on.

        What is quantised is so when the points are packed next (`optimize`); see `archive_search.stores.recast`.
        """
        self._check_writable()
        if not has_precision(read_config(path), precision):
            with telling("The vectors cannot be kept with another precision"):
                self.shard = recast(self.shard, path, self._spaces, precision, tell)
        self.kept_with = precision
        self.add_indexes()

    def flush(self) -> None:
        """Make all that was written durable."""
        if self._writable:
            with telling("The index cannot be written"):
                self.shard.flush()

    def optimize(self) -> None:
        """Pack the points into compact segments."""
        self._check_writable()
        self._pack()

    def close(self) -> None:
        """Release the shard; a closed store answers nothing."""
        self.answers = None
        with telling("The index cannot be closed"):
            self.shard.close()

    # --------------------------------------------------------------- within

    def _pack(self) -> None:
        """Pack what was written; its indexes lie on the disk from then on."""
        with telling("The index cannot be optimised"):
            self.shard.optimize()
            self.shard.flush()  # only then the segments are let go that were packed
        self._loose = 0
        give_back()

    def _written(self, count: int) -> None:
        """Pack from time to time, so that memory stays bounded whatever is written."""
        self._loose += count
        if self._loose >= LOOSE:
            self._pack()

    def _passing(self, where: Sequence[Filter]) -> int:
        with telling("Points cannot be counted"):
            among = self._filter(where)
        return self._counted(among)

    def _counted(self, among: Any) -> int:
        with telling("Points cannot be counted"):
            return int(self.shard.count(edge.CountRequest(exact=True, filter=among)))

    def _id(self, record_id: str) -> int:
        return number_of(internal_id(record_id))

    def _number(self, internal: int) -> int:
        return internal

    def _filter(self, where: Sequence[Filter]) -> Any:
        said = among_held(where, self.unheld)
        if said is None:
            return self._among(())
        return edge.Filter(must=[condition(one) for one in said]) if said else None

    def _few_pass(self, among: Any) -> bool:
        return among is not None and self.about(among) * FEW <= self.about()

    def _among(self, internal: Iterable[int]) -> Any:
        ids = frozenset(internal)
        last, among = self._asked
        if last != ids:  # steps ask of the same hits in other orders; to tell Edge of them takes as long as its answer
            wanted: set[Any] = set(_said_ids(ids))
            among = edge.Filter(must=[edge.HasIdCondition(wanted)])
            self._asked = ids, among
        return among

    def _ids(self, found: Sequence[Any]) -> list[int]:
        return [one.id.int for one in found]

    def _query(self, space: str, query: Held, limit: int, among: Any, exact: bool = True) -> Sequence[edge.ScoredPoint]:
        request = self._request(space, query, limit, among, exact)
        with telling("The search failed"):
            found: list[edge.ScoredPoint] = self.shard.query(request)
        return found

    def _request(self, space: str, query: Held, limit: int, among: Any, exact: bool) -> Any:
        nearest = edge.Query.Nearest(_said(query), space)
        params = EXACT if exact else _rescored(self.kept_with.oversampling)
        return edge.QueryRequest(limit=limit, query=nearest, filter=among, params=params)

    def _query_each(
        self, space: str, queries: Sequence[Held], limit: int, among: Any, exact: bool = True
    ) -> Sequence[Sequence[edge.ScoredPoint]]:
        batch = edge.QueryBatchRequest([self._request(space, query, limit, among, exact) for query in queries])
        with telling("The search failed"):
            found: list[list[edge.ScoredPoint]] = self.shard.query_batch(batch)
        return found

    def _retrieve(
        self, internal: Sequence[int], payload: bool | list[str], spaces: Sequence[str]
    ) -> list[tuple[int, Payload, Mapping[str, Any]]]:
        with telling("Points cannot be read"):
            found = self.shard.retrieve(_said_ids(internal), payload, list(spaces) or False)
        return [(one.id.int, one.payload or {}, one.vector or {}) for one in found]

    def _first_by(self, field: str, falling: bool, among: Any) -> float | None:
        if field not in self.shard.info().payload_schema:
            return None
        order = edge.OrderBy(checks.field_path(field), edge.Direction.Desc if falling else edge.Direction.Asc)
        request = edge.ScrollRequest(limit=1, filter=among, with_payload=[field], order_by=order)
        with telling(f"The numbers of {field} cannot be read"):
            found, _ = self.shard.scroll(request)
        return float((found[0].payload or {})[field]) if found else None

    def _drawn(self, among: Any) -> str | None:
        request = edge.QueryRequest(limit=1, query=edge.Sample.Random, filter=among, with_payload=["id"])
        with telling("No record can be drawn"):
            found = self.shard.query(request)
        return str((found[0].payload or {})["id"]) if found else None

    def _scroll(
        self, offset: Any, limit: int, among: Any, spaces: Sequence[str], payload: bool | list[str]
    ) -> tuple[list[tuple[Payload, Mapping[str, Any]]], Any]:
        request = edge.ScrollRequest(
            offset=offset, limit=limit, filter=among, with_payload=payload, with_vector=list(spaces) or False
        )
        with telling("Points cannot be read"):
            found, following = self.shard.scroll(request)
        return [(one.payload or {}, one.vector or {}) for one in found], following

    def _facet(self, field: str, among: Any) -> list[tuple[str, int]]:
        if field not in self.shard.info().payload_schema:  # nobody holds it, or the next build adds it
            return []
        # by segments: no point lies in two of them, so it counts as exactly as asking for each value, in less time
        request = edge.FacetRequest(checks.field_path(field), limit=10_000_000, exact=False, filter=among)
        with telling(f"The values of {field} cannot be counted"):
            return [(str(one.value), int(one.count)) for one in self.shard.facet(request).hits if one.count]

    def _vectors_of(self, space: str, internal: Sequence[int]) -> dict[int, Vectors]:
        if self._writable or is_tiled(space):
            return super()._vectors_of(space, internal)
        known = self._vectors.setdefault(space, {})  # a search that is refined looks at the same hits again
        found = {one: held for one in internal if (held := known.get(one)) is not None}
        found |= super()._vectors_of(space, [one for one in internal if one not in found])
        if len(known) + len(found) > KEPT // self._spaces[space]:
            known.clear()
        known.update(found)
        return found

    def _read_new(self, internal: Sequence[int]) -> list[tuple[int, Payload]]:
        fields = dict(self._values)  # another thread may ask for one more
        if self._writable or not fields:
            return super()._read_new(internal)
        found = self._fetch(internal, ["id", *map(checks.field_path, fields)])
        for field, known in fields.items():  # what steps have asked for of others they will ask for of these
            known.update((one, payload.get(field)) for one, payload, _ in found)
        return [(one, payload) for one, payload, _ in found]

    def _values_of(self, field: str, internal: Sequence[int]) -> dict[int, Any]:
        if self._writable:
            return super()._values_of(field, internal)
        known = self._values.setdefault(field, {})  # what is published never changes
        unseen = [one for one in internal if one not in known]
        known.update(dict.fromkeys(unseen) | super()._values_of(field, unseen))
        return known

    def _count_holding(self, index: int) -> int:
        known = self._holding if not self._writable else {}
        if index not in known:
            some = len(self._query(TEXT, {index: 1.0}, SOME, None))
            known[index] = some if some < SOME else answered(self, f"holding {index}", lambda: self._many_hold(index))
        return known[index]

    def _many_hold(self, index: int) -> int:
        return super()._count_holding(index)

    def _put(self, points: Sequence[Point]) -> None:
        self._index_fields([p.payload for p in points])
        rows = [
            edge.Point(internal_id(p.id), {s: _said(h) for s, h in self._held(p).items()}, dict(p.payload))
            for p in points
        ]
        self._update([edge.UpdateOperation.upsert_points(rows)] if rows else [])
        self._written(len(rows))

    def _make_space(self, name: str, dim: int) -> None:
        kind = edge.VectorStorageDatatype.Float16 if self.kept_with.fitting(dim).half else None
        self._update([edge.UpdateOperation.create_dense_vector(name, dim, edge.Distance.Cosine, several(name), kind)])

    def _put_vectors(self, space: str, held: Sequence[tuple[int, Held]]) -> None:
        rows = [edge.PointVectors(_said_id(one), {space: _said(row)}) for one, row in held]
        self._update([edge.UpdateOperation.update_vectors(rows)] if rows else [])
        self._written(len(rows))

    def _drop_vectors(self, space: str, internal: Sequence[int]) -> None:
        gone = _said_ids(internal)
        self._update([edge.UpdateOperation.delete_vectors(gone, [space])] if gone else [])

    def _put_payloads(self, payloads: Sequence[tuple[int, dict[str, Any]]]) -> None:
        self._index_fields([payload for _, payload in payloads])
        self._update([edge.UpdateOperation.overwrite_payload([_said_id(one)], payload) for one, payload in payloads])
        self._written(len(payloads))

    def _remove(self, internal: Sequence[int]) -> None:
        self._update([edge.UpdateOperation.delete_points(_said_ids(internal))] if internal else [])

    def _index_fields(self, payloads: Sequence[Payload]) -> None:
        """Index the fields that these are the first to hold."""
        new = {field for payload in payloads for field in self.unheld.keys() & payload.keys()}
        self._update([make(field, self.unheld[field]) for field in sorted(new)])
        for field in new:
            del self.unheld[field]

    def _update(self, operations: Sequence[Any]) -> None:
        self._check_writable()
        with telling("The index cannot be written"):
            for operation in operations:
                self.shard.update(operation)

    def _check_writable(self) -> None:
        if not self._writable:
            raise StoreError("A published generation is only read: begin a build to change it.")


def _rescored(oversampling: float) -> Any:
    """To search a quantised copy, and compare so many times the hits asked for with the vectors themselves."""
    return edge.SearchParams(quantization=edge.QuantizationSearchParams(rescore=True, oversampling=oversampling))


def _said_ids(internal: Iterable[int]) -> list[Any]:
    return [*map(_said_id, internal)]


def _said_id(internal: int) -> str:
    return internal.to_bytes(16).hex()  # a tenth of the time that a UUID takes


def _said(held: Held) -> Any:
    if isinstance(held, Mapping):
        return edge.SparseVector(list(held), list(held.values()))
    return held.tolist()  # an array would be asked for each of its numbers: twice the time
