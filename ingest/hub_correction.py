"""What an ingest measures against neutral texts before it publishes: every picture, and never at the cost of one."""

from __future__ import annotations

from pathlib import Path

from archive_search.calibration.hubness import update
from archive_search.calibration.phrase_bank import bank_phrases, encode_bank
from archive_search.types import Embedder, Store, Vectors
from ingest.writing import Finish


def hub_correction(embedder: Embedder, banks: Path) -> Finish:
    """
    A function that stores how near each record is to texts at large; the texts' vectors are kept below `banks`.

    Nothing is noted in the ledger: a build that is interrupted there is measured again before it is published.
    """

    def measure(store: Store) -> None:
        bank = neutral_bank(store, embedder, banks)
        if bank is not None:
            update(store, embedder.name, bank)

    return measure


def neutral_bank(store: Store, embedder: Embedder, banks: Path) -> Vectors | None:
    """The vectors of an archive's neutral texts; None without a text tower or enough known texts, or if it fails."""
    if "text" not in embedder.modalities:
        return None
    phrases = bank_phrases(store, embedder)
    try:
        return encode_bank(phrases, embedder, banks / f"{embedder.name}.npz") if phrases else None
    except Exception:  # whatever a text tower raises must not cost the pictures; a search says what is missing
        return None
