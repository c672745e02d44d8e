"""The phrase bank: neutral phrases and the archive's own titles, against which similarities are measured."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive_search.atomic import atomic_write
from archive_search.types import Embedder, Store, Vectors

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


def encode_bank(phrases: Sequence[str], embedder: Embedder, kept: Path | None = None, batch: int = 64) -> Vectors:
    """The phrases' vectors; those encoded before by the same weights are read from the file `kept`."""
    known = _read(kept, embedder) if kept is not None else {}
    unseen = [phrase for phrase in phrases if phrase not in known]
    for start in range(0, len(unseen), batch):
        some = unseen[start : start + batch]
        rows = embedder.encode([embedder.preprocess(phrase, "text") for phrase in some], "text")
        known.update(zip(some, np.asarray(rows, dtype=np.float32), strict=True))
    vectors: Vectors = np.stack([known[phrase] for phrase in phrases])
    if kept is not None and unseen:
        _write(kept, embedder, phrases, vectors)
    return vectors


def _digest(phrase: str) -> str:
    return hashlib.sha256(phrase.encode()).hexdigest()


def _read(file: Path, embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    try:
        with np.load(file, allow_pickle=False) as data:
            if str(data["checkpoint"]) == embedder.checkpoint and data["vectors"].shape[1] == embedder.dim:
                return dict(zip(data["phrases"].tolist(), data["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        pass  # it only saves work
    return {}


def _write(file: Path, embedder: Embedder, phrases: Sequence[str], vectors: Vectors) -> None:
    with atomic_write(file) as part:
        np.savez(part, checkpoint=embedder.checkpoint, phrases=np.array(phrases), vectors=vectors)
