"""The National Museum of Denmark: pages of its collections online, saved or live, and answers of the API that was."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive_search.knobs import knob
from archive_search.reading import parse_records
from archive_search.types import InvalidInputError, MetadataError, Record, SourceError
from ingest.harvest.answers import AnswerError
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.plain_text import plain_text
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected
from ingest.text_lines import TextLines

if TYPE_CHECKING:
    from ingest.harvest.client import Client

SITE = "https://samlinger.natmus.dk"
COLLECTIONS = {
    "AS": "Antiksamlingen",
    "BA": "Bevaringsafdelingen",
    "DMR": "Danmarks Middelalder og Renæssance",
    "DNT": "Danmarks Nyere Tid",
    "DO": "Danmarks Oldtid",
    "ES": "Etnografisk Samling",
    "FHM": "Frihedsmuseet",
    "FLM": "Frilandsmuseet",
    "KMM": "Den Kongelige Mønt- og Medaillesamling",
    "MUM": "Musikmuseet",
}
_TOGETHER = 20
_LARGEST = 64_000_000
"""A saved file with more bytes is no page and no answer."""


@dataclass(frozen=True)
class Natmus(Harvested):
    """
    Objects of the National Museum of Denmark: saved pages and answers, or live pages by their numbers.

    The museum's open search API is gone, so nothing can be searched for: objects are named by collection and number.
    """

    saved: Path | None = knob(None, "Saved", help="A file or folder of saved pages (.html) or answers (.json, .jsonl).")
    collection: str = knob(
        "", "Collection", help=f"The collection that live pages belong to: {', '.join(COLLECTIONS)}."
    )
    objects: tuple[str, ...] = knob((), "Objects", help="The numbers of live pages: 1204, or 1000-1999.")
    size: int = knob(
        1200,
        "Longest side of pictures",
        low=0,
        high=20_000,
        help="Pixels of the longest side of pictures; 0: as large as there is.",
    )
    site: str = knob(SITE, "Address of the pages", help="Another address, of a server that answers alike.")

    def __post_init__(self) -> None:
        if self.saved is not None:
            object.__setattr__(self, "saved", Path(self.saved))
        if (self.saved is None) == (not (self.collection and self.objects)):
            raise InvalidInputError(
                "Say either where saved pages or answers are, or a collection and the numbers of its objects: DO and "
                "1000-1999.",
                settings=("saved", "collection", "objects"),
            )
        if self.collection and self.collection.upper() not in COLLECTIONS:
            raise InvalidInputError(f"No collection is called {self.collection!r}. Known: {', '.join(COLLECTIONS)}.")
        self._numbers()

    @property
    def origin(self) -> str:
        """The folder of what was saved, or the collection and numbers of live pages."""
        if self.saved is not None:
            return f"natmus {self.saved.resolve()}"
        return origin_of(f"{self.site}/{self.collection.upper()}", objects=self.objects)

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """Saved: a page for each file, by its path; live: twenty objects, by their numbers."""
        yield from self._saved_pages(resume) if self.saved is not None else self._live_pages(client, resume)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for each picture of an object, in whichever of the two vocabularies it is told."""
        told = item.content
        if not isinstance(told, Mapping):
            yield Rejected(f"natmus-{item.key}", "", "record", "What was saved holds no record.")
            return
        code = _code(told, item.key)
        pictures = [
            Picture(self._address(code, number), number, {"credit": _credit(one)})
            for one in (*objects(told, "related.assets"), *objects(told, "relateret.assets"), *objects(told, "assets"))
            if (number := re.sub(r"\D", "", text(one, "id"))) and text(one, "type", "subtype") != "document"
        ]
        yield from records_of(f"natmus-{item.key}", _values(told, code, item), pictures, _extra(told))

    # ------------------------------------------------------------------ where records come from

    def _saved_pages(self, resume: str) -> Iterator[Page]:
        assert self.saved is not None
        if not self.saved.exists():
            raise MetadataError(f"There is no file or folder {self.saved}.")
        root = self.saved if self.saved.is_dir() else self.saved.parent
        files = sorted(root.rglob("*")) if self.saved.is_dir() else [self.saved]
        wanted = [one for one in files if one.is_file() and one.suffix.lower() in _READERS]
        if not wanted:
            raise MetadataError(f"{self.saved} holds no page or answer ({', '.join(_READERS)}).")
        names = [one.relative_to(root).as_posix() for one in wanted]
        left = [(name, file) for name, file in zip(names, wanted, strict=True) if name > resume]
        for place, (name, file) in enumerate(left):
            last = place == len(left) - 1
            for some, more in _in_pages(_records_in(file, name)):
                yield Page(some, (resume or " ") if more else "" if last else name)
            resume = name

    def _live_pages(self, client: Client, resume: str) -> Iterator[Page]:
        numbers = [one for one in self._numbers() if one > int(resume or -1)]
        for start in range(0, len(numbers), _TOGETHER):
            some = numbers[start : start + _TOGETHER]
            last = start + _TOGETHER >= len(numbers)
            yield Page([self._live(client, one) for one in some], "" if last else str(some[-1]), len(numbers))

    def _live(self, client: Client, number: int) -> Item | Rejected:
        key = f"{self.collection.upper()}-{number}"
        url = f"{self.site}/{self.collection.upper()}/object/{number}"
        try:
            record = record_in(client.text(url, robots=True))
        except AnswerError as error:
            if error.status not in (404, 410):
                raise
            return Item(key, None, url, removed=True)
        if record is None:
            return Rejected(f"natmus-{key}", "", "record", f"The page {url} holds no record that can be read.")
        return Item(key, record, url)

    def _numbers(self) -> Sequence[int]:
        """The numbers that were asked for, ascending."""
        found: set[int] = set()
        for said in self.objects:
            ends = re.fullmatch(r"\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*", said)
            if not ends or int(ends[2] or ends[1]) < int(ends[1]):
                raise InvalidInputError(f"Objects are numbers or ranges of them, 1204 or 1000-1999; got {said!r}.")
            if int(ends[2] or ends[1]) - int(ends[1]) > 1_000_000:
                raise InvalidInputError(f"{said} are more than a million pages: ask for fewer at a time.")
            found.update(range(int(ends[1]), int(ends[2] or ends[1]) + 1))
        return sorted(found)

    def _address(self, code: str, number: str) -> str:
        size = f"maxsize={self.size}" if self.size else "maxsize=org&download=true"
        return f"{self.site}/{code.lower()}/asset/{number}.jpg?{size}"


# ------------------------------------------------------------------ reading what was saved


def record_in(page: str) -> dict[str, Any] | None:
    """The record that a page of the collections holds as JSON in its section "Rådata"; None where it holds none."""
    found = re.search(r"R(?:å|&aring;|&#229;|&#xe5;)data", page, re.IGNORECASE)
    rest = page[found.start() : found.start() + 2_000_000] if found else ""
    begin = rest.find("{")
    if begin < 0:
        return None
    whole = html.unescape(rest[begin:])
    try:
        record, _ = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(whole)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    described = re.search(r'<div[^>]*\bid="description"[^>]*>(.*?)</div>', page, re.DOTALL)
    if described and not objects(record, "beskrivelser") and not objects(record, "descriptions"):
        record["descriptions"] = [{"description": plain_text(described[1])}]
    return record


def _records_in(file: Path, name: str) -> Iterator[Item | Rejected]:
    """What a saved file holds, one record or many."""
    try:
        if file.stat().st_size > _LARGEST and file.suffix.lower() != ".jsonl":
            yield Rejected(name, "", "record", f"The file has more than {_LARGEST // 1_000_000} MB.")
            return
        yield from _READERS[file.suffix.lower()](file, name)
    except OSError as error:
        yield Rejected(name, "", "record", f"The file cannot be read: {error.strerror or error}.")
    except SourceError as error:
        yield Rejected(name, "", "record", str(error))


def _in_page(file: Path, name: str) -> Iterator[Item | Rejected]:
    record = record_in("".join(TextLines(file)))
    if record is None:
        yield Rejected(name, "", "record", 'The page holds no record in a section "Rådata".')
    else:
        yield _item(record, name)


def _in_json(file: Path, name: str) -> Iterator[Item | Rejected]:
    data = parse_records("".join(TextLines(file)), name, SourceError)
    found = data if isinstance(data, list) else objects(data, "hits.hits") or objects(data, "hits") or [data]
    for number, one in enumerate(found, 1):
        yield _item(one, name if len(found) == 1 else f"{name}, record {number}")


def _in_lines(file: Path, name: str) -> Iterator[Item | Rejected]:
    for number, line in enumerate(TextLines(file), 1):
        if line.strip():
            where = f"{name}, line {number}"
            try:
                yield _item(parse_records(line, where, SourceError), where)
            except SourceError as error:
                yield Rejected(where, "", "record", str(error))


_READERS = {".html": _in_page, ".htm": _in_page, ".json": _in_json, ".jsonl": _in_lines}


def _item(record: Any, where: str) -> Item | Rejected:
    """One record, out of its envelope of the search index where it has one."""
    told = record.get("_source", record) if isinstance(record, Mapping) else None
    if not isinstance(told, Mapping):
        return Rejected(where, "", "record", "It holds no record.")
    code, number = _code(told, text(record, "_id")), re.sub(r"\D", "", text(told, "id") or text(record, "_id"))
    if not number:
        return Rejected(where, "", "record", "The record has no id.")
    key = f"{code}-{number}" if code else number
    return Item(key, dict(told), f"{SITE}/{code}/object/{number}" if code else "")


def _in_pages(found: Iterator[Item | Rejected]) -> Iterator[tuple[list[Item | Rejected], bool]]:
    """Some records together, and whether more follow; a file with none is one page with none."""
    ahead = chain(found, [None])
    some: list[Item | Rejected] = []
    for one in ahead:
        if one is None or len(some) == 500:
            yield some, one is not None
            some = []
        if one is not None:
            some.append(one)


# ------------------------------------------------------------------ what a record says


def _code(told: Mapping[str, Any], key: str) -> str:
    """The letters of the collection that a record belongs to."""
    said = text(told, "collection", "samling") or key.partition("-")[0]
    return said.upper() if said.upper() in COLLECTIONS else ""


def _values(told: Mapping[str, Any], code: str, item: Item) -> dict[str, Any]:
    """What the museum says of an object, by field, in English keys or in Danish ones."""
    made = objects(told, "creationEvents") or _events(told, "fremstil", "præg", "tilvirk")
    found = objects(told, "foundEvents") or _events(told, "fund", "fundet")
    kind = texts(told, "workDescription", "titel", "betegnelse", "identifikation.betegnelse")
    spoken = texts(told, "descriptions.description", "descriptions.text", "descriptions", "beskrivelser.beskrivelse",
                   "beskrivelser.tekst", "beskrivelser")  # fmt: skip
    sizes = [*objects(told, "measurements"), *objects(told, "maalinger")]
    number = _number(told)
    return {
        "object_id": of_museum("NM", number or item.key),
        "title": " ".join(dict.fromkeys([*kind, *texts(told, "nominal")])),
        "object_type": kind or texts(told, "classifications.classification", "klassifikationer.klassifikation"),
        "description": "\n\n".join(spoken),
        "collection": COLLECTIONS.get(code, ""),
        "creator": texts(list(made), "creator", "creators.name", "aktoer.navn", "udfoerer"),
        "material": [
            one.rstrip("? ")
            for one in texts(told, "materials.material", "materialer.materiale", "materials", "materialer")
        ],
        "technique": texts(told, "techniques.technique", "teknikker.teknik", "teknikker"),
        "period": texts(list(made), "period", "periode") or texts(told, "periods.period", "periode", "datering"),
        "measurements": "; ".join(
            " ".join(
                (
                    text(one, "dimension", "maal", "type"),
                    text(one, "data", "vaerdi", "value"),
                    _UNITS.get(unit := text(one, "unit", "enhed"), unit),
                )
            )
            for one in sizes
        ),
        "date": text(list(made), "date", "dating", "datering") or _days(made),
        "date_from": text(list(made), "yearFrom", "aarFra", "fraAar"),
        "date_to": text(list(made), "yearTo", "aarTil", "tilAar"),
        "findspot": texts(list(found), "place", "sted", "stednavn", "location"),
        "origin": texts(list(made), "place", "sted") or texts(told, "place", "nation"),
        "location": "Nationalmuseet",
        "licence": text(told, "licence", "license", "licens") or "CC BY-SA",
        "rights_holder": "Nationalmuseet",
        "source": "Nationalmuseet",
        "record_url": item.url,
        "language": "da",
    }


_UNITS = {"Gram": "g", "gram": "g", "Millimeter": "mm", "Centimeter": "cm", "Meter": "m"}


def _events(told: Mapping[str, Any], *kinds: str) -> list[Mapping[str, Any]]:
    """Those of the events told with Danish keys whose kind begins so."""
    return [
        one
        for one in objects(told, "haendelser")
        if text(one, "type", "haendelsestype", "navn").casefold().startswith(kinds)
    ]


def _days(made: Sequence[Mapping[str, Any]]) -> str:
    """From when to when, where a record tells days and not years."""
    ends = (text(list(made), "dateFrom", "datoFra"), text(list(made), "dateTo", "datoTil"))
    return " - ".join(dict.fromkeys(one for one in ends if one))


def _credit(asset: Mapping[str, Any]) -> str:
    """Whose photograph it is, as the museum wants it said."""
    by = text(asset, "photographer", "fotograf", "creator")
    return f"Foto: {by}, Nationalmuseet" if by else "Foto: Nationalmuseet"


def _number(told: Mapping[str, Any]) -> str:
    """The inventory number of an object, whole or in the parts that it is made of."""
    paths = ("identifikation.nummer", "identifikation.genstandsnummer", "genstandsnummer", "identifikation")
    number = text(told, "numberData") + text(told, "numberSuffix")
    return text(told, "objectIdentification", *paths) or f"{text(told, 'numberPrefix')} {number}".strip()


def _extra(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "inventory number": _number(told),
        "authority": text(told, "authority"),
        "nation": text(told, "nation"),
        "nominal": text(told, "nominal"),
        "type number": text(told, "typeNumber"),
        "accession": texts(told, "accessionEvents.protocolText"),
        "classification": texts(told, "classifications.classification", "klassifikationer.klassifikation"),
    }


SOURCES = {"natmus": Natmus}
