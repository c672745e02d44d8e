"""The doubles that ship with the library compute what they promise."""

from __future__ import annotations

import sys
from subprocess import run

import numpy as np
import pytest
from PIL import Image

from archive_search.testing import HashEmbedder
from archive_search.types import Embedder, EmbedderError, Modality, Vectors


def encode(items: list[object], modality: Modality) -> Vectors:
    """The rows of some items."""
    embedder: Embedder = HashEmbedder()
    return embedder.encode([embedder.preprocess(item, modality) for item in items], modality)


def test_unit_rows() -> None:
    """Every text, even an empty one, and every picture, even a black one, gets a row of length 1."""
    texts = encode(["antler hammer", "", "æøå"], "text")
    pictures = encode([Image.new("RGB", (9, 5), c) for c in ("black", "gray", "white")], "image")
    for rows in (texts, pictures):
        assert rows.shape == (3, 64)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert encode([], "text").shape == (0, 64)


def test_shared_words_are_near() -> None:
    """Texts that share words are nearer than texts that do not, whatever the case."""
    rows = encode(["a red car", "Red CAR", "flint axe head"], "text")
    assert rows[0] @ rows[1] > 0.6 > 0.4 > rows[0] @ rows[2]


def test_like_colours_are_near() -> None:
    """Pictures of like colours are nearer than pictures of others."""
    rows = encode([Image.new("RGB", (40, 30), c) for c in ("red", "firebrick", "blue")], "image")
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_same_rows_in_any_batch() -> None:
    """A row does not depend on the others of its batch, nor on the process that made it."""
    texts: list[object] = [f"word {i}" for i in range(8)]
    np.testing.assert_array_equal(np.vstack([encode([one], "text") for one in texts]), encode(texts, "text"))
    code = "from archive_search.testing import HashEmbedder as H; e = H(); print(float(e.preprocess('axe', 'text')[5]))"
    printed = run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(printed) == float(HashEmbedder().preprocess("axe", "text")[5])


def test_no_tower() -> None:
    """A modality without a tower is refused, naming those there are."""
    with pytest.raises(EmbedderError, match="no tower for audio"):
        encode(["a.wav"], "audio")


def test_remarks() -> None:
    """A text without words is remarked upon."""
    assert HashEmbedder().remarks("!?") != ()
    assert HashEmbedder().remarks("axe") == ()
