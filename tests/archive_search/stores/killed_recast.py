"""Publishes a small index, grows it past a border, and is killed while the index is repacked: `PATH`."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from pathlib import Path

import numpy as np

from archive_search.stores import recast
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.precision import PRECISIONS, Choice
from archive_search.types import Point

LOW = Choice(
    table=tuple(dataclasses.replace(one, above=above) for one, above in zip(PRECISIONS, (0, 100, 250), strict=True))
)
"""The table with borders that a test can pass."""


def points(count: int) -> list[Point]:
    """Points in three spaces, with fields and words; every third has no tiles."""
    chance = np.random.default_rng(3)
    found = []
    for number in range(count):
        held = {"a": chance.standard_normal(64), "narrow": chance.standard_normal(8)}
        if number % 3:
            held["a-tiles"] = chance.standard_normal((1 + number % 4, 64))
        said = {
            "title": "axe" if number % 2 else "bead",
            "material": ("flint", "bone", "amber")[number % 3],
            "date_from": number,
        }
        found.append(Point(f"r{number}", {name: np.asarray(v, dtype=np.float32) for name, v in held.items()}, said))
    return found


def main() -> None:
    """Publish 90 points, write the others, and end by a signal when the first have been repacked."""
    index = EdgeIndex(Path(sys.argv[1]), choice=LOW)
    spaces = {"a": 64, "a-tiles": 64, "narrow": 8}
    build = index.begin(spaces)
    build.store.upsert(points(300)[:90])
    build.publish()
    build = index.begin(spaces)
    build.store.upsert(points(300)[90:])
    recast.NUMBERS = 1 << 16

    def die(done: int, total: int) -> None:
        if 0 < done < total:
            sys.stdout.write("repacking\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    build.publish(die)


if __name__ == "__main__":
    main()
