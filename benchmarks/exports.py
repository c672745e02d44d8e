"""
Measure how long exports take: `python -m benchmarks.exports [--hits N] [--formats csv jsonl ...]`.

Prints, per format, the seconds from a finished search to the finished file, its size, and the peak memory of the whole
process, each format in a process of its own. Pictures are left out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.search import collection
from benchmarks.tables import peak_mb

FORMATS = ("csv", "jsonl", "parquet", "xlsx", "geojson", "bibtex", "csl-json", "ris", "trec", "iiif")
MAKE = "make"
WITHOUT_PICTURES = {"xlsx": {"thumbnails": False}, "iiif": {"pictures": "none"}}


def main() -> None:
    """Make an archive and print a line a format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hits", type=int, default=10_000)
    parser.add_argument("--formats", nargs="+", default=FORMATS)
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure == MAKE:
        make(chosen.place / "archive", chosen.hits)
        return
    if chosen.measure:
        measure(chosen.measure, chosen.place, chosen.hits)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for name in (MAKE, *chosen.formats):  # all in processes of their own: one begins with the peak of its parent
            command = [sys.executable, "-m", "benchmarks.exports", "--measure", name, "--place", temporary]
            subprocess.run([*command, "--hits", str(chosen.hits)], check=True)


def make(place: Path, count: int) -> None:
    """An archive of records such as a museum has."""
    from archive_search.archive import Archive
    from archive_search.settings import Settings

    build = Archive.create(place, Settings("Museum", ("vectors",))).index.begin({"imagebind": 64})
    _, points = collection(count, 64)
    build.store.upsert(points)
    build.publish()


def measure(name: str, place: Path, count: int) -> None:
    """Write one export and print what it took."""
    from archive_search.archive import Archive
    from archive_search.exporting import export

    archive = Archive.open(place / "archive")
    found = archive.search(like="000/0.jpg", strategy="nearest", space="imagebind", limit=count)
    started = time.perf_counter()
    target = place / name
    told = export(found, target, name, settings=WITHOUT_PICTURES.get(name))
    seconds = time.perf_counter() - started
    files = [target] if target.is_file() else [one for one in target.rglob("*") if one.is_file()]
    size = sum(one.stat().st_size for one in files) / 2**20
    print(
        f"{name:9} {told.records:7,} records {seconds:6.2f} s   {size:6.1f} MB   peak {peak_mb():5,.0f} MB", flush=True
    )


if __name__ == "__main__":
    main()
