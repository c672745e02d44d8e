"""
Measure what adding pictures to a large archive costs: `python -m benchmarks.increments [--records N] [--kept DIR]`.

An index of made vectors and fingerprints is published, as if measured against its phrases; then pictures are added from
a second source, and the seconds of each part are printed: opening what is published, the copy of the generation, the
pictures themselves with their upsert, what is measured in hand, the work on records before they are published, and
publishing. Times of other processes on the machine are in them: processor seconds stand beside.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from archive_search.calibration.phrase_bank import PhraseBank, encoded, neutral_phrases, read_bank, write_bank
from archive_search.stores.generations import Build, Index
from archive_search.stores.opening import open_index
from archive_search.types import Modality, Point, Vectors
from ingest.hub_correction import Banks, hub_correction, hubs_in_hand
from ingest.ledger import Ledger, Row
from ingest.pipeline import Options, run
from ingest.same_pictures import same_pictures
from ingest.testing import Pictures
from ingest.thumbnails import Thumbnails

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
    """An index that notes how long it takes to open it, and to begin and to publish a build."""

    index: Index
    seconds: Counter[str] = field(default_factory=Counter)
    processor: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)

    def restore(self) -> str:
        """Open what is published, timed."""
        with self.noted("opening what is published"):
            return self.index.restore()

    def begin(self, spaces: Mapping[str, int], *more: Any) -> Build:
        """Begin, timed."""
        with self.noted("copy of the generation"):
            build = self.index.begin(spaces, *more)
        publish = build.publish

        def timed(*more: Any) -> None:
            with self.noted("publishing"):
                publish(*more)

        build.publish = timed  # type: ignore[method-assign]
        return build

    def work(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Work, timed."""

        def done(*given: Any) -> Any:
            with self.noted(name):
                return work(*given)

        return done

    @contextmanager
    def noted(self, part: str) -> Iterator[None]:
        """Add the time that passes to a part."""
        began, before = time.perf_counter(), time.process_time()
        yield
        self.seconds[part] += time.perf_counter() - began
        self.processor[part] += time.process_time() - before


def main() -> None:
    """Print seconds by part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--added", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where the archive is made (a temporary folder)")
    parser.add_argument("--kept", type=Path, help="an archive that is made here once, and added to at every call")
    chosen = parser.parse_args()
    embedder = Made(chosen.dim)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder = chosen.kept or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        index = open_index(folder / "index")
        with Ledger(folder / "ledger.sqlite") as ledger:
            if index.generation() is None:
                published(index, ledger, embedder, chosen.records)
            known(folder, ledger, embedder)
            there = ledger.stored_count()
            timed = Timed(index)
            with timed.noted("all"):
                added(folder, timed, ledger, embedder, there, chosen.added)
    whole, used = timed.seconds.pop("all"), timed.processor.pop("all")
    timed.seconds["the pictures, and all else"] = whole - sum(timed.seconds.values())
    timed.processor["the pictures, and all else"] = used - sum(timed.processor.values())
    print(f"adding {chosen.added} pictures to {there} x {chosen.dim}: {whole:.2f} s ({used:.2f} s of the processor)")
    for part, seconds in timed.seconds.items():
        print(f"{part:30} {seconds:7.2f} s {timed.processor[part]:7.2f} s of the processor")
    print(f"{'beyond the pictures':30} {whole - timed.seconds['the pictures, and all else']:7.2f} s")


def published(index: Index, ledger: Ledger, embedder: Made, records: int) -> None:
    """Publish an index of made records, and note them and made fingerprints in the ledger as an ingest would."""
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
    prints = random.integers(-(2**63), 2**63 - 1, (records, 2)).tolist()
    ledger.note_fingerprints({row.id: (one, other) for row, (one, other) in zip(rows, prints, strict=True)})
    ledger.grouped(fingerprinted=True)


def known(folder: Path, ledger: Ledger, embedder: Made) -> None:
    """Have a bank of phrases, and the ledger say that it measured every record."""
    file = folder / "banks" / f"{SPACE}.npz"
    if read_bank(file, embedder) is None:
        phrases = neutral_phrases()
        bank = PhraseBank(phrases, encoded(phrases, embedder, None), ledger.stored_count(), embedder.checkpoint)
        write_bank(file, embedder, bank)
        ledger.note_measured(SPACE, bank.version)


def added(folder: Path, index: Timed, ledger: Ledger, embedder: Made, first: int, count: int) -> None:
    """Ingest so many pictures from a source of their own."""
    names = {f"new/{n}": drawn(n) for n in range(first, first + count)}
    source = Pictures(names, {one: {"title": one} for one in names}, dict.fromkeys(names, "1"), origin=f"new {first}")
    banks, thumbnails = Banks(folder / "banks", ledger), folder / "thumbnails"
    summary = run(
        source,
        index=index,  # type: ignore[arg-type]
        ledger=ledger,
        thumbnails=thumbnails,
        place=folder / "index",
        embedders=[embedder],
        options=Options(),
        in_hand=[index.work("measured in hand", hubs_in_hand(embedder, banks))],
        finish=[
            index.work("left to measure", hub_correction(embedder, banks)),
            index.work("same pictures", same_pictures(ledger, Thumbnails(thumbnails))),
        ],
    )
    assert summary.added == count, summary


def drawn(number: int) -> bytes:
    """A picture that resembles no other."""
    random, data = np.random.default_rng(number), io.BytesIO()
    Image.fromarray(random.integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((240, 180)).save(data, "JPEG")
    return data.getvalue()


def unit(rows: Vectors) -> Vectors:
    """Rows of length 1."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
