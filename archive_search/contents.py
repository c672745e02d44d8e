"""What an archive holds, counted in one pass over its records: fields, licences, dates, and what nobody understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from archive_search.metadata.fields import YEARS
from archive_search.metadata.filters import values_of
from archive_search.types import Payload, Store

LONGEST = 200
"""So many letters of a value are kept to show what stands in a column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the metadata that fills no field: how many records have a value there, and one of them."""

    records: int
    example: str


@dataclass(frozen=True, slots=True)
class Contents:
    """
    What the records of an archive hold, in numbers of records; everything by frequency, the most frequent first.

    `objects` counts object numbers, and every record without one as an object. `repeated` are the records whose picture
    an earlier one has as well. `licences` are as they are written, '' where none is. `dates` are dates as they are
    written that gave no years, whether another field gave them or not. `columns` are those that fill no field.
    """

    records: int
    objects: int
    dated: int
    repeated: int
    filled: Mapping[str, int]
    licences: Mapping[str, int]
    dates: Mapping[str, int]
    columns: Mapping[str, Column]


def contents(store: Store) -> Contents:
    """Read every record once, without its vectors: some 3 s for 100,000."""
    filled: Counter[str] = Counter()
    licences: Counter[str] = Counter()
    dates: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    examples: dict[str, str] = {}
    objects: set[str] = set()
    pictures: set[str] = set()
    records = alone = dated = 0
    for point in store.scan():
        said = point.payload
        records += 1
        filled.update(key for key in said if values_of(said, key))
        numbers = values_of(said, "object_id")
        objects.update(map(str, numbers))
        alone += not numbers
        pictures.add(str(said.get("content_hash") or f"record {point.id}"))
        dated += any(year in said for year in YEARS)
        licences[_text(said, "licence")] += 1
        if _unread(said):
            dates[_text(said, "date")] += 1
        for column, value in _columns(said):
            columns[column] += 1
            examples.setdefault(column, value)
    return Contents(
        records,
        len(objects) + alone,
        dated,
        records - len(pictures),
        dict(filled.most_common()),
        dict(licences.most_common()),
        dict(dates.most_common()),
        {name: Column(count, examples[name]) for name, count in columns.most_common()},
    )


def _unread(said: Payload) -> bool:
    """Whether a date stands there that gave no years."""
    return bool(values_of(said, "date")) and (said.get("dated_by") == "period" or not any(y in said for y in YEARS))


def _text(said: Payload, key: str) -> str:
    return "; ".join(str(one) for one in values_of(said, key))


def _columns(said: Payload) -> list[tuple[str, str]]:
    extra = said.get("extra")
    if not isinstance(extra, Mapping):
        return []
    told = ((str(name), " ".join(str(value).split())) for name, value in extra.items() if value is not None)
    return [(name, value[:LONGEST]) for name, value in told if value]
