"""
Hubs: how near each picture is to texts at large, measured when an ingest ends and stored with the record.

A picture that is near to every text comes up for every query. Nearest Neighbor Normalization (Chowdhury et al., EMNLP
2024) measures this as the mean similarity to the strongest of a bank of texts and takes it off the score; the bank
here is a list of neutral phrases and the archive's own titles. The mean and the spread over the whole bank are kept as
well: against them a similarity can be called high or low (`ranking/cutoff.py`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.types import Embedder, Point, Store, Vectors

FIELD = "hubness"
"""The payload field: by space, the mean of the strongest similarities, then mean and spread of all."""
STRONGEST = 8
"""One in so many phrases of the bank counts as strongest (128 of about 1,000)."""
TITLES = 256
"""Titles of the archive in the bank, at most."""
FEWEST = 128
"""Phrases in the bank, at least; above, one for every two records: a bank must not cost more than the pictures."""
_CHUNK = 2048


@cache
def neutral_phrases() -> tuple[str, ...]:
    """The shipped bank: noun phrases of museums and households, in a fixed shuffled order, so that a part is fair."""
    text = files("archive_search.banks").joinpath("phrases.txt").read_text(encoding="utf-8")
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


def measure(vectors: Vectors, bank: Vectors) -> NDArray[np.float32]:
    """For each row the mean of its strongest similarities to the bank, the mean of all, and their spread: (n, 3)."""
    similar = vectors @ bank.T  # (n, phrases)
    strongest = max(1, len(bank) // STRONGEST)
    top = np.partition(similar, similar.shape[1] - strongest, axis=1)[:, -strongest:]
    found: NDArray[np.float32] = np.stack([top.mean(axis=1), similar.mean(axis=1), similar.std(axis=1)], axis=1)
    return found


def update(store: Store, space: str, bank: Vectors) -> int:
    """Measure every record of a space and store what has changed; returns how many changed."""
    changed = 0
    bank = bank[np.isfinite(bank).all(axis=1)]
    if not len(bank):
        return 0
    for points in chunks(store.scan((), space)):
        some = [point for point in points if space in point.vectors]
        if not some:
            continue
        measured = measure(np.stack([point.vectors[space] for point in some]), bank).astype(np.float64).round(5)
        news: list[tuple[str, dict[str, Any]]] = []
        for point, row in zip(some, measured.tolist(), strict=True):
            before = point.payload.get(FIELD) or {}
            if before.get(space) != row:
                news.append((point.id, {**point.payload, FIELD: {**before, space: row}}))
        if news:
            store.set_payload([one for one, _ in news], [payload for _, payload in news])
            changed += len(news)
    return changed


def read(store: Store, space: str, ids: Sequence[str]) -> NDArray[np.float64]:
    """What `measure` found for these records, in the order of `ids`: (n, 3), NaN where nothing was measured."""
    nothing = (np.nan, np.nan, np.nan)
    rows = [(one or {}).get(space, nothing) for one in store.values(FIELD, ids)]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def chunks(points: Iterator[Point]) -> Iterator[list[Point]]:
    """The points in lists of a size that is handled at once."""
    while chunk := list(islice(points, _CHUNK)):
        yield chunk


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
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.stem}.{os.getpid()}.npz")
    np.savez(part, checkpoint=embedder.checkpoint, phrases=np.array(phrases), vectors=vectors)
    part.replace(file)
