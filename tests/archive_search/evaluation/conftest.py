"""A small collection in memory whose records are words: a query finds those that share its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive_search.search import SearchContext
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import Example, Point, Query
from archive_search.workspace.topics import Topic

COLOURS = ("red", "green", "blue", "grey")
KINDS = ("axe", "pot", "bead", "sword", "comb", "coin")


class WordArchive:
    """Twenty-four records, every colour of every kind: 'red axe' has the id red-axe and place Ribe or Møn."""

    def __init__(self) -> None:
        self.embedder = HashEmbedder()
        self.store = MemoryStore({"hash": 64})
        points = []
        for number, (colour, kind) in enumerate((c, k) for c in COLOURS for k in KINDS):
            vector = self.vector(f"{colour} {kind}")
            payload = {"title": f"{colour} {kind}", "place": "Ribe" if number % 2 else "Møn"}
            points.append(Point(f"{colour}-{kind}", {"hash": vector}, payload))
        self.store.upsert(points)

    def vector(self, text: str):
        """The vector of a text."""
        return self.embedder.encode([self.embedder.preprocess(text, "text")], "text")[0]

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What a step may see."""
        return SearchContext(self.store, query, space or "hash", lambda: self.embedder, _no_picture)

    def group(self) -> None:
        """Make all colours of a kind views of one object."""
        points = self.store.points([f"{colour}-{kind}" for colour in COLOURS for kind in KINDS], "hash")
        self.store.upsert(
            [replace(one, payload={**one.payload, "object_id": one.id.partition("-")[2]}) for one in points]
        )


def _no_picture(source: str):
    raise AssertionError(source)


def asked(*texts: str, **more: object) -> Query:
    """A query for these texts, a leading minus asks for less."""
    examples = [Example("text", one.lstrip("-"), -1.0 if one.startswith("-") else 1.0) for one in texts]
    return Query(tuple(examples), **more)


@pytest.fixture
def archive() -> WordArchive:
    """The small collection."""
    return WordArchive()


@pytest.fixture
def ask():
    """Makes a query from texts."""
    return asked


@pytest.fixture
def topics() -> tuple[Topic, ...]:
    """A topic for every record, in two groups."""
    return tuple(
        Topic(f"{colour}-{kind}", asked(kind, colour), "bright" if colour == "red" else "other", f"A {colour} {kind}")
        for colour in COLOURS
        for kind in KINDS
    )


@pytest.fixture
def qrels(topics) -> dict[str, dict[str, int]]:
    """Every record judged for every topic: 2 for colour and kind, 0 otherwise, 1 for a grey one of the kind."""
    ids = [f"{colour}-{kind}" for colour in COLOURS for kind in KINDS]
    return {
        topic.id: {one: 2 if one == topic.id else int(one == f"grey-{topic.id.partition('-')[2]}") for one in ids}
        for topic in topics
    }
