"""Vectors for the examples of a query."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive_search.search import SearchContext
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import EmbedderError, Example, InvalidInputError, Query, UnknownNameError


class Ears(HashEmbedder):
    """An embedder that also hears: a recording lies where the length of its name says."""

    modalities = frozenset({"text", "image", "audio"})

    def preprocess(self, item, modality):
        """A recording is given as a path."""
        return len(Path(item).stem) if modality == "audio" else super().preprocess(item, modality)

    def encode(self, batch, modality):
        """Axis n for a name of n letters."""
        return np.eye(self.dim, dtype=np.float32)[batch] if modality == "audio" else super().encode(batch, modality)


def search(embedder: HashEmbedder) -> SearchContext:
    """A search in an empty store; every picture is a red one with a blue half."""
    picture = Image.new("RGB", (40, 20), "red")
    picture.paste("blue", (20, 0, 40, 20))
    return SearchContext(MemoryStore({"hash": embedder.dim}), Query(), "hash", lambda: embedder, lambda source: picture)


def test_a_recording_is_a_query():
    """A recording goes to the tower that hears, as the path that was given."""
    assert search(Ears()).vector([Example("audio", "/somewhere/lur.wav")])[3] == pytest.approx(1.0)


def test_what_a_model_cannot_read_is_said():
    """A film for a model that reads texts and pictures is refused in words, with what it reads."""
    with pytest.raises(EmbedderError, match="reads no films, only pictures, texts"):
        search(HashEmbedder()).vector([Example("video", "dig.mp4")])


def test_a_region_is_a_part_of_a_picture():
    """The left half of the picture is not the picture, nor its right half."""
    here = search(HashEmbedder())
    left, right = (here.vector([Example("region", f"{box}@x")]) for box in ("0,0,0.5,1", "0.5,0,1,1"))
    assert float(left @ right) < 0.999
    with pytest.raises(InvalidInputError, match="A region is written"):
        here.vector([Example("region", "0.5,0,0.2,1@x")])


def test_nothing_to_go_by_is_refused():
    """A search by similarity needs an example, and a record that exists."""
    with pytest.raises(InvalidInputError, match="at least one"):
        search(HashEmbedder()).vector([])
    with pytest.raises(UnknownNameError, match="No record has the id 'x'"):
        search(HashEmbedder()).vector([Example("record", "x")])
