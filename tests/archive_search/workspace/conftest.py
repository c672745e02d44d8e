"""What several tests of the workspace need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, Point

Publish = Callable[..., None]


@pytest.fixture
def words(tmp_path: Path) -> Iterator[Archive]:
    """An archive whose embedder hashes words, of nothing yet; `publish` fills it."""
    info = EmbedderInfo("hash", 64, HashEmbedder.modalities, "hashes", "MIT", HashEmbedder)
    with nullcontext() if "hash" in EMBEDDERS else EMBEDDERS.register("hash", info):
        yield Archive.create(tmp_path / "words", Settings("Museum of words", ("hash",)))


@pytest.fixture
def publish(words: Archive) -> Publish:
    """Publishes records with these titles, by their ids, and no others."""
    embedder = HashEmbedder()

    def make(**titles: str) -> None:
        build = words.index.begin({"hash": embedder.dim})
        there = list(build.store.ids()) if words.generation else []
        build.store.delete([one for one in there if one not in titles])
        rows = embedder.encode([embedder.preprocess(title, "text") for title in titles.values()], "text")
        build.store.upsert(
            [
                Point(name, {"hash": row}, {"id": name, "title": title})
                for (name, title), row in zip(titles.items(), rows, strict=True)
            ]
        )
        build.publish()

    return make
