"""What an ingest measures against neutral texts: every picture, and never at the cost of one."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive_search.calibration.hubness import FIELD
from archive_search.calibration.phrase_bank import PhraseBank, bank_of, write_bank
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import EmbedderError
from ingest.hub_correction import Banks, hub_correction, hubs_in_hand
from ingest.ledger import Ledger
from ingest.pipeline import run
from ingest.sources.folder import Folder
from ingest.testing import MemoryIndex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures and their titles."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (32, 32), colour).save(pictures / f"{colour}.png")
    (tmp_path / "records.csv").write_text("file,title\nred.png,axe\ngreen.png,comb\nblue.png,bead\n", encoding="utf-8")
    return pictures


def ingest(folder: Path, index: MemoryIndex, embedder: HashEmbedder) -> None:
    """Ingest the folder with this embedder."""
    with Ledger(folder.parent / "ledger.sqlite") as ledger:
        source = Folder(folder, folder.parent / "records.csv")
        run(
            source,
            index=index,
            ledger=ledger,
            thumbnails=folder.parent / "thumbnails",
            embedders=[embedder],
            in_hand=[hubs_in_hand(embedder, banks := Banks(folder.parent / "banks", ledger))],
            finish=[hub_correction(embedder, banks)],
        )


def test_every_picture_is_measured(folder):
    """Each record holds the three measures of the space; the bank's vectors are kept beside the ledger."""
    index = MemoryIndex()
    ingest(folder, index, HashEmbedder())
    measures = [point.payload[FIELD]["hash"] for point in index.open().scan()]
    assert len(measures) == 3
    assert all(len(one) == 3 and np.isfinite(one).all() for one in measures)
    assert (folder.parent / "banks" / "hash.npz").is_file()


def test_changed_metadata_keeps_a_measure(folder):
    """A record whose metadata changed is measured as all others are."""
    index = MemoryIndex()
    ingest(folder, index, HashEmbedder())
    table = folder.parent / "records.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("comb", "needle"), encoding="utf-8")
    ingest(folder, index, HashEmbedder())
    points = list(index.open().scan())
    assert {point.payload["title"] for point in points} == {"axe", "needle", "bead"}
    assert all("hash" in point.payload[FIELD] for point in points)


def test_a_text_tower_that_fails_costs_no_picture(folder):
    """Where the texts cannot be encoded nothing is measured, and the pictures are published all the same."""

    class Half(HashEmbedder):
        """An embedder whose text tower is broken."""

        def encode(self, batch, modality):
            """Pictures only."""
            if modality == "text":
                raise EmbedderError("The text tower is missing.")
            return super().encode(batch, modality)

    index = MemoryIndex()
    ingest(folder, index, Half())
    assert [FIELD in point.payload for point in index.open().scan()] == [False, False, False]


def test_only_what_has_changed_is_measured(folder, monkeypatch):
    """One more picture in an archive: it is measured before it is written, and once; no other record is looked at."""
    index = MemoryIndex()
    ingest(folder, index, HashEmbedder())
    Image.new("RGB", (32, 32), "white").save(folder / "white.png")

    def refused(*_, **__):
        raise AssertionError("records are read, or written twice")

    for name in ("points", "scan", "set_payload", "set_vectors"):
        monkeypatch.setattr(MemoryStore, name, refused)
    ingest(folder, index, HashEmbedder())
    monkeypatch.undo()
    assert all("hash" in point.payload[FIELD] for point in index.open().scan())


def test_another_bank_measures_all_again(folder):
    """Where an ingest was stopped between drawing another bank and publishing, the next measures every record."""
    index = MemoryIndex()
    ingest(folder, index, HashEmbedder())
    file = folder.parent / "banks" / "hash.npz"
    bank = bank_of(index.open(), HashEmbedder(), file)
    write_bank(file, HashEmbedder(), PhraseBank(bank.phrases[:80], bank.vectors[:80], bank.records))
    before = {point.id: point.payload[FIELD]["hash"] for point in index.open().scan()}
    Image.new("RGB", (32, 32), "white").save(folder / "white.png")
    ingest(folder, index, HashEmbedder())
    after = {point.id: point.payload[FIELD]["hash"] for point in index.open().scan()}
    assert len(after) == 4
    assert all(after[one] != before[one] for one in before)
