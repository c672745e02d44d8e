"""A writer to be killed: batches of a fixed script into a build, `flushed N` printed once batch N is durable."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from archive_search.stores.edge_index import EdgeIndex
from archive_search.types import Point, Store, Vector, Vectors

SPACES = {"a": 16, "a-tiles": 4}


def row(number: int, revision: int) -> Vector:
    """The vector of a record as batch `revision` writes it."""
    found = np.random.default_rng([number, revision]).standard_normal(16).astype(np.float32)
    return (found / np.linalg.norm(found)).astype(np.float32)


def tiles(number: int, revision: int) -> Vectors:
    """The one to four vectors of a record's tiles as batch `revision` writes them."""
    found = row(number, revision).reshape(4, 4)[: 1 + (number + revision) % 4]
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def write_batch(store: Store, batch: int) -> None:
    """Batch N: new points, old points replaced, vectors and payloads set anew, one point deleted, N noted."""
    random = np.random.default_rng(batch)
    new = list(range(40 * batch, 40 * batch + 40))
    old = [int(one) for one in random.choice(40 * batch, size=10, replace=False)] if batch else []
    store.upsert([Point(f"r{one}", vectors(one, batch), payload(one, batch)) for one in [*new, *old]])
    kept = [f"r{one}" for one in new[:8]]
    store.set_vectors("a", kept, np.stack([row(one, 1000 + batch) for one in new[:8]]))
    store.set_vectors("a-tiles", kept, [tiles(one, 1000 + batch) for one in new[:8]])
    store.set_payload(kept[:4], [payload(one, 1000 + batch) for one in new[:4]])
    store.delete([f"r{new[-1]}"])
    store.upsert([Point("progress", {}, {"title": str(batch)})])


def vectors(number: int, revision: int) -> dict[str, Vector | Vectors]:
    """What a record holds in each space as batch `revision` writes it; every third has no tiles."""
    whole = {"a": row(number, revision)}
    return whole | {"a-tiles": tiles(number, revision)} if number % 3 else whole


def payload(number: int, revision: int) -> dict[str, object]:
    """The payload of a record as batch `revision` writes it."""
    return {"period": f"period {number % 5}", "date_from": revision, "description": "x" * (number * 37 % 700)}


def progress(store: Store) -> int:
    """The number of the last batch a store holds, -1 where it holds none."""
    found = store.points(["progress"])
    return int(found[0].payload["title"]) if found else -1


def say(text: str) -> None:
    """Print a line at once."""
    os.write(1, (text + "\n").encode())


def main(path: Path, publish_after: int) -> None:
    """Resume or begin a build and write until killed, publishing every so many batches."""
    index = EdgeIndex(path)
    while True:
        build = index.begin(SPACES)
        say(f"began {build.generation}")
        first = progress(build.store) + 1
        for batch in range(first, first + publish_after):
            write_batch(build.store, batch)
            build.store.flush()
            say(f"flushed {batch}")
        say("publishing")
        build.publish()
        say(f"published {publish_after + first - 1}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
