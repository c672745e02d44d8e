"""How the pages show texts from outside and tell of records: safe Markdown and HTML, alternative texts, addresses."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

from archive_search.metadata.wording import place_of, text_of, title_of
from archive_search.types import Box, Payload
from archive_search.visible import visible
from archive_search.workspace.items import box_text

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TURNED = re.compile(  # what Streamlit turns into something else after it has read the Markdown, escaped or not
    r":(?=[\w+-]+:)"  # emoji and icons, :smile:
    r"|https?(?=://)|www(?=\.)|(?=@)"  # addresses
    r"|<(?=-)|-(?=[->])|[<>~](?==)",  # arrows and signs, ->
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_TILE = 400
"""So many pixels a part has at most on a tile."""
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


def degrees(latitude: float, longitude: float) -> str:
    """A place on the globe: '55.67° N, 12.56° E'."""
    return f"{abs(latitude):g}° {'N' if latitude >= 0 else 'S'}, {abs(longitude):g}° {'E' if longitude >= 0 else 'W'}"


def alternative(payload: Payload) -> str:
    """What a picture shows, from its metadata, for those who cannot see it."""
    said = [title_of(payload), *(text_of(payload, field) for field in ("object_type", "material", "period"))]
    said.append(place_of(payload))
    parts = [part for part in dict.fromkeys(said) if part]
    return ", ".join(parts) or "Picture without metadata"


def thumbnail_address(payload: Payload, part: Box | None = None, alone: bool = False) -> str:
    """Where the server shows a record's thumbnail, with a frame around a part or that part alone; '' where none."""
    if part and alone:
        return part_address(str(payload.get("id", "")), part, _TILE)
    name = payload.get("thumbnail")
    framed = f"?part={quote(box_text(part))}" if part else ""
    return f"/thumbnail/{quote(str(name))}{framed}" if name else ""


def picture_address(record_id: str) -> str:
    """Where the server shows a record's original picture."""
    return f"/picture?id={quote(record_id, safe='')}"


def part_address(record_id: str, part: Box, longest: int = 0) -> str:
    """Where the server shows a part of a record's picture, no side of it longer than that many pixels."""
    return f"{picture_address(record_id)}&part={quote(box_text(part))}" + (f"&longest={longest}" if longest else "")


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
