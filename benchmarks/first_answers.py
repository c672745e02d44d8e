"""
Time what pages ask of a whole archive: `python -m benchmarks.first_answers ARCHIVE [--turns 5]`.

For every question a process of its own opens the archive, as an app does that was just started, and asks twice: the
first answer is what somebody waits for, the second what the next one does. Told are the medians of the turns, in
milliseconds, what passes each filter, and the memory that the process holds itself after its answers (RssAnon).

What was counted when the archive was published is kept (`counts.sqlite`); `--forgotten` counts it again. Answers under
a filter are never kept.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive_search.answers import FILE
from archive_search.archive import Archive
from archive_search.metadata.facets import facets, without_each, year_histogram
from archive_search.metadata.filters import years
from archive_search.metadata.numbers import numbered
from archive_search.types import Filter, Match, Store
from benchmarks.scale import resident_mb


def main() -> None:
    """Ask everything of an archive, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--forgotten", action="store_true", help="forget before each turn what was counted")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only:
        print(json.dumps(asked(chosen.archive, chosen.only)))
        return
    archive = Archive.open(chosen.archive)
    print(f"{archive.store.count():,} records")
    print("| | passing | first answer, ms | again, ms | memory, MB |\n| --- | --- | --- | --- | --- |")
    for name in questions(archive.store):
        turns = []
        for _ in range(chosen.turns):
            if chosen.forgotten:
                (chosen.archive / FILE).unlink(missing_ok=True)
            command = [sys.executable, "-m", "benchmarks.first_answers", str(chosen.archive), "--only", name]
            turns.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        first, again, held = (statistics.median(turn[one] for turn in turns) for one in ("first", "again", "held"))
        print(f"| {name} | {turns[0]['passing']} | {first:,.1f} | {again:,.1f} | {held:,.0f} |", flush=True)


def questions(store: Store) -> dict[str, tuple[tuple[Filter, ...], Callable[[Sequence[Filter]], Any]]]:
    """What is asked, by its name: the filters with it, and how."""
    number = next((str(one) for point in store.scan() if (one := point.payload.get("object_id"))), "1")
    wide = years(-300, 400, "drop")
    found: dict[str, tuple[tuple[Filter, ...], Callable[[Sequence[Filter]], Any]]] = {
        "all values of all fields": ((), lambda where: facets(store, where)),
        "the histogram of years": ((), lambda where: year_histogram(store, where)),
        "a record drawn at random": ((), store.sample),
        f"the number {number}": ((), lambda where: numbered(store, number)),
        "values of all fields, by years": (wide, lambda where: facets(store, where)),
        "what each filter leaves out, by years": (wide, lambda where: without_each(store, where)),
    }
    for field in store.fields.facets:
        counts = store.facet(field)
        if len(counts) > 1:
            value = next(iter(counts))
            where = (Match(field, (value,)),)
            found[f"values of all fields, {field} {value}"] = where, lambda where: facets(store, where)
            found[f"the histogram of years, {field} {value}"] = where, lambda where: year_histogram(store, where)
            found[f"a record drawn at random, {field} {value}"] = where, store.sample
            break
    return found


def asked(folder: Path, name: str) -> dict[str, Any]:
    """The milliseconds of an answer in this process, and of the same once more."""
    store = Archive.open(folder).store
    where, ask = questions(store)[name]
    times = []
    for _ in range(2):
        began = time.perf_counter()
        ask(where)
        times.append((time.perf_counter() - began) * 1000)
    held = resident_mb()["own"]
    passing = f"{store.count(where) / store.count():.1%}" if where else ""
    return {"first": times[0], "again": times[1], "held": held, "passing": passing}


if __name__ == "__main__":
    main()
