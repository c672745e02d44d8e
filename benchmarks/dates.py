"""
How much of what catalogues say about dates is understood: `python -m benchmarks.dates FOLDER... [--region REGIONS]`.

Every JSON, JSON Lines, CSV, YAML and XML file below the folder is looked through for fields that say when an object was
made (dates as they are shown, periods, dynasties, reigns; years in columns of their own are not counted), and for the
years of persons apart from them. What a text means is not judged here: `--sample 200` prints some at random, with the
years beside them that the record gives, for reading by eye.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_search.metadata.dates.periods import DEFAULT_REGION, Periods, periods_of
from archive_search.metadata.dates.reading import parse_dating

DATES = frozenset(
    [
        "date",
        "dates",
        "objectdate",
        "datedisplay",
        "creationdate",
        "datetext",
        "displaydate",
        "earliestdate",
        "latestdate",
        "period",
        "periods",
        "broadperiod",
        "periodfrom",
        "periodto",
        "periodfromname",
        "periodtoname",
        "dynasty",
        "reign",
        "periodname",
        "daterange",
        "temporal",
        "temporalcoverage",
        "datestatement",
        "dateissued",
        "datetimeoriginal",
        "datecreated",
        "publishdate",
        "datering",
        "datierung",
        "datazione",
        "attributionanddate",
    ]
)
"""Fields that say when something was made, as `_plain` writes their names."""
PERSONS = frozenset(["constituents", "creators"])
"""Tables of persons: their dates are lives."""
YEARS = frozenset(
    [
        "datefrom",
        "dateto",
        "objectbegindate",
        "objectenddate",
        "datestart",
        "dateend",
        "creationdateearliest",
        "creationdatelatest",
        "startdate",
        "enddate",
        "fromdate",
        "todate",
        "numdate1",
        "numdate2",
        "objectdatebegin",
        "objectdateend",
        "startyear",
        "endyear",
        "beginyear",
        "endyear",
        "earliestdate",
        "latestdate",
    ]
)
"""Fields that hold the years of the same record, for reading by eye."""


@dataclass(frozen=True)
class Said:
    """One text of a date: where it stands, what it says, and the years that its record gives."""

    source: str
    text: str
    years: tuple[str, ...]


def main() -> None:
    """Print the share understood by source, the most frequent texts that were not, and how many are read a second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("folder", type=Path, nargs="+", help="or a file")
    parser.add_argument("--region", default=DEFAULT_REGION, help="as for ingest: regions with commas")
    parser.add_argument("--most", type=int, default=40, help="texts not understood that are listed")
    parser.add_argument(
        "--sample", type=int, default=0, help="print so many different texts and what they were read as"
    )
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    found = [one for folder in chosen.folder for one in texts_below(folder)]
    periods = periods_of(chosen.region)
    speed([one.text for one in found], periods)
    shares(found, periods)
    unread = Counter(one.text for one in found if parse_dating(one.text, periods) is None)
    print(f"\nNot understood, the most frequent of {len(unread)}:")
    for text, number in unread.most_common(chosen.most):
        print(f"{number:6}  {text[:110]}")
    if chosen.sample:
        sample(found, periods, chosen.sample, chosen.seed)


def shares(found: list[Said], periods: Periods) -> None:
    """Print how much of each source is understood, by text as often as it stands and by different text."""
    by_source: dict[str, Counter[str]] = {}
    for one in found:
        by_source.setdefault(one.source, Counter())[one.text] += 1
    print(f"{'source':58} {'texts':>7} {'read':>7}   {'different':>9} {'read':>7}")
    totals = Counter[str]()
    for source in sorted(by_source):
        texts = by_source[source]
        read = [text for text in texts if parse_dating(text, periods) is not None]
        row = {"texts": texts.total(), "read": sum(texts[text] for text in read), "kinds": len(texts), "of": len(read)}
        _row(source, row)
        totals.update(row)
    _row("together", totals)


def _row(source: str, row: dict[str, int] | Counter[str]) -> None:
    print(
        f"{source[-58:]:58} {row['texts']:7} {row['read'] / row['texts']:7.1%}   "
        f"{row['kinds']:9} {row['of'] / row['kinds']:7.1%}"
    )


def speed(texts: list[str], periods: Periods) -> None:
    """Print how many different texts are read in a second, and how many as often as they stand."""
    parse_dating("Edo, Roman", periods)  # the tables are made at the first
    # what was read once is known: a space makes another text of it
    for what, some in (("different texts", [f"{one} " for one in set(texts)]), ("texts as they stand", texts)):
        began = time.perf_counter()
        for text in some:
            parse_dating(text, periods)
        print(f"{len(some) / (time.perf_counter() - began):,.0f} {what} a second")
    print()


def sample(found: list[Said], periods: Periods, count: int, seed: int) -> None:
    """Print different texts at random that were read, with what was made of them and what the record says."""
    read = sorted(
        {one.text: one for one in found if parse_dating(one.text, periods)}.values(), key=lambda one: one.text
    )
    for one in random.Random(seed).sample(read, min(count, len(read))):
        dating = parse_dating(one.text, periods)
        assert dating is not None
        print(f"{dating.years!s:18} {'' if dating.written else 'named':6} {one.text[:120]:70} {one.years or ''}")


# ------------------------------------------------------------------ what files say


def texts_below(folder: Path) -> Iterator[Said]:
    """Every text of a date below a folder, or in one file."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if file.is_file() and file.suffix in _READERS:
            source = "/".join(file.relative_to(folder).parts[:-1]) or file.stem
            for record in _READERS[file.suffix](file):
                yield from _of(record, source, file.stem, ())


def _of(value: Any, source: str, file: str, years: tuple[str, ...]) -> Iterator[Said]:
    """The texts of dates in a record and all that lies in it."""
    if isinstance(value, list):
        for one in value:
            yield from _of(one, source, file, years)
    elif isinstance(value, dict):
        years = tuple(str(one) for key, one in value.items() if _plain(key) in YEARS and one not in (None, "")) or years
        if "label" in value and "value" in value:
            value = dict.fromkeys(_plain_texts(value["label"]), value["value"])  # IIIF: a pair of metadata
        for key, one in value.items():
            if _plain(key) in DATES:
                persons = file in PERSONS or (file, _plain(key)) == ("tate", "date")
                for text in _texts(one):
                    yield Said(f"{source} {key}{' (persons)' if persons else ''}", text, years)
            if not isinstance(one, str):
                yield from _of(one, source, file, years)


def _texts(value: Any) -> list[str]:
    """The texts of a value without HTML, but for those that say nothing about a date."""
    bare = (re.sub(r"<[^>]*>", "", text).strip() for text in _plain_texts(value))
    return [text for text in bare if not _NO_DATE.fullmatch(text)]


def _plain_texts(value: Any) -> list[str]:
    """The texts of a value that may be one, several, or by language."""
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in _plain_texts(one)] if isinstance(value, list) else [str(value)]


_NO_DATE = re.compile(r"[?]?|None|NA|True|yes|w3cdtf|(?:Collection )?Date|https?://.*")
"""What stands in such fields and is no text about a date: empty, flags, names of columns, addresses."""


def _plain(key: Any) -> str:
    return re.sub(r"[\W_]", "", str(key)).casefold()


def _json(file: Path) -> Iterator[Any]:
    yield json.loads(file.read_text("utf-8-sig"))


def _jsonl(file: Path) -> Iterator[Any]:
    yield from (json.loads(line) for line in file.read_text("utf-8-sig").splitlines() if line.strip())


def _csv(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        yield from ({key: one for key, one in row.items() if key} for row in csv.DictReader(lines))


def _yaml(file: Path) -> Iterator[Any]:
    import yaml

    yield yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


def _xml(file: Path) -> Iterator[Any]:
    """The elements of LIDO and Dublin Core by their names."""
    from lxml import etree

    for element in etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).iter("*"):
        name = etree.QName(element).localname
        text = " ".join((element.text or "").split())
        if not len(element) and text and not text.startswith("lido:"):
            yield {name: text}


_READERS = {".json": _json, ".jsonl": _jsonl, ".csv": _csv, ".yml": _yaml, ".yaml": _yaml, ".xml": _xml}


if __name__ == "__main__":
    main()
