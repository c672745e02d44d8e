"""How near pictures are to texts at large: the bank, the measure by hand, and what is stored with records."""

import numpy as np
import pytest

from archive_search.calibration.hubness import FIELD, measure, read, update
from archive_search.calibration.phrase_bank import FEWEST, bank_phrases, neutral_phrases
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import Point


class Counting(HashEmbedder):
    """The small embedder, counting what it encodes and knowing only words without an x."""

    def __init__(self):
        self.encoded = 0

    def encode(self, batch, modality):
        """Count, then encode."""
        self.encoded += len(batch)
        return super().encode(batch, modality)

    def remarks(self, text):
        """A remark on every text with an x."""
        return ("an x",) if "x" in text else ()


def store(*titles: str) -> MemoryStore:
    """Records with these titles, all with the same vector but for a second one."""
    made = MemoryStore({"hash": 64})
    rows = np.eye(64, dtype=np.float32)
    made.upsert([Point(f"r{i}", {"hash": rows[i % 2]}, {"title": title}) for i, title in enumerate(titles)])
    return made


def test_the_shipped_bank_is_large_and_without_doubles():
    """More than a thousand different neutral phrases are shipped, each a phrase of words."""
    phrases = neutral_phrases()
    assert len(phrases) == len(set(phrases)) > 1000
    assert all(
        phrase == phrase.strip() and phrase.replace(" ", "").replace("'", "").replace("-", "").isalpha()
        for phrase in phrases
    )


def test_the_bank_holds_titles_and_leaves_out_what_is_not_understood():
    """Titles join the neutral phrases; what the embedder has a remark about does not."""
    embedder = Counting()
    phrases = bank_phrases(store("flint axe", "bone comb", "bone  comb"), embedder)
    assert "bone comb" in phrases
    assert not [phrase for phrase in phrases if "x" in phrase]
    assert len(phrases) == FEWEST + 1
    assert bank_phrases(store("bone comb"), embedder) == phrases


def test_too_small_a_bank_is_none():
    """An embedder that understands hardly any phrase is not measured against the few."""
    embedder = Counting()
    embedder.remarks = lambda text: ("unknown",)
    assert bank_phrases(store("bone comb"), embedder) == ()


def test_measure_by_hand():
    """Of 16 phrases the two strongest count: their mean, the mean of all and the spread of all."""
    bank = np.zeros((16, 2), dtype=np.float32)
    bank[:, 1] = 1
    bank[3], bank[7] = (1, 0), (0.6, 0.8)
    found = measure(np.array([[1, 0]], dtype=np.float32), bank)
    similar = [1, 0.6] + 14 * [0]
    assert found[0] == pytest.approx([0.8, 0.1, np.std(similar)], abs=5e-6)


def test_update_writes_only_what_changes():
    """The second time nothing changes; other measures and the payload stay; a record without a vector has none."""
    archive = store("axe", "comb")
    archive.upsert([Point("bare", {}, {"title": "nothing"})])
    archive.set_payload(["r0"], [{"title": "axe", FIELD: {"other": [1, 2, 3]}}])
    bank = np.eye(64, dtype=np.float32)[:8]
    assert update(archive, "hash", bank) == 2
    assert update(archive, "hash", bank) == 0
    (first,) = archive.points(["r0"])
    assert first.payload["title"] == "axe"
    assert set(first.payload[FIELD]) == {"other", "hash"}
    found = read(archive, "hash", ["r1", "bare", "unknown", "r0"])
    assert found[[0, 3], 0] == pytest.approx([1.0, 1.0])
    assert np.isnan(found[1:3]).all()
