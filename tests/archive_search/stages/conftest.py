"""An archive of records at known angles, so that every similarity can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from archive_search.calibration.hubness import FIELD
from archive_search.search import SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Payload, Point, Query, Vector, Vectors

COUNT = 1000


def at(degrees: float) -> Vector:
    """A vector in the plane."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], dtype=np.float32)


class Compass:
    """A thousand records all around the compass, and an embedder of four words that counts how often it is asked."""

    name, dim, modalities, checkpoint = "compass", 2, frozenset({"text"}), "0" * 64
    words = {"east": 0, "north": 90, "west": 180, "south": 270}

    def __init__(self) -> None:
        self.asked = 0
        self.store = MemoryStore({"compass": 2})
        self.store.upsert([Point(f"r{n:03}", {"compass": at(n * 360 / COUNT)}, _payload(n)) for n in range(COUNT)])

    def preprocess(self, item: str, modality: str) -> float:
        """The angle of a word; of several the mean."""
        return float(np.mean([self.words[word] for word in item.split()]))

    def encode(self, batch: list[float], modality: str) -> Vectors:
        """Vectors of angles."""
        self.asked += len(batch)
        return np.stack([at(angle) for angle in batch])

    def remarks(self, text: str) -> tuple[str, ...]:
        """About each word that it does not know."""
        return tuple(f"{word}?" for word in text.split() if word not in self.words)

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What steps see."""
        return SearchContext(self.store, query, "compass", lambda: self, _no_picture)  # type: ignore[arg-type,return-value]


def _payload(number: int) -> Payload:
    """Every second record is of flint, every tenth of nothing known; every fourth is dated."""
    found: dict[str, Any] = {FIELD: {"compass": [0.5, 0.0, 0.4]}}
    if number % 10:
        found["material"] = "bronze" if number % 2 else "flint"
    if number % 4 == 0:
        found |= {"date_from": -1000 + number, "date_to": -1000 + number}
    return found


def _no_picture(source: str) -> Any:
    raise AssertionError(source)


@pytest.fixture(scope="module")
def compass() -> Compass:
    """The archive."""
    return Compass()
