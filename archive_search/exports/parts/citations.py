"""Citations: the set itself, then a record or an object each, as items of the Citation Style Language (CSL 1.0.2)."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from archive_search.exporting import Outgoing
from archive_search.exports.parts.provenance import shown_plan
from archive_search.exports.parts.told import asked, besides, chosen, extent, kind, making, people
from archive_search.exports.parts.words import WORDS, Language
from archive_search.knobs import knob
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import values_of
from archive_search.metadata.licences import with_address
from archive_search.metadata.table import WITHOUT_ACCENTS
from archive_search.metadata.wording import date_of, number_of, text_of, title_of
from archive_search.plan import to_json
from archive_search.types import Hit, Payload
from archive_search.visible import visible

Item: TypeAlias = dict[str, Any]
"""What CSL calls an item: variables by name; names as `{"literal": ...}`, dates with `date-parts` or `literal`."""

FIELDS: Mapping[str, str] = {key: row.standard["csl"] for key, row in STANDARD.items() if "csl" in row.standard}
"""The variable of CSL for each field that has one, as the table of fields says."""
NOTED = ("licence", "rights_holder", "credit")
"""Fields for which CSL has no variable and that a citation must not lose: they stand in the note."""


_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Citing:
    """What is cited; the settings that the bibliography formats share."""

    number: int = knob(1_000_000, "Citations at most", low=0, high=1_000_000)
    per_object: bool = knob(True, "One for each object", help="Off: one for each picture.")
    abstracts: bool = knob(True, "Descriptions")
    language: Language = knob("en", "Language", help="Of what the program says.")

    def items(self, outgoing: Outgoing) -> Iterator[Item]:
        """The set itself, then what it holds, best first, each with an `id` of its own in small ASCII letters."""
        keys = _Keys()
        yield _set_item(outgoing, self.language, keys)
        cited: set[tuple[str, ...]] = set()
        count = 0
        for rank, hit in outgoing:
            same = tuple(text_of(hit.payload, field) for field in ("object_id", "location", "source"))
            if count >= self.number or (self.per_object and same[0] and same in cited):
                continue
            cited.add(same)
            count += 1
            yield self._record_item(hit, rank, keys)

    def _record_item(self, hit: Hit, rank: int, keys: _Keys) -> Item:
        payload = hit.payload
        known = number_of({"id": hit.id, **payload})
        item: Item = {"id": keys(known), "type": "graphic", "title": title_of(payload) or hit.id}
        for field, variable in FIELDS.items():
            said = text_of(payload, field)
            if not said or variable == "title" or (variable == "abstract" and not self.abstracts):
                continue
            if variable == "author":
                item[variable] = [{"literal": str(one)} for one in values_of(payload, field)]
            elif variable == "URL":
                if address := web_address(said):
                    item[variable] = address
            elif variable == "language":
                item[variable] = str(values_of(payload, field)[0])
            elif variable != "issued":
                item[variable] = said
        if issued := _issued(payload, self.language):
            item["issued"] = issued
        told = {one: with_address(said) if one == "licence" else said
                for one in NOTED if (said := text_of(payload, one))}  # fmt: skip
        noted = [f"{STANDARD.said(one, self.language)}: {said}" for one, said in told.items()]
        item["note"] = ". ".join([*noted, f"{WORDS[self.language]['record_id']}: {hit.id}"])
        item["custom"] = {"archive-search": {"record": hit.id, "rank": rank}}
        return item


def web_address(value: object) -> str:
    """An address of the web with every sign that needs it as its number; '' of anything else."""
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return quote(text, safe=":/?#[]@!$&'()*+,;=%-._~") if known else ""


def one_line(text: object) -> str:
    """A text on one line, without signs that cannot be seen: those stand as escapes that can be read."""
    return visible(_SPACES.sub(" ", str(text))).strip()


def _issued(payload: Payload, language: Language) -> Item:
    """When it was made: the catalogue's words, else the years; a year after 1000 that stands alone as CSL's own."""
    said = date_of(payload, language)
    years = {payload.get("date_from"), payload.get("date_to")}
    year = next(iter(years))
    if len(years) == 1 and isinstance(year, int) and said in ("", str(year)) and year >= 1000:
        return {"date-parts": [[year]]}
    return {"literal": said} if said else {}


def _set_item(outgoing: Outgoing, language: Language, keys: _Keys) -> Item:
    about, plan = outgoing.found.provenance, shown_plan(outgoing)
    told = [f"{label}: {said}" for label, said in besides(outgoing, language)]
    item: Item = {
        "id": keys(_set_key(outgoing)),
        "type": "dataset",
        "title": f"{asked(plan, language)}: {kind(outgoing, language)}, {about.archive}",
        "genre": kind(outgoing, language),
        "archive": about.archive,
        "publisher": about.archive,
        "version": about.generation,
        "abstract": "; ".join([*told, extent(outgoing, language)]),
        "note": ". ".join(f"{label}: {said}" for label, said in making(outgoing, language)),
    }
    if who := people(outgoing):
        item["author"] = [{"literal": one} for one in who]
    try:
        when = datetime.fromisoformat(about.time)
        item["issued"] = {"date-parts": [[when.year, when.month, when.day]]}
    except ValueError:
        pass
    return item


def _set_key(outgoing: Outgoing) -> str:
    """
    What a set is cited by: the day, the longest of its first words, and a mark of archive, plan and time.

    It is the same in every format and language. One that was chosen is as it was last changed, whenever it is exported.
    """
    about, plan = outgoing.found.provenance, shown_plan(outgoing)
    time = about.time if chosen(outgoing) is None else ""
    words = _slug(asked(plan, "en")).split("-")[:5]
    told = json.dumps([about.archive_id, time, to_json(plan)], sort_keys=True, ensure_ascii=False)
    mark = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    first = "search" if chosen(outgoing) is None else "set"
    return " ".join(filter(None, (first, time[:10], max(words, key=len)[:24], mark)))


def _slug(text: str) -> str:
    """Small ASCII letters and digits of a text, with - between its words."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(WITHOUT_ACCENTS))
    return "-".join(re.findall(r"[a-z0-9]+", "".join(one for one in apart if not unicodedata.combining(one))))


class _Keys:
    """Keys of items: small ASCII letters and digits of a text, none twice."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        key = stem = _slug(text)[:60].strip("-") or "record"
        while key in self._next:
            self._next[stem] += 1
            key = f"{stem}-{self._next[stem]}"
        self._next[key] = 1
        return key


def plain_date(item: Item) -> str:
    """The date of an item as one text: its words, or year, month and day as ISO 8601 writes them."""
    issued = item.get("issued", {})
    parts = issued.get("date-parts", [[]])[0]
    return str(issued.get("literal", "")) or "-".join(f"{part:02d}" for part in parts)


def ascii_lines(text: str) -> list[str]:
    """JSON in lines of ASCII without @: the same data, which no program takes for an entry or a line of its own."""
    return ["".join(_escaped(one) for one in line).strip() for line in text.split("\n")]


def _escaped(one: str) -> str:
    if one != "@" and " " <= one <= "~":
        return one
    units = one.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
