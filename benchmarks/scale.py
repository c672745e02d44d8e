"""
Measure an index of any size: `python -m benchmarks.scale --points N... [--bench DIR] [--draw docs/images]`.

For each size an index is built and published through the library's own store, as an ingest does: vectors of
`benchmarks.scale_data`, a palette, titles, values to filter by, what hub correction needs. Another process opens it and
searches: the 500 nearest of texts and of pictures, plain and among 1 and 10 % of the records, each held to the exact
answer; and staged, with all default steps, the real questions of the bench set. A third one publishes 1,000 more.

Every figure of a search is the median of the queries, each at the shortest of five times (the one least disturbed by
others on the machine), the caches warm, one query at a time; of a staged search each time by a store opened anew, so
that its hits were never looked at. How many records say a common word is counted once for a generation, as an archive
keeps it; the first of the five times, in which that is done, is told apart. Beside each stands its ratio to the limit:
the time in which memory gives the bytes that such a search must read, as a matrix product reads them in the same run
with all processors, from a matrix of as many bytes (of 1 GB at most). Memory is RssAnon, what a process itself holds;
the index lies in the page cache, which the system takes back where it must.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.calibration import hubness
from archive_search.embedders import palette
from archive_search.plan import run
from archive_search.ranking.parts.phrase import phrase
from archive_search.stores.generations import Index
from archive_search.stores.opening import open_index
from archive_search.stores.precision import Choice
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Filter, Match, Point, Query, Store, Vectors
from benchmarks.drawing import lines
from benchmarks.scale_data import Best, Made, read_origin, recall, size_name, unit
from benchmarks.staged import SPACE, Timed
from benchmarks.told import put

LIMIT = 500
SHARES: dict[str, tuple[Filter, ...]] = {
    "": (),
    "1 %": (Match("place", ("parish 3",)),),
    "10 %": (Match("material", ("clay",)),),
}
MATERIALS = ("amber", "antler", "bone", "bronze", "clay", "flint", "glass", "gold", "iron", "wood")
AT_ONCE = 2000
ROUNDS = 5
TITLES = {
    "scale-search.svg": "Milliseconds of a search over the number of records",
    "scale-build.svg": "Seconds to build, to add and to open over the number of records",
}
"""The plots by their file names."""
MOST_BYTES = 1 << 30


def main() -> None:
    """Measure each size and print it; with `--draw`, the growth from size to size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, nargs="*", default=[20_000], help="none: only draw --figures")
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--queries", type=int, default=40, help="of each kind")
    parser.add_argument("--added", type=int, default=1000)
    parser.add_argument("--bench", type=Path, help="a folder with photos-4k; made photographs without")
    parser.add_argument("--folder", type=Path, help="where the index is made (a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="keep what is built in --folder, and take it the next time")
    parser.add_argument("--only-build", action="store_true", help="with --keep: searching comes another time")
    parser.add_argument("--figures", type=Path, help="figures are added to this file, and those of other sizes drawn")
    parser.add_argument("--draw", type=Path, help="a folder for the plots of growth")
    parser.add_argument("--tell", type=Path, help="the page of the documents that the table is put into")
    parser.add_argument("--part", choices=list(PARTS), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        said = PARTS[chosen.part](chosen.folder, chosen.points[0], chosen)
        (chosen.folder / f"{chosen.part}.json").write_text(json.dumps(said), encoding="utf-8")
        return
    print(f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}", flush=True)
    known = _read(chosen.figures)
    for points in sorted(chosen.points):
        figures = measured(points, chosen)
        if chosen.only_build:
            continue
        print(told(figures), flush=True)
        known[points] = figures
        if chosen.figures:
            text = "".join(json.dumps(known[size]) + "\n" for size in sorted(known))
            chosen.figures.write_text(text, encoding="utf-8")
    every = [known[size] for size in sorted(known)]
    if every:
        print(f"\n{table(every)}")
    drawn = drawings(every) if chosen.draw else {}
    for name, drawing in drawn.items():
        (chosen.draw / name).write_text(drawing, encoding="utf-8")
    if chosen.tell:
        pictures = [f"![{said}](../images/{name})" for name, said in TITLES.items() if name in drawn]
        about = f"{every[-1]['versions']}; {every[-1]['origin']}."
        put(chosen.tell, "scale", "\n\n".join([table(every), about, *pictures]))


def _read(file: Path | None) -> dict[int, dict[str, Any]]:
    if file is None or not file.exists():
        return {}
    lines_ = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {one["points"]: one for one in lines_}


def measured(points: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """The figures of one size: building, searching and adding each in a process of its own."""
    figures: dict[str, Any] = {"points": points, "dim": chosen.dim, "added": chosen.added}
    with kept(chosen.folder / size_name(points)) if chosen.keep else temporary(chosen.folder) as folder:
        for part in list(PARTS)[: 1 if chosen.only_build else None]:
            if part != "build" or not (folder / "build.json").exists():
                command = [sys.executable, "-m", "benchmarks.scale", "--part", part, "--folder", str(folder)]
                command += ["--points", str(points), "--dim", str(chosen.dim), "--queries", str(chosen.queries)]
                command += ["--added", str(chosen.added), *(["--bench", str(chosen.bench)] if chosen.bench else [])]
                subprocess.run(command, check=True)
            figures |= json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    return figures


@contextmanager
def kept(folder: Path) -> Iterator[Path]:
    """A folder that stays; a build that was broken off there is begun again."""
    if not (folder / "build.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    yield folder


@contextmanager
def temporary(place: Path | None) -> Iterator[Path]:
    """A folder that is removed again."""
    if place:
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


# ------------------------------------------------------------------ building


def built(folder: Path, points: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Build and publish; the exact answers are kept for the search. Making vectors is not in the times."""
    made = Made(read_origin(chosen.bench), chosen.dim)
    queries = np.concatenate([made.text(chosen.queries), made.image(chosen.queries)])
    best = {share: Best(queries, LIMIT) for share in SHARES}
    bank, titles = made.bank(), Titles(made)
    seconds = dict.fromkeys(("begin", "hubs", "write", "publish"), 0.0)
    index = open_index(folder / "index")
    processor = 0.0
    with memory() as most:
        with timed(seconds, "begin"):
            build = index.begin({SPACE: chosen.dim, palette.NAME: palette.DIM}, expected=points)
        start = 0
        for rows in made.rows(points):
            numbers = np.arange(start, start + len(rows))
            for share, passing in (("", numbers >= 0), ("1 %", numbers % 100 == 3), ("10 %", numbers // 100 % 10 == 4)):
                best[share].add(rows[passing], numbers[passing])
            with timed(seconds, "hubs"):
                hubs = hubness.measure(rows, bank)
            for at in range(0, len(rows), AT_ONCE):
                batch = records(rows[at : at + AT_ONCE], start + at, titles, hubs[at : at + AT_ONCE])
                processor -= time.process_time()
                with timed(seconds, "write"):
                    build.store.upsert(batch)
                    build.store.flush()
                processor += time.process_time()
            start += len(rows)
        processor -= time.process_time()
        with timed(seconds, "publish"):
            build.publish()
        processor += time.process_time()
    np.savez(folder / "exact.npz", **{f"exact {share}": one.found() for share, one in best.items()})
    return {
        "origin": made.origin.name,
        "versions": f"qdrant-edge-py {version('qdrant-edge-py')}, numpy {np.__version__}",
        "build": {name: round(value, 3) for name, value in seconds.items()},
        "build processor s": round(processor, 1),
        "build MB": round(most[0]),
        "disk MB": round(disk(folder / "index") / 1e6, 1),
    }


class Titles:
    """Titles as catalogues have them, of the words of the questions."""

    def __init__(self, made: Made) -> None:
        self.kinds = sorted({category for category, _, _ in made.origin.asked})
        self.attributes = sorted({attribute for _, attribute, _ in made.origin.asked})

    def of(self, number: int) -> str:
        """The title of a record: one in seven says an attribute."""
        kind = self.kinds[number % len(self.kinds)]
        said = f", {self.attributes[number // 7 % len(self.attributes)]}" if number % 7 == 0 else ""
        return f"{kind}{said}, no. {number}"


def records(rows: Vectors, start: int, titles: Titles, hubs: Any) -> list[Point]:
    """Points with vectors, palettes and the payload that an ingest of a museum's catalogue leaves."""
    random = np.random.default_rng([3, start])
    shares = np.concatenate([random.dirichlet(np.ones(n) / 4, len(rows)) for n in (12, 11)], axis=1) / 2
    palettes = np.sqrt(shares).astype(np.float32)
    measured_ = hubs.astype(np.float64).round(5).tolist()
    return [
        Point(
            f"{number // 1000:04}/{number}.jpg",
            {SPACE: row, palette.NAME: unit(colours[None])[0]},
            {
                "id": f"{number // 1000:04}/{number}.jpg",
                "title": titles.of(number),
                "object_id": f"A{number // 2}",
                "material": MATERIALS[number // 100 % 10],
                "place": f"parish {number % 100}",
                "period": f"period {number % 12}",
                "description": "A find of the nineteenth century, bought from a farmer, without known context.",
                "image": f"{number // 1000:04}/{number}.jpg",
                **({"date_from": number % 3000 - 1500, "date_to": number % 3000 - 1400} if number % 10 else {}),
                hubness.FIELD: {SPACE: bias},
            },
        )
        for number, row, colours, bias in zip(range(start, start + len(rows)), rows, palettes, measured_, strict=True)
    ]


# ------------------------------------------------------------------ searching


def searched(folder: Path, points: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Open and search in a fresh process."""
    made = Made(read_origin(chosen.bench), chosen.dim)
    kinds = {"text": made.text(chosen.queries), "image": made.image(chosen.queries)}
    questions, phrases = asked(made)
    true = np.load(folder / "exact.npz")
    before = resident_mb()["own"]
    (folder / "counts.sqlite").unlink(missing_ok=True)
    index = open_index(folder / "index", answers=folder / "counts.sqlite")
    opened = seconds_of(index.open)
    store = index.open()
    first = seconds_of(lambda: store.nearest(SPACE, kinds["text"][0], LIMIT))
    figures: dict[str, Any] = {
        "precision": store.precision,
        "open s": round(opened, 3),
        "first ms": round(first * 1000, 1),
    }
    for vector in kinds["image"][:8]:  # warm
        store.nearest(SPACE, vector, LIMIT)
    for share, where in SHARES.items():
        for number, (kind, vectors) in enumerate(kinds.items()):
            those = true[f"exact {share}"][number * chosen.queries :][: chosen.queries]
            ms, found = timed_search(store, vectors, where)
            figures[f"{kind} {share}".strip()] = {"ms": round(ms, 2), "recall": round(recall(found, those), 5)}
    figures |= staged(index, questions, phrases)
    figures["search MB"] = round(resident_mb()["own"] - before)
    read = bytes_read(index_folder(folder), points, chosen.dim, store.precision)
    figures["read MB"] = round(read / 1e6, 1)
    figures["memory GB/s"] = round(bandwidth(min(MOST_BYTES, read)), 1)
    figures["float32 GB/s"] = round(bandwidth(min(MOST_BYTES, points * chosen.dim * 4)), 1)
    store.close()
    return figures


def timed_search(store: Store, vectors: Vectors, where: Sequence[Filter]) -> tuple[float, list[list[int]]]:
    """The median of the milliseconds of each query, each at its shortest, and the numbers found."""
    times: list[list[float]] = []
    found = []
    for round_ in range(ROUNDS):
        for number, vector in enumerate(vectors):
            began = time.perf_counter()
            hits = store.nearest(SPACE, vector, LIMIT, where)
            taken = time.perf_counter() - began
            if round_ == 0:
                times.append([])
                found.append([number_of(hit.id) for hit in hits])
            times[number].append(taken)
    return statistics.median(map(min, times)) * 1000, found


def asked(made: Made) -> tuple[list[Query], dict[str, Any]]:
    """The questions of the origin, a category with a refinement each, and the vectors of their phrases."""
    vectors = made.phrase_vectors()
    phrases, questions = dict(vectors), []
    for category, attribute, whole in made.origin.asked:
        examples = (Example("text", category), Example("text", attribute))
        phrases[phrase(examples)[0].value] = vectors[whole]
        questions.append(Query(examples))
    return questions, phrases


def staged(index: Index, questions: Sequence[Query], phrases: dict[str, Any]) -> dict[str, Any]:
    """
    Milliseconds of a plain search as the app asks it, of a staged one for the first time, and once more.

    `counting` is a staged search in the first round: the first that asks for its words since the index was published.
    """
    best: dict[str, list[float]] = {name: [float("inf")] * len(questions) for name in ("plain", "staged", "again")}
    counting: list[float] = []
    for _ in range(ROUNDS):
        store = index.open()
        archive = Timed(store, phrases)
        for number, question in enumerate(questions):
            plans = NearestStrategy().plan(question), StagedStrategy().plan(question), StagedStrategy().plan(question)
            for times, plan in zip(best.values(), plans, strict=True):
                began = time.perf_counter()
                run(plan, archive)
                times[number] = min(times[number], time.perf_counter() - began)
        store.close()
        counting = counting or [*best["staged"]]
    told_apart = {**best, "counting": counting}
    return {f"{name} query": {"ms": round(statistics.median(times) * 1000, 2)} for name, times in told_apart.items()}


def bytes_read(shard: Path, points: int, dim: int, precision: str) -> int:
    """What a search without a filter must read: all vectors, or all that is quantised and those looked at again."""
    kept = Choice().named(precision)
    if not kept.bits:
        return points * dim * (2 if kept.half else 4)
    quantised = shard.glob(f"segments/*/vector_storage-{SPACE}/quantized.data")
    return sum(one.stat().st_size for one in quantised) + round(kept.oversampling * LIMIT) * dim * 2


def bandwidth(size: int) -> float:
    """GB/s at which a matrix product of one vector reads so many bytes with all processors, the best of several."""
    rows = np.ones((max(1, size // 4096), 1024), dtype=np.float32)
    one = np.ones(1024, dtype=np.float32)
    return max(rows.nbytes / seconds_of(lambda: rows @ one) / 1e9 for _ in range(9))


# ------------------------------------------------------------------ adding


def added(folder: Path, points: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Publish some more records."""
    made = Made(read_origin(chosen.bench), chosen.dim, seed=2)
    rows = next(made.rows(max(chosen.added, 1)))[: chosen.added]
    batch = records(rows, points, Titles(made), hubness.measure(rows, made.bank()))
    seconds = dict.fromkeys(("begin", "write", "publish"), 0.0)
    shutil.rmtree(folder / "added", ignore_errors=True)
    shutil.copytree(folder / "index", folder / "added", copy_function=os.link)  # the first stays as it is
    index = open_index(folder / "added")
    with memory() as most:
        with timed(seconds, "begin"):
            build = index.begin({SPACE: chosen.dim, palette.NAME: palette.DIM})
        with timed(seconds, "write"):
            build.store.upsert(batch)
            build.store.flush()
        with timed(seconds, "publish"):
            build.publish()
    store = index.open()
    assert store.count() == points + len(batch)
    assert store.nearest(SPACE, rows[0], 1)[0].id == batch[0].id
    store.close()
    shutil.rmtree(folder / "added")
    return {"add": {name: round(value, 3) for name, value in seconds.items()}, "add MB": round(most[0])}


PARTS: dict[str, Callable[[Path, int, argparse.Namespace], dict[str, Any]]] = {
    "build": built,
    "search": searched,
    "add": added,
}


# ------------------------------------------------------------------ telling


def limit_ms(figures: dict[str, Any], share: float = 1.0) -> float:
    """The milliseconds in which memory gives what a search reads."""
    return float(figures["read MB"]) * share / figures["memory GB/s"]


def float_ms(figures: dict[str, Any]) -> float:
    """The milliseconds in which memory gives all vectors in float32."""
    return float(figures["points"] * figures["dim"] * 4 / 1e6 / figures["float32 GB/s"])


def told(figures: dict[str, Any]) -> str:
    """The figures of a size, for people."""
    limit = limit_ms(figures)
    rows = [
        f"\n{figures['points']:,} x {figures['dim']}, {figures['origin']}; {figures['versions']}",
        f"build {sum(figures['build'].values()):.1f} s ({_parts(figures['build'])}; writing and publishing "
        f"{figures['build processor s']:.1f} s of the processors), {figures['build MB']:,} MB of memory; "
        f"{figures['disk MB']:,} MB on disk",
        f"open {figures['open s']:.2f} s, first search {figures['first ms']:.0f} ms, {figures['search MB']:,} MB of "
        "memory after all searches",
        f"{figures['precision']}: a search reads {figures['read MB']:,} MB, at {figures['memory GB/s']} GB/s: "
        f"{limit:.1f} ms at least; float32 would need {float_ms(figures):.1f} ms",
    ]
    for share, part in (("", 1.0), (" 1 %", 0.01), (" 10 %", 0.1)):
        for kind in ("text", "image"):
            one = figures[kind + share]
            ratio = one["ms"] / limit_ms(figures, part)
            rows.append(
                f"{kind + share:16} {one['ms']:8.2f} ms   recall {one['recall']:.4f}   {ratio:6.1f} x the limit"
            )
    for name in ("plain query", "staged query", "again query", "counting query"):
        ms = figures[name]["ms"]
        rows.append(f"{name:16} {ms:8.2f} ms   {ms / figures['text']['ms']:.2f} x plain search")
    added_s = figures["add"]
    rows.append(
        f"{figures['added']:,} more published in {sum(added_s.values()):.2f} s ({_parts(added_s)}), "
        f"{figures['add MB']:,} MB of memory"
    )
    return "\n".join(rows)


def _parts(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())


def table(all_figures: Sequence[dict[str, Any]]) -> str:
    """The figures of every size as a table in Markdown."""
    kinds = {"text": "text", "image": "image", "text 10 %": "text, 10 % pass", "text 1 %": "text, 1 % pass"}
    rows: dict[str, list[str]] = {
        f"{name}, ms (recall)": [f"{one[kind]['ms']:.1f} ({one[kind]['recall']:.4f})" for one in all_figures]
        for kind, name in kinds.items()
    }
    rows = {"precision": [one["precision"] for one in all_figures], **rows}
    rows |= {
        "limit, as stored, ms": [f"{limit_ms(one):.1f}" for one in all_figures],
        "text / limit": [f"{one['text']['ms'] / limit_ms(one):.1f}" for one in all_figures],
        "limit, float32, ms": [f"{float_ms(one):.1f}" for one in all_figures],
        "staged, all default steps, ms": [f"{one['staged query']['ms']:.1f}" for one in all_figures],
        "the same again, ms": [f"{one['again query']['ms']:.1f}" for one in all_figures],
        "the first that asks for its words, ms": [f"{one['counting query']['ms']:.1f}" for one in all_figures],
        "staged / text": [f"{one['staged query']['ms'] / one['text']['ms']:.1f}" for one in all_figures],
        "open, s": [f"{one['open s']:.2f}" for one in all_figures],
        "memory after all searches, MB": [f"{one['search MB']:,}" for one in all_figures],
        "build, s": [f"{sum(one['build'].values()):.0f}" for one in all_figures],
        "of the processors, writing and publishing, s": [f"{one['build processor s']:.0f}" for one in all_figures],
        "memory while building, MB": [f"{one['build MB']:,}" for one in all_figures],
        "on disk, MB": [f"{one['disk MB']:,.0f}" for one in all_figures],
        f"{all_figures[0]['added']:,} more published, s": [f"{sum(one['add'].values()):.1f}" for one in all_figures],
    }
    head = " | ".join(f"{one['points']:,}" for one in all_figures)
    lines_ = [f"| | {head} |", "| --- " * (len(all_figures) + 1) + "|"]
    return "\n".join([*lines_, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


def drawings(all_figures: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The growth of times of searches, and of the times of what is done seldom, as SVG by file name."""
    searches = {
        "staged, all steps": [(one["points"], one["staged query"]["ms"]) for one in all_figures],
        "plain, text": [(one["points"], one["text"]["ms"]) for one in all_figures],
        "plain, image": [(one["points"], one["image"]["ms"]) for one in all_figures],
        "10 % pass": [(one["points"], one["text 10 %"]["ms"]) for one in all_figures],
        "1 % pass": [(one["points"], one["text 1 %"]["ms"]) for one in all_figures],
        "limit, float32": [(one["points"], float_ms(one)) for one in all_figures],
        "limit, as stored": [(one["points"], limit_ms(one)) for one in all_figures],
    }
    seldom = {
        "build": [(one["points"], sum(one["build"].values())) for one in all_figures],
        "publish 1,000 more": [(one["points"], sum(one["add"].values())) for one in all_figures],
        "open": [(one["points"], one["open s"]) for one in all_figures],
    }
    return {
        "scale-search.svg": lines(
            TITLES["scale-search.svg"],
            "records",
            "ms, median",
            searches,
            dashed=("limit, float32", "limit, as stored"),
        ),
        "scale-build.svg": lines(TITLES["scale-build.svg"], "records", "seconds", seldom),
    }


# ------------------------------------------------------------------ measuring


def number_of(record_id: str) -> int:
    """The row number of a record."""
    return int(record_id.rpartition("/")[2].removesuffix(".jpg"))


def index_folder(folder: Path) -> Path:
    """Where the published generation lies."""
    return folder / "index" / (open_index(folder / "index").generation() or "")


def disk(folder: Path) -> int:
    """Bytes that a folder takes on the disk: holes are none, and a file with two names counts once."""
    found = {(one.st_dev, one.st_ino): one.st_blocks * 512 for one in (path.stat() for path in folder.rglob("*"))}
    return sum(found.values())


def seconds_of(call: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the time that passes to a part."""
    began = time.perf_counter()
    yield
    seconds[name] += time.perf_counter() - began


def resident_mb() -> dict[str, float]:
    """MB that this process holds itself, and MB of mapped files that it has looked at."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {"own": float("nan"), "mapped": float("nan")}
    said = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return {name: int(said[field].split()[0]) / 1000 for name, field in (("own", "RssAnon"), ("mapped", "RssFile"))}


@contextmanager
def memory() -> Iterator[list[float]]:
    """The most MB that the process comes to hold within beyond what it held before, as the only item of a list."""
    before, most, done = resident_mb()["own"], [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            most[0] = max(most[0], resident_mb()["own"] - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    main()
