"""Nothing in a query is encoded twice, whatever the steps."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.plan import Plan, trace
from archive_search.search import SearchContext
from archive_search.settings import Settings
from archive_search.strategies import STRATEGIES
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import EmbedderInfo, Example, Point, Query

COLOURS = ("red", "green", "blue", "white", "black", "orange")


class Counting(HashEmbedder):
    """A hash embedder that counts what it encodes."""

    def __init__(self) -> None:
        self.encoded: Counter[str] = Counter()

    def encode(self, batch, modality):
        """Encode, and count by modality."""
        self.encoded[modality] += len(batch)
        return super().encode(batch, modality)


def filled(store) -> None:
    """A few pictures of one colour each, with tiles."""
    embedder = HashEmbedder()
    pictures = [Image.new("RGB", (32, 32), colour) for colour in COLOURS]
    rows = embedder.encode([embedder.preprocess(picture, "image") for picture in pictures], "image")
    tiles = [np.stack([row, np.roll(row, 1)]) for row in rows]
    store.upsert(
        [
            Point(f"{name}.png", {"hash": row, "hash-tiles": several}, {"id": f"{name}.png", "title": name})
            for name, row, several in zip(COLOURS, rows, tiles, strict=True)
        ]
    )


@dataclass
class Shelf:
    """Pictures in memory, with tiles, and an embedder that counts."""

    embedder: Counting = field(default_factory=Counting)
    store: MemoryStore = field(default_factory=lambda: MemoryStore({"hash": 64, "hash-tiles": 64}))

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan may see; a picture is opened whenever it is asked for."""
        return SearchContext(
            self.store, query, "hash", lambda: self.embedder, lambda source: Image.new("RGB", (32, 32), "maroon")
        )


ASKED = {
    "a picture": (Example("image", "query.png"),),
    "a picture and a refinement": (Example("image", "query.png"), Example("text", "worn")),
    "a region and a word that it is not": (Example("region", "0,0,0.5,1@query.png"), Example("text", "worn", -1.0)),
    "two words": (Example("text", "axe"), Example("text", "worn")),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("asked", ASKED)
def test_every_example_is_encoded_once(strategy, asked):
    """However many steps look at an example, its picture goes through the model once, and each text once."""
    shelf = Shelf()
    filled(shelf.store)
    examples = ASKED[asked]
    plan = STRATEGIES[strategy]().plan(Query(examples))
    trace(plan, shelf)
    pictures = sum(one.kind != "text" for one in examples)
    assert shelf.embedder.encoded["image"] == pictures
    texts = {one.value for step in plan.steps for one in _examples(step) if one.kind == "text"}
    assert shelf.embedder.encoded["text"] <= len(texts | {one.value for one in examples if one.kind == "text"})


def _examples(step) -> tuple[Example, ...]:
    return (*getattr(step, "examples", ()), *([step.example] if hasattr(step, "example") else []))


@pytest.fixture
def counted():
    """An embedder that counts, known by the name of its space."""
    embedder = Counting()
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: embedder)
    with EMBEDDERS.register("hash", info):
        yield embedder


@pytest.fixture
def archive(tmp_path, counted):
    """A published archive of plain pictures."""
    made = Archive.create(tmp_path / "archive", Settings("test", ("hash",)))
    build = made.index.begin({"hash": 64, "hash-tiles": 64})
    filled(build.store)
    build.publish()
    return made


def staged(*examples: Example) -> Plan:
    """The plan of the default strategy."""
    return STRATEGIES["staged"]().plan(Query(examples))


def test_a_refined_search_encodes_only_what_is_new(tmp_path, archive, counted):
    """A second search by the same picture with a refinement encodes the refinement alone."""
    file = tmp_path / "query.png"
    Image.new("RGB", (32, 32), "maroon").save(file)
    picture = Example("image", str(file))
    trace(staged(picture), archive)
    assert counted.encoded == {"image": 1}
    trace(staged(picture, Example("text", "worn")), archive)
    assert counted.encoded == {"image": 1, "text": 1}


def test_a_picture_that_has_changed_is_encoded_again(tmp_path, archive, counted):
    """Another picture under the same name is another picture."""
    file = tmp_path / "query.png"
    for number, colour in enumerate(("maroon", "navy"), 1):
        Image.new("RGB", (32 * number, 32), colour).save(file)
        trace(staged(Example("image", str(file))), archive)
        assert counted.encoded["image"] == number
