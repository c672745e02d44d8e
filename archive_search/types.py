"""The nouns of archive-search, the seams where parts are swapped, and the error tree."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from archive_search.geometry import Bounds, Place, is_simple

Vector: TypeAlias = NDArray[np.float32]
"""(dim,) float32, length 1."""
Vectors: TypeAlias = NDArray[np.float32]
"""(n, dim) float32, every row of length 1."""
Modality: TypeAlias = Literal["text", "image", "video", "audio"]
Payload: TypeAlias = Mapping[str, Any]


# ------------------------------------------------------------------ records


@dataclass(frozen=True, slots=True)
class Record:
    """
    One picture of one object, as a source describes it.

    `image` locates the picture for the source that made the record (for a folder: the path below it).
    `metadata` holds the mapped fields (see `archive_search.metadata.fields`) and every unmapped column verbatim.
    """

    id: str
    image: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """
    A stored record: its id, what it holds in each space, its payload.

    That is one vector, or, in a space of tiles (see `archive_search.spaces`), (t, dim) with at least one row, as
    many as the point has tiles.
    """

    id: str
    vectors: Mapping[str, Vector | Vectors]
    payload: Payload


class Box(NamedTuple):
    """A part of a picture, in shares of its width and height from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


NO_PAYLOAD: Payload = {}
"""The payload of hits while steps run: one for all."""


class Hit(NamedTuple):
    """
    A record found, with its score; a tuple, since rankings of a thousand are made anew after every step.

    A score compares only within one ranking. While steps run the payload is empty; a result set fills it, and `box`
    where a part of the picture fits the query better than the whole: which part.
    """

    id: str
    score: float
    payload: Payload = NO_PAYLOAD
    box: Box | None = None


Ranking: TypeAlias = tuple[Hit, ...]
"""Hits from best to worst, ids unique."""


# ------------------------------------------------------------------ filters


@dataclass(frozen=True, slots=True)
class Match:
    """Records whose field holds any of the values (a list field: at least one of its items)."""

    field: str
    values: tuple[str, ...]
    unknown: Literal["keep", "drop"] = "drop"

    def __post_init__(self) -> None:
        for value in self.values:
            check_text(value, f"A value of the filter {self.field!r}")


@dataclass(frozen=True, slots=True)
class Range:
    """
    Records whose number in the field lies between low and high, both included; None is open.

    Raises:
        InvalidInputError: If an end is NaN, infinite, or too large for a number.
    """

    field: str
    low: float | None = None
    high: float | None = None
    unknown: Literal["keep", "drop"] = "drop"

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if end is not None and not abs(end) <= sys.float_info.max:
                raise InvalidInputError(
                    f"{self.field} can lie between numbers, or be left open, but not end at {str(end)[:20]}."
                )


@dataclass(frozen=True, slots=True)
class Missing:
    """Records that lack the field, or hold nothing in it."""

    field: str


@dataclass(frozen=True, slots=True)
class Near:
    """
    Records whose point lies less than `km` kilometres from a place as the crow flies; degrees, north and east above 0.

    Raises:
        InvalidInputError: If that is no place on the globe, or no distance above 0.
    """

    field: str
    latitude: float
    longitude: float
    km: float
    unknown: Literal["keep", "drop"] = "drop"

    def __post_init__(self) -> None:
        _check_place(self.latitude, self.longitude)
        if not 0 < self.km <= _FARTHEST_KM:
            raise InvalidInputError(f"A distance lies above 0 and up to {_FARTHEST_KM:,} km, got {str(self.km)[:20]}.")


@dataclass(frozen=True, slots=True)
class Within:
    """
    Records whose point lies in a box or in a polygon; what lies on the edge may count as outside.

    `box` is south, west, north, east in degrees; a west that lies east of the east means a box across the date line.
    `polygon` holds its corners in order as (latitude, longitude); its sides do not cross. One of the two is given.

    Raises:
        InvalidInputError: If a corner is no place on the globe, the north lies south of the south, or the polygon has
            fewer than 3 or more than 500 corners, one twice, or sides that cross.
    """

    field: str
    box: Bounds | None = None
    polygon: tuple[Place, ...] = ()
    unknown: Literal["keep", "drop"] = "drop"

    def __post_init__(self) -> None:
        if (self.box is None) == (not self.polygon):
            raise InvalidInputError(f"Say within what {self.field} lies: a box, or a polygon.")
        if self.box is not None:
            south, west, north, east = self.box
            _check_place(south, west)
            _check_place(north, east)
            if south >= north or west == east:
                raise InvalidInputError(
                    f"A box is south, west, north, east, with room between; got {', '.join(map(str, self.box))}."
                )
            return
        for corner in self.polygon:
            _check_place(*corner)
        if not 3 <= len(self.polygon) <= _MOST_CORNERS or not is_simple(self.polygon):
            raise InvalidInputError(
                f"A polygon has 3 to {_MOST_CORNERS} different corners in order, and sides that do not cross; "
                f"these {len(self.polygon)} corners do not make one."
            )


_FARTHEST_KM = 20_038
_MOST_CORNERS = 500


def _check_place(latitude: float, longitude: float) -> None:
    if not abs(latitude) <= 90:
        raise InvalidInputError(f"A latitude lies between -90 and 90 degrees, got {str(latitude)[:20]}.")
    if not abs(longitude) <= 180:
        raise InvalidInputError(f"A longitude lies between -180 and 180 degrees, got {str(longitude)[:20]}.")


Filter: TypeAlias = Match | Range | Missing | Near | Within


# ------------------------------------------------------------------ queries

ExampleKind: TypeAlias = Literal["text", "image", "video", "audio", "region", "record"]


@dataclass(frozen=True, slots=True)
class Example:
    """
    One part of a query, with a weight; a negative weight asks for less like this.

    `value` is the words of a text, the path of a picture, film or recording, the id of a record, or, for a region,
    `left,top,right,bottom` as shares of width and height followed by `@` and a picture's path or a record's id.
    """

    kind: ExampleKind
    value: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        check_text(self.value, f"An example ({self.kind})")


@dataclass(frozen=True, slots=True)
class ReadWord:
    """
    How a word or phrase of a question is read: `read` are the English words that the embedder gets for it.

    `also` are names that the catalogue may have for it, beside those that the vocabularies give.
    """

    typed: str
    read: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """
    What is asked: examples and filters.

    The first example says what is looked for (the category); the others say what sets it apart. `words` tells how words
    of the texts are read; None: that is decided when it is searched for. It is no part of what is asked.
    """

    examples: tuple[Example, ...] = ()
    where: tuple[Filter, ...] = ()
    words: tuple[ReadWord, ...] | None = field(default=None, compare=False)


# ------------------------------------------------------------------ seams


class Embedder(Protocol):
    """Turns texts and pictures into vectors of one space."""

    @property
    def name(self) -> str:
        """The space that it fills."""
        ...

    @property
    def dim(self) -> int:
        """Dimensions of its vectors."""
        ...

    @property
    def modalities(self) -> frozenset[Modality]:
        """What it has a tower for."""
        ...

    @property
    def checkpoint(self) -> str:
        """SHA-256 of the weights, in hex: what a result must name to be repeated."""
        ...

    def preprocess(self, item: Any, modality: Modality) -> Any:
        """Prepare a text (str) or a picture (PIL image, upright); runs on a loader thread, returns something small."""
        ...

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Encode prepared inputs to (n, dim); the same rows whatever the batch."""
        ...

    def remarks(self, text: str) -> tuple[str, ...]:
        """Sentences for people about how a text was read (unknown words, cut off); () where there is nothing to say."""
        ...


@runtime_checkable
class SharesCores(Protocol):
    """
    An embedder that may say that it encodes on several threads at once, each of which has a part of the cores.

    An ingest asks where it goes through many batches; without this an embedder encodes one batch at a time.
    """

    @property
    def shares_cores(self) -> bool:
        """Whether it does: it computes on the processor, on as many cores as torch was told on its thread."""
        ...


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """
    A light description of an embedder and its lazy loader; making one imports nothing heavy.

    `missing` says in a sentence what must be done before `load` can work ('' when it can work now). An `auxiliary`
    embedder fills its space at every ingest, beside those chosen; it is never the space that a search takes by default.
    `languages` are those of the vocabularies whose words it reads: words of others are put into English for it.
    """

    name: str
    dim: int
    modalities: frozenset[Modality]
    summary: str
    licence: str
    load: Callable[[], Embedder]
    missing: Callable[[], str] = lambda: ""
    auxiliary: bool = False
    languages: tuple[str, ...] = ("en",)


class FieldTable(Protocol):
    """What is known of the fields of payloads, by their keys; see `archive_search.metadata.fields`."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Fields whose values have an index, and can be counted."""
        ...

    @property
    def numbers(self) -> tuple[str, ...]:
        """Fields that hold numbers, with an index for ranges."""
        ...

    @property
    def points(self) -> tuple[str, ...]:
        """Fields that hold geographic points, with an index for what is near."""
        ...

    @property
    def facets(self) -> tuple[str, ...]:
        """Fields that are offered as filters with counts."""
        ...

    @property
    def terms(self) -> tuple[str, ...]:
        """Fields that the catalogue fills with terms."""
        ...

    @property
    def words(self) -> Mapping[str, float]:
        """What a word weighs in each field whose words are found."""
        ...


class Store(Protocol):
    """
    Points with vectors in named spaces, to be read; every implementation ranks alike (cosine similarity, -1 to 1).

    A search is exact, or, where the `precision` of a large index is below float32, nearly so: the same points are found
    by the same search, a few of the truly nearest may be missing, and the score of what is found is that of `scores`.

    A space whose name ends in `-tiles` holds several vectors per point, different in number from point to point; there
    a point is as similar as the best of its vectors. A query is always one vector.
    """

    @property
    def spaces(self) -> Mapping[str, int]:
        """Dimensions by space name."""
        ...

    @property
    def fields(self) -> FieldTable:
        """The fields of its payloads: what has an index, what is counted, whose words are found."""
        ...

    @property
    def precision(self) -> str:
        """The name of how its vectors are kept and searched; see `archive_search.stores.precision`."""
        ...

    def exactly(self) -> Store:
        """The same points, of which every search is exact: for measuring."""
        ...

    def nearest(self, space: str, vector: Vector, limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """
        The `limit` points most similar to `vector`, best first, equal scores by id; payloads left empty.

        Where more tie with the last than there is room for, those with the smallest internal ids are taken.
        """
        ...

    def nearest_each(
        self, space: str, vectors: Sequence[Vector], limit: int, where: Sequence[Filter] = ()
    ) -> list[Ranking]:
        """What `nearest` gives each of these vectors, asked together: the points are looked through once for many."""
        ...

    def scores(self, space: str, vector: Vector, ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosine similarity of each of these points, in the order of `ids`; NaN where a point lacks the space."""
        ...

    def matching(self, words: Mapping[str, float], limit: int, where: Sequence[Filter] = ()) -> Ranking:
        """
        The `limit` points whose metadata best match these folded words with their weights (BM25F), best first.

        Points that hold none of them are left out; ties are settled as `nearest` does. Words are kept as payloads are
        written; see `archive_search.metadata.words`.
        """
        ...

    def word_scores(self, words: Mapping[str, float], ids: Sequence[str]) -> NDArray[np.float32]:
        """The score that `matching` gives each of these points, in the order of `ids`; 0 where it has none."""
        ...

    def holding(self, word: str) -> int:
        """How many points say a folded word, by the commonest of its stems; common words are not counted to the end."""
        ...

    def points(self, ids: Sequence[str], space: str | None = None) -> list[Point]:
        """These points in the order of `ids`, unknown ids left out; with the vectors of `space` if one is named."""
        ...

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """What each of these points holds in a space, by id in the order of `ids`; those that hold nothing left out."""
        ...

    def values(self, field: str, ids: Sequence[str]) -> list[Any]:
        """What each of these points holds in a field of its payload, in the order of `ids`; None where nothing."""
        ...

    def scan(self, where: Sequence[Filter] = (), space: str | None = None) -> Iterator[Point]:
        """Every point that passes, ordered by internal id."""
        ...

    def ids(self, where: Sequence[Filter] = ()) -> Iterator[str]:
        """The ids of the points that `scan` gives, in its order; nothing else of them is read."""
        ...

    def count(self, where: Sequence[Filter] = ()) -> int:
        """How many points pass."""
        ...

    def filled(self, space: str) -> int:
        """How many points hold anything in a space."""
        ...

    def facet(self, field: str, where: Sequence[Filter] = (), limit: int = 100) -> dict[str, int]:
        """How many points hold each value of a text field, most frequent first (equal counts by value)."""
        ...

    def ends(self, field: str, where: Sequence[Filter] = ()) -> tuple[float, float] | None:
        """The smallest and the largest number that any point that passes holds in a field of numbers, or None."""
        ...

    def sample(self, where: Sequence[Filter] = ()) -> str | None:
        """The id of a point that passes, drawn at random; None where none does."""
        ...

    def close(self) -> None:
        """Let go of the files or the connection."""
        ...


class WritableStore(Store, Protocol):
    """A store that can be changed: a generation that is being built."""

    def follow(self, fields: FieldTable) -> None:
        """Have the fields of another table from now on, with their indexes; what is stored stays as it is."""
        ...

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        ...

    def add_space(self, name: str, dim: int) -> None:
        """Make room for vectors of one more space; points get theirs by `set_vectors`."""
        ...

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Give these points a row of `vectors` each, or, in a space of tiles, an array each; other spaces stay."""
        ...

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        ...

    def flush(self) -> None:
        """Make all that was written durable."""
        ...


# ------------------------------------------------------------------ errors


class ArchiveSearchError(Exception):
    """
    Base of every error that archive-search raises on purpose; its text is fit for people.

    ArchiveSearchError
      UnknownNameError     a plug-in, space, field or id that does not exist; the text lists what does
      InvalidInputError    a setting, plan, filter or query out of its range
      PictureError         a picture that cannot be read
        TooLargeError      one with more pixels than the caller allows
      MetadataError        a metadata file or vector file that cannot be used
      SourceError          a service that cannot be asked, or answers what cannot be read
      EmbedderError        a model that cannot be loaded or has no tower for the input
      StoreError           an index that cannot be reached, opened or written
      ArchiveError         a directory that is not an archive, or is in use
      NotInstalledError    an optional package is missing; the text names the install command
      PluginError          a plug-in module that does not define what was agreed, or defines what is there already

    Args:
        settings: the names of settings or arguments that it speaks of, for whoever shows it to say what they are
            called there.
    """

    def __init__(self, *said: object, settings: Sequence[str] = ()) -> None:
        super().__init__(*said)
        self.settings = tuple(settings)


class UnknownNameError(ArchiveSearchError):
    """A name that does not exist."""


class InvalidInputError(ArchiveSearchError):
    """A value that is out of its range or of the wrong type."""


class PictureError(ArchiveSearchError):
    """A picture that cannot be read."""


class TooLargeError(PictureError):
    """A picture with more pixels than the caller allows."""


class MetadataError(ArchiveSearchError):
    """A metadata file or vector file that cannot be used."""


class SourceError(ArchiveSearchError):
    """A service that records come from cannot be asked, or its answer as a whole cannot be read."""


class EmbedderError(ArchiveSearchError):
    """A model that cannot be loaded, or has no tower for the input."""


class StoreError(ArchiveSearchError):
    """An index that cannot be reached, opened or written."""


class ArchiveError(ArchiveSearchError):
    """A directory that is not an archive, or is in use."""


class NotInstalledError(ArchiveSearchError):
    """An optional package is missing."""


class PluginError(ArchiveSearchError):
    """A plug-in module that does not define what was agreed, or defines what is there already."""


def check_text(text: object, what: str) -> None:
    """Raise InvalidInputError where a text holds half of a surrogate pair, which no encoding can write."""
    if not isinstance(text, str):
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"{what} holds half of a character ({text[error.start]!a}, at place {error.start + 1}): write it anew."
        ) from error
