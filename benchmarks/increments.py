"""
Measure what adding a few pictures to a large archive costs: `python -m benchmarks.increments [--records 100000]`.

An index of made vectors is published, measured against its phrases by a first small ingest; then pictures are added
from a second source, and the seconds of each part are printed: the copy of the generation, the pictures themselves, the
work on records before they are published, and publishing.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.stores.generations import Build, Index
from archive_search.stores.opening import open_index
from archive_search.types import Modality, Point, Store, Vectors
from ingest.hub_correction import Banks, hub_correction
from ingest.ledger import Ledger, Row
from ingest.pipeline import Options, run
from ingest.testing import Pictures, picture
from ingest.writing import Changed, Finish

SPACE = "made"


@dataclass
class Made:
    """An embedder whose vectors are drawn at random, seeded by what it is given."""

    dim: int
    name: str = SPACE
    modalities: frozenset[Modality] = frozenset({"text", "image"})
    checkpoint: str = hashlib.sha256(b"made").hexdigest()

    def preprocess(self, item: Any, modality: Modality) -> int:
        """A seed."""
        data = item.encode() if isinstance(item, str) else item.tobytes()
        return int.from_bytes(hashlib.sha256(data).digest()[:8], "little")

    def encode(self, batch: Sequence[int], modality: Modality) -> Vectors:
        """A random direction for each seed."""
        rows = [np.random.default_rng(seed).standard_normal(self.dim, dtype=np.float32) for seed in batch]
        return unit(np.stack(rows))

    def remarks(self, text: str) -> tuple[str, ...]:
        """Every text is understood."""
        return ()


@dataclass
class Timed:
    """An index that notes how long it takes to begin and to publish a build."""

    index: Index
    seconds: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)

    def begin(self, spaces: Mapping[str, int]) -> Build:
        """Begin, timed."""
        with self.noted("copy of the generation"):
            build = self.index.begin(spaces)
        publish = build.publish

        def timed() -> None:
            with self.noted("publishing"):
                publish()

        build.publish = timed  # type: ignore[method-assign]
        return build

    @contextmanager
    def noted(self, part: str) -> Iterator[None]:
        """Add the time that passes to a part."""
        began = time.perf_counter()
        yield
        self.seconds[part] += time.perf_counter() - began


def main() -> None:
    """Print seconds by part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--added", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=None, help="where the archive is made (a temporary folder)")
    chosen = parser.parse_args()
    embedder = Made(chosen.dim)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder = Path(place)
        index = open_index(folder / "index")
        with Ledger(folder / "ledger.sqlite") as ledger:
            published(index, ledger, embedder, chosen.records)
            added(folder, index, ledger, embedder, 0, 1)  # the first time every record is measured
            timed = Timed(index)
            began = time.perf_counter()
            added(folder, timed, ledger, embedder, 1, chosen.added)  # type: ignore[arg-type]
            whole = time.perf_counter() - began
    timed.seconds["the pictures, and all else"] = whole - sum(timed.seconds.values())
    print(f"adding {chosen.added} pictures to {chosen.records} x {chosen.dim}: {whole:.2f} s")
    for part, seconds in timed.seconds.items():
        print(f"{part:30} {seconds:7.2f} s")
    print(f"{'beyond the copy':30} {whole - timed.seconds['copy of the generation']:7.2f} s")


def published(index: Index, ledger: Ledger, embedder: Made, records: int) -> None:
    """Publish an index of made records, and note them in the ledger as an ingest would."""
    random = np.random.default_rng(1)
    build = index.begin({SPACE: embedder.dim})
    rows: list[Row] = []
    for start in range(0, records, 2000):
        vectors = unit(random.standard_normal((min(2000, records - start), embedder.dim), dtype=np.float32))
        points = [
            Point(f"old/{n}", {SPACE: vector}, {"title": f"No. {n}", "image": f"{n}.jpg", "material": "flint"})
            for n, vector in enumerate(vectors, start)
        ]
        build.store.upsert(points)
        rows += [Row(one.id, "x.jpg", "1", one.id, "m", 9, 9, {SPACE: embedder.checkpoint}, "old") for one in points]
    build.publish()
    ledger.adopt(rows, build.generation)


def added(folder: Path, index: Index, ledger: Ledger, embedder: Made, first: int, count: int) -> None:
    """Ingest so many pictures from a source of their own."""
    names = {f"new/{n}": picture(n) for n in range(first, first + count)}
    source = Pictures(names, {one: {"title": one} for one in names}, dict.fromkeys(names, "1"), origin=f"new {first}")
    work = hub_correction(embedder, Banks(folder / "banks"))
    summary = run(
        source,
        index=index,
        ledger=ledger,
        thumbnails=folder / "thumbnails",
        embedders=[embedder],
        options=Options(),
        finish=[timed_work(index, work)],
    )
    assert summary.added == count, summary


def timed_work(index: Index, work: Finish) -> Finish:
    """The work, timed where the index is."""

    def done(store: Store, changed: Changed) -> Callable[[], None] | None:
        if not isinstance(index, Timed):
            return work(store, changed)
        with index.noted("work before publishing"):
            return work(store, changed)

    return done


def unit(rows: Vectors) -> Vectors:
    """Rows of length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
