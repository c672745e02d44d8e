"""What every embedder of the registry keeps to, on its own weights where they are here, else on small ones."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from archive_search.embedders import EMBEDDERS
from archive_search.testing import HashEmbedder
from archive_search.types import Embedder, EmbedderError

SHAPES = {"wide": (3000, 10), "tall": (10, 3000), "small": (1, 1), "two": (2, 1), "photo": (320, 213)}
TEXTS = [
    "flint axe",
    "",
    "a" * 10_000,
    "word " * 2_000,
    "🏺🪓",
    "Ærø økse på åen",
    "\u0000",
    "\ud83d",
    "<|endoftext|>",
    "\n\t",
]


@pytest.fixture(scope="module", params=[*sorted(EMBEDDERS), "hash"])
def embedder(request, small_models, tmp_path_factory) -> Embedder:
    """Every embedder that can load here; one loads for all tests of this module."""
    from tests.archive_search.embedders.conftest import use_only

    if request.param == "hash":
        return HashEmbedder()
    with pytest.MonkeyPatch.context() as monkeypatch:
        if EMBEDDERS[request.param].missing():
            use_only(monkeypatch)(small_models)
        if missing := EMBEDDERS[request.param].missing():
            pytest.skip(missing)
        return EMBEDDERS[request.param].load()


def made(embedder: Embedder, items: list, modality: str) -> np.ndarray:
    """Vectors of items in one batch."""
    return embedder.encode([embedder.preprocess(item, modality) for item in items], modality)


def items(embedder: Embedder, modality: str, number: int) -> list:
    """Different inputs of a modality."""
    if modality == "text":
        colours = ["red", "green", "blue", "yellow", "brown", "black", "white", "orange"]
        return [f"{colours[i]} {'polished ' * i}flint axe number {i}" for i in range(number)]
    random = np.random.default_rng(5)
    return [Image.fromarray(random.integers(0, 256, (40 + 17 * i, 90, 3), dtype=np.uint8)) for i in range(number)]


def held(embedder: Embedder, rows: np.ndarray, number: int) -> None:
    """Rows are unit vectors of the embedder's length."""
    assert rows.shape == (number, embedder.dim)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


READABLE = ["text", "image"]


@pytest.mark.parametrize("modality", READABLE)
def test_rows_are_unit_vectors_the_same_in_any_batch(embedder, modality):
    """Rows have length 1 and the space's dimension, and are the same alone and in a batch of eight."""
    if modality not in embedder.modalities:
        pytest.skip(f"reads no {modality}")
    inputs = items(embedder, modality, 8)
    together = made(embedder, inputs, modality)
    held(embedder, together, 8)
    alone = np.concatenate([made(embedder, [one], modality) for one in inputs])
    np.testing.assert_allclose(alone, together, atol=2e-5)
    assert len({row.tobytes() for row in together.round(4)}) == 8


@pytest.mark.parametrize("modality", READABLE)
def test_an_empty_batch_has_no_rows(embedder, modality):
    """No inputs give no rows, of the right length."""
    if modality not in embedder.modalities:
        pytest.skip(f"reads no {modality}")
    assert embedder.encode([], modality).shape == (0, embedder.dim)


@pytest.mark.parametrize("shape", SHAPES)
def test_pictures_of_odd_shapes_have_vectors(embedder, shape):
    """Pictures of one pixel, and strips, have a vector."""
    if "image" not in embedder.modalities:
        pytest.skip("reads no pictures")
    held(embedder, made(embedder, [Image.new("RGB", SHAPES[shape], "peru")], "image"), 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_pictures_of_every_mode_have_vectors(embedder, mode):
    """Grey, palette, alpha, print colours and deep pixels are read."""
    if "image" not in embedder.modalities:
        pytest.skip("reads no pictures")
    source = Image.radial_gradient("L")
    picture = source if mode in ("I;16", "I", "F") else source.convert("RGBA")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(source).astype(np.uint16) * 257)
    elif mode == "CMYK":
        picture = picture.convert("RGB")
    held(embedder, made(embedder, [picture if mode == "I;16" else picture.convert(mode)], "image"), 1)


def test_transparent_palettes_have_vectors(embedder):
    """A palette with a transparent colour is read."""
    if "image" not in embedder.modalities:
        pytest.skip("reads no pictures")
    picture = Image.radial_gradient("L").convert("P")
    picture.info["transparency"] = 0
    held(embedder, made(embedder, [picture], "image"), 1)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_odd_texts_have_vectors(embedder, text):
    """Empty, very long and strange texts have a vector, and remarks that are sentences."""
    if "text" not in embedder.modalities:
        pytest.skip("reads no texts")
    held(embedder, made(embedder, [text], "text"), 1)
    assert all(isinstance(remark, str) and remark for remark in embedder.remarks(text))


@pytest.mark.parametrize("modality", ["text", "image", "video", "audio"])
def test_what_is_not_read_is_refused(embedder, modality):
    """A modality without a tower is an error in words, in preparing as in encoding."""
    if modality in embedder.modalities:
        pytest.skip("is read")
    with pytest.raises(EmbedderError, match=r"\w+ \w+"):
        embedder.preprocess("x", modality)
    with pytest.raises(EmbedderError):
        embedder.encode([np.zeros(3)], modality)


def test_the_embedder_is_as_its_description_says(embedder):
    """Name, dimension and modalities of the loaded embedder are those listed, and its weights have a hash."""
    assert len(bytes.fromhex(embedder.checkpoint)) == 32
    if embedder.name in EMBEDDERS:
        info = EMBEDDERS[embedder.name]
        assert (embedder.dim, embedder.modalities) == (info.dim, info.modalities)


@pytest.mark.parametrize("name", sorted(EMBEDDERS))
def test_descriptions_are_complete(name):
    """Every embedder has a sentence about itself, a licence, and says what it lacks."""
    info = EMBEDDERS[name]
    assert info.name == name
    assert info.summary.endswith(".")
    assert info.licence
    assert info.missing() == "" or info.missing().endswith(".")


def test_listing_imports_nothing_heavy():
    """Listing the embedders and what they lack loads neither torch nor transformers nor a client for the network."""
    code = """
import sys
from archive_search.embedders import EMBEDDERS, default_embedder
[(info.summary, info.missing()) for info in EMBEDDERS.values()], default_embedder()
print(sorted({"torch", "transformers", "huggingface_hub", "httpx", "safetensors"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
