"""
The embedded store: a Qdrant Edge shard in a directory, its write-ahead log off so that several processes can read it.

Search is exact: no HNSW graph is built (20,000 x 1024 are scanned in 3 ms, 100,000 in 14 ms), so one plan gives one
ranking on every store and publishing takes seconds. `optimize` still packs points into compact segments.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import qdrant_edge as edge
from numpy.typing import NDArray

from archive_search.stores import checks
from archive_search.stores.ids import internal_id
from archive_search.stores.pages import PAGE, points_to_read
from archive_search.tiles import is_tiled
from archive_search.types import (
    ArchiveSearchError,
    Filter,
    Hit,
    InvalidInputError,
    Match,
    Missing,
    Payload,
    Point,
    Ranking,
    StoreError,
    Vector,
    Vectors,
)
from archive_search.words import COUNTED, document, question
from archive_search.words import SPACE as TEXT

NUMBERS_PER_PAGE = 1 << 20
"""Numbers read at a time in a scan: each is an object of Python for a moment."""
EXACT = edge.SearchParams(exact=True)


class EdgeStore:
    """Points in a Qdrant Edge shard; exact search with filters pushed down."""

    def __init__(self, shard: Any, spaces: Mapping[str, int], writable: bool, has_words: bool = True) -> None:
        self.shard = shard
        self._spaces = dict(spaces)
        self._writable = writable
        self._names: dict[UUID, str] = {}  # record ids seen so far: cheaper than their payloads with every hit
        self._internal: dict[str, UUID] = {}
        self.has_words = has_words
        self._holding: dict[int, int] = {}  # how many points hold a word, of a published generation
        self._values: dict[str, dict[UUID, Any]] = {}  # fields that steps have asked for, of a published generation

    @classmethod
    def create(cls, path: Path, spaces: Mapping[str, int]) -> EdgeStore:
        """
        Make a shard in a directory that does not exist or is empty, and open it for writing.

        Raises:
            InvalidInputError: If no space is named.
        """
        if not spaces:
            raise InvalidInputError("An index needs at least one space.")
        vectors = {
            name: edge.EdgeVectorParams(size=dim, distance=edge.Distance.Cosine, multivector_config=_several(name))
            for name, dim in spaces.items()
            if checks.check_new_space(name, dim, {})
        }
        no_graph = edge.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10)
        words = {TEXT: edge.EdgeSparseVectorParams()}
        config = edge.EdgeConfig(vectors=vectors, sparse_vectors=words, hnsw_config=no_graph, wal_enabled=False)
        with _telling(f"No index can be made in {path}"):
            path.mkdir(parents=True, exist_ok=True)
            made = cls(edge.EdgeShard.create(str(path), config), spaces, writable=True)
            made.add_indexes()
            made.flush()
        return made

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> EdgeStore:
        """Open a shard; for writing only one process may, and only a generation that is not published."""
        with _telling(f"The index in {path} cannot be opened"):
            config = json.loads((path / "edge_config.json").read_text(encoding="utf-8"))
            spaces = {name: int(one["size"]) for name, one in config["vectors"].items()}
            shard = edge.EdgeShard.load(str(path))
        return cls(shard, spaces, writable, TEXT in config.get("sparse_vectors", {}))

    # -------------------------------------------------------------- reading

    @property
    def spaces(self) -> Mapping[str, int]:
        """Dimensions by space name."""
        return dict(self._spaces)

    def nearest(self, space: str, vector: Vector, limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The `limit` points most similar to `vector`, best first, equal scores by id; payloads left empty."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        if limit < 1:
            return ()
        found = self._query(space, query, limit + 1, _filter(where))
        wanted = limit + 1
        while len(found) == wanted and found[-1].score == found[limit - 1].score:  # a tie across the cut: see all of it
            wanted *= 2
            found = self._query(space, query, wanted, _filter(where))
        names = self._record_ids([one.id for one in found])
        hits = [Hit(name, one.score) for name, one in zip(names, found, strict=True)]
        hits.sort(key=_best_first)
        return tuple(hits[:limit])

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points, in the order of `ids`; NaN where a point lacks the space."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        if not len(ids):
            return np.zeros(0, dtype=np.float32)
        internal = self._internal_ids(ids)
        wanted: set[Any] = set(internal)
        among = edge.Filter(must=[edge.HasIdCondition(wanted)])
        found = {one.id: one.score for one in self._query(space, query, len(wanted), among)}
        missing = float("nan")
        return np.array([found.get(one, missing) for one in internal], dtype=np.float32)

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points whose metadata best match these words; those that hold none are left out."""
        wanted = self._question(words)
        if limit < 1 or wanted is None:
            return ()
        asked = limit + 1
        found = self._query(TEXT, wanted, asked, _filter(where))
        while len(found) == asked and found[-1].score == found[limit - 1].score:
            asked *= 2
            found = self._query(TEXT, wanted, asked, _filter(where))
        names = self._record_ids([one.id for one in found])
        hits = [Hit(name, one.score) for name, one in zip(names, found, strict=True) if one.score > 0]
        return tuple(sorted(hits, key=_best_first)[:limit])

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score of each of these points, 0 where it holds none of the words."""
        wanted = self._question(words)
        if wanted is None or not len(ids):
            return np.zeros(len(ids), dtype=np.float32)
        internal = self._internal_ids(ids)
        among = edge.Filter(must=[edge.HasIdCondition(set[Any](internal))])
        found = {one.id: one.score for one in self._query(TEXT, wanted, len(set(internal)), among)}
        return np.array([found.get(one, 0.0) for one in internal], dtype=np.float32)

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`, unknown ids left out; with the vectors of `space` if one is named."""
        if space is not None:
            checks.check_space(space, self._spaces)
        internal = self._internal_ids(ids)
        with _telling("Points cannot be read"):
            found = self.shard.retrieve(list(dict.fromkeys(internal)), True, [space] if space is not None else False)
        by_id = {one.id: _point(one, space) for one in found}
        return [by_id[one] for one in internal if one in by_id]

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload, in the order of `ids`; None where nothing."""
        known = self._values.setdefault(field, {}) if not self._writable else {}  # what is published never changes
        internal = self._internal_ids(ids)
        unseen = [one for one in dict.fromkeys(internal) if one not in known]
        if unseen:
            with _telling("Points cannot be read"):
                found = self.shard.retrieve(unseen, [checks.field_path(field)], False)
            known.update(dict.fromkeys(unseen))
            known.update((one.id, (one.payload or {}).get(field)) for one in found)
        return [known[one] for one in internal]

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes, ordered by internal id."""
        if space is not None:
            checks.check_space(space, self._spaces)
        return self._scan(_filter(where), space)

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of every point that passes, in the order of a scan."""
        return self._ids(_filter(where))

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        with _telling("Points cannot be counted"):
            return int(self.shard.count(edge.CountRequest(exact=True, filter=_filter(where))))

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        checks.check_facet(field)
        if field not in self.shard.info().payload_schema:  # made before this field was counted: the next build adds it
            return {}
        request = edge.FacetRequest(field, limit=10_000_000, exact=True, filter=_filter(where))
        with _telling(f"The values of {field} cannot be counted"):
            counts = [(str(one.value), int(one.count)) for one in self.shard.facet(request).hits if one.count]
        return dict(sorted(counts, key=lambda item: (-item[1], item[0]))[:limit])

    # -------------------------------------------------------------- writing

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        stored = checks.check_points(points, self._spaces)
        self._names.update(zip(self._internal_ids([p.id for p in stored]), [p.id for p in stored], strict=True))
        rows = [edge.Point(self._internal[p.id], self._with_words(p), dict(p.payload)) for p in stored]
        self._update([edge.UpdateOperation.upsert_points(rows)] if rows else [])

    def add_indexes(self) -> None:
        """Make the indexes on fields that are lacking: a shard made by an earlier version has fewer."""
        wanted = dict.fromkeys(checks.KEYWORD_FIELDS, edge.PayloadSchemaType.Keyword)
        wanted |= dict.fromkeys(checks.NUMBER_FIELDS, edge.PayloadSchemaType.Float)  # holds whole years as well
        there = self.shard.info().payload_schema
        self._update(
            [edge.UpdateOperation.create_field_index(one, kind) for one, kind in wanted.items() if one not in there]
        )

    def add_words(self) -> None:
        """Find the words of all points, where the shard was made before words were kept."""
        if not self.has_words:
            self._update([edge.UpdateOperation.create_sparse_vector(TEXT)])
            self.has_words = True
            points = iter(list(self.scan()))
            while page := list(islice(points, PAGE)):
                self._set_words(self._internal_ids([p.id for p in page]), [p.payload for p in page])

    def add_space(self, name: str, dim: int) -> None:
        """Add a space; nothing happens if it is there."""
        if checks.check_new_space(name, dim, self._spaces):
            self._update([edge.UpdateOperation.create_dense_vector(name, dim, edge.Distance.Cosine, _several(name))])
            self._spaces[name] = dim

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Set the vectors of one space; the other spaces of these points stay."""
        dim = checks.check_space(space, self._spaces)
        checks.check_pairs(ids, vectors, "vectors")
        if not len(ids):
            return
        held = checks.held_each(vectors, space, dim)
        internal = self._known(ids)
        changed = [edge.PointVectors(one, {space: row}) for one, row in zip(internal, held, strict=True)]
        self._update([edge.UpdateOperation.update_vectors(changed)])

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        checks.check_pairs(ids, payloads, "payloads")
        stored = [checks.stored_payload(one, payload) for one, payload in zip(ids, payloads, strict=True)]
        internal = self._known(ids)
        self._update(
            [
                edge.UpdateOperation.overwrite_payload([one], payload)
                for one, payload in zip(internal, stored, strict=True)
            ]
        )
        self._set_words(internal, stored)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        self._update([edge.UpdateOperation.delete_points(list(self._internal_ids(ids)))] if len(ids) else [])

    def flush(self) -> None:
        """Make all that was written durable."""
        if self._writable:
            with _telling("The index cannot be written"):
                self.shard.flush()

    def optimize(self) -> None:
        """Pack the points into compact segments."""
        self._check_writable()
        with _telling("The index cannot be optimised"):
            self.shard.optimize()
            self.shard.flush()

    def close(self) -> None:
        """Release the shard; a closed store answers nothing."""
        with _telling("The index cannot be closed"):
            self.shard.close()

    # --------------------------------------------------------------- within

    def _question(self, words: Mapping[str, float]) -> Any:
        """The sparse vector of words; None where nothing holds any."""
        if not self.has_words:
            return None
        wanted = question(words, self._count_holding, self.count())
        return edge.SparseVector(list(wanted), list(wanted.values())) if wanted else None

    def _count_holding(self, index: int) -> int:
        known = self._holding if not self._writable else {}
        if index not in known:
            known[index] = len(self._query(TEXT, edge.SparseVector([index], [1.0]), COUNTED, None))
        return known[index]

    def _with_words(self, point: Point) -> dict[str, Any]:
        words = document(point.payload) if self.has_words else {}
        found: dict[str, Any] = dict(point.vectors)
        if words:
            found[TEXT] = edge.SparseVector(list(words), list(words.values()))
        return found

    def _set_words(self, internal: Sequence[UUID], payloads: Sequence[Payload]) -> None:
        if not self.has_words:
            return
        held = [(one, document(payload)) for one, payload in zip(internal, payloads, strict=True)]
        said = [edge.PointVectors(one, {TEXT: edge.SparseVector(list(w), list(w.values()))}) for one, w in held if w]
        silent: list[Any] = [one for one, words in held if not words]
        self._update([edge.UpdateOperation.update_vectors(said)] if said else [])
        self._update([edge.UpdateOperation.delete_vectors(silent, [TEXT])] if silent else [])

    def _query(self, space: str, query: Any, limit: int, among: Any) -> list[Any]:
        request = edge.QueryRequest(limit=limit, query=edge.Query.Nearest(query, space), filter=among, params=EXACT)
        with _telling("The search failed"):
            return list(self.shard.query(request))

    def _scan(self, among: Any, space: str | None) -> Iterator[Point]:
        offset = None
        vectors = [space] if space is not None else False
        page = points_to_read({space: self._spaces[space]} if space is not None else {}, NUMBERS_PER_PAGE)
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=page, filter=among, with_payload=True, with_vector=vectors
            )
            with _telling("Points cannot be read"):
                found, offset = self.shard.scroll(request)
            yield from (_point(one, space) for one in found)
            if offset is None:
                return

    def _ids(self, among: Any) -> Iterator[str]:
        offset = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=PAGE, filter=among, with_payload=["id"], with_vector=False
            )
            with _telling("Points cannot be read"):
                found, offset = self.shard.scroll(request)
            yield from (str(one.payload["id"]) for one in found)
            if offset is None:
                return

    def _internal_ids(self, ids: Sequence[str]) -> list[UUID]:
        known = self._internal
        for one in ids:
            if one not in known:
                known[one] = UUID(internal_id(one))
        return [known[one] for one in ids]

    def _record_ids(self, internal: list[UUID]) -> list[str]:
        names = self._names
        unseen = [one for one in internal if one not in names]
        if unseen:
            with _telling("Points cannot be read"):
                found = self.shard.retrieve(unseen, ["id"], False)
            for one in found:
                name = one.payload["id"]
                names[one.id] = name
                self._internal[name] = one.id
        return [names[one] for one in internal]

    def _known(self, ids: Sequence[str]) -> list[UUID]:
        internal = self._internal_ids(ids)
        with _telling("Points cannot be read"):
            found = {one.id for one in self.shard.retrieve(internal, False, False)} if internal else set()
        if len(found) < len(internal):
            raise checks.unknown_ids([name for name, one in zip(ids, internal, strict=True) if one not in found])
        return internal

    def _update(self, operations: Sequence[Any]) -> None:
        self._check_writable()
        with _telling("The index cannot be written"):
            for operation in operations:
                self.shard.update(operation)

    def _check_writable(self) -> None:
        if not self._writable:
            raise StoreError("A published generation is only read: begin a build to change it.")


def _several(space: str) -> Any:
    """Says to Edge that the points of a space hold several vectors, where they do."""
    return edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim) if is_tiled(space) else None


def _best_first(hit: Hit) -> tuple[float, str]:
    return (-hit.score, hit.id)


def _point(found: Any, space: str | None) -> Point:
    payload = found.payload or {}
    held = found.vector or {}
    vectors = {space: np.array(held[space], dtype=np.float32)} if space is not None and space in held else {}
    return Point(payload["id"], vectors, payload)


def _filter(where: Sequence[Filter]) -> Any:
    return edge.Filter(must=[_condition(one) for one in where]) if where else None


def _condition(one: Filter) -> Any:
    key = checks.field_path(one.field)
    empty = edge.IsEmptyCondition(key)
    if isinstance(one, Missing):
        return empty
    if isinstance(one, Match):
        holds = edge.FieldCondition(key, match=edge.MatchAny(list(one.values)))
    else:
        low, high = one.low, one.high
        holds = edge.FieldCondition(key, range=edge.RangeFloat(gte=low, lte=high))
    return edge.Filter(should=[holds, empty]) if one.unknown == "keep" else holds


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """Turn whatever Edge raises, a panic included, into a StoreError that begins with `what`."""
    try:
        yield
    except (ArchiveSearchError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise StoreError(f"{what}: {' '.join(str(error).split())}.") from error
        raise
