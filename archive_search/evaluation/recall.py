"""What of the truly nearest records a search of the index finds: measured on the archive's own phrases and pictures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

import numpy as np

from archive_search.archive import Archive
from archive_search.atomic import atomic_write
from archive_search.calibration.phrase_bank import neutral_phrases
from archive_search.spaces import tile_space
from archive_search.types import ArchiveError, EmbedderError, Store, Vector

FILE = "recall.json"
"""Where an archive keeps what was measured last."""
LIMITS = (500, 100)
"""How many hits are asked for."""
QUERIES = 50
"""Phrases, and as many pictures, that are asked by."""


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One row: the share of the `limit` truly nearest that is found, and milliseconds of a search, median over queries.

    `asked` is by what: `phrases` or `pictures`; `lowest` is the share for the worst query.
    """

    space: str
    asked: str
    queries: int
    limit: int
    recall: float
    lowest: float
    ms: float
    exact_ms: float


@dataclass(frozen=True, slots=True)
class Recall:
    """What was measured, when, of which generation and its precision."""

    generation: str
    precision: str
    records: int
    time: str
    measured: tuple[Measured, ...]

    @property
    def least(self) -> float:
        """The smallest mean share of all rows; 1 where there are none."""
        return min((one.recall for one in self.measured), default=1.0)


def measure_recall(
    archive: Archive, queries: int = QUERIES, progress: Callable[[int, int], None] | None = None
) -> Recall:
    """
    Compare searches of the index with exact ones, and keep what was found in the archive.

    Asked are titles of the archive and phrases of the neutral bank, and pictures, drawn always alike; every space that
    people choose from is searched, and its tiles. What is compared are the vectors as the index keeps them.

    Args:
        progress: told how many of how many searches are done.

    Raises:
        ArchiveError: If nothing is published.
    """
    store, generation = archive.store, archive.generation or ""
    exact, done = store.exactly(), 0
    asked: list[tuple[str, str, Sequence[Vector]]] = []
    for whole in archive.choices():
        phrases, pictures = _phrases(archive, whole, queries), _pictures(store, whole, queries)
        spaces = [space for space in (whole, tile_space(whole)) if space in store.spaces]
        asked += [(space, "phrases", phrases) for space in spaces if phrases]
        asked += [(space, "pictures", pictures) for space in spaces if pictures]
    total = sum(len(vectors) for *_, vectors in asked) * len(LIMITS)
    rows = []
    for space, kind, vectors in asked:
        for limit in LIMITS:
            shares, times = [], []
            for vector in vectors:
                wanted, slow = _timed(exact, space, vector, limit)
                found, fast = _timed(store, space, vector, limit)
                shares.append(len(wanted & found) / max(len(wanted), 1))
                times.append((fast, slow))
                done += 1
                if progress is not None:
                    progress(done, total)
            ms, exact_ms = np.median(np.array(times), axis=0).round(2).tolist()
            mean, lowest = round(float(np.mean(shares)), 5), round(min(shares), 5)
            rows.append(Measured(space, kind, len(vectors), limit, mean, lowest, ms, exact_ms))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    found_all = Recall(generation, store.precision, store.count(), at, tuple(rows))
    _write(archive.directory / FILE, found_all)
    return found_all


def read_recall(archive: Archive) -> Recall | None:
    """What was measured last; None where nothing was, or nobody can read it."""
    try:
        said = json.loads((archive.directory / FILE).read_bytes())
        rows = tuple(Measured(**one) for one in said.pop("measured"))
        return Recall(**said, measured=rows)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write(file: Path, recall: Recall) -> None:
    try:
        with atomic_write(file) as part:
            part.write_text(json.dumps(asdict(recall), indent=1), encoding="utf-8")
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror or error}.") from error


def _phrases(archive: Archive, space: str, queries: int) -> list[Vector]:
    """Vectors of titles and of phrases of the bank in turn; none where the space cannot be searched by words."""
    if not archive.reads_texts(space):
        return []
    try:
        embedder = archive.embedder(space)
    except EmbedderError:
        return []
    in_turn = chain.from_iterable(zip(_titles(archive.store), neutral_phrases(), strict=False))
    read = (one for one in dict.fromkeys(chain(in_turn, neutral_phrases())) if not embedder.remarks(one))
    texts = list(islice(read, queries))  # words that mean nothing to it are as near to any picture
    rows = embedder.encode([embedder.preprocess(one, "text") for one in texts], "text")
    return [row for row in rows if np.isfinite(row).all()]


def _titles(store: Store) -> Iterator[str]:
    ids = list(islice(store.ids(), 1000))
    for title in store.values("title", ids):
        if isinstance(title, str) and title.strip():
            yield title


def _pictures(store: Store, space: str, queries: int) -> list[Vector]:
    """The vectors of the first records in the order of a scan, which is that of a hash."""
    ids = list(islice(store.ids(), 4 * queries))
    return list(store.vectors(space, ids).values())[:queries]


def _timed(store: Store, space: str, vector: Vector, limit: int) -> tuple[set[str], float]:
    begun = time.perf_counter()
    ranking = store.nearest(space, vector, limit)
    return {hit.id for hit in ranking}, 1000 * (time.perf_counter() - begun)
