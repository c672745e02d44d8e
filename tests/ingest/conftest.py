"""What several tests of the ingest need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from archive_search.embedders import EMBEDDERS
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo
from tests.ingest.replay import Replay


@pytest.fixture
def hashes() -> Iterator[None]:
    """An embedder without weights, by its name; tests of the pages keep it registered."""
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder)
    with nullcontext() if "hash" in EMBEDDERS else EMBEDDERS.register("hash", info):
        yield


@pytest.fixture
def server() -> Iterator[Replay]:
    """A server on this machine that answers what a test has told it."""
    with Replay() as replay:
        yield replay
