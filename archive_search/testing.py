"""Doubles that compute: an exact store in memory and a small embedder, for tests of this library and its plug-ins."""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import passes, values_of
from archive_search.metadata.words import COUNTED, document, number, question, stems
from archive_search.stores import checks, equals
from archive_search.stores.ids import internal_id, number_of
from archive_search.types import (
    EmbedderError,
    FieldTable,
    Filter,
    Hit,
    Modality,
    Payload,
    Point,
    Ranking,
    Vector,
    Vectors,
)


class MemoryStore:
    """An exact store in memory, in plain numpy: what every other store is held to."""

    def __init__(self, spaces: Mapping[str, int] | None = None, fields: FieldTable = STANDARD) -> None:
        self.fields = fields
        self._spaces: dict[str, int] = {}
        self._points: dict[str, Point] = {}
        self._words: dict[str, tuple[Payload, Mapping[int, float]]] = {}
        for name, dim in (spaces or {}).items():
            self.add_space(name, dim)

    @property
    def spaces(self) -> Mapping[str, int]:
        """Dimensions by space name."""
        return dict(self._spaces)

    @property
    def precision(self) -> str:
        """How its vectors are kept: all of them, whole."""
        return "float32"

    def exactly(self) -> MemoryStore:
        """Itself: every search is exact."""
        return self

    def nearest(self, space: str, vector: Vector, limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The `limit` points most similar to `vector`, best first, equal scores by id; payloads left empty."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        found = [p for p in self._points.values() if space in p.vectors and passes(p.payload, where)]
        if not found or limit < 1:
            return ()
        scores = _cosine([p.vectors[space] for p in found], query)
        hits = [Hit(p.id, float(score)) for p, score in zip(found, scores, strict=True)]
        return _best(hits, limit)

    def nearest_each(
        self, space: str, vectors: Sequence[Vector], limit: int, where: Sequence[Filter] = ()
    ) -> list[Ranking]:
        """What `nearest` gives each of these vectors."""
        return [self.nearest(space, vector, limit, where) for vector in vectors]

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points, in the order of `ids`; NaN where a point lacks the space."""
        query = checks.unit(vector, space, checks.check_space(space, self._spaces))
        found = np.full(len(ids), np.nan, dtype=np.float32)
        rows = {i: self._points[one].vectors[space] for i, one in enumerate(ids) if self._has(one, space)}
        if rows:
            found[list(rows)] = _cosine(list(rows.values()), query)
        return found

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """The points whose metadata best match these words; those that hold none are left out."""
        found = [p.id for p in self._points.values() if passes(p.payload, where)]
        weighed = self._weighed(words, found).tolist()
        hits = [Hit(one, score) for one, score in zip(found, weighed, strict=True) if score > 0]
        best = [hit.id for hit in _best(hits, max(limit, 0))]
        scores = self.word_scores(words, best).tolist()
        return _best([Hit(one, score) for one, score in zip(best, scores, strict=True)], len(best))

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score of each of these points, 0 where it holds none of the words."""
        return equals.plain(self._weighed(words, ids), [number_of(internal_id(one)) for one in ids])

    def _weighed(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The scores by words as they are stored."""
        held = self._documents()
        counts = Counter(index for vector in held.values() for index in vector)
        wanted = question(words, lambda index: min(counts[index], COUNTED), len(held))
        found = [sum(weight * held.get(one, {}).get(index, 0.0) for index, weight in wanted.items()) for one in ids]
        return np.array(found, dtype=np.float32)

    def holding(self, word: str) -> int:
        """How many points say a folded word."""
        held = self._documents().values()
        return max(sum(number(stem) in one for one in held) for stem in stems(word))

    def _documents(self) -> dict[str, Mapping[int, float]]:
        """The words of every point, made anew only of payloads that have changed."""
        for one, point in self._points.items():
            if one not in self._words or self._words[one][0] is not point.payload:
                words = document(point.payload, self.fields)
                self._words[one] = point.payload, equals.weighed(words, number_of(internal_id(one)))
        return {one: self._words[one][1] for one in self._points}

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`, unknown ids left out; with the vectors of `space` if one is named."""
        if space is not None:
            checks.check_space(space, self._spaces)
        return [_with_space(self._points[one], space) for one in ids if one in self._points]

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """What each of these points holds in a space, by id in the order of `ids`; those that hold nothing left out."""
        return {point.id: point.vectors[space] for point in self.points(ids, space) if space in point.vectors}

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload, in the order of `ids`; None where nothing."""
        return [self._points[one].payload.get(field) if one in self._points else None for one in ids]

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes, ordered by internal id."""
        if space is not None:
            checks.check_space(space, self._spaces)
        ordered = sorted(self._points.values(), key=lambda p: internal_id(p.id))
        return (_with_space(p, space) for p in ordered if passes(p.payload, where))

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of every point that passes, in the order of a scan."""
        return (point.id for point in self.scan(where))

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        return sum(passes(p.payload, where) for p in self._points.values())

    def filled(self, space: str) -> int:
        """How many points hold anything in a space."""
        checks.check_space(space, self.spaces)
        return sum(space in point.vectors for point in self._points.values())

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        checks.check_facet(field, self.fields)
        counts: Counter[str] = Counter()
        for point in self._points.values():
            if passes(point.payload, where):
                counts.update({value for value in values_of(point.payload, field) if isinstance(value, str)})
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit])

    def ends(self, field: str, where: Sequence[Filter] = ()) -> tuple[float, float] | None:
        """The smallest and the largest number in a field of the points that pass."""
        checks.check_number(field, self.fields)
        found = [
            float(value)
            for point in self._points.values()
            if passes(point.payload, where)
            for value in values_of(point.payload, field)
            if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        return (min(found), max(found)) if found else None

    def sample(self, where: Sequence[Filter] = ()) -> str | None:
        """The id of a point that passes, drawn at random."""
        found = list(self.ids(where))
        return random.choice(found) if found else None

    def follow(self, fields: FieldTable) -> None:
        """Have the fields of another table from now on."""
        self.fields = fields
        self._words.clear()

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        self._points.update((point.id, point) for point in checks.check_points(points, self._spaces))

    def add_space(self, name: str, dim: int) -> None:
        """Add a space; nothing happens if it is there."""
        if checks.check_new_space(name, dim, self._spaces):
            self._spaces[name] = dim

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Set the vectors of one space; the other spaces of these points stay."""
        dim = checks.check_space(space, self._spaces)
        checks.check_pairs(ids, vectors, "vectors")
        if not len(ids):
            return
        held = checks.held_each(vectors, space, dim)
        self._known(ids)
        for one, row in zip(ids, held, strict=True):
            old = self._points[one]
            self._points[one] = Point(one, {**old.vectors, space: row}, old.payload)

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        checks.check_pairs(ids, payloads, "payloads")
        stored = {one: checks.stored_payload(one, payload) for one, payload in zip(ids, payloads, strict=True)}
        self._known(ids)
        for one in ids:
            self._points[one] = Point(one, self._points[one].vectors, stored[one])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        for one in ids:
            self._points.pop(one, None)

    def flush(self) -> None:
        """Nothing to do: memory is never durable."""

    def close(self) -> None:
        """Nothing to do."""

    def _has(self, one: str, space: str) -> bool:
        return one in self._points and space in self._points[one].vectors

    def _known(self, ids: Sequence[str]) -> None:
        unknown = [one for one in ids if one not in self._points]
        if unknown:
            raise checks.unknown_ids(unknown)


def _with_space(point: Point, space: str | None) -> Point:
    vectors = {space: point.vectors[space]} if space is not None and space in point.vectors else {}
    return Point(point.id, vectors, dict(point.payload))


def _best(hits: Sequence[Hit], limit: int) -> Ranking:
    """The best, equal scores by id; which of those that tie with the last are among them, their internal ids say."""
    best = sorted(hits, key=lambda hit: (-hit.score, internal_id(hit.id)))[:limit]
    return tuple(sorted(best, key=lambda hit: (-hit.score, hit.id)))


def _cosine(held: Sequence[Vector | Vectors], query: Vector) -> NDArray[np.float32]:
    """The similarity of the best row that each point holds."""
    rows = np.vstack(held)
    first = np.cumsum([0, *(np.atleast_2d(one).shape[0] for one in held[:-1])])
    # in float64: equal rows get equal scores wherever they stand in the matrix
    scores = rows.astype(np.float64) @ query.astype(np.float64)
    found: NDArray[np.float32] = np.maximum.reduceat(scores, first).astype(np.float32)
    return found


class HashEmbedder:
    """
    A small deterministic embedder without weights: 64 dimensions, texts and pictures.

    A text is a hashed bag of words, so texts that share words are near; a picture is its mean colour in a 4 x 4 grid,
    so pictures of like colours are near. Texts and pictures do not share a meaning.
    """

    name = "hash"
    dim = 64
    modalities: frozenset[Modality] = frozenset({"text", "image"})
    checkpoint = hashlib.sha256(b"archive-search hash embedder 1").hexdigest()

    def preprocess(self, item: Any, modality: Modality) -> Vector:
        """The features of one text (str) or PIL picture, before they are scaled."""
        if modality == "text":
            return _words(str(item), self.dim)
        if modality == "image":
            return _colours(item, self.dim)
        raise EmbedderError(f"Embedder 'hash' has no tower for {modality}. Known: image, text.")

    def encode(self, batch: Sequence[Vector], modality: Modality) -> Vectors:
        """The features scaled to (n, 64) rows of length 1."""
        if modality not in self.modalities:
            raise EmbedderError(f"Embedder 'hash' has no tower for {modality}. Known: image, text.")
        if not len(batch):
            return np.zeros((0, self.dim), dtype=np.float32)
        rows = np.stack(list(batch)).astype(np.float64)
        scaled: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return scaled

    def remarks(self, text: str) -> tuple[str, ...]:
        """A sentence where a text holds no word."""
        return () if _tokens(text) else ("The text holds no word that could be read.",)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _words(text: str, dim: int) -> Vector:
    features = np.full(dim, 1e-3)  # never a row of length 0, not even for ""
    for word in _tokens(text):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
        features += np.random.default_rng(seed).standard_normal(dim)  # random directions: words barely overlap
    return features.astype(np.float32)


def _colours(picture: Any, dim: int) -> Vector:
    cells = np.asarray(picture.convert("RGB").resize((4, 4), resample=2), dtype=np.float64) / 255  # (4, 4, 3)
    bright = cells.mean(axis=2, keepdims=True)
    features = np.concatenate([cells - 0.5, bright - bright.mean()], axis=2).ravel()  # 48 colours and 16 brightnesses
    assert features.shape == (dim,)
    return (features + 1e-3).astype(np.float32)
