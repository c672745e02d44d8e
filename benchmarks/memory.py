"""
Measure what an ingest of precomputed vectors takes: `python -m benchmarks.memory [--records 20000] [--dim 256]`.

A folder of small pictures, a table with a row of metadata for each and a `.npy` file with a vector for each row are
made (they are kept with `--folder`), and taken up as anybody would. Printed are the anonymous memory of the process
(`RssAnon`: what is mapped from files is not in it), what a record adds to it in bytes while records are read, the peak
of each phase, and the rate. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import gc
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack
from typing import Any

import numpy as np

from archive_search.archive import Archive
from ingest import Folder, Options, run
from ingest.progress import Progress

MADE = ("axe", "bowl", "brooch", "coin", "dagger", "flask", "jar", "key", "lamp", "needle", "plate", "ring", "sword")
OF = ("amber", "antler", "bone", "bronze", "clay", "copper", "flint", "glass", "gold", "iron", "silver", "wood")
FOUND = tuple(f"{one} {number}" for one in ("Field", "Bog", "Mound", "Harbour", "Church") for number in range(400))
PERIODS = ("Neolithic", "Bronze Age", "Iron Age", "Viking Age", "Middle Ages", "Renaissance")
EVERY_S = 0.02


def main() -> None:
    """Make what is to be ingested where it is not there yet, ingest it, print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--dim", type=int, default=256)
    parser.add_argument("--folder", type=Path, help="where pictures, table and vectors are kept, to be used again")
    parser.add_argument("--archive", type=Path, help="where the archive is made (a temporary folder)")
    parser.add_argument("--again", action="store_true", help="ingest the same a second time: nothing has changed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.folder or Path(place) / "museum"
        make(folder, chosen.records, chosen.dim)
        archive = chosen.archive or Path(place) / "archive"
        for number in range(2 if chosen.again else 1):
            measured(folder, archive, f"{chosen.records:,} x {chosen.dim}{', again' if number else ''}")


def measured(folder: Path, archive: Path, name: str) -> None:
    """Ingest what was made, and print what that took."""
    gc.collect()
    watch = Watch()
    with watch:
        source = Folder(folder / "pictures", metadata=folder / "records.csv")
        vectors = folder / "vectors.npy"
        summary = run(archive, source, vectors=vectors, space="given", options=Options(), on_progress=watch.note)
    published = Archive.open(archive).store.count()
    print(f"{name}: {summary.added:,} added, {summary.unchanged:,} unchanged, {published:,} published")
    print(watch.told())


def make(folder: Path, records: int, dim: int) -> None:
    """Pictures, a table of them and a vector for each; nothing where there are so many already."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = folder / "vectors.npy"
    if vectors.exists() and np.load(vectors, mmap_mode="r").shape == (records, dim):
        return
    random = np.random.default_rng(1)
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(NAMES)
        for number in range(records):
            picture = folder / "pictures" / f"{number // 1000:04}" / f"{number:07}.png"
            if number % 1000 == 0:
                picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(png(random.integers(0, 256, (24, 32, 3), dtype=np.uint8)))
            table.writerow(row(number, f"{picture.parent.name}/{picture.name}"))
    part = folder / "part.npy"
    rows = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=(records, dim))
    for start in range(0, records, 10_000):
        rows[start : start + 10_000] = random.standard_normal((min(10_000, records - start), dim), dtype=np.float32)
    rows.flush()
    part.replace(vectors)


NAMES = (
    *("id", "file", "object_id", "title", "object_type", "description", "material", "period", "date"),
    *("creator", "findspot", "collection", "licence", "Excavated by", "Box", "Season"),
)


def row(number: int, file: str) -> tuple[str, ...]:
    """What the table says of a picture: as much as a museum says of most of what it has."""
    made, of, found = MADE[number % 13], OF[number * 7 % 12], FOUND[number * 31 % len(FOUND)]
    year = number * 13 % 2000
    return (
        *(
            f"M{number:07}",
            file,
            f"{1900 + number % 120}.{number // 2}",
            f"{made.title()} of {of} {number % 977}",
            made,
        ),
        f"A {made} of {of}, found at {found} in {1850 + number % 150}; broken in {number % 9} pieces, number {number}.",
        *(of, PERIODS[number * 3 % 6], str(year) if number % 5 else f"{year}-{year + 50}", f"Maker {number % 5000}"),
        *(found, f"Collection {number % 40}", "CC0" if number % 3 else "CC BY 4.0"),
        *(f"Digger {number % 60}", f"B{number // 50}", str(1850 + number % 150)),
    )


def png(pixels: Any) -> bytes:
    """A PNG file of these pixels, not compressed."""
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), np.uint8)
    lines[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@dataclass
class Watch:
    """Looks at this process's memory, while what is done in its block goes on."""

    seen: list[tuple[float, str, int, int]] = field(default_factory=list)
    """Seconds, phase, records that are settled, anonymous memory in bytes."""
    before: int = 0
    _phase: str = "before the first record"
    _done: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self.before, self._started = anonymous(), time.monotonic()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def note(self, progress: Progress) -> None:
        """Take a progress report."""
        self._phase, self._done = progress.phase, progress.done

    def told(self) -> str:
        """What was seen, in words."""
        return "\n".join(self._told())

    def _told(self) -> Iterator[str]:
        reading = [(done, memory) for _, phase, done, memory in self.seen if phase == "reading" and done]
        half = [one for one in reading if one[0] >= reading[-1][0] / 2] if reading else []
        yield f"  before {mega(self.before)}, peak {mega(max(one[3] for one in self.seen))}"
        if len({done for done, _ in half}) > 2:
            dones, memories = np.array(half, dtype=np.float64).T
            slope = float(np.polyfit(dones, memories, 1)[0])
            yield f"  a record adds {slope:,.0f} bytes (by the second half of reading)"
        for phase in dict.fromkeys(one[1] for one in self.seen):
            some = [one for one in self.seen if one[1] == phase]
            seconds = some[-1][0] - some[0][0]
            rate = f", {some[-1][2] / seconds:,.0f} records/s" if phase == "reading" and seconds else ""
            peak = mega(max(one[3] for one in some))
            yield f"  {phase}: {seconds:.1f} s{rate}, from {mega(some[0][3])} to {mega(some[-1][3])}, peak {peak}"
        yield f"  in all {self.seen[-1][0]:.1f} s"

    def _look(self) -> None:
        while True:
            self.seen.append((time.monotonic() - self._started, self._phase, self._done, anonymous()))
            if self._ended.wait(EVERY_S):
                return


def mega(size: float) -> str:
    """A size in MB."""
    return f"{size / 1e6:,.0f} MB"


def anonymous() -> int:
    """The anonymous memory of this process, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("RssAnon:")[2].split()[0])


if __name__ == "__main__":
    main()
