"""
Compare a staged query on Qdrant Edge and on qdrant-client's local mode: `python -m benchmarks.search [--points N]`.

Staged: the 1,000 nearest among the points that pass a keyword and a range filter; the scores of two other vectors on
those; their sum in numpy; the payloads of the best 50. Both stores are used through the same interface, and first held
to the same answer. The limit is what numpy needs to fetch those rows of a matrix in memory and multiply them.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient

from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.server import ServerStore
from archive_search.types import Filter, Match, Point, Range, Store, Vector, Vectors

MATERIALS = ("amber", "antler", "bone", "bronze", "clay", "flint", "iron", "wood")
WHERE: tuple[Filter, ...] = (Match("material", ("antler", "bone", "flint")), Range("date_from", -4000, -1000, "keep"))
SPACE = "imagebind"
WIDTH, SHOWN, BATCH = 1000, 50, 1000


def collection(count: int, dim: int) -> tuple[Vectors, list[Point]]:
    """Unit vectors around 200 centres, each with a payload such as a museum has."""
    random = np.random.default_rng(1)
    centres = random.standard_normal((200, dim), dtype=np.float32)
    rows = centres[random.integers(0, 200, count)] + 1.5 * random.standard_normal((count, dim), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    points = []
    for i, row in enumerate(rows):
        first = int(random.integers(-9000, 1500))
        payload = {
            "title": f"Object {i}",
            "object_id": f"A{i // 2}",
            "material": MATERIALS[int(random.integers(len(MATERIALS)))],
            "period": f"period {i % 12}",
            "place": f"parish {i % 300}",
            "description": "A find of the nineteenth century, bought from a farmer, without known context.",
            "image": f"{i // 1000:03}/{i}.jpg",
        }
        if i % 10:  # one in ten is undated
            payload |= {"date_from": first, "date_to": first + 200}  # type: ignore[dict-item]
        points.append(Point(f"{i // 1000:03}/{i}.jpg", {SPACE: row}, payload))
    return rows, points


def write(store: Store, batches: list[list[Point]]) -> None:
    """Store all points, flushing after each batch as an ingest does."""
    for batch in batches:
        store.upsert(batch)
        store.flush()


def staged(store: Store, queries: list[Vector]) -> list[str]:
    """The staged query; the ids of the best."""
    ids = [hit.id for hit in store.nearest(SPACE, queries[0], WIDTH, WHERE)]
    total = store.scores(SPACE, queries[1], ids) + 0.5 * store.scores(SPACE, queries[2], ids)
    best = [ids[i] for i in np.argsort(-total, kind="stable")[:SHOWN]]
    return [point.id for point in store.points(best)]


def best_ms(call: Callable[[], object], seconds: float = 3.0, most: int = 200) -> float:
    """The shortest time of a call over some seconds: the one least disturbed by others on the machine."""
    call()
    times: list[float] = []
    while len(times) < 3 or (sum(times) < seconds and len(times) < most):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def timed(call: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def bandwidth(array: NDArray[np.float32]) -> float:
    """GB/s at which this array is read once (its sum), the best of several."""
    flat = array.reshape(-1)
    return max(flat.nbytes / timed(flat.sum) / 1e9 for _ in range(7))


def parts(store: Store, queries: list[Vector]) -> dict[str, float]:
    """Milliseconds of each part of the work, and of the staged query whole."""
    ids = [hit.id for hit in store.nearest(SPACE, queries[0], WIDTH, WHERE)]
    return {
        f"nearest {WIDTH}, no filter": best_ms(lambda: store.nearest(SPACE, queries[0], WIDTH)),
        f"nearest {WIDTH}, filtered": best_ms(lambda: store.nearest(SPACE, queries[0], WIDTH, WHERE)),
        f"scores of {len(ids)}": best_ms(lambda: store.scores(SPACE, queries[1], ids)),
        f"payloads of {SHOWN}": best_ms(lambda: store.points(ids[:SHOWN])),
        "count, filtered": best_ms(lambda: store.count(WHERE)),
        "facet, filtered": best_ms(lambda: store.facet("material", WHERE)),
        "staged query": best_ms(lambda: staged(store, queries)),
    }


def numpy_parts(rows: Vectors, passing: int, queries: list[Vector]) -> dict[str, float]:
    """Milliseconds to fetch the rows under each part and multiply them: no filter, no ids, no order."""
    random = np.random.default_rng(2)
    some = np.sort(random.choice(len(rows), passing, replace=False))
    few = random.choice(some, min(WIDTH, passing), replace=False)
    whole, filtered = best_ms(lambda: rows @ queries[0]), best_ms(lambda: rows[some] @ queries[0])
    scores = best_ms(lambda: rows[few] @ queries[1])
    return {
        f"nearest {WIDTH}, no filter": whole,
        f"nearest {WIDTH}, filtered": filtered,
        f"scores of {len(few)}": scores,
        "staged query": filtered + 2 * scores,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--dim", type=int, default=1024)
    asked = parser.parse_args()
    rows, points = collection(asked.points, asked.dim)
    queries = [(rows[at] + rows[at + 1]) / np.linalg.norm(rows[at] + rows[at + 1]) for at in (7, 70, 700)]
    batches = [points[at : at + BATCH] for at in range(0, len(points), BATCH)]

    memory = Path("/dev/shm")  # a busy disk would be measured otherwise: local mode commits every point
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        index = EdgeIndex(Path(place) / "edge")
        build = index.begin({SPACE: asked.dim})
        written = timed(lambda: write(build.store, batches))
        published = timed(build.publish)
        edge_open = timed(index.open)
        edge = index.open()

        client = QdrantClient(path=f"{place}/local")
        local = ServerStore.create(client, "points", {SPACE: asked.dim}, "local mode")
        local_written = timed(lambda: write(local, batches))
        client.close()
        start = time.perf_counter()
        client = QdrantClient(path=f"{place}/local")
        local = ServerStore(client, "points", "local mode")
        local_open = time.perf_counter() - start

        passing = edge.count(WHERE)
        assert passing == local.count(WHERE)
        same = len(set(staged(edge, queries)) & set(staged(local, queries)))
        on_edge, on_local = parts(edge, queries), parts(local, queries)
        limit = numpy_parts(rows, passing, queries)
        client.close()
        edge.close()

    print(f"{asked.points:,} x {asked.dim}, {passing:,} pass the filter; {os.cpu_count()} CPUs, {platform.machine()}")
    print(
        f"qdrant-edge-py {version('qdrant-edge-py')}, qdrant-client {version('qdrant-client')}, numpy {np.__version__}"
    )
    print(f"memory is read at {bandwidth(rows):.1f} GB/s by one thread")
    print(f"of the best {SHOWN}, both stores give {same}\n")
    print(f"{'shortest ms':26}{'Edge':>9}{'local':>9}{'local/Edge':>12}{'numpy':>9}{'Edge/numpy':>12}")
    for name, ms in on_edge.items():
        bare = limit.get(name)
        ends = f"{bare:9.2f}{ms / bare:12.1f}" if bare else f"{'-':>9}{'-':>12}"
        print(f"{name:26}{ms:9.2f}{on_local[name]:9.1f}{on_local[name] / ms:12.1f}{ends}")
    print(f"\n{'seconds':26}{'Edge':>9}{'local':>9}")
    print(f"{'write':26}{written:9.2f}{local_written:9.1f}")
    print(f"{'optimise and publish':26}{published:9.2f}{'-':>9}")
    print(f"{'open':26}{edge_open:9.2f}{local_open:9.1f}")
    ratio = on_local["staged query"] / on_edge["staged query"]
    print(f"\nThe staged query is {ratio:.0f} times as fast on Edge as in local mode (goal: 20).")


if __name__ == "__main__":
    main()
