"""
The store on a Qdrant server or cluster, through qdrant-client.

No HNSW graph is built: as in the embedded index vectors are scanned, exactly or, in a large collection, in a quantised
copy whose best are compared again with the vectors themselves (see `precision`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from archive_search.geometry import Bounds, covering_box, narrow
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import SPACE as TEXT
from archive_search.spaces import is_tiled
from archive_search.stores import checks
from archive_search.stores.ids import internal_id, number_of
from archive_search.stores.pages import points_to_read, to_write
from archive_search.stores.precision import FLOAT32, Precision, precision_with
from archive_search.stores.qdrant import Held, QdrantStore
from archive_search.types import (
    ArchiveSearchError,
    FieldTable,
    Filter,
    InvalidInputError,
    Match,
    Missing,
    Near,
    Payload,
    Point,
    Range,
    StoreError,
    Within,
)

FLOATS_PER_REQUEST = 1 << 19
"""Numbers sent or fetched in one request: some 6 MB of JSON, well below the server's limit of 32."""
NO_GRAPH = models.HnswConfigDiff(m=0)
"""Words need a graph too wide to be quicker than a scan; see docs/explanation/scale.md."""
MANY = 1_000_000
"""More different values of a facet than are ever asked for."""


class ServerStore(QdrantStore[str]):
    """Points in a collection of a Qdrant server; filters are pushed down."""

    numbers_per_page = FLOATS_PER_REQUEST

    def __init__(self, client: QdrantClient, collection: str, place: str, fields: FieldTable = STANDARD) -> None:
        with telling(place):
            about = client.get_collection(collection)
        params, self._indexed = about.config.params, {one: kind.data_type for one, kind in about.payload_schema.items()}
        named = params.vectors if isinstance(params.vectors, dict) else {}
        spaces = {name: int(one.size) for name, one in named.items()}
        kept = [_kept(one) for one in named.values()]
        super().__init__(spaces, TEXT in (params.sparse_vectors or {}), fields, precision_with(kept))
        self._client = client
        self._collection = collection
        self._place = place

    @classmethod
    def create(
        cls,
        client: QdrantClient,
        collection: str,
        spaces: Mapping[str, int],
        place: str,
        fields: FieldTable = STANDARD,
        precision: Precision = FLOAT32,
    ) -> ServerStore:
        """Make a collection with these spaces and an index on every field that people filter by."""
        params = {
            name: _vectors(name, dim, precision.fitting(dim))
            for name, dim in spaces.items()
            if checks.check_new_space(name, dim, {})
        }
        if not params:
            raise InvalidInputError("An index needs at least one space.")
        with telling(place):
            words = {TEXT: models.SparseVectorParams()}
            client.create_collection(collection, vectors_config=params, sparse_vectors_config=words)
        made = cls(client, collection, place, fields)
        made.add_indexes()
        return made

    # -------------------------------------------------------------- reading

    def everything(self) -> Iterator[list[Point]]:
        """Every point with all its vectors, in batches."""
        points = self._scan(None, list(self._spaces))
        page = points_to_read(self._spaces, FLOATS_PER_REQUEST)
        while batch := list(islice(points, page)):
            yield batch

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        with telling(self._place):
            return self._client.count(self._collection, count_filter=self._filter(where), exact=True).count

    def filled(self, space: str) -> int:
        """How many points hold anything in a space."""
        checks.check_space(space, self._spaces)
        holding = models.Filter(must=[models.HasVectorCondition(has_vector=space)])
        with telling(self._place):
            return self._client.count(self._collection, count_filter=holding, exact=True).count

    # -------------------------------------------------------------- writing

    def add_indexes(self) -> None:
        """Make the indexes on fields that are lacking, or of another kind: the table may have changed since."""
        if _is_local(self._client):  # it has none, and warns when asked for one
            return
        wanted = dict.fromkeys(checks.keywords(self.fields), models.PayloadSchemaType.KEYWORD)
        wanted |= dict.fromkeys(self.fields.numbers, models.PayloadSchemaType.FLOAT)
        wanted |= dict.fromkeys(self.fields.points, models.PayloadSchemaType.GEO)
        with telling(self._place):
            for field, kind in wanted.items():
                if self._indexed.get(field, kind) != kind:
                    self._client.delete_payload_index(self._collection, checks.field_path(field))
                    del self._indexed[field]
                if field not in self._indexed:
                    self._client.create_payload_index(self._collection, checks.field_path(field), kind)
                    self._indexed[field] = kind

    def flush(self) -> None:
        """Nothing to do: the server answers a write when it is in its write-ahead log."""

    def close(self) -> None:
        """Nothing to do: the connection belongs to the index."""

    # --------------------------------------------------------------- within

    def _id(self, record_id: str) -> str:
        return internal_id(record_id)

    def _number(self, internal: str) -> int:
        return number_of(internal)

    def _filter(self, where: Sequence[Filter]) -> models.Filter | None:
        return models.Filter(must=[_condition(one) for one in where]) if where else None

    def _among(self, internal: Iterable[str]) -> models.Filter:
        return models.Filter(must=[models.HasIdCondition(has_id=list(internal))])

    def _ids(self, found: Sequence[models.ScoredPoint]) -> list[str]:
        return [str(one.id) for one in found]

    def _query(
        self, space: str, query: Held, limit: int, among: models.Filter | None, exact: bool = True
    ) -> Sequence[models.ScoredPoint]:
        return self._query_each(space, [query], limit, among, exact)[0]

    def _query_each(
        self, space: str, queries: Sequence[Held], limit: int, among: models.Filter | None, exact: bool = True
    ) -> Sequence[Sequence[models.ScoredPoint]]:
        params: models.SearchParams | None
        params = models.SearchParams(exact=True) if exact else _rescored(self.kept_with.oversampling)
        if _is_local(self._client):  # always exact, and warns when told so
            params = None
        requests = [
            models.QueryRequest(
                query=[_said(query)] if is_tiled(space) else _said(query),
                using=space,
                limit=limit,
                filter=among,
                params=params,
                with_payload=False,
            )
            for query in queries
        ]
        with telling(self._place):
            answers = self._client.query_batch_points(self._collection, requests)
        return [found.points for found in answers]

    def _retrieve(
        self, internal: Sequence[str], payload: bool | list[str], spaces: Sequence[str]
    ) -> list[tuple[str, Payload, Mapping[str, Any]]]:
        with telling(self._place):
            found = self._client.retrieve(
                self._collection, internal, with_payload=payload, with_vectors=list(spaces) or False
            )
        return [(str(one.id), *_content(one)) for one in found]

    def _first_by(self, field: str, falling: bool, among: Any) -> float | None:
        way = models.Direction.DESC if falling else models.Direction.ASC
        order = models.OrderBy(key=checks.field_path(field), direction=way)
        with telling(self._place):
            found, _ = self._client.scroll(self._collection, among, 1, order_by=order, with_payload=[field])
        return float((found[0].payload or {})[field]) if found else None

    def _drawn(self, among: Any) -> str | None:
        drawn = models.SampleQuery(sample=models.Sample.RANDOM)
        with telling(self._place):
            found = self._client.query_points(
                self._collection, query=drawn, query_filter=among, limit=1, with_payload=["id"]
            ).points
        return str((found[0].payload or {})["id"]) if found else None

    def _scroll(
        self, offset: Any, limit: int, among: Any, spaces: Sequence[str], payload: bool | list[str]
    ) -> tuple[list[tuple[Payload, Mapping[str, Any]]], Any]:
        with telling(self._place):
            found, following = self._client.scroll(
                self._collection,
                among,
                limit,
                offset=offset,
                with_payload=payload,
                with_vectors=list(spaces) or False,
            )
        return [_content(one) for one in found], following

    def _facet(self, field: str, among: models.Filter | None) -> list[tuple[str, int]]:
        if field not in self._indexed and not _is_local(self._client):  # made before this field was counted
            return []
        with telling(self._place):
            found = self._client.facet(
                self._collection, checks.field_path(field), facet_filter=among, limit=MANY, exact=True
            )
        return [(one.value, one.count) for one in found.hits if one.count and isinstance(one.value, str)]

    def _put(self, points: Sequence[Point]) -> None:
        sizes = [sum(vectors.size for vectors in point.vectors.values()) for point in points]
        with telling(self._place):
            for page in to_write(points, sizes, FLOATS_PER_REQUEST):
                self._client.upsert(self._collection, [self._row(point) for point in page], wait=True)

    def _row(self, point: Point) -> models.PointStruct:
        vectors = {space: _said(held) for space, held in self._held(point).items()}
        return models.PointStruct(id=self._id(point.id), vector=vectors, payload=dict(point.payload))

    def _make_space(self, name: str, dim: int) -> None:
        kept = _vectors(name, dim, self.kept_with.fitting(dim))
        dense = models.DenseVectorConfig(
            size=dim,
            distance=kept.distance,
            multivector_config=kept.multivector_config,
            datatype=models.VectorStorageDatatype(kept.datatype.value) if kept.datatype else None,
        )
        rest = models.VectorParamsDiff(hnsw_config=kept.hnsw_config, quantization_config=kept.quantization_config)
        with telling(self._place):
            self._client.create_vector_name(self._collection, name, models.DenseVectorNameConfig(dense=dense))
            self._client.update_collection(self._collection, vectors_config={name: rest})

    def _put_vectors(self, space: str, held: Sequence[tuple[str, Held]]) -> None:
        sizes = [len(row) if isinstance(row, Mapping) else row.size for _, row in held]
        with telling(self._place):
            for page in to_write(held, sizes, FLOATS_PER_REQUEST):
                rows = [models.PointVectors(id=one, vector={space: _said(row)}) for one, row in page]
                self._client.update_vectors(self._collection, rows, wait=True)

    def _drop_vectors(self, space: str, internal: Sequence[str]) -> None:
        gone: list[Any] = list(internal)
        if gone:
            with telling(self._place):
                self._client.delete_vectors(self._collection, [space], gone, wait=True)

    def _put_payloads(self, payloads: Sequence[tuple[str, dict[str, Any]]]) -> None:
        changes: list[Any] = [
            models.OverwritePayloadOperation(overwrite_payload=models.SetPayload(payload=payload, points=[one]))
            for one, payload in payloads
        ]
        if changes:
            with telling(self._place):
                self._client.batch_update_points(self._collection, changes, wait=True)

    def _remove(self, internal: Sequence[str]) -> None:
        gone: list[Any] = list(internal)
        if gone:
            with telling(self._place):
                self._client.delete(self._collection, models.PointIdsList(points=gone), wait=True)


def _said(held: Held) -> Any:
    if isinstance(held, Mapping):
        return models.SparseVector(indices=list(held), values=list(held.values()))
    return held.tolist()


def _content(found: models.Record) -> tuple[Payload, Mapping[str, Any]]:
    return found.payload or {}, found.vector if isinstance(found.vector, dict) else {}


def _is_local(client: QdrantClient) -> bool:
    return type(client._client).__name__ == "QdrantLocal"


def _vectors(space: str, dim: int, precision: Precision) -> models.VectorParams:
    """What a collection is told of a space; of one that holds several vectors per point it is said that it does."""
    best = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    return models.VectorParams(
        size=dim,
        distance=models.Distance.COSINE,
        multivector_config=best if is_tiled(space) else None,
        hnsw_config=NO_GRAPH,
        datatype=models.Datatype.FLOAT16 if precision.half else None,
        quantization_config=_turbo(precision.bits) if precision.bits else None,
    )


def _turbo(bits: int) -> models.TurboQuantization:
    size = models.TurboQuantBitSize(f"bits{bits}")
    return models.TurboQuantization(turbo=models.TurboQuantQuantizationConfig(bits=size, memory=models.Memory.PINNED))


def _kept(params: models.VectorParams) -> tuple[bool, int]:
    """Whether a space holds float16, and how many bits a number has in its quantised copy, 0 where there is none."""
    quantised = params.quantization_config
    bits = quantised.turbo.bits.value if isinstance(quantised, models.TurboQuantization) and quantised.turbo.bits else 0
    return params.datatype == models.Datatype.FLOAT16, int(str(bits).removeprefix("bits"))


def _rescored(oversampling: float) -> models.SearchParams:
    """To search a quantised copy, and compare so many times the hits asked for with the vectors themselves."""
    return models.SearchParams(quantization=models.QuantizationSearchParams(rescore=True, oversampling=oversampling))


def _condition(one: Filter) -> Any:
    key = checks.field_path(one.field)
    empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=key))
    if isinstance(one, Missing):
        return empty
    return models.Filter(should=[_holds(one, key), empty]) if one.unknown == "keep" else _holds(one, key)


def _holds(one: Match | Range | Near | Within, key: str) -> Any:
    if isinstance(one, Match):
        return models.FieldCondition(key=key, match=models.MatchAny(any=list(one.values)))
    if isinstance(one, Range):
        return models.FieldCondition(key=key, range=models.Range(gte=one.low, lte=one.high))
    if isinstance(one, Near):
        centre = models.GeoPoint(lat=one.latitude, lon=one.longitude)
        near = models.FieldCondition(key=key, geo_radius=models.GeoRadius(center=centre, radius=1000 * one.km))
        around = covering_box((one.latitude, one.longitude), one.km)
        # its index for circles loses points in the south, that for boxes none: "not not near" is never looked up in it
        exactly = models.Filter(must_not=[near])
        return models.Filter(must=[_in_box(key, around)] if around else None, must_not=[exactly])
    if one.box is not None:
        return _in_box(key, one.box)
    ring = [models.GeoPoint(lat=latitude, lon=longitude) for latitude, longitude in (*one.polygon, one.polygon[0])]
    polygon = models.GeoPolygon(exterior=models.GeoLineString(points=ring))
    return models.FieldCondition(key=key, geo_polygon=polygon)


def _in_box(key: str, box: Bounds) -> models.Filter:
    pieces = [
        models.GeoBoundingBox(
            top_left=models.GeoPoint(lat=north, lon=west), bottom_right=models.GeoPoint(lat=south, lon=east)
        )
        for south, west, north, east in narrow(box)
    ]
    return models.Filter(should=[models.FieldCondition(key=key, geo_bounding_box=one) for one in pieces])


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
