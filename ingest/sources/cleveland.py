"""The Cleveland Museum of Art, by its Open Access API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from archive_search.knobs import knob
from archive_search.types import Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import items, listed, offset_pages, total_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://openaccess-api.clevelandart.org/api/artworks/"
_SIZE = 100


@dataclass(frozen=True)
class Cleveland(Harvested):
    """Works of the Cleveland Museum of Art whose pictures are CC0, with every picture of them."""

    query: str = knob("", "Words", help="What the museum's own search is to find; without words, everything.")
    department: str = knob("", "Department", help="The name of a department, such as 'Greek and Roman Art'.")
    kind: str = knob("", "Kind", help="The type of artwork, such as Sculpture or Ceramic.")
    year_from: int | None = knob(None, "From year", help="Only what was made after this year; BCE negative.")
    year_to: int | None = knob(None, "To year", help="Only what was made before this year.")
    size: Literal["web", "print"] = knob(
        "web", "Size of pictures", help="web: pictures of 900 pixels or so; print: of 3400."
    )
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        return origin_of(self.api, **self._asked())

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred works to a page, by their place in the answer."""

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            asked = {"cc0": 1, "has_image": 1, **self._asked(), "limit": _SIZE, "skip": at}
            answer = client.json(self.api, params=asked)
            works = items(listed(answer, "data", self.api), "id", url=lambda key: f"{self.api}{key}")
            return works, total_of(answer, "info.total")

        yield from offset_pages(resume, _SIZE, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for the main picture and each alternative one."""
        told = item.content
        id = f"cleveland-{item.key}"
        if text(told, "share_license_status").upper() != "CC0":
            yield Rejected(id, "", "record", "The museum does not say that its pictures are CC0.")
            return
        sets = [*objects(told, "images"), *objects(told, "alternate_images")]
        sizes = ("print", "web", "full") if self.size == "print" else ("web", "print", "full")
        addresses = [text(one, *(f"{size}.url" for size in sizes)) for one in sets]
        yield from records_of(id, _values(told), [Picture(one) for one in addresses if one], _extra(told))

    def _asked(self) -> dict[str, Any]:
        asked = {
            "q": self.query,
            "department": self.department,
            "type": self.kind,
            "created_after": self.year_from,
            "created_before": self.year_to,
        }
        return {name: value for name, value in asked.items() if value not in ("", None)}


def _values(told: Any) -> dict[str, Any]:
    """What the museum says of a work, by field."""
    return {
        "object_id": of_museum("CMA", text(told, "accession_number")),
        "title": text(told, "title"),
        "object_type": text(told, "type"),
        "description": text(told, "description", "wall_description", "digital_description"),
        "collection": text(told, "department"),
        "creator": texts(told, "creators.description"),
        "material": texts(told, "support_materials.description"),
        "technique": text(told, "technique"),
        "culture": texts(told, "culture"),
        "measurements": text(told, "measurements"),
        "date": text(told, "creation_date"),
        "date_from": text(told, "creation_date_earliest"),
        "date_to": text(told, "creation_date_latest"),
        "findspot": text(told, "find_spot"),
        "location": "The Cleveland Museum of Art",
        "licence": "CC0",
        "credit": text(told, "creditline"),
        "source": "The Cleveland Museum of Art",
        "record_url": text(told, "url"),
        "language": "en",
    }


def _extra(told: Any) -> dict[str, Any]:
    return {
        "inventory number": text(told, "accession_number"),
        "collection": text(told, "collection"),
        "gallery": text(told, "current_location"),
        "series": text(told, "series"),
        "did you know": text(told, "did_you_know", "fun_fact"),
        "inscriptions": texts(told, "inscriptions.inscription"),
    }


SOURCES = {"cleveland": Cleveland}
