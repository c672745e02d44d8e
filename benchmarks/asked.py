"""
Measure what pages ask of an archive besides searching: `python -m benchmarks.asked ARCHIVE [--rounds 5] [--only WORD]`.

Of each question the first answer is timed, which reads from the disk or counts what is then kept, and the median of the
next ones; nothing that the app keeps is used.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path

from archive_search.archive import Archive
from archive_search.contents import contents
from archive_search.metadata.facets import facets, without_each, year_histogram, year_span
from archive_search.metadata.known_ids import unknown_records
from archive_search.metadata.numbers import numbered
from archive_search.ranking.parts.spelling import alike
from archive_search.strategies import DEFAULT, STRATEGIES
from archive_search.types import Example, Filter, Match, Missing, Query, Range
from benchmarks.memory import anonymous, mega
from ingest.status import progressed, spaces

VALUES = 500
"""So many values of each facet the rail of filters asks for."""


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only the questions that have this in their name")
    chosen = parser.parse_args()
    before, began = anonymous(), time.perf_counter()
    archive = Archive.open(chosen.archive)
    records = archive.store.count()
    took = time.perf_counter() - began
    print(f"{records:,} records opened and counted in {took:.2f} s, {mega(anonymous() - before)} of anonymous memory")
    for name, ask in questions(archive).items():
        if chosen.only in name:
            first, *others = [timed(ask) for _ in range(chosen.rounds + 1)]
            print(f"{name:46} first {first * 1000:8.1f} ms, then {statistics.median(others) * 1000:8.1f}", flush=True)
    print(f"{mega(anonymous() - before)} of anonymous memory at the end")


def timed(ask: Callable[[], object]) -> float:
    """The seconds that a question takes."""
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def questions(archive: Archive) -> Mapping[str, Callable[[], object]]:
    """What pages ask, by name."""
    store, point = archive.store, next(iter(archive.store.scan()))
    said, field, value = point.payload, *common(archive)
    filtered: dict[str, tuple[Filter, ...]] = {"all": (), f"{field} {value}": (Match(field, (value,)),)}
    if span := year_span(store):
        middle = (span[0] + 3 * span[1]) // 4
        filtered["a tenth of the years"] = (Range("date_from", middle, middle + (span[1] - span[0]) // 10),)
    asked: dict[str, Callable[[], object]] = {}
    for name, where in filtered.items():
        asked |= {
            f"facets, {name}": partial(facets, store, where, archive.fields.facets, VALUES),
            f"years, {name}": partial(year_histogram, store, where),
            f"browse, {name}": partial(_browsed, archive, where),
            f"drawn at random, {name}": partial(store.sample, where),
            f"count, {name}": partial(store.count, where),
            f"without each filter, {name}": partial(without_each, store, where),
        }
    return asked | {
        "number": lambda: numbered(store, str(said.get("object_id", point.id))),
        "number that none has": lambda: numbered(store, "no such number 9"),
        "id that none has": lambda: unknown_records(store, [f"{point.id}x"]),
        "views of an object": lambda: store.facet("object_id", (Match("object_id", (str(said.get("object_id")),)),)),
        "dates, places, points": lambda: [
            store.count((Missing(one),)) for one in ("date", "date_from", "place", "point")
        ],
        "words of the catalogue": lambda: [store.facet(one, limit=10_000) for one in store.fields.terms],
        "spelling": lambda: alike(store, "amfora"),
        "like a record": lambda: archive.answer(
            STRATEGIES["nearest"]().plan(Query((Example("record", point.id),)), 500, archive.default_space())
        ),
        "first ids": lambda: [*islice(store.ids(), 500)],
        "contents": lambda: contents(store),
        "spaces": lambda: spaces(archive),
        "work": lambda: progressed(archive),
    }


def common(archive: Archive) -> tuple[str, str]:
    """A field and one of its values, which some of the records hold."""
    for field in ("material", *archive.fields.facets):
        if counts := archive.store.facet(field):
            return field, [*counts][len(counts) // 2]
    raise SystemExit("No field of this archive has facets.")


def _browsed(archive: Archive, where: tuple[Filter, ...]) -> object:
    """The last page of a list."""
    return archive.answer(STRATEGIES[DEFAULT]().plan(Query((), where=where), 1000, ""))[-20:]


if __name__ == "__main__":
    main()
