"""The phrase bank: neutral phrases and the archive's own titles, against which similarities are measured."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np

from archive_search.atomic import atomic_write
from archive_search.types import Embedder, Store, Vectors

GROWTH = 2
"""A bank is drawn anew once the archive is so many times as large as when it was drawn."""
TITLES = 256
"""Titles of the archive in the bank, at most."""
FEWEST = 128
"""Phrases in the bank, at least; above, one for every two records: a bank must not cost more than the pictures."""


@cache
def neutral_phrases() -> tuple[str, ...]:
    """The shipped bank: noun phrases of museums and households, in a fixed shuffled order, so that a part is fair."""
    text = files("archive_search.calibration.banks").joinpath("phrases.txt").read_text(encoding="utf-8")
    return tuple(sorted(text.splitlines(), key=_digest))


def bank_phrases(store: Store, embedder: Embedder) -> tuple[str, ...]:
    """
    The bank for an archive: neutral phrases, and a part of its titles that hardly changes as it grows.

    What the embedder has a remark about (words that it does not know) is left out; () where too little is left to
    measure against, as for an embedder that reads nothing but colours.
    """
    titles: set[str] = set()
    records = 0
    for point in store.scan():
        records += 1
        if isinstance(title := point.payload.get("title"), str) and title.strip():
            titles.add(" ".join(title.split()))
    wanted = max(FEWEST, records // 2)
    neutral = islice((one for one in neutral_phrases() if not embedder.remarks(one)), wanted)
    own = islice((one for one in sorted(titles, key=_digest) if not embedder.remarks(one)), min(TITLES, wanted // 2))
    found = tuple(dict.fromkeys((*neutral, *own)))
    return found if len(found) >= FEWEST // 2 else ()


@dataclass(frozen=True)
class PhraseBank:
    """
    The phrases of an archive with their vectors, frozen: every record is measured against the same ones.

    `records` is how many the archive held when it was drawn. `version` names the phrases and what made their vectors:
    what was measured against others is out of date.
    """

    phrases: tuple[str, ...]
    vectors: Vectors
    """(phrases, dim), every row finite."""
    records: int
    checkpoint: str = ""
    """Of the embedder that made the vectors."""

    @cached_property
    def version(self) -> str:
        """Phrases and checkpoint in sixteen letters and digits."""
        return _digest("\n".join((self.checkpoint, *self.phrases)))[:16]


def bank_of(store: Store, embedder: Embedder, file: Path) -> PhraseBank:
    """
    The archive's bank as it is kept in a file, or a new one, which is kept there.

    It is drawn anew once the archive has doubled, and for other weights. It is empty where too few phrases are
    understood to measure against.
    """
    known = read_bank(file, embedder)
    records = store.count()
    if known is not None and records < GROWTH * max(known.records, 1):
        return known
    phrases = bank_phrases(store, embedder)
    vectors = encoded(phrases, embedder, known)
    places = np.flatnonzero(np.isfinite(vectors).all(axis=1)).tolist()
    bank = PhraseBank(tuple(phrases[place] for place in places), vectors[places], records, embedder.checkpoint)
    write_bank(file, embedder, bank)
    return bank


def write_bank(file: Path, embedder: Embedder, bank: PhraseBank) -> None:
    """Keep a bank in a file, all or nothing."""
    with atomic_write(file) as part:
        np.savez(
            part,
            checkpoint=embedder.checkpoint,
            phrases=np.array(bank.phrases),
            vectors=bank.vectors,
            records=bank.records,
        )


def encoded(phrases: Sequence[str], embedder: Embedder, bank: PhraseBank | None, batch: int = 64) -> Vectors:
    """The phrases' vectors; those of an earlier bank of the same weights are not made again."""
    known = {} if bank is None else dict(zip(bank.phrases, bank.vectors, strict=True))
    unseen = [phrase for phrase in phrases if phrase not in known]
    for start in range(0, len(unseen), batch):
        some = unseen[start : start + batch]
        rows = embedder.encode([embedder.preprocess(phrase, "text") for phrase in some], "text")
        known.update(zip(some, np.asarray(rows, dtype=np.float32), strict=True))
    vectors: Vectors = np.array([known[phrase] for phrase in phrases], dtype=np.float32).reshape(-1, embedder.dim)
    return vectors


def read_bank(file: Path, embedder: Embedder) -> PhraseBank | None:
    """The bank in a file; None where there is none of these weights that can be read: it only saves work."""
    try:
        with np.load(file, allow_pickle=False) as data:
            if str(data["checkpoint"]) != embedder.checkpoint or data["vectors"].shape[1] != embedder.dim:
                return None
            phrases = tuple(str(one) for one in data["phrases"].tolist())
            return PhraseBank(phrases, data["vectors"], int(data["records"]), embedder.checkpoint)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _digest(phrase: str) -> str:
    return hashlib.sha256(phrase.encode()).hexdigest()
