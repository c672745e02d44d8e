"""
Measure a staged search by a picture against the plain one: `python -m benchmarks.picture ARCHIVE [--rounds 30]`.

Every search has a picture that was not asked before, so encoding is included; the two take turns. Prints the shortest
and
median of each in milliseconds, and their ratios.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from PIL import Image

from archive_search.archive import Archive
from archive_search.plan import trace
from archive_search.question import question
from archive_search.strategies import STRATEGIES


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    archive = Archive.open(chosen.archive)
    times: dict[str, list[float]] = {"nearest": [], "staged": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(-3, chosen.rounds):  # the first load what is loaded once
            for name, some in times.items():
                file = Path(folder) / f"{name}{number}.jpg"
                Image.effect_noise((640, 480), 40 + number % 50).convert("RGB").save(file)
                began = time.perf_counter()
                trace(STRATEGIES[name]().plan(question(image=file)), archive)
                if number >= 0:
                    some.append(1000 * (time.perf_counter() - began))
    for name, some in times.items():
        print(f"{name:8} shortest {min(some):6.1f} ms   median {statistics.median(some):6.1f} ms")
    shortest, median = (of(times["staged"]) / of(times["nearest"]) for of in (min, statistics.median))
    print(f"staged / nearest: {shortest:.2f} by the shortest, {median:.2f} by the median")


if __name__ == "__main__":
    main()
