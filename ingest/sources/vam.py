"""The Victoria and Albert Museum, London, by its API (version 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive_search.knobs import knob
from archive_search.types import Record
from ingest.harvest.answers import AnswerError
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import check_reach, items, listed, offset_pages, total_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://api.vam.ac.uk/v2"
IIIF = "https://framemark.vam.ac.uk/collections/"
_SIZE = 100
_REACH = 10_000


@dataclass(frozen=True)
class Vam(Harvested):
    """
    Objects of the Victoria and Albert Museum that have a picture.

    The service names no licence: the museum's own terms hold, which allow private study and teaching, not everything.
    """

    query: str = knob("", "Words", help="What the museum's own search is to find.")
    kind: str = knob("", "Kind", help="The type of object, such as Tile or Brooch.")
    place: str = knob("", "Place", help="Where it was made, such as Iran.")
    year_from: int | None = knob(None, "From year", help="Only what was made in this year or later; BCE negative.")
    year_to: int | None = knob(None, "To year", help="Only what was made in this year or before.")
    details: bool = knob(
        True, "Details", help="Ask for every object by itself: materials, descriptions, all pictures; one request each."
    )
    width: int = knob(
        1024,
        "Width of pictures",
        low=64,
        high=8192,
        help="Pixels that pictures are wide; none is made larger than it is.",
    )
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        return origin_of(self.api, **self._asked())

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred objects to a page; twenty where each is asked for by itself."""
        size = 20 if self.details else _SIZE

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            asked = {"images_exist": 1, **self._asked(), "page_size": size, "page": at // size + 1}
            answer = client.json(f"{self.api}/objects/search", params=asked)
            found = listed(answer, "records", self.api)
            total = total_of(answer, "info.record_count")
            check_reach(total, _REACH, "The V&A", ("query", "kind", "place", "year_from", "year_to"))
            told = items(found, "systemNumber", url=lambda key: f"{self.api}/museumobject/{key}")
            if self.details:
                told = [self._object(client, one) if isinstance(one, Item) else one for one in told]
            return told, total

        yield from offset_pages(resume, size, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for each picture; without the details of an object only its main one is known."""
        told = item.content
        names = texts(told, "record.images", "_primaryImageId")
        base = text(told, "meta.images._iiif_image", "_images._iiif_image_base_url")
        addresses = [(one, f"{IIIF}{one}/") for one in names] or ([("", base)] if base else [])
        pictures = [
            Picture(f"{address.rstrip('/')}/full/!{self.width},{self.width}/0/default.jpg", name)
            for name, address in addresses
        ]
        record = told["record"] if isinstance(told, dict) and "record" in told else told
        yield from records_of(f"vam-{item.key}", _values(record, item.key), pictures, _extra(record))

    def _object(self, client: Client, item: Item) -> Item:
        """The object by itself; as the search told it where it is not there."""
        try:
            answer = client.json(item.url)
        except AnswerError as error:
            if error.status not in (404, 410):
                raise
            return item
        return Item(item.key, answer, item.url)

    def _asked(self) -> dict[str, Any]:
        asked = {
            "q": self.query,
            "q_object_type": self.kind,
            "q_place_name": self.place,
            "year_made_from": self.year_from,
            "year_made_to": self.year_to,
        }
        return {name: value for name, value in asked.items() if value not in ("", None)}


def _values(told: Any, key: str) -> dict[str, Any]:
    """What the museum says of an object, by field: by itself, or as a search tells it."""
    sizes = "; ".join(
        f"{text(one, 'dimension')} {text(one, 'value')} {text(one, 'unit')}"
        for one in (told.get("dimensions") or [] if isinstance(told, dict) else [])
        if text(one, "value")
    )
    makers = [
        one
        for name in ("artistMakerPerson", "artistMakerPeople", "artistMakerOrganisations")
        for one in texts(told, f"{name}.name.text")
    ]
    return {
        "object_id": of_museum("V&A", text(told, "accessionNumber")),
        "title": text(told, "titles.title", "_primaryTitle", "objectType"),
        "object_type": text(told, "objectType"),
        "description": "\n\n".join(
            one
            for name in ("summaryDescription", "briefDescription", "physicalDescription")
            if (one := text(told, name))
        ),
        "collection": text(told, "collectionCode.text"),
        "creator": [one for one in makers or texts(told, "_primaryMaker.name") if one.casefold() != "unknown"],
        "material": texts(told, "materials.text", "materialsAndTechniques"),
        "technique": texts(told, "techniques.text"),
        "culture": texts(told, "styles.text"),
        "measurements": sizes or text(told, "dimensionsNote"),
        "date": text(told, "productionDates.date.text", "_primaryDate"),
        "date_from": text(told, "productionDates.date.earliest").partition("-")[0],
        "date_to": text(told, "productionDates.date.latest").partition("-")[0],
        "origin": texts(told, "placesOfOrigin.place.text", "_primaryPlace"),
        "location": "Victoria and Albert Museum",
        "rights_holder": "Victoria and Albert Museum, London",
        "credit": text(told, "creditLine") or "© Victoria and Albert Museum, London",
        "source": "Victoria and Albert Museum",
        "record_url": f"https://collections.vam.ac.uk/item/{key}/",
        "language": "en",
    }


def _extra(told: Any) -> dict[str, Any]:
    return {
        "inventory number": text(told, "accessionNumber"),
        "gallery": text(told, "galleryLocations.current.text", "_currentLocation.displayName"),
        "categories": texts(told, "categories.text"),
        "marks and inscriptions": texts(told, "marksAndInscriptions.content"),
        "materials and techniques": text(told, "materialsAndTechniques"),
    }


SOURCES = {"vam": Vam}
