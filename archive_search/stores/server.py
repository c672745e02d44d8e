"""
The store on a Qdrant server or cluster, through qdrant-client.

Search is exact up to `EXACT_UP_TO` points, so that one plan gives one ranking on every store; above, the server's HNSW
graph is searched with a wide beam, and a ranking may miss a few points of the exact one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from archive_search.stores import checks
from archive_search.stores.ids import internal_id
from archive_search.stores.pages import PAGE, points_to_read, to_write
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

EXACT_UP_TO = 1_000_000
"""Points up to which every search is exact."""
BEAM = 512
"""Width of the search in the HNSW graph above that, at least."""
FLOATS_PER_REQUEST = 1 << 19
"""Numbers sent or fetched in one request: some 6 MB of JSON, well below the server's limit of 32."""
NO_GRAPH = models.HnswConfigDiff(m=0)
"""For spaces of tiles: a graph of points that hold many vectors each takes too long to build."""
MANY = 1_000_000
"""More different values of a facet than are ever asked for."""


class ServerStore:
    """Points in a collection of a Qdrant server; filters are pushed down."""

    def __init__(self, client: QdrantClient, collection: str, place: str) -> None:
        self._client = client
        self._collection = collection
        self._place = place
        with telling(place):
            about = client.get_collection(collection)
            params, self._indexed = about.config.params, set(about.payload_schema)
            vectors, self._has_words = params.vectors, TEXT in (params.sparse_vectors or {})
            self._exact = client.count(collection, exact=False).count <= EXACT_UP_TO
        named = vectors if isinstance(vectors, dict) else {}
        self._spaces = {name: int(one.size) for name, one in named.items()}
        self._names: dict[str, str] = {}
        self._internal: dict[str, str] = {}

    @classmethod
    def create(cls, client: QdrantClient, collection: str, spaces: Mapping[str, int], place: str) -> ServerStore:
        """Make a collection with these spaces and an index on every field that people filter by."""
        params = {
            name: models.VectorParams(
                size=dim,
                distance=models.Distance.COSINE,
                multivector_config=_several(name),
                hnsw_config=NO_GRAPH if is_tiled(name) else None,
            )
            for name, dim in spaces.items()
            if checks.check_new_space(name, dim, {})
        }
        if not params:
            raise InvalidInputError("An index needs at least one space.")
        with telling(place):
            words = {TEXT: models.SparseVectorParams()}
            client.create_collection(collection, vectors_config=params, sparse_vectors_config=words)
        made = cls(client, collection, place)
        made.add_indexes()
        return made

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
        among = _filter(where)
        wanted = limit + 1
        found = self._query(space, query, wanted, among)
        while len(found) == wanted and found[-1].score == found[limit - 1].score:  # a tie across the cut: see all of it
            wanted *= 2
            found = self._query(space, query, wanted, among)
        names = self._record_ids([str(one.id) for one in found])
        hits = [Hit(name, float(one.score)) for name, one in zip(names, found, strict=True)]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit])

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points, in the order of `ids`; NaN where a point lacks the space."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        if not len(ids):
            return np.zeros(0, dtype=np.float32)
        internal = self._internal_ids(ids)
        wanted: list[Any] = list(dict.fromkeys(internal))
        among = models.Filter(must=[models.HasIdCondition(has_id=wanted)])
        found = {str(one.id): one.score for one in self._query(space, query, len(wanted), among)}
        return np.array([found.get(one, float("nan")) for one in internal], dtype=np.float32)

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points whose metadata best match these words; those that hold none are left out."""
        wanted = self._question(words)
        if limit < 1 or wanted is None:
            return ()
        asked, among = limit + 1, _filter(where)
        found = self._query(TEXT, wanted, asked, among)
        while len(found) == asked and found[-1].score == found[limit - 1].score:
            asked *= 2
            found = self._query(TEXT, wanted, asked, among)
        names = self._record_ids([str(one.id) for one in found])
        hits = [Hit(name, float(one.score)) for name, one in zip(names, found, strict=True) if one.score > 0]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.id))[:limit])

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score of each of these points, 0 where it holds none of the words."""
        wanted = self._question(words)
        if wanted is None or not len(ids):
            return np.zeros(len(ids), dtype=np.float32)
        internal = self._internal_ids(ids)
        unique: list[Any] = list(dict.fromkeys(internal))
        among = models.Filter(must=[models.HasIdCondition(has_id=unique)])
        found = {str(one.id): one.score for one in self._query(TEXT, wanted, len(unique), among)}
        return np.array([found.get(one, 0.0) for one in internal], dtype=np.float32)

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`, unknown ids left out; with the vectors of `space` if one is named."""
        if space is not None:
            checks.check_space(space, self._spaces)
        internal = self._internal_ids(ids)
        by_id = {str(one.id): _point(one) for one in self._retrieve(internal, True, _wanted(space))}
        return [by_id[one] for one in internal if one in by_id]

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload, in the order of `ids`; None where nothing."""
        internal = self._internal_ids(ids)
        found = {str(one.id): one.payload or {} for one in self._retrieve(internal, [checks.field_path(field)], False)}
        return [found.get(one, {}).get(field) for one in internal]

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes, ordered by internal id."""
        if space is not None:
            checks.check_space(space, self._spaces)
        return self._scan(_filter(where), _wanted(space))

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of every point that passes, in the order of a scan."""
        return self._ids(_filter(where))

    def everything(self) -> Iterator[list[Point]]:
        """Every point with all its vectors, in batches."""
        points = self._scan(None, list(self._spaces))
        page = points_to_read(self._spaces, FLOATS_PER_REQUEST)
        while batch := list(islice(points, page)):
            yield batch

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        with telling(self._place):
            return self._client.count(self._collection, count_filter=_filter(where), exact=True).count

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        checks.check_facet(field)
        if field not in self._indexed and not _is_local(self._client):  # made before this field was counted
            return {}
        with telling(self._place):
            found = self._client.facet(self._collection, field, facet_filter=_filter(where), limit=MANY, exact=True)
        counts = [(one.value, one.count) for one in found.hits if one.count and isinstance(one.value, str)]
        return dict(sorted(counts, key=lambda item: (-item[1], item[0]))[:limit])

    # -------------------------------------------------------------- writing

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        stored = checks.check_points(points, self._spaces)
        sizes = [sum(vector.size for vector in point.vectors.values()) for point in stored]
        with telling(self._place):
            for page in to_write(stored, sizes, FLOATS_PER_REQUEST):
                self._client.upsert(self._collection, [self._row(point) for point in page], wait=True)

    def add_indexes(self) -> None:
        """Make the indexes on fields that are lacking: a collection made by an earlier version has fewer."""
        if _is_local(self._client):  # it has none, and warns when asked for one
            return
        wanted = dict.fromkeys(checks.KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD)
        wanted |= dict.fromkeys(checks.NUMBER_FIELDS, models.PayloadSchemaType.FLOAT)
        with telling(self._place):
            for field, kind in wanted.items():
                if field not in self._indexed:
                    self._client.create_payload_index(self._collection, field, kind)
                    self._indexed.add(field)

    def add_space(self, name: str, dim: int) -> None:
        """Add a space; nothing happens if it is there."""
        if checks.check_new_space(name, dim, self._spaces):
            dense = models.DenseVectorConfig(
                size=dim, distance=models.Distance.COSINE, multivector_config=_several(name)
            )
            with telling(self._place):
                self._client.create_vector_name(self._collection, name, models.DenseVectorNameConfig(dense=dense))
                if is_tiled(name):
                    without = {name: models.VectorParamsDiff(hnsw_config=NO_GRAPH)}
                    self._client.update_collection(self._collection, vectors_config=without)
            self._spaces[name] = dim

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Set the vectors of one space; the other spaces of these points stay."""
        dim = checks.check_space(space, self._spaces)
        checks.check_pairs(ids, vectors, "vectors")
        if not len(ids):
            return
        held = checks.held_each(vectors, space, dim)
        changed = list(zip(self._known(ids), held, strict=True))
        with telling(self._place):
            for page in to_write(changed, [row.size for row in held], FLOATS_PER_REQUEST):
                rows = [models.PointVectors(id=one, vector={space: row.tolist()}) for one, row in page]
                self._client.update_vectors(self._collection, rows, wait=True)

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        checks.check_pairs(ids, payloads, "payloads")
        stored = [checks.stored_payload(one, payload) for one, payload in zip(ids, payloads, strict=True)]
        changes: list[Any] = [
            models.OverwritePayloadOperation(overwrite_payload=models.SetPayload(payload=payload, points=[one]))
            for one, payload in zip(self._known(ids), stored, strict=True)
        ]
        if changes:
            with telling(self._place):
                self._client.batch_update_points(self._collection, changes, wait=True)
                self._set_words(self._internal_ids(ids), stored)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        gone: list[Any] = list(self._internal_ids(ids))
        if gone:
            with telling(self._place):
                self._client.delete(self._collection, models.PointIdsList(points=gone), wait=True)

    def flush(self) -> None:
        """Nothing to do: the server answers a write when it is in its write-ahead log."""

    def close(self) -> None:
        """Nothing to do: the connection belongs to the index."""

    # --------------------------------------------------------------- within

    def _row(self, point: Point) -> models.PointStruct:
        vectors: dict[str, Any] = {space: vector.tolist() for space, vector in point.vectors.items()}
        if self._has_words and (words := document(point.payload)):
            vectors[TEXT] = _sparse(words)
        (internal,) = self._internal_ids([point.id])
        return models.PointStruct(id=internal, vector=vectors, payload=dict(point.payload))

    def _question(self, words: Mapping[str, float]) -> models.SparseVector | None:
        """The sparse vector of words; None where nothing holds any."""
        wanted = question(words, self._count_holding, self.count()) if self._has_words else {}
        return _sparse(wanted) if wanted else None

    def _count_holding(self, index: int) -> int:
        return len(self._query(TEXT, models.SparseVector(indices=[index], values=[1.0]), COUNTED, None))

    def _set_words(self, internal: Sequence[str], payloads: Sequence[Payload]) -> None:
        if not self._has_words:
            return
        held = [(one, document(payload)) for one, payload in zip(internal, payloads, strict=True)]
        said = [models.PointVectors(id=one, vector={TEXT: _sparse(words)}) for one, words in held if words]
        silent: list[Any] = [one for one, words in held if not words]
        if said:
            self._client.update_vectors(self._collection, said, wait=True)
        if silent:
            self._client.delete_vectors(self._collection, [TEXT], silent, wait=True)

    def _query(
        self, space: str, query: Vector | models.SparseVector, limit: int, among: models.Filter | None
    ) -> list[models.ScoredPoint]:
        params: models.SearchParams | None
        exact = self._exact or is_tiled(space)
        params = models.SearchParams(exact=True) if exact else models.SearchParams(hnsw_ef=max(BEAM, limit))
        if _is_local(self._client):  # always exact, and warns when told so
            params = None
        with telling(self._place):
            return self._client.query_points(
                self._collection,
                query=_asked(space, query),
                using=space,
                limit=limit,
                query_filter=among,
                search_params=params,
                with_payload=False,
            ).points

    def _retrieve(self, internal: Sequence[str], payload: Any, vectors: Any) -> list[models.Record]:
        ids: list[Any] = list(dict.fromkeys(internal))
        if not ids:
            return []
        with telling(self._place):
            return self._client.retrieve(self._collection, ids, with_payload=payload, with_vectors=vectors)

    def _scan(self, among: models.Filter | None, vectors: list[str] | Literal[False]) -> Iterator[Point]:
        offset: Any = None
        page = points_to_read({space: self._spaces[space] for space in vectors or ()}, FLOATS_PER_REQUEST)
        while True:
            with telling(self._place):
                found, offset = self._client.scroll(
                    self._collection, among, page, offset=offset, with_payload=True, with_vectors=vectors
                )
            yield from (_point(one) for one in found)
            if offset is None:
                return

    def _ids(self, among: models.Filter | None) -> Iterator[str]:
        offset: Any = None
        while True:
            with telling(self._place):
                found, offset = self._client.scroll(
                    self._collection, among, PAGE, offset=offset, with_payload=["id"], with_vectors=False
                )
            yield from (str((one.payload or {})["id"]) for one in found)
            if offset is None:
                return

    def _internal_ids(self, ids: Sequence[str]) -> list[str]:
        known = self._internal
        for one in ids:
            if one not in known:
                known[one] = internal_id(one)
        return [known[one] for one in ids]

    def _record_ids(self, internal: list[str]) -> list[str]:
        unseen = [one for one in internal if one not in self._names]
        for one in self._retrieve(unseen, ["id"], False):
            name = str((one.payload or {})["id"])
            self._names[str(one.id)] = name
            self._internal[name] = str(one.id)
        return [self._names[one] for one in internal]

    def _known(self, ids: Sequence[str]) -> list[str]:
        internal = self._internal_ids(ids)
        found = {str(one.id) for one in self._retrieve(internal, False, False)}
        if len(found) < len(internal):
            raise checks.unknown_ids([name for name, one in zip(ids, internal, strict=True) if one not in found])
        return internal


def _sparse(words: Mapping[int, float]) -> models.SparseVector:
    return models.SparseVector(indices=list(words), values=list(words.values()))


def _is_local(client: QdrantClient) -> bool:
    return type(client._client).__name__ == "QdrantLocal"


def _several(space: str) -> models.MultiVectorConfig | None:
    """Says to Qdrant that the points of a space hold several vectors, where they do."""
    best = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    return best if is_tiled(space) else None


def _asked(space: str, query: Vector | models.SparseVector) -> Any:
    if isinstance(query, models.SparseVector):
        return query
    return [query.tolist()] if is_tiled(space) else query.tolist()


def _wanted(space: str | None) -> list[str] | Literal[False]:
    return [space] if space is not None else False


def _point(found: models.Record) -> Point:
    payload = found.payload or {}
    held: dict[str, Any] = found.vector if isinstance(found.vector, dict) else {}
    vectors = {space: np.array(vector, dtype=np.float32) for space, vector in held.items()}
    return Point(str(payload["id"]), vectors, payload)


def _filter(where: Sequence[Filter]) -> models.Filter | None:
    return models.Filter(must=[_condition(one) for one in where]) if where else None


def _condition(one: Filter) -> Any:
    key = checks.field_path(one.field)
    empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=key))
    if isinstance(one, Missing):
        return empty
    if isinstance(one, Match):
        holds = models.FieldCondition(key=key, match=models.MatchAny(any=list(one.values)))
    else:
        holds = models.FieldCondition(key=key, range=models.Range(gte=one.low, lte=one.high))
    return models.Filter(should=[holds, empty]) if one.unknown == "keep" else holds


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Turn whatever the client raises into a StoreError of one line that names the server."""
    try:
        yield
    except ArchiveSearchError:
        raise
    except UnexpectedResponse as error:
        if error.status_code in (401, 403):
            text = f"The Qdrant server at {place} refuses the key ({error.status_code}): set QDRANT_API_KEY."
        else:
            said = " ".join(error.content.decode(errors="replace").split())[:200]
            text = f"The Qdrant server at {place} answered {error.status_code}: {said or error.reason_phrase}"
        raise StoreError(text) from error
    except ResponseHandlingException as error:
        said = " ".join(str(error.source).split()) or type(error.source).__name__
        raise StoreError(f"The Qdrant server at {place} cannot be reached: {said}") from error
    except Exception as error:  # local mode raises ValueError, the transport what it likes
        raise StoreError(f"The Qdrant server at {place} failed: {' '.join(str(error).split())[:200]}") from error
