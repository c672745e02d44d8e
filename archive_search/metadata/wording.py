"""How a record's metadata is put into words: what it is called, when it was made, where it is from."""

from __future__ import annotations

import re
from typing import Any

from archive_search.metadata.filters import values_of
from archive_search.types import Hit, Payload

PLACES = ("findspot", "place", "origin")
"""Fields of places, in the order in which they tell where a thing is from."""
CREDITS = ("credit", "rights_holder", "licence")
"""What must stand with a picture wherever it is shown, in this order."""
_BARE = re.compile(r"[-−]?\d{1,6}(\s*(to|[-–—/])\s*[-−]?\d{1,6})?")
"""A date that is written as numbers only: -490 to -480."""
_ERAS = {"en": ("BCE", "CE"), "da": ("f.Kr.", "e.Kr.")}


def text_of(payload: Payload, field: str) -> str:
    """The values of a field in one line, '' where there are none."""
    return ", ".join(str(value) for value in values_of(payload, field))


def title_of(payload: Payload) -> str:
    """What a record is called: its title, else its object type, else its number."""
    return text_of(payload, "title") or text_of(payload, "object_type") or number_of(payload)


def called(hit: Hit) -> str:
    """The id and the title, each as far as it says something."""
    title = title_of(hit.payload)
    return hit.id if title in ("", hit.id) else f"{hit.id} {title}"


def number_of(payload: Payload) -> str:
    """The number by which the museum knows it: the object's, else the record's."""
    return text_of(payload, "object_id") or str(payload.get("id", ""))


def number_beside(payload: Payload) -> str:
    """The number as it is shown beside the title; '' where the record is called by its number already."""
    number = number_of(payload)
    return number if number != title_of(payload) else ""


def place_of(payload: Payload) -> str:
    """Where it was found, else the place that the metadata gives, else where it was made; '' where nobody says."""
    return next((said for field in PLACES if (said := text_of(payload, field))), "")


def credit_of(payload: Payload) -> str:
    """Whom to name with the picture, and what may be done with it; '' where nobody says."""
    return ", ".join(filter(None, (text_of(payload, field) for field in CREDITS)))


def date_of(payload: Payload, language: str = "en") -> str:
    """When it was made, in the metadata's own words, unless they are bare numbers, as a span of years; '' undated."""
    said, years = text_of(payload, "date"), span(payload.get("date_from"), payload.get("date_to"), language)
    return years if years and _BARE.fullmatch(said.strip()) else said or years


def span(first: Any, last: Any, language: str = "en") -> str:
    """A span of years: '3900–1700 BCE', '200 BCE – 100 CE', '1650'."""
    known = [year for year in (first, last) if isinstance(year, int | float) and not isinstance(year, bool)]
    if not known:
        return ""
    before, after = _ERAS.get(language, _ERAS["en"])
    low, high = int(known[0]), int(known[-1])
    if low == high:
        return year_label(low, language)
    if high < 0:
        return f"{-low}–{-high} {before}"
    if low >= 0:
        return f"{low}–{high}" if low >= 1000 else f"{low}–{high} {after}"
    return f"{-low} {before} – {high} {after}"


def year_label(year: int, language: str = "en") -> str:
    """A year for people: -3900 is '3900 BCE', 400 is '400 CE', 1650 is '1650'."""
    before, after = _ERAS.get(language, _ERAS["en"])
    return f"{-year} {before}" if year < 0 else f"{year} {after}" if year < 1000 else str(year)
