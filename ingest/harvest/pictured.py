"""From one object and the addresses of its pictures to the records of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from archive_search.metadata.dates.periods import Periods
from archive_search.types import Record
from ingest.harvest.meaning import metadata_of
from ingest.source import Rejected


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture of an object: its address, and a name that stays its own; '' takes the name of its file.

    `values` are what a source says of it alone, by field, such as its licence.
    """

    address: str
    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def records_of(
    id: str,
    values: Mapping[str, Any],
    pictures: Sequence[Picture],
    extra: Mapping[str, Any] | None = None,
    periods: Periods | None = None,
) -> Iterator[Record | Rejected]:
    """
    A record for each picture of an object, all with the object's metadata; a rejection where there is none.

    The first picture's record has the object's id, the others that id with the picture's name behind a slash. An
    address that is given twice is one picture; one that is no web address is rejected by itself.
    """
    values = {"object_id": id, **{name: value for name, value in values.items() if value not in ("", None, [])}}
    if not pictures:
        yield Rejected(id, "", "record", "The service gives no picture of it.")
    taken: set[str] = set()
    seen: set[str] = set()
    for one in pictures:
        if one.address in seen:
            continue
        seen.add(one.address)
        own = id if not taken else f"{id}/{one.name or _file(one.address)}"
        number = 1
        while own in taken:
            number += 1
            own = f"{id}/{one.name or _file(one.address)}-{number}"
        taken.add(own)
        if _scheme(one.address) not in ("http", "https"):
            yield Rejected(own, one.address, "record", f"Its picture's address is no web address: {one.address!r}.")
            continue
        yield Record(own, one.address, metadata_of({**values, **one.values, "image_url": one.address}, extra, periods))


def of_museum(siglum: str, number: str) -> str:
    """
    A museum's inventory number with the letters that the museum goes by, '' without a number.

    Many museums have a 1922.445, and pictures whose `object_id` is one are taken for views of one object.
    """
    return f"{siglum} {number}" if number else ""


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:  # half of an IPv6 address
        return ""


def _file(address: str) -> str:
    """The name of a picture's file without its ending."""
    return PurePosixPath(unquote(address.partition("?")[0])).stem or "picture"
