"""Refinements that split what was found, by pictures and by the catalogue."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from archive_search.archive import Archive
from archive_search.calibration.hubness import FIELD
from archive_search.embedders import EMBEDDERS
from archive_search.settings import Settings
from archive_search.types import EmbedderInfo, Point, Vector, Vectors
from archive_search.understanding.suggestions import Suggestion, suggestions

WORDS = ["axe", "bowl", "polished", "flint", "drawing", "red", "slebet", "handle", "broken", "incised"]


def shown(*words: str) -> Vector:
    """The vector of a text or picture that shows these, of length 1."""
    found = np.full(len(WORDS), 0.01, dtype=np.float32)
    for word in words:
        found[WORDS.index("polished" if word == "slebet" else word)] += 1
    return found / np.linalg.norm(found)


class Words:
    """An embedder of ten words, of which two mean the same; it counts what it encodes."""

    name, dim, modalities, checkpoint = "ten-words", len(WORDS), frozenset({"text"}), "1" * 64

    def __init__(self) -> None:
        self.encoded: Counter[str] = Counter()

    def preprocess(self, item: str, modality: str) -> str:
        """The text."""
        return item

    def encode(self, batch: Sequence[str], modality: str) -> Vectors:
        """Their words together."""
        self.encoded.update(batch)
        return np.stack([shown(*(word for word in text.split() if word in WORDS)) for text in batch])

    def remarks(self, text: str) -> tuple[str, ...]:
        """About words that it does not know."""
        return tuple(f"{word!r} is not known." for word in text.split() if word not in WORDS)


@pytest.fixture(scope="module")
def words() -> Iterator[Words]:
    """The embedder, known by the name of its space."""
    made = Words()
    info = EmbedderInfo("ten-words", len(WORDS), frozenset({"text"}), "ten words", "MIT", lambda: made)
    with EMBEDDERS.register("ten-words", info):
        yield made


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, words: Words) -> Archive:
    """
    Eighty axes, of which half are polished, every fourth is red and every eighth a drawing; twenty bowls, half red.

    The catalogue knows of two in five where they are from, and of some a period in two languages.
    """
    made = Archive.create(tmp_path_factory.mktemp("suggestions") / "archive", Settings("test", ("ten-words",)))
    build = made.index.begin({"ten-words": len(WORDS)})
    points = []
    for n in range(80):
        seen = ["axe", *(["polished"] if n % 2 else []), *(["red"] if n % 4 == 0 else [])]
        seen += ["drawing"] if n % 8 == 0 else []
        said: dict[str, object] = {"object_type": "axe", "material": "flint", "source": f"box {n % 2}"}
        if n % 5 < 2:
            said["place"] = f"Field {n}, {'Fyn' if n % 5 else 'Thy'}"
        if n % 3 == 0:
            said["period"] = "Viking Age" if n % 2 else "Vikingetid"
        points.append(Point(f"axe-{n}", {"ten-words": shown(*seen)}, {**said, FIELD: {"ten-words": [0.3, 0.1, 0.15]}}))
    for n in range(20):
        bowl = {"object_type": "bowl", FIELD: {"ten-words": [0.3, 0.1, 0.15]}}
        points.append(Point(f"bowl-{n}", {"ten-words": shown("bowl", *(["red"] if n % 2 else []))}, bowl))
    build.store.upsert(points)
    build.publish()
    return made


def offered(archive: Archive, *asked: str, language: str = "en", limit: int = 20, **more: object) -> list[Suggestion]:
    """The suggestions for a search by the first word, refined by the others."""
    found = archive.search(*asked[:1], refine=asked[1:], limit=80, **more)  # type: ignore[arg-type]
    return list(suggestions(found, archive, language, limit))


def named(some: Sequence[Suggestion], source: str) -> dict[str, tuple[int, int]]:
    """How many of how many each suggestion of a source fits, by its word."""
    return {one.word: (one.fits, one.of) for one in some if one.source == source}


def test_words_that_split_the_pictures(archive):
    """What some of the pictures show and others do not is offered, with how many show it; the nearest half first."""
    found = named(offered(archive, "axe"), "picture")
    assert found == {"polished": (40, 80), "red": (20, 80), "drawing": (10, 80)}
    assert next(iter(found)) == "polished"


def test_values_that_split_the_catalogue(archive):
    """Places side by side in one value are told apart, ways of writing a period together, and all take turns."""
    found = named(offered(archive, "axe"), "catalogue")
    assert found == {"Vikingetid": (27, 80), "Fyn": (16, 80), "Thy": (16, 80)}
    (period,) = [one for one in offered(archive, "axe") if one.field == "period"]
    assert set(period.values) == {"Vikingetid", "Viking Age"}
    (thy,) = [one for one in offered(archive, "axe") if one.word == "Thy"]
    assert len(thy.values) == 16
    assert all(value.endswith(", Thy") for value in thy.values)


def test_pictures_and_catalogue_take_turns(archive):
    """A short list has both."""
    assert [one.source for one in offered(archive, "axe", limit=4)] == ["picture", "catalogue", "picture", "picture"]


def test_what_was_asked_is_not_offered(archive):
    """Neither the refinements of a question, in whatever language or form, nor the fields of its filters come again."""
    assert "polished" not in named(offered(archive, "axe", "slebne"), "picture")
    assert "polished" not in named(offered(archive, "axe", exclude=["polished"]), "picture")
    assert not [one for one in offered(archive, "axe", where={"period": ["Viking Age", None]}) if one.field == "period"]


def test_words_in_the_language_asked_for(archive):
    """A word is in the language asked for where the embedder reads that, else in English."""
    found = named(offered(archive, "axe", language="da"), "picture")
    assert found == {"slebet": (40, 80), "red": (20, 80), "drawing": (10, 80)}


def test_things_are_offered_where_none_was_asked_for(archive):
    """Where the question names no thing, kinds of things are offered."""
    found = named(offered(archive, "red"), "picture")
    assert len(found.keys() & {"axe", "bowl"}) == 1  # one tells the same apart as the other
    assert "bowl" not in named(offered(archive, "axe"), "picture")


def test_words_are_encoded_once_for_an_archive(archive, words, monkeypatch):
    """What was encoded for one search is not for the next, nor in another process, which reads the file."""
    offered(archive, "axe")
    known = words.encoded.copy()
    offered(archive, "axe", "red")
    monkeypatch.setattr("archive_search.calibration.word_vectors._KEPT", OrderedDict())
    offered(archive, "axe", "red")
    assert (words.encoded - known).keys() == {"red axe"}


def test_nothing_found_nothing_offered(archive):
    """Of no hits nothing is said."""
    assert offered(archive, "axe", where={"place": "nowhere"}) == []


def test_without_words_the_catalogue_speaks(tmp_path):
    """Where pictures cannot be searched by words, only the catalogue's values are offered."""
    made = Archive.create(tmp_path / "archive", Settings("test"))
    build = made.index.begin({"elsewhere": 2})
    said = [{"material": "flint" if n % 2 else "bronze"} for n in range(20)]
    build.store.upsert([Point(f"r{n}", {"elsewhere": [1.0, n / 20]}, payload) for n, payload in enumerate(said)])
    build.publish()
    found = suggestions(made.search(like="r0"), made)
    assert [(one.word, one.fits) for one in found] == [("bronze", 10), ("flint", 10)]
    assert {one.source for one in found} == {"catalogue"}
