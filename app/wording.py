"""How the pages put a record's metadata into words: labels, dates, alternative texts, safe Markdown and HTML."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

from app.visible import visible
from archive_search.metadata.filters import values_of
from archive_search.types import Payload

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TURNED = re.compile(  # what Streamlit turns into something else after it has read the Markdown, escaped or not
    r":(?=[\w+-]+:)"  # emoji and icons, :smile:
    r"|https?(?=://)|www(?=\.)|(?=@)"  # addresses
    r"|<(?=-)|-(?=[->])|[<>~](?==)",  # arrows and signs, ->
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
PLACES = ("findspot", "place", "origin")
"""Fields of places, in the order in which they tell where a thing is from."""
_BREAK = ":small[]"
"""An empty piece of Markdown: it shows nothing, and what stands on either side of it is no longer one text."""


def markdown(text: object) -> str:
    """
    Text from outside as Markdown that shows it as it is written, in one line, also as the label of a widget.

    Whatever a page gives Streamlit as Markdown and has not written itself goes through this: titles, ids, what an
    address says, error messages, which quote them.
    """
    pieces, start = [], 0
    line = " ".join(visible(str(text), lines=True).split())
    for found in _TURNED.finditer(line):
        pieces.append(line[start : found.end()])
        start = found.end()
    return _BREAK.join(_PUNCTUATION.sub(r"\\\g<0>", piece) for piece in (*pieces, line[start:]))


def safe(text: object) -> str:
    """Text that HTML shows as it is written."""
    return html.escape(visible(str(text), lines=True))


def text_of(payload: Payload, field: str) -> str:
    """The values of a field in one line, '' where there are none."""
    return ", ".join(str(value) for value in values_of(payload, field))


def title_of(payload: Payload) -> str:
    """What a record is called: its title, else its object type, else its number."""
    return text_of(payload, "title") or text_of(payload, "object_type") or number_of(payload)


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


def date_of(payload: Payload) -> str:
    """When it was made, in the metadata's own words, else as a span of years; '' where it is undated."""
    return text_of(payload, "date") or span(payload.get("date_from"), payload.get("date_to"))


def span(first: Any, last: Any) -> str:
    """A span of years: '3900–1700 BCE', '200 BCE – 100 CE', '1650'."""
    known = [year for year in (first, last) if isinstance(year, int | float) and not isinstance(year, bool)]
    if not known:
        return ""
    low, high = int(known[0]), int(known[-1])
    if low == high:
        return year_label(low)
    if high < 0:
        return f"{-low}–{-high} BCE"
    if low >= 0:
        return f"{low}–{high}" if low >= 1000 else f"{low}–{high} CE"
    return f"{-low} BCE – {high} CE"


def degrees(latitude: float, longitude: float) -> str:
    """A place on the globe: '55.67° N, 12.56° E'."""
    return f"{abs(latitude):g}° {'N' if latitude >= 0 else 'S'}, {abs(longitude):g}° {'E' if longitude >= 0 else 'W'}"


def year_label(year: int) -> str:
    """A year for people: -3900 is '3900 BCE', 400 is '400 CE', 1650 is '1650'."""
    return f"{-year} BCE" if year < 0 else f"{year} CE" if year < 1000 else str(year)


def alternative(payload: Payload) -> str:
    """What a picture shows, from its metadata, for those who cannot see it."""
    said = [title_of(payload), *(text_of(payload, field) for field in ("object_type", "material", "period"))]
    said.append(place_of(payload))
    parts = [part for part in dict.fromkeys(said) if part]
    return ", ".join(parts) or "Picture without metadata"


def thumbnail_address(payload: Payload) -> str:
    """Where the server shows a record's thumbnail; '' where it has none."""
    name = payload.get("thumbnail")
    return f"/thumbnail/{quote(str(name))}" if name else ""


def picture_address(record_id: str) -> str:
    """Where the server shows a record's original picture."""
    return f"/picture?id={quote(record_id, safe='')}"


def query_address(key: str) -> str:
    """Where the server shows a picture that was brought as a query."""
    return f"/query/{quote(key, safe='')}"


def as_html(value: Any) -> str:
    """A value of the metadata: web addresses become links, lists their items."""
    if isinstance(value, list | tuple):
        return ", ".join(as_html(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{safe(name)}: {as_html(one)}" for name, one in value.items())
    text = str(value)
    if _ADDRESS.fullmatch(text):
        return f'<a href="{safe(text)}" target="_blank" rel="noreferrer">{safe(text)}</a>'
    return safe(text)


def count(number: int, noun: str) -> str:
    """A number with its noun: '1 picture', '1,204 pictures'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
