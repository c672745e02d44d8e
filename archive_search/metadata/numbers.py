"""Numbers by which a museum knows its things: found however they are typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import values_of
from archive_search.types import Match, Payload, Point, Store

FIELD = "numbers"
"""The payload's field for a record's numbers as they are compared, indexed on every store."""
LONGEST = 80
"""What has more characters is a sentence with a number in it."""
_WORDS = frozenset(
    [
        *("id", "ids", "identifier", "no", "nos", "nr", "num", "numero", "number", "numbers", "nummer"),
        *("inv", "inventory", "inventar", "inventario", "acc", "accession", "signatur", "cote"),
    ]
)
_ENDINGS = ("nummer", "number", "numero", "nr")
_NO_NAMES = frozenset(["of", "page", "pages", "volume", "vol", "phone", "telephone", "count"])
"""Words of columns whose numbers name nothing: "number of beads", "page no"."""
_SAID_BEFORE = re.compile(
    r"^(?:(?:inv|inventory|inventar|acc|accession|museum|object|objekt|no|nr|nummer|number)\b[\s.:#-]*)+(?=\S)", re.I
)


def named() -> tuple[str, ...]:
    """Fields that hold numbers whatever stands in them."""
    return ("id", *STANDARD.ids)


def spelled(text: str) -> str:
    """A number as it is compared: its letters and digits, folded; neither case nor marks nor spaces count."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def numbers_of(payload: Payload) -> list[str]:
    """All numbers of a record as they are compared: its id, its object's, and what columns of numbers say."""
    found = [text for field in named() for text in _texts(payload, field)]
    extra = payload.get("extra")
    if isinstance(extra, dict):
        columns = [column for column in extra if _holds_numbers(str(column))]
        found += [text for column in columns for text in _texts(extra, column) if re.search(r"\d", text)]
    return list(dict.fromkeys(number for text in found for number in _each(text)))


def numbered(store: Store, text: str, limit: int = 24) -> list[Point]:
    """
    The records that have a number, as catalogue, label or letter write it: "86.AE.205", "86 ae 205", "inv. 86AE205".

    Those whose id it is come first, then those that write a number just so. An empty list where it is none.
    """
    typed = text.encode("utf-8", "ignore").decode().strip()  # halves of surrogate pairs stand in no number
    wanted = dict.fromkeys(number for one in (typed, _SAID_BEFORE.sub("", typed)) if (number := spelled(one)))
    called = {point.id: point for point in store.points([typed])}
    found = dict(called)
    for point in islice(store.scan((Match(FIELD, tuple(wanted)),)), limit) if wanted and len(typed) <= LONGEST else ():
        found.setdefault(point.id, point)
    exact = {point.id for point in found.values() if typed in _written(point.payload)}
    return sorted(found.values(), key=lambda point: (point.id not in called, point.id not in exact, point.id))[:limit]


def _each(text: str) -> Iterator[str]:
    """A text as one number and, where a list stands in it, each of its items."""
    if len(text) <= LONGEST:
        for one in (text, *re.split(r"[;|,\n]", text)):
            if number := spelled(one):
                yield number


def _texts(fields: Payload, field: str) -> list[str]:
    values = [str(value) for value in values_of(fields, field) if isinstance(value, str | int)]
    return [value for value in values if "://" not in value]


@lru_cache(maxsize=10_000)
def _holds_numbers(column: str) -> bool:
    """Whether a column's name says that it holds numbers: "Inv.-Nr.", "accession_number", "inventarisnummer"."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", column) if not unicodedata.combining(one))
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold().replace("№", " no ").replace("n°", " no ")
    words = re.findall(r"[^\W\d_]+", apart)
    named = any(word in _WORDS or word.endswith(_ENDINGS) for word in words)
    return named and not any(word in _NO_NAMES for word in words)


def _written(payload: Payload) -> set[str]:
    """All that may be a number of a record, as it is written."""
    extra = payload.get("extra")
    own = [text for field in named() for text in _texts(payload, field)]
    return {*own, *(str(value) for value in (extra.values() if isinstance(extra, dict) else ()))}
