"""
Compare with other ways to search vectors, at equal recall: `python -m benchmarks.peers --points N [--bench DIR]`.

The 100 nearest of texts and of pictures among the vectors of `benchmarks.scale_data`, plain and among 1 and 10 % of the
records, one query at a time, every library with all processors of the machine. The effort of each (its `ef`, its
number of probes) is doubled until it finds 0.99 of the truly nearest of 40 phrases; what is told was measured on 40
others, and filtered searches with the same effort. A time is the median of the queries, each at the shortest of five.

Each builds what it keeps on the disk in a process of its own and is opened in another one; making vectors is not in the
times. Memory is told twice: RssAnon, what the process itself holds, and RssFile, the pages of files that it reads where
they lie. Needs `pip install "archive-search[peers]"`; what is not installed is left out and told.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from archive_search.types import Match, Point, Vector, Vectors
from benchmarks.drawing import dots
from benchmarks.scale import MATERIALS, SPACE, bandwidth, disk, resident_mb, timed
from benchmarks.scale_data import Best, Made, read_origin, recall, size_name
from benchmarks.told import put

LIMIT, GOAL, MOST_EFFORT = 100, 0.99, 1 << 14
ROUNDS = 5
SHARES = ("", "1 %", "10 %")
PARISHES = 100
Found = Sequence[int] | NDArray[np.int64]


def passing(numbers: NDArray[np.int64], share: str) -> NDArray[np.bool_]:
    """Which rows pass: those of one of a hundred parishes, of one of ten materials, or all."""
    if share == "1 %":
        return numbers % PARISHES == 3
    return numbers // PARISHES % 10 == 4 if share else numbers >= 0


def value_of(share: str) -> tuple[str, str]:
    """The field and the value that such rows have."""
    return ("place", "parish 3") if share == "1 %" else ("material", MATERIALS[4])


def columns(numbers: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    """Place and material of rows."""
    return [f"parish {n % PARISHES}" for n in numbers], [MATERIALS[n // PARISHES % 10] for n in numbers]


class Peer:
    """One way to search: built from chunks of rows into a folder, opened from there, asked one vector at a time."""

    package: ClassVar[str] = "numpy"
    efforts: ClassVar[tuple[int, int]] = (0, 0)
    """The first effort and the last; 0: there is nothing to tune."""
    effort: int = 0

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """Write everything that is needed for searching."""
        raise NotImplementedError

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Open what was built."""
        raise NotImplementedError

    def take(self, effort: int) -> None:
        """Search with this effort from now on."""
        self.effort = effort

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """The numbers of so many nearest rows among those that pass."""
        raise NotImplementedError


class ArchiveSearch(Peer):
    """The index of this library, as it is made for so many records."""

    package = "qdrant-edge-py"

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """Through the public store, as an ingest writes."""
        from archive_search.stores.opening import open_index

        build, start = open_index(folder / "index").begin({SPACE: dim}, points), 0
        for rows in chunks:
            for at in range(0, len(rows), 2000):
                some = rows[at : at + 2000]
                numbers = np.arange(start + at, start + at + len(some))
                said = zip(numbers.tolist(), some, *columns(numbers), strict=True)
                build.store.upsert([_point(number, row, place, of) for number, row, place, of in said])
                build.store.flush()
            start += len(rows)
        build.publish()

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Open the published generation."""
        from archive_search.stores.opening import open_index

        self.store = open_index(folder / "index").open()

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """Filters are pushed down."""
        where = (Match(value_of(share)[0], (value_of(share)[1],)),) if share else ()
        return [int(hit.id) for hit in self.store.nearest(SPACE, vector, limit, where)]


def _point(number: int, row: Vector, place: str, material: str) -> Point:
    said = {"id": str(number), "image": f"{number}.jpg", "place": place, "material": material}
    return Point(str(number), {SPACE: row}, said)


class Numpy(Peer):
    """A matrix in a file and a matrix product: exact."""

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """One file."""
        file = np.lib.format.open_memmap(folder / "rows.npy", mode="w+", dtype=np.float32, shape=(points, dim))
        start = 0
        for rows in chunks:
            file[start : start + len(rows)] = rows
            start += len(rows)
        file.flush()

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Mapped, not read."""
        self.rows = np.load(folder / "rows.npy", mmap_mode="r")
        numbers = np.arange(points)
        self.numbers = {share: numbers[passing(numbers, share)] for share in SHARES if share}

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """The product of all rows, or of those that pass."""
        some = self.numbers[share] if share else None
        scores = (self.rows if some is None else self.rows[some]) @ vector
        best = np.argpartition(-scores, limit - 1)[:limit]
        best = best[np.argsort(-scores[best])]
        return best if some is None else some[best]


class Faiss(Peer):
    """Faiss: an inverted file over cells, vectors in float16."""

    package, efforts = "faiss-cpu", (4, MOST_EFFORT)

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """Trained on the first rows, which come in no order."""
        import faiss  # type: ignore[import-not-found]

        cells = 1 << round(np.log2(2 * points**0.5))
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dim), dim, cells, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.niter = 10
        waiting: list[Vectors] = []
        for rows in chunks:
            waiting.append(rows)
            if not index.is_trained and sum(map(len, waiting)) >= min(points, 40 * cells):
                index.train(np.concatenate(waiting))
            if index.is_trained:
                for some in waiting:
                    index.add(some)
                waiting = []
        faiss.write_index(index, str(folder / "index.faiss"))

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Read into memory, as it does by itself."""
        import faiss

        self.faiss, self.index = faiss, faiss.read_index(str(folder / "index.faiss"))
        numbers = np.arange(points)
        self.bits = {one: np.packbits(passing(numbers, one), bitorder="little") for one in SHARES if one}

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """With a bitmap of those that pass."""
        asked: dict[str, Any] = {"nprobe": self.effort}
        if share:
            asked["sel"] = self.faiss.IDSelectorBitmap(self.bits[share])
        _, found = self.index.search(vector[None], limit, params=self.faiss.SearchParametersIVF(**asked))
        return [int(one) for one in found[0] if one >= 0]


class Hnswlib(Peer):
    """hnswlib: a graph over vectors in float32."""

    package, efforts = "hnswlib", (LIMIT, MOST_EFFORT)

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """M 16, ef 200, its defaults."""
        import hnswlib  # type: ignore[import-not-found]

        index, start = hnswlib.Index("ip", dim), 0
        index.init_index(points, M=16, ef_construction=200)
        for rows in chunks:
            index.add_items(rows, np.arange(start, start + len(rows)))
            start += len(rows)
        index.save_index(str(folder / "index.hnsw"))

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Read into memory."""
        import hnswlib

        self.index = hnswlib.Index("ip", dim)
        self.index.load_index(str(folder / "index.hnsw"))
        numbers = np.arange(points)
        self.passes = {share: passing(numbers, share).tolist() for share in SHARES if share}

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """Its filter is a function of Python that is asked for each row."""
        self.index.set_ef(max(self.effort, limit))
        passes = self.passes[share].__getitem__ if share else None
        try:
            found, _ = self.index.knn_query(vector, limit, num_threads=1, filter=passes)
        except RuntimeError:  # it found fewer than were asked for, and says so in this way
            return []
        return [int(one) for one in found[0]]


class Usearch(Peer):
    """USearch: a graph over vectors in float16, read where its file lies."""

    package, efforts = "usearch", (64, MOST_EFFORT)

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """Connectivity 16 and expansion 128, its defaults."""
        from usearch.index import Index  # type: ignore[import-not-found]

        index, start = Index(ndim=dim, metric="cos", dtype="f16"), 0
        for rows in chunks:
            index.add(np.arange(start, start + len(rows)), rows)
            start += len(rows)
        index.save(str(folder / "index.usearch"))

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Mapped."""
        from usearch.index import Index

        self.index = Index.restore(str(folder / "index.usearch"), view=True)

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """It has no filter in Python: so many more are asked for, and what does not pass is left out."""
        self.index.expansion_search = self.effort
        if not share:
            return self.index.search(vector, limit).keys.astype(np.int64)
        found = self.index.search(vector, limit * (200 if share == "1 %" else 20)).keys.astype(np.int64)
        return found[passing(found, share)][:limit]


class Chroma(Peer):
    """ChromaDB on this machine: a graph over vectors in float32, payloads in SQLite."""

    package, efforts = "chromadb", (LIMIT, MOST_EFFORT)

    def _client(self, folder: Path) -> Any:
        import chromadb  # type: ignore[import-not-found]
        from chromadb.api.shared_system_client import SharedSystemClient  # type: ignore[import-not-found]

        SharedSystemClient.clear_system_cache()
        settings = chromadb.Settings(anonymized_telemetry=False)
        return chromadb.PersistentClient(path=str(folder / "chroma"), settings=settings)

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """16 neighbours and ef 200, as hnswlib has them."""
        graph = {"space": "ip", "ef_construction": 200, "max_neighbors": 16, "num_threads": os.cpu_count()}
        made, start = self._client(folder).create_collection("rows", configuration={"hnsw": graph}), 0
        for rows in chunks:
            for at in range(0, len(rows), 5000):
                some = rows[at : at + 5000]
                numbers = np.arange(start + at, start + at + len(some))
                said = [{"place": a, "material": b} for a, b in zip(*columns(numbers), strict=True)]
                made.add(ids=[str(n) for n in numbers], embeddings=some, metadatas=said)
            start += len(rows)

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Open the collection."""
        self.folder = folder
        self.collection = self._client(folder).get_collection("rows")

    def take(self, effort: int) -> None:
        """What is changed of a collection counts once it is opened again."""
        self.effort = effort
        self.collection.modify(configuration={"hnsw": {"ef_search": effort}})
        self.collection = self._client(self.folder).get_collection("rows")

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """Filtered by its metadata."""
        where = dict([value_of(share)]) if share else None
        found = self.collection.query(query_embeddings=vector[None], n_results=limit, where=where, include=[])
        return [int(one) for one in found["ids"][0]]


class Lance(Peer):
    """LanceDB: cells, and product quantisation with 20 times as many looked at again."""

    package, efforts = "lancedb", (16, MOST_EFFORT)
    indexed: ClassVar[bool] = True

    def build(self, folder: Path, points: int, dim: int, chunks: Iterator[Vectors]) -> None:
        """A table, its index of vectors with its own defaults, and one of each column that is filtered by."""
        import lancedb  # type: ignore[import-not-found]
        import pyarrow as pa

        vector = pa.list_(pa.float32(), dim)
        texts = [pa.field("place", pa.string()), pa.field("material", pa.string())]
        schema = pa.schema([pa.field("number", pa.int64()), pa.field("vector", vector), *texts])

        def batches() -> Iterator[Any]:
            start = 0
            for rows in chunks:
                numbers = np.arange(start, start + len(rows))
                held = pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), dim)
                yield pa.RecordBatch.from_arrays(
                    [pa.array(numbers), held, *map(pa.array, columns(numbers))], schema=schema
                )
                start += len(rows)

        database = lancedb.connect(str(folder / "lance"))
        table = database.create_table("rows", pa.RecordBatchReader.from_batches(schema, batches()))
        if self.indexed:
            table.create_index("vector", config=lancedb.index.IvfPq(distance_type="cosine"))
        for column in ("place", "material"):
            table.create_index(column, config=lancedb.index.Bitmap())

    def open(self, folder: Path, points: int, dim: int) -> None:
        """Open the table."""
        import lancedb

        self.table = lancedb.connect(str(folder / "lance")).open_table("rows")

    def search(self, vector: Vector, share: str, limit: int) -> Found:
        """Filters come first."""
        asked = self.table.search(vector).distance_type("cosine").limit(limit).select(["number", "_distance"])
        if self.indexed:
            asked = asked.nprobes(self.effort).refine_factor(20)
        if share:
            field, value = value_of(share)
            asked = asked.where(f"{field} = '{value}'", prefilter=True)
        found: list[int] = asked.to_arrow()["number"].to_pylist()
        return found


class LanceScan(Lance):
    """LanceDB without an index of vectors: exact."""

    efforts, indexed = (0, 0), False


PEERS: Mapping[str, type[Peer]] = {
    "archive-search": ArchiveSearch,
    "numpy": Numpy,
    "Faiss IVF": Faiss,
    "hnswlib": Hnswlib,
    "USearch": Usearch,
    "ChromaDB": Chroma,
    "LanceDB IVF-PQ": Lance,
    "LanceDB scan": LanceScan,
}


# ------------------------------------------------------------------ measuring


def main() -> None:
    """Measure each and print a table; with `--draw`, a plot for every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--peers", default=",".join(PEERS), help="names, with commas between")
    parser.add_argument("--bench", type=Path, help="a folder with photos-4k; made photographs without")
    parser.add_argument("--folder", type=Path, required=True, help="where indexes are made")
    parser.add_argument("--keep", action="store_true", help="keep what is built in --folder, and take it the next time")
    parser.add_argument("--only-build", action="store_true", help="with --keep: searching comes another time")
    parser.add_argument("--most-seconds", type=float, default=900, help="for building, and for searching")
    parser.add_argument("--figures", type=Path, help="figures are added to this file, and others in it told as well")
    parser.add_argument("--draw", type=Path, help="a folder for the plots")
    parser.add_argument("--tell", type=Path, help="the page of the documents that the tables are put into")
    parser.add_argument("--part", choices=["exact", "build", "search"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        part(chosen)
        return
    known = _read(chosen.figures)
    place = chosen.folder / f"exact-{chosen.points}"
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "exact.npz").exists() and chosen.peers:
        _run("exact", place, chosen)
    for name in filter(None, chosen.peers.split(",")):
        figures = measured(name, place, chosen)
        print(json.dumps(figures), flush=True)
        if chosen.only_build and "why not" not in figures:
            continue
        known = [one for one in known if (one["peer"], one["points"]) != (name, chosen.points)] + [figures]
        if chosen.figures:
            chosen.figures.write_text("".join(json.dumps(one) + "\n" for one in known), encoding="utf-8")
    order = list(PEERS)
    for points in sorted({one["points"] for one in known}):
        some = sorted((one for one in known if one["points"] == points), key=lambda one: order.index(one["peer"]))
        print(f"\n{points:,} records\n{table(some)}")
        said, picture = table(some), f"peers-{size_name(points)}.svg"
        if chosen.draw:
            (chosen.draw / picture).write_text(drawn(points, some), encoding="utf-8")
            said += f"\n\n![Milliseconds for the 100 nearest among {points:,}](../images/{picture})"
        if chosen.tell:
            put(chosen.tell, f"peers {size_name(points)}", said)


def _read(file: Path | None) -> list[dict[str, Any]]:
    if file is None or not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def measured(name: str, place: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """The figures of one, or why there are none."""
    figures: dict[str, Any] = {"peer": name, "points": chosen.points, "dim": chosen.dim}
    try:
        figures["version"] = version(PEERS[name].package)
    except PackageNotFoundError:
        return figures | {"why not": f"{PEERS[name].package} is not installed"}
    folder = chosen.folder / f"{name.replace(' ', '-')}-{chosen.points}"
    built_before = chosen.keep and (folder / "build.json").exists()
    if not built_before:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(place / "exact.npz", folder)
    try:
        for one in ("build",) if chosen.only_build else ("build", "search"):
            if one == "build" and built_before:
                figures |= json.loads((folder / "build.json").read_text(encoding="utf-8"))
            else:
                figures |= _run(one, folder, chosen, name)
    except subprocess.TimeoutExpired as error:
        return figures | {"why not": f"{error.cmd[-1]} takes more than {chosen.most_seconds:.0f} s"}
    except subprocess.CalledProcessError as error:
        return figures | {"why not": f"{error.cmd[-1]} fails"}
    finally:
        if not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return figures


def _run(one: str, folder: Path, chosen: argparse.Namespace, name: str = "") -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.peers", "--folder", str(folder), "--points", str(chosen.points)]
    command += ["--dim", str(chosen.dim), *(["--bench", str(chosen.bench)] if chosen.bench else [])]
    command += ["--peers", name, "--part", one]
    quiet = {**os.environ, "LANCE_LOG": "error"}
    subprocess.run(command, check=True, timeout=chosen.most_seconds, env=quiet)
    said: dict[str, Any] = json.loads((folder / f"{one}.json").read_text(encoding="utf-8"))
    return said


def part(chosen: argparse.Namespace) -> None:
    """Do one part in this process, and leave what it found in the folder."""
    made = Made(read_origin(chosen.bench), chosen.dim)
    kinds = {"tune": made.text(80)[:40], "text": made.text(80)[40:], "image": made.image(40)}
    if chosen.part == "exact":
        said = exact(chosen.folder, chosen.points, made, kinds)
    elif chosen.part == "build":
        said = built(PEERS[chosen.peers](), chosen.folder, chosen.points, made)
    else:
        said = searched(PEERS[chosen.peers](), chosen.folder, chosen.points, made, kinds)
    (chosen.folder / f"{chosen.part}.json").write_text(json.dumps(said), encoding="utf-8")


def exact(folder: Path, points: int, made: Made, kinds: Mapping[str, Vectors]) -> dict[str, Any]:
    """The true answers."""
    best = {share: Best(np.concatenate(list(kinds.values())), LIMIT) for share in SHARES}
    start = 0
    for rows in made.rows(points):
        numbers = np.arange(start, start + len(rows))
        for share, one in best.items():
            some = passing(numbers, share)
            one.add(rows[some], numbers[some])
        start += len(rows)
    np.savez(folder / "exact.npz", **{f"exact {share}": one.found() for share, one in best.items()})
    return {}


def built(peer: Peer, folder: Path, points: int, made: Made) -> dict[str, Any]:
    """Build; the making of vectors is taken off the time."""
    seconds = {"making": 0.0, "making processor": 0.0, "all": 0.0}

    def chunks() -> Iterator[Vectors]:
        rows = made.rows(points)
        while True:
            seconds["making processor"] -= time.process_time()
            with timed(seconds, "making"):
                chunk = next(rows, None)
            seconds["making processor"] += time.process_time()
            if chunk is None:
                return
            yield chunk

    before, processor = disk(folder), -time.process_time()
    with timed(seconds, "all"):
        peer.build(folder, points, made.dim, chunks())
    processor += time.process_time()
    return {
        "build s": round(seconds["all"] - seconds["making"], 1),
        "build processor s": round(processor - seconds["making processor"], 1),
        "disk MB": round((disk(folder) - before) / 1e6),
        "build peak MB": round(_peak_mb()),
    }


def searched(peer: Peer, folder: Path, points: int, made: Made, kinds: Mapping[str, Vectors]) -> dict[str, Any]:
    """Open, find the effort that is enough, and measure with it."""
    answers = np.load(folder / "exact.npz")
    true = {share: np.split(answers[f"exact {share}"], [40, 80]) for share in SHARES}
    seconds = {"open": 0.0}
    before = resident_mb()
    with timed(seconds, "open"):
        peer.open(folder, points, made.dim)
    effort, last = peer.efforts
    while True:
        if effort:
            peer.take(effort)
        reached = recall([peer.search(one, "", LIMIT) for one in kinds["tune"]], true[""][0])
        if reached >= GOAL or not 0 < effort < last:
            break
        effort *= 2
    figures: dict[str, Any] = {"open s": round(seconds["open"], 2), "effort": effort, "tuned": round(reached, 4)}
    for share in SHARES:
        most = int((true[share][0][0] >= 0).sum())
        for number, kind in ((1, "text"), (2, "image")):
            ms, found = _asked(partial(peer.search, share=share, limit=most), kinds[kind])
            figures[f"{kind} {share}".strip()] = {
                "ms": round(ms, 2),
                "recall": round(recall(found, true[share][number]), 4),
            }
    after = resident_mb()
    figures |= {f"{kind} MB": round(after[kind] - before[kind]) for kind in after}
    figures["memory GB/s"] = round(bandwidth(min(1 << 30, points * made.dim * 4)), 1)
    return figures


def _asked(search: Callable[[Vector], Found], vectors: Vectors) -> tuple[float, list[Found]]:
    times = [float("inf")] * len(vectors)
    found: list[Found] = []
    for round_ in range(ROUNDS):
        for number, vector in enumerate(vectors):
            began = time.perf_counter()
            hits = search(vector)
            times[number] = min(times[number], time.perf_counter() - began)
            if round_ == 0:
                found.append(hits)
    return statistics.median(times) * 1000, found


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


# ------------------------------------------------------------------ telling


def table(figures: Sequence[dict[str, Any]]) -> str:
    """The figures as a table in Markdown."""
    kinds = ["text", "image", "text 1 %", "text 10 %"]
    rows = [
        f"| | effort | {' | '.join(f'{kind}, ms (recall)' for kind in kinds)} | build (of the processors) | disk "
        "| memory, own + mapped |",
        "| --- " * (len(kinds) + 5) + "|",
    ]
    for one in figures:
        name = f"{one['peer']}{', Edge' if one['peer'] == 'archive-search' else ''} {one.get('version', '')}"
        if "why not" in one:
            rows.append(f"| {name} | " + " | " * (len(kinds) + 3) + f"{one['why not']} |")
            continue
        cells = [f"{one[kind]['ms']:.1f} ({one[kind]['recall']:.3f})" for kind in kinds]
        taken = f"{one['build s']:,.0f} s ({one['build processor s']:,.0f})"
        held = f"{one['disk MB']:,} MB | {one['own MB']:,} + {one['mapped MB']:,} MB"
        rows.append(f"| {name} | {one['effort'] or ''} | {' | '.join(cells)} | {taken} | {held} |")
    return "\n".join(rows)


def drawn(points: int, figures: Sequence[dict[str, Any]]) -> str:
    """The times of each, as dots in a row; hollow where fewer than `GOAL` of the nearest are found."""
    whole = [one for one in figures if "why not" not in one]
    limit = statistics.median(points * one["dim"] * 4 / 1e6 / one["memory GB/s"] for one in whole)
    kinds = {"text": "text", "image": "image", "text 10 %": "10 % pass", "text 1 %": "1 % pass"}
    return dots(
        f"Milliseconds for the 100 nearest among {points:,}",
        "ms, median; hollow: recall below 0.99",
        {one["peer"]: {kinds[kind]: (one[kind]["ms"], one[kind]["recall"] >= GOAL) for kind in kinds} for one in whole},
        {"all in float32": limit},
    )


if __name__ == "__main__":
    main()
