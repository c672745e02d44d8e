"""
Measure how lists of records are read: `python -m benchmarks.tables [--rows N] [--pictures N] [--kinds csv jsonl ...]`.

Prints, per kind of list, the seconds until the pictures are listed and from there to the first record, rows a second,
and the peak memory of the whole process, each kind in a process of its own. `tasks` is the CSV with the pipeline's
questions to an empty ledger behind it, and a look at which columns become fields. The pictures are empty files:
nothing is decoded.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

KINDS = ("csv", "jsonl", "parquet", "frame", "listing", "tasks")
COLUMNS = ("id", "file", "title", "material", "period", "findspot", "note", "weight")


def main() -> None:
    """Make the lists and print a line a kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pictures", type=int, help="as many as rows by default; other rows name what is not there")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--place", type=Path, help="a folder in which pictures and lists are kept for the next time")
    parser.add_argument("--measure", choices=KINDS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.place)
        return
    with tempfile.TemporaryDirectory() as temporary:
        place = chosen.place or Path(temporary)
        make(place, chosen.rows, chosen.rows if chosen.pictures is None else chosen.pictures)
        for kind in chosen.kinds:
            command = [sys.executable, "-m", "benchmarks.tables", "--measure", kind, "--place", str(place)]
            subprocess.run(command, check=True)


def make(place: Path, rows: int, pictures: int) -> None:
    """Pictures of no content, a thousand to a folder, and lists of eight columns that name one a row."""
    place.mkdir(parents=True, exist_ok=True)
    for number in range(pictures):
        path = place / "pictures" / picture(number)
        if number % 1000 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    if (place / "list.csv").exists():
        return
    with (
        (place / "list.csv").open("w", encoding="utf-8", newline="") as table,
        (place / "list.jsonl").open("w", encoding="utf-8") as objects,
    ):
        writer = csv.writer(table)
        writer.writerow(COLUMNS)
        for number in range(rows):
            cells = row(number)
            writer.writerow(cells)
            objects.write(json.dumps(dict(zip(COLUMNS, cells, strict=True))) + "\n")
    import pandas as pd

    pd.read_csv(place / "list.csv", dtype=str).to_parquet(place / "list.parquet")


def picture(number: int) -> str:
    """The path of a picture."""
    return f"{number // 1000:04}/{number:07}.jpg"


def row(number: int) -> list[str]:
    """The cells of a row."""
    material = ("flint", "amber", "bronze", "iron")[number % 4]
    note = f'Found in {1800 + number % 200}, "as it lay", near the bog; {material}'
    return [
        f"{number:07}",
        picture(number),
        f"Axe no. {number}",
        material,
        "Neolithic",
        f"Place {number % 500}",
        note,
        str(number % 977),
    ]


def measure(kind: str, place: Path) -> None:
    """Read one list and print what it took."""
    from ingest.sources.folder import Folder

    started = time.perf_counter()
    if kind == "frame":
        import pandas as pd

        source = Folder(place / "pictures", pd.read_parquet(place / "list.parquet"))
    elif kind == "listing":
        source = Folder(place / "pictures")
    else:
        source = Folder(place / "pictures", place / f"list.{'csv' if kind == 'tasks' else kind}")
    source.count()
    listed = time.perf_counter()
    first, count = 0.0, 0
    for _ in tasks(source, place) if kind == "tasks" else source.records():
        first = first or time.perf_counter()
        count += 1
    ended = time.perf_counter()
    print(
        f"{kind:8} listed in {listed - started:6.2f} s   first record after {first - listed:6.2f} s"
        f"   {count / (ended - listed):8,.0f} rows/s   peak {peak_mb():5,.0f} MB   ({count:,} rows)",
        flush=True,
    )


def tasks(source, place):  # type: ignore[no-untyped-def]
    """What an ingest would do for each record, asked of an empty ledger."""
    from archive_search.metadata.fields import STANDARD
    from archive_search.testing import HashEmbedder
    from ingest.ledger import Ledger
    from ingest.own_columns import OwnColumns
    from ingest.tasks import Tasks
    from ingest.thumbnails import Thumbnails

    with tempfile.TemporaryDirectory() as fresh, Ledger(Path(fresh) / "ledger.sqlite") as ledger:
        shelf = Thumbnails(Path(fresh) / "thumbnails")
        own = OwnColumns(settle=lambda found: (found, STANDARD))
        for some in Tasks(
            source, ledger, [HashEmbedder()], [], 300.0, False, shelf, threading.Event(), (), own
        ).rounds():
            yield from some
        own.settle()


def peak_mb() -> float:
    """The most memory that this process has held."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    main()
