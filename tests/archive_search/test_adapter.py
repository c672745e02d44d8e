"""Adapters: what is learned is measured on objects never seen, and nothing is learned from nothing."""

import numpy as np
import pytest

from archive_search.adapter import AdaptedEmbedder, Adapter, Training, load, save, texts_of, train
from archive_search.testing import HashEmbedder
from archive_search.types import InvalidInputError

CLASSES, DIM, EACH = 6, 16, 30
FAST = Training(rank=8, epochs=30, rate=0.01)


def rows(*shape: int, seed: int) -> np.ndarray:
    """Random rows of length 1."""
    found = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    return found / np.linalg.norm(found, axis=-1, keepdims=True)


def collection(mixed: bool):
    """Six kinds of thing whose names lie elsewhere than their pictures; or names given to pictures by lot."""
    centres, names = rows(CLASSES, DIM, seed=1), rows(CLASSES, DIM, seed=2)
    kinds = np.repeat(np.arange(CLASSES), EACH)
    images = centres[kinds] + 0.3 * rows(len(kinds), DIM, seed=3)
    images /= np.linalg.norm(images, axis=1, keepdims=True)
    named = np.random.default_rng(4).permutation(kinds) if mixed else kinds
    words = ["axe", "bead", "coin", "comb", "pot", "sword"]
    texts = [(words[kind],) for kind in named]
    return images, [f"object {i}" for i in range(len(kinds))], texts, dict(zip(words, names, strict=True))


def test_what_can_be_learned_is_found_on_objects_never_seen():
    """Where pictures and names lie apart in a regular way, the held-out pictures are found by name afterwards."""
    adapter, report = train(*collection(mixed=False), "base", FAST)
    assert report.better
    assert report.before < 0.6
    assert report.after > 0.9
    assert (report.objects, report.pairs, report.held_out_texts) == (CLASSES * EACH, CLASSES * EACH, CLASSES)
    assert adapter.base == "base"


def test_what_cannot_be_learned_is_said_so():
    """Names given by lot teach nothing: the report does not call the adapter better."""
    _, report = train(*collection(mixed=True), "base", FAST)
    assert not report.better


def test_training_is_repeatable():
    """The same pairs and seed give the same adapter."""
    one, _ = train(*collection(mixed=False), "base", FAST)
    other, _ = train(*collection(mixed=False), "base", FAST)
    assert one.checkpoint == other.checkpoint
    assert np.array_equal(one.up, other.up)


def test_too_few_objects_are_refused():
    """With fewer objects than asked for there is nothing to learn from, and that is said."""
    images, owners, texts, vectors = collection(mixed=False)
    with pytest.raises(InvalidInputError, match="at least 50 objects.* has 20"):
        train(images[:20], owners[:20], texts[:20], vectors, "base")


def test_an_adapter_is_kept_in_a_file(tmp_path):
    """An adapter read back is the same; another file is refused."""
    adapter = Adapter(rows(4, 2, seed=5), rows(2, 4, seed=6), "base", "sum")
    save(tmp_path / "deep" / "a.safetensors", adapter)
    again = load(tmp_path / "deep" / "a.safetensors")
    assert np.array_equal(again.down, adapter.down)
    assert np.array_equal(again.up, adapter.up)
    assert (again.base, again.checkpoint) == ("base", "sum")
    (tmp_path / "other").write_text("no adapter")
    with pytest.raises(InvalidInputError, match="not an adapter"):
        load(tmp_path / "other")


def test_only_pictures_are_adapted():
    """Texts stay as they are, pictures are mapped to rows of length 1; an adapter of zeros changes nothing."""
    embedder = HashEmbedder()
    still = AdaptedEmbedder(embedder, Adapter(rows(64, 2, seed=7), np.zeros((2, 64), np.float32), "", "0"), "hash-a")
    moving = AdaptedEmbedder(embedder, Adapter(rows(64, 2, seed=7), rows(2, 64, seed=8), "", "1"), "hash-a")
    word = embedder.preprocess("axe", "text")
    assert np.array_equal(moving.encode([word], "text"), embedder.encode([word], "text"))
    assert np.allclose(still.encode([word], "image"), embedder.encode([word], "image"), atol=1e-6)
    mapped = moving.encode([word], "image")
    assert not np.allclose(mapped, embedder.encode([word], "image"), atol=1e-3)
    assert np.linalg.norm(mapped, axis=1) == pytest.approx(1, abs=1e-5)
    assert still.checkpoint != moving.checkpoint


def test_texts_of_a_record():
    """A record is paired with its title, its type, and type with material; numbers are no words for a picture."""
    payload = {"title": "Axe, polished ", "object_type": ["axe", "tool"], "material": "Flint"}
    assert texts_of(payload) == ("axe, polished", "axe", "flint axe")
    assert texts_of({"title": "A 1245"}) == ()
    assert texts_of({}) == ()
