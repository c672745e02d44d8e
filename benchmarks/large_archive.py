"""
Make a large archive of a small one: `python -m benchmarks.large_archive ARCHIVE NEW [--records 100000] [--noise 0.7]`.

Every record is repeated under an id of its own, with vectors that lie apart from the first one's and years some
decades away, and shares its picture and thumbnail. Texts are read by the same embedder, so that it can be searched as
any other. Spaces of tiles are left out.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.archive import Archive
from archive_search.metadata.fields import YEARS
from archive_search.metadata.numbers import FIELD as NUMBERS
from archive_search.metadata.numbers import numbers_of
from archive_search.spaces import is_tiled
from archive_search.types import Point, Vector
from ingest.ledger import Ledger, Row

AT_ONCE = 2000


def main() -> None:
    """Make it, and say how long that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--noise", type=float, default=0.7, help="length of what is added to each vector, before unit")
    chosen = parser.parse_args()
    began = time.perf_counter()
    made = repeated(Archive.open(chosen.archive), chosen.new, chosen.records, chosen.noise)
    print(f"{made.store.count():,} records in {chosen.new}: {time.perf_counter() - began:.0f} s")


def repeated(archive: Archive, new: Path, records: int, noise: float) -> Archive:
    """A new archive in which the records of another one are repeated until there are so many."""
    settings = archive.settings
    made = Archive.create(
        new, dataclasses.replace(settings, name=f"{settings.name}, repeated", tiles=False, id=str(uuid.uuid4()))
    )
    shutil.copytree(archive.thumbnails, made.thumbnails)
    if (archive.directory / "banks").is_dir():
        shutil.copytree(archive.directory / "banks", made.directory / "banks")
    spaces = {name: dim for name, dim in archive.store.spaces.items() if not is_tiled(name)}
    build = made.index.begin(spaces)
    points = list(_points(archive, spaces))
    random = np.random.default_rng(1)
    rows: list[Row] = []
    for start in range(0, records, AT_ONCE):
        some = [
            _again(points[number % len(points)], number // len(points), noise, random)
            for number in range(start, min(start + AT_ONCE, records))
        ]
        build.store.upsert(some)
        rows += [_row(one) for one in some]
    build.publish()
    with Ledger(made.ledger) as ledger:
        ledger.adopt(rows, build.generation)
    return made


def _points(archive: Archive, spaces: Mapping[str, int]) -> Iterator[Point]:
    """Every record with its vectors in these spaces."""
    for point in archive.store.scan():
        vectors = {space: archive.store.vectors(space, [point.id]) for space in spaces}
        yield Point(point.id, {space: held[point.id] for space, held in vectors.items() if held}, point.payload)


def _again(point: Point, time: int, noise: float, random: np.random.Generator) -> Point:
    """The record for the so-manieth time; the first time as it is."""
    if time == 0:
        return Point(point.id, point.vectors, _without_tiles(point.payload))
    said = {**_without_tiles(point.payload), "id": f"{point.id}-{time}"}
    if "object_id" in said:
        said["object_id"] = f"{said['object_id']}-{time}"
    years = int(random.integers(-60, 60))
    said |= {year: said[year] + years for year in YEARS if year in said}
    said[NUMBERS] = numbers_of(said)
    return Point(said["id"], {space: _beside(vector, noise, random) for space, vector in point.vectors.items()}, said)


def _without_tiles(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != "tile_boxes"}


def _beside(vector: Vector, noise: float, random: np.random.Generator) -> Vector:
    added = random.standard_normal(vector.shape[-1]).astype(np.float32)
    beside = vector + noise * added / np.linalg.norm(added)
    return (beside / np.linalg.norm(beside)).astype(np.float32)


def _row(point: Point) -> Row:
    said = point.payload
    spaces = dict.fromkeys(point.vectors, "made")
    return Row(point.id, said["image"], "1", said["content_hash"], "m", said["width"], said["height"], spaces, "made")


if __name__ == "__main__":
    main()
