"""A catalogue to print: what stands on its cover, under each plate and at its end; the same in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from archive_search.exporting import Outgoing
from archive_search.exports.parts.framed import Frame, frames, shape
from archive_search.exports.parts.pictures import Pictures, small_jpeg
from archive_search.exports.parts.provenance import shown_plan
from archive_search.exports.parts.rows import RANKS, columns
from archive_search.exports.parts.told import (
    Source,
    Sources,
    asked,
    besides,
    chosen,
    extent,
    how,
    kind,
    making,
    remarks,
    stages,
    suggested_end,
)
from archive_search.exports.parts.values import label_of, values
from archive_search.exports.parts.words import WORDS, Language
from archive_search.metadata.table import Fields
from archive_search.metadata.wording import PLACES, credit_of, date_of, place_of, text_of, title_of
from archive_search.types import Hit, Payload
from archive_search.visible import visible

NOTED = {"collected_note": "note", "collected_tags": "tags"}
"""Columns of what people wrote in a collection, and the words for them."""
CAPTION = ("object_type", "date", "period", "material", "place", "measurements", *NOTED)
"""The fields under a plate where none are chosen."""

FRONTISPIECE = 1200
"""Pixels of the longer side of the picture on the cover, that of the best hit."""


@dataclass(frozen=True)
class Entry:
    """One record in a catalogue: its rank, what it is, what is known of it, whom to credit; texts fit to be shown."""

    rank: int
    id: str
    title: str
    number: str
    told: list[tuple[str, str]]
    credit: str
    link: str
    """A web address, '' where the record has none."""
    picture: bytes | None = None
    """A small JPEG."""
    shape: tuple[int, int] = (0, 0)
    """Its width and height."""
    frames: tuple[Frame, ...] = ()
    """Parts of it to be framed: left, top, width, height as shares."""
    framed: str = ""
    """What is framed, '' where nothing is."""


@dataclass
class Catalogue:
    """
    A result set as a catalogue. `plates`, `others` and `sources` are gone through once each, in this order.

    Raises:
        UnknownNameError: If one of the fields is neither a field nor a column of this set.
    """

    outgoing: Outgoing
    language: Language
    fields: Sequence[str] = ()
    pictures: Pictures = "originals"
    pixels: int = 480
    number: int = 500
    title: str = ""
    """Its heading; '' is the question in words."""

    def __post_init__(self) -> None:
        self._by_hand = chosen(self.outgoing) is not None
        self._known = self.outgoing.found.holdings.fields
        self._fields = columns(self.outgoing, self.fields)[len(RANKS) :] if self.fields else CAPTION
        self._hits: Iterator[tuple[int, Hit]] = iter(self.outgoing)
        self._sources = Sources(self.language)

    def cover(self) -> dict[str, Any]:
        """What comes before the plates."""
        plan = shown_plan(self.outgoing)
        heading, lead = how(self.outgoing, self.language)
        first = next(self._hits, None)
        self._hits = self._hits if first is None else chain([first], self._hits)
        best = first and small_jpeg(self.outgoing, first[1], self.pictures if self.number else "none", FRONTISPIECE)
        return {
            "frontispiece": best,
            "language": self.language,
            "words": WORDS[self.language],
            "title": visible(self.title) or asked(plan, self.language),
            "kind": kind(self.outgoing, self.language),
            "archive": visible(self.outgoing.found.provenance.archive),
            "besides": besides(self.outgoing, self.language),
            "extent": extent(self.outgoing, self.language),
            "ranked": heading,
            "ranked_lead": lead,
            "stages": stages(self.outgoing, self.language),
            "end": suggested_end(self.outgoing, self.language),
            "remarks": remarks(self.outgoing, self.language),
            "making": making(self.outgoing, self.language),
        }

    def plates(self) -> Iterator[Entry]:
        """The first records, each with its picture."""
        return (self._entry(rank, hit, True) for rank, hit in islice(self._hits, self.number))

    def others(self, most: int | None = None) -> Iterator[Entry]:
        """The records after those with plates, without pictures; at most so many."""
        return (self._entry(rank, hit, False) for rank, hit in islice(self._hits, most))

    def unlisted(self) -> int:
        """Go through what is left, for its sources; returns how many records that are."""
        count = 0
        for rank, hit in self._hits:
            self._sources.add(rank, hit.payload)
            count += 1
        return count

    def sources(self) -> Iterator[Source]:
        """Where all of them come from."""
        return iter(self._sources)

    def _entry(self, rank: int, hit: Hit, plate: bool) -> Entry:
        self._sources.add(rank, hit.payload)
        payload = hit.payload
        title, link = title_of(payload) or hit.id, text_of(payload, "record_url")
        number = text_of(payload, "object_id") or hit.id
        picture = small_jpeg(self.outgoing, hit, self.pictures, self.pixels) if plate else None
        parts = frames(hit, self._by_hand) if picture else ()
        return Entry(
            rank,
            visible(hit.id),
            visible(title, lines=True),
            visible(number) if number != title else "",
            [*self._told(payload, title)] if plate else [],
            visible(credit_of(payload)),
            link if link.startswith(("http://", "https://")) and not any(map(str.isspace, link)) else "",
            picture,
            shape(picture) if picture else (0, 0),
            parts,
            WORDS[self.language]["framed_chosen" if self._by_hand else "framed_best"] if parts else "",
        )

    def _told(self, payload: Payload, title: str) -> Iterator[tuple[str, str]]:
        for field in self._fields:
            said = _said(payload, field, self._known, self.language)
            if said and said != title:
                label = next((one for one in PLACES if text_of(payload, one)), field) if field == "place" else field
                word = WORDS[self.language][NOTED[field]] if field in NOTED else ""
                yield word or label_of(label, self._known, self.language), visible(said, lines=True)


def _said(payload: Payload, field: str, fields: Fields, language: Language) -> str:
    if field == "date":
        return date_of(payload, language)
    if field == "place":
        return place_of(payload)
    return ", ".join(values(payload, field, fields, language))
