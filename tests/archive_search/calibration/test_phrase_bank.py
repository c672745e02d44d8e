"""The phrase bank of an archive: frozen until the archive has doubled."""

import numpy as np
import pytest

from archive_search.calibration.phrase_bank import bank_of
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import Point


class Counting(HashEmbedder):
    """The small embedder, counting what it encodes."""

    def __init__(self):
        self.encoded = 0

    def encode(self, batch, modality):
        """Count, then encode."""
        self.encoded += len(batch)
        return super().encode(batch, modality)


def store(count: int) -> MemoryStore:
    """So many records, each with a title of its own."""
    made = MemoryStore({"hash": 64})
    row = np.eye(64, dtype=np.float32)[0]
    made.upsert([Point(f"r{i}", {"hash": row}, {"title": f"number {i}"}) for i in range(count)])
    return made


@pytest.fixture
def file(tmp_path):
    """Where the bank is kept."""
    return tmp_path / "banks" / "hash.npz"


def test_a_bank_is_frozen(file):
    """Records that come later do not change the bank, and nothing is encoded again."""
    embedder = Counting()
    first = bank_of(store(300), embedder, file)
    count = embedder.encoded
    assert count == len(first.phrases) == len(first.vectors)
    again = bank_of(store(599), embedder, file)
    assert again.phrases == first.phrases
    assert np.array_equal(again.vectors, first.vectors)
    assert embedder.encoded == count


def test_a_bank_is_drawn_anew_once_the_archive_has_doubled(file):
    """The new bank holds more phrases, knows those that it had, and has another version: what it measured is known."""
    embedder = Counting()
    first = bank_of(store(300), embedder, file)
    assert bank_of(store(301), embedder, file).version == first.version
    later = bank_of(store(600), embedder, file)
    assert len(later.phrases) > len(first.phrases)
    assert later.version != first.version
    assert embedder.encoded == len(set(first.phrases) | set(later.phrases))


def test_other_weights_have_a_bank_of_their_own(file):
    """Another checkpoint's bank is not used, nor a damaged file."""
    embedder = Counting()
    first = bank_of(store(300), embedder, file)
    embedder.checkpoint = "f" * 64
    bank_of(store(300), embedder, file)
    assert embedder.encoded == 2 * len(first.phrases)
    file.write_bytes(b"damaged")
    bank_of(store(300), embedder, file)
    assert embedder.encoded == 3 * len(first.phrases)


def test_an_embedder_that_understands_nothing_is_asked_once(file):
    """An empty bank is kept too, so that the titles of the archive are not read for it at every ingest."""
    embedder = Counting()
    embedder.remarks = lambda text: ("unknown",)
    assert bank_of(store(300), embedder, file).phrases == ()
    embedder.remarks = None  # asking would fail
    assert bank_of(store(301), embedder, file).phrases == ()
