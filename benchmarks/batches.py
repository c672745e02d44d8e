"""
Measure how long an evaluation takes together and one by one: `python -m benchmarks.batches ARCHIVE [--topics 100]`.

Titles of the archive's records are the topics, records of the same title what is relevant; three strategies rank them:
nearest, staged, and staged with other settings. One by one means every strategy for every topic by itself, as a search
does; together is `evaluate`. Both are held to the same rankings first, on some of the topics. Then they take turns,
each in a process of its own, the archive opened and its embedder loaded before the clock starts; seconds of the wall
and of the processors are told. `--against CHECKOUT` has another version of the program evaluate in the place of one by
one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from itertools import islice
from pathlib import Path

from archive_search.archive import Archive
from archive_search.evaluation.evaluate import evaluate
from archive_search.evaluation.ranked import ranked
from archive_search.strategies import Strategy
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.types import Example, Query
from archive_search.workspace.topics import Topic

STRATEGIES: dict[str, Strategy] = {
    "nearest": NearestStrategy(),
    "staged": StagedStrategy(),
    "other settings": StagedStrategy(hubness=0.4, feedback=0.4),
}
DEPTH = 1000
SCANNED = 20_000
"""Records whose titles are read."""
ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print both, and how many times faster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--topics", type=int, default=100)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--once", choices=("together", "alone", "same"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        print(json.dumps(once(chosen.archive, chosen.topics, chosen.once)))
        return
    other = ("together", chosen.against) if chosen.against else ("alone", ROOT)
    if not chosen.against:
        child(ROOT, "same", chosen.archive, min(chosen.topics, 5))
    taken: dict[str, list[list[float]]] = defaultdict(list)
    for _ in range(chosen.turns):
        for name, (how, root) in {"before": other, "together": ("together", ROOT)}.items():
            taken[name].append(child(root, how, chosen.archive, chosen.topics))
    best = {name: [min(times) for times in zip(*turns, strict=True)] for name, turns in taken.items()}
    print(f"{chosen.topics} topics, {len(STRATEGIES)} strategies; the quicker of {chosen.turns}")
    for name, (wall, processor) in best.items():
        what = name if name == "together" else f"{chosen.against}" if chosen.against else "one by one"
        print(f"{what:12} {wall:7.1f} s, {processor:7.1f} s of processors")
    ratios = [one / other for one, other in zip(best["before"], best["together"], strict=True)]
    print(f"together is {ratios[0]:.1f} times as fast, with {ratios[1]:.1f} times less work")


def child(root: Path, how: str, archive: Path, topics: int) -> list[float]:
    """Seconds of the wall and of the processors, in a process of its own that imports what lies in `root`."""
    # before all else that the environment has on its path, which may be this very checkout
    program = "import runpy, sys; sys.path.insert(0, sys.argv[1]); del sys.argv[:2]; "
    program += "runpy.run_path(sys.argv[0], run_name='__main__')"
    rest = [str(archive.resolve()), "--topics", str(topics), "--once", how]
    command = [sys.executable, "-c", program, str(root.resolve()), __file__, *rest]
    found = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    seconds: list[float] = json.loads(found.stdout)
    return seconds


def once(directory: Path, count: int, how: str) -> list[float]:
    """Seconds of the wall and of the processors for one evaluation."""
    archive = Archive.open(directory)
    topics, qrels = judged(archive, count)
    archive.embedder(archive.default_space())
    wall, processor = time.perf_counter(), time.process_time()
    if how == "together":
        evaluate(archive, topics, qrels, STRATEGIES, depth=DEPTH)
    else:
        for topic in topics:
            for name, strategy in STRATEGIES.items():
                found = ranked(strategy, topic.query, archive, DEPTH)
                if how == "same":
                    hold_alike(archive, topic, name, [hit.id for hit in found])
    return [time.perf_counter() - wall, time.process_time() - processor]


def hold_alike(archive: Archive, topic: Topic, name: str, ids: list[str]) -> None:
    """Raise where an evaluation of this topic would see another ranking: the ideal one is worth 1."""
    grades = {one: len(ids) - rank for rank, one in enumerate(ids)}
    found = evaluate(archive, [topic], {topic.id: grades}, STRATEGIES, [f"nDCG@{len(ids)}"], DEPTH)
    (value,) = found.values(name, f"nDCG@{len(ids)}")
    if abs(value - 1) > 1e-9:
        raise SystemExit(f"{topic.text!r} is ranked in another way by {name}.")


def judged(archive: Archive, count: int) -> tuple[list[Topic], dict[str, dict[str, int]]]:
    """So many titles, in the order of the index, with the records that have each."""
    by_title: dict[str, list[str]] = defaultdict(list)
    for point in islice(archive.store.scan(), SCANNED):
        if title := str(point.payload.get("title", "")).strip():
            by_title[title].append(point.id)
    topics, qrels = [], {}
    for title, ids in islice(by_title.items(), count):
        first, *more = title.replace(",", " ").split()
        examples = tuple(Example("text", one) for one in (first, " ".join(more)) if one)
        topics.append(Topic(title, Query(examples), "", title))
        qrels[title] = dict.fromkeys(ids, 1)
    return topics, qrels


if __name__ == "__main__":
    main()
