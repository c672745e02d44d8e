"""What a step may see: the store, the query, one space, and vectors for the query's examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from archive_search.metadata.known_ids import unknown_records
from archive_search.metadata.translating import in_english
from archive_search.metadata.translating import remarks as remarks_on
from archive_search.metadata.words import tokens
from archive_search.spaces import whole_space
from archive_search.types import (
    Embedder,
    EmbedderError,
    Example,
    ExampleKind,
    Filter,
    InvalidInputError,
    Modality,
    Query,
    ReadWord,
    Store,
    UnknownNameError,
    Vector,
)

if TYPE_CHECKING:
    from PIL.Image import Image


_TOWERS: Mapping[ExampleKind, Modality] = {
    "text": "text",
    "image": "image",
    "region": "image",
    "record": "image",
    "video": "video",
    "audio": "audio",
}


KEPT = 2048
"""So many vectors of examples are kept between searches: 8 MB at 1,024 dimensions."""


class Lookup(NamedTuple):
    """The nearest records to a vector, of all that pass: what a store answers by `nearest`."""

    space: str
    vector: Vector
    limit: int
    where: tuple[Filter, ...]


class Searchable(Protocol):
    """Anything a plan can run on: an archive, or vectors in memory."""

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan for `query` may see; '' is the default space."""
        ...


@dataclass(frozen=True)
class Exactly:
    """An archive in which every search is exact, however large its index: for measuring."""

    archive: Searchable

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan for `query` may see, with a store that compares every vector."""
        found = self.archive.context(query, space)
        return replace(found, store=found.store.exactly())


@dataclass
class Findings:
    """
    What steps have to say besides their ranking: remarks for people, and where the list could end.

    `details` are the records of which a part is more like the examples than the whole picture is; `sought` is the
    vector that their tiles were compared with.

    `stacks` names, by the id of a hit that stayed, those that were put behind it: other views of the same object, or
    near-duplicates.

    `said` tells that the metadata of some records says a word that is asked for, and of most others does not.
    """

    remarks: list[str] = field(default_factory=list)
    cut: int | None = None
    stacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    details: frozenset[str] = frozenset()
    sought: Vector | None = None
    said: bool = False

    def stack(self, behind: Mapping[str, Sequence[str]]) -> None:
        """Put hits behind others, with all that is behind them already."""
        for kept, others in behind.items():
            members = [member for one in others for member in (one, *self.stacks.pop(one, ()))]
            if members:
                self.stacks[kept] = (*self.stacks.get(kept, ()), *members)


@dataclass(frozen=True)
class SearchContext:
    """
    One question to one space of one store.

    `embedder` loads the space's embedder when a text or picture must be encoded (raises EmbedderError where there
    is none); `picture` opens a picture by its path or a record's id; `identity` gives a mark that changes with what
    such a path or id shows, '' where there is none; `reader` tells how words of texts are read. `cache` keeps
    vectors of examples between searches. `findings` is where steps leave remarks; `encoded` and `seen` keep vectors
    and similarities, `read` and `unknown` how texts are read, so that no two steps make the same. `reads_texts` tells
    whether the space can be searched by words at all: not where its embedder sees pictures only, or its vectors were
    computed elsewhere.
    """

    store: Store
    query: Query
    space: str
    embedder: Callable[[], Embedder]
    picture: Callable[[str], Image]
    identity: Callable[[str], str] = lambda source: ""
    cache: MutableMapping[tuple[str, str, str, str], Vector] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    encoded: dict[tuple[str, str], Vector] = field(default_factory=dict)
    seen: dict[tuple[Example, ...], dict[str, float]] = field(default_factory=dict)
    reads_texts: bool = True
    reader: Callable[[Sequence[str]], tuple[ReadWord, ...]] = lambda texts: ()
    read: dict[str, tuple[ReadWord, ...]] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def words(self, text: str = "") -> tuple[ReadWord, ...]:
        """How words of the query's texts, and of one more, are read: as it was decided, or by `reader`."""
        if self.query.words is not None:
            return self.query.words
        asked = [one.value for one in self.query.examples if one.kind == "text"]
        more = "" if text in asked else text
        if more not in self.read:
            self.read[more] = self.reader([*asked, more] if more else asked)
        return self.read[more]

    def prompt(self, text: str) -> str:
        """A text as the embedder gets it: words of languages that it does not read in English."""
        return in_english(text, self.words(text))

    def unread(self, text: str) -> tuple[str, ...]:
        """The words of a text, folded, that mean nothing to the embedder: it has a remark about each by itself."""
        if text not in self.unknown:
            words = tuple(dict.fromkeys(tokens(self.prompt(text))))
            if self.reads_texts:
                words = tuple(word for word in words if self.embedder().remarks(word))
            self.unknown[text] = words
        return self.unknown[text]

    def reads(self, example: Example) -> bool:
        """Whether the embedder can make anything of an example: not of a text none of whose words it knows."""
        if example.kind != "text":
            return True
        words = set(tokens(self.prompt(example.value)))
        return self.reads_texts and (not words or len(self.unread(example.value)) < len(words))

    def readable(self, examples: Iterable[Example]) -> tuple[Example, ...]:
        """
        The examples that a search by similarity can go by; the words of the others are left to the catalogue.

        Where there is nothing else, words that the embedder does not know stay (it makes some vector of them); a text
        where the space has none at all does not.
        """
        examples = tuple(examples)
        if not self.reads_texts:
            return tuple(one for one in examples if one.kind != "text")
        return tuple(filter(self.reads, examples)) or tuple(one for one in examples if one.weight > 0) or examples

    def vector(self, examples: Iterable[Example]) -> Vector:
        """
        One vector for several examples: the sum of their vectors times their weights, scaled to length 1.

        Of several texts those count that the embedder knows a word of (see `readable`).

        Raises:
            InvalidInputError: If there are no examples, or they cancel each other out.
        """
        total = None
        examples = tuple(examples)
        for example in self.readable(examples) or examples:
            part = example.weight * self._vector(example)
            total = part if total is None else total + part
        if total is None:
            raise InvalidInputError("A search by similarity needs at least one text, picture or record.")
        length = float(np.linalg.norm(total))
        if length < 1e-6:
            raise InvalidInputError("The examples cancel each other out: change a weight or drop one.")
        return (total / length).astype(np.float32)

    def similarities(self, examples: tuple[Example, ...], ids: Sequence[str]) -> NDArray[np.float64]:
        """Cosine similarity of these records to the examples together, in the order of `ids`; NaN where unknown."""
        known = self.seen.setdefault(examples, {})
        unseen = [one for one in ids if one not in known]
        if unseen:
            found = self.store.scores(self.space, self.vector(examples), unseen)
            known.update(zip(unseen, found.tolist(), strict=True))
        return np.array([known[one] for one in ids], dtype=np.float64)

    def remarks(self) -> tuple[str, ...]:
        """What people should know about how the texts of the query were read, and what the steps remarked."""
        texts = [example.value for example in self.query.examples if example.kind == "text" and self.reads_texts]
        found = [remark for text in texts for remark in self.embedder().remarks(self.prompt(text))]
        return tuple(dict.fromkeys([*remarks_on(self.words()), *found, *self.findings.remarks]))

    def _vector(self, example: Example) -> Vector:
        if example.kind == "record":
            return self._of_record(example.value)
        if example.kind == "text":
            example = Example("text", self.prompt(example.value))
        asked = example.kind, example.value
        if asked not in self.encoded:
            self.encoded[asked] = self._kept(example)
        return self.encoded[asked]

    def _kept(self, example: Example) -> Vector:
        """The vector of an example, made anew only where no earlier search has made it from the same thing."""
        mark = "text" if example.kind == "text" else self.identity(_source_of(example))
        key = (whole_space(self.space), example.kind, example.value, mark)
        if not mark:
            return self._encoded(example)
        if key not in self.cache:
            self.cache[key] = self._encoded(example)
            for oldest in list(self.cache)[:-KEPT]:
                self.cache.pop(oldest, None)
        return self.cache[key]

    def _of_record(self, record_id: str) -> Vector:
        space = whole_space(self.space)  # of a record the whole picture asks, also among tiles
        points = self.store.points([record_id], space)
        if not points:
            raise unknown_records(self.store, [record_id])
        if space not in points[0].vectors:
            raise UnknownNameError(f"Record {record_id!r} has no vector in the space {space!r}.")
        return points[0].vectors[space]

    def _encoded(self, example: Example) -> Vector:
        embedder = self.embedder()
        modality = _TOWERS[example.kind]
        if modality not in embedder.modalities:
            what = {"text": "texts", "image": "pictures", "video": "films", "audio": "recordings"}
            reads = ", ".join(what[one] for one in sorted(embedder.modalities))
            raise EmbedderError(
                f"The embedder {embedder.name!r} reads no {what[modality]}, only {reads}: "
                f"search by {'a picture or a record' if modality == 'text' else 'a text'}, or choose another space."
            )
        item: object = example.value
        if example.kind == "image":
            item = self.picture(example.value)
        elif example.kind == "region":
            item = self._region(example.value)
        elif example.kind in ("video", "audio"):
            item = Path(example.value)
        vector: Vector = embedder.encode([embedder.preprocess(item, modality)], modality)[0]
        return vector

    def _region(self, value: str) -> Image:
        box, found, source = value.partition("@")
        try:
            left, top, right, bottom = (float(part) for part in box.split(","))
        except ValueError:
            found = ""
        if not found or not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise InvalidInputError(
                "A region is written left,top,right,bottom@PICTURE with shares from 0 to 1, left < right and "
                f"top < bottom; got {value!r}."
            )
        picture = self.picture(source)
        width, height = picture.size
        x, y = int(left * width), int(top * height)  # shares below 1, so that a pixel is left on either side
        return picture.crop((x, y, max(round(right * width), x + 1), max(round(bottom * height), y + 1)))


def _source_of(example: Example) -> str:
    """The picture that an example names; of a region what follows its box."""
    return example.value.partition("@")[2] if example.kind == "region" else example.value
