"""The Science Museum Group of the United Kingdom, by the JSON form of its collection's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from archive_search.knobs import knob
from archive_search.types import Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import check_reach, items, listed, offset_pages, total_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://collection.sciencemuseumgroup.org.uk"
IMAGES = "https://coimages.sciencemuseumgroup.org.uk/images/"
_SIZE = 100
_REACH = 50 * _SIZE
"""No search gives a 51st page."""


@dataclass(frozen=True)
class ScienceMuseum(Harvested):
    """Objects of the Science Museum Group whose pictures have a Creative Commons licence."""

    query: str = knob("", "Words", help="What the museums' own search is to find.")
    category: str = knob("", "Category", help="The name of a category, such as 'Classical & Medieval Medicine'.")
    year_from: int | None = knob(None, "From year", low=0, help="Only what was made in this year or later.")
    year_to: int | None = knob(None, "To year", low=0, help="Only what was made in this year or before.")
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")
    _: KW_ONLY
    rate: float = knob(1.0, "Requests a second", low=0.01, high=1000.0, help="Requests a second to one host, at most.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        return origin_of(self.api, **self._asked())

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred objects to a page, 5,000 at most."""

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            asked = {"has_image": 1, "image_license": "CC", **self._asked()}
            asked |= {"page[size]": _SIZE, "page[number]": at // _SIZE}
            answer = client.json(f"{self.api}/search/objects", params=asked)
            found = listed(answer, "data", self.api)
            total = total_of(answer, "meta.count.type.objects", "meta.count.type.all")
            narrower = "query", "category", "year_from", "year_to"
            check_reach(total, _REACH, "The Science Museum Group", narrower)
            return items(found, "id", url=lambda key: f"{self.api}/objects/{key}"), total

        yield from offset_pages(resume, _SIZE, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for each picture with a Creative Commons licence."""
        told = item.content.get("data", item.content) if isinstance(item.content, dict) else {}
        about = next(iter(objects(told, "attributes")), {})
        pictures = [one for media in objects(about, "multimedia") if (one := _picture(media)) is not None]
        id = f"sciencemuseum-{item.key}"
        if about.get("multimedia") and not pictures:
            yield Rejected(id, "", "record", "None of its pictures has a Creative Commons licence.")
            return
        yield from records_of(id, _values(about, text(told, "links.self")), pictures, _extra(about))

    def _asked(self) -> dict[str, Any]:
        asked = {
            "q": self.query,
            "categories": self.category,
            "date[from]": self.year_from,
            "date[to]": self.year_to,
        }
        return {name: value for name, value in asked.items() if value not in ("", None)}


def _picture(media: Mapping[str, Any]) -> Picture | None:
    """The largest JPEG of a picture; None where it has none, or no Creative Commons licence."""
    sizes = next(iter(objects(media, "processed") or objects(media, "@processed")), {})
    place = text(sizes, "large.location", "medium.location", "large_thumbnail.location")
    licence = text(media, "source.legal.rights.usage_terms", "legal.rights.licence", "legal.rights.usage_terms")
    if not place or not re.match(r"cc[\s-]|public domain", licence, re.IGNORECASE):
        return None
    values = {
        "licence": licence,
        "rights_holder": text(media, "source.legal.rights.details", "legal.rights.details"),
        "credit": text(media, "credit", "credit.value"),
    }
    return Picture(place if place.startswith("http") else IMAGES + place, text(media, "admin.uid"), values)


def _values(about: Mapping[str, Any], url: str) -> dict[str, Any]:
    """What the museums say of an object, by field."""
    made = "lifecycle.creation"
    return {
        "object_id": of_museum("SMG", text(about, "identifier.value")),
        "title": text(about, "title.value", "summary_title", "summary.title"),
        "object_type": texts(about, "name.value"),
        "description": max(texts(about, "description.value") or [""], key=len),
        "collection": texts(about, "categories.name"),
        "creator": [one for one in texts(about, f"{made}.maker.summary_title") if not one.startswith("Unknown")],
        "material": texts(about, "material.value", "materials"),
        "measurements": text(about, "measurements.display"),
        # their earliest and latest are not: a vase of 600-200 (BCE) stands as 600 to 583
        "date": text(about, f"{made}.date.value"),
        "origin": texts(about, f"{made}.places.summary_title", f"{made}.places.name.value"),
        "location": texts(about, "facility.name.value") or texts(about, "locations.facilities.summary_title"),
        "credit": text(about, "legal.credit_line"),
        "source": "Science Museum Group",
        "record_url": url,
        "language": "en",
    }


def _extra(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "inventory number": text(about, "identifier.value"),
        "category": texts(about, "categories.value"),
        "inscription": texts(about, "inscription.note.value"),
    }


SOURCES = {"sciencemuseum": ScienceMuseum}
