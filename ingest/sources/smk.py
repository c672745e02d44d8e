"""Statens Museum for Kunst, the National Gallery of Denmark, by its open API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from archive_search.knobs import knob
from archive_search.types import Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import items, listed, offset_pages, total_of
from ingest.harvest.pictured import Picture, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://api.smk.dk/api/v1/art"
_SIZE = 100


@dataclass(frozen=True)
class Smk(Harvested):
    """Works of Statens Museum for Kunst, Copenhagen, that are in the public domain and have a picture."""

    query: str = knob("", "Words", help="What the museum's own search is to find; without words, everything.")
    kind: str = knob("", "Kind", help="The Danish name of a kind of object, such as maleri or kobberstik.")
    language: Literal["da", "en"] = knob(
        "da", "Language", help="The language of records; not every word is there in English."
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
        return origin_of(self.api, query=self.query, kind=self.kind)

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred works to a page, by their inventory numbers."""
        wanted = ["[has_image:true]", "[public_domain:true]"]
        if self.kind:
            wanted.append(f"[object_names:{self.kind}]")

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            asked = {
                "keys": self.query or "*",
                "filters": ",".join(wanted),
                "lang": self.language,
                "sort": "object_number",
                "sort_type": "asc",
                "offset": at,
                "rows": _SIZE,
            }
            answer = client.json(f"{self.api}/search/", params=asked)
            works = listed(answer, "items", self.api)
            at_api = f"{self.api}/?object_number="
            return items(works, "object_number", "id", url=lambda key: at_api + key), total_of(answer, "found")

        yield from offset_pages(resume, _SIZE, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for the main picture and each alternative one."""
        told = item.content
        id = f"smk-{item.key}"
        if not isinstance(told, dict) or told.get("public_domain") is not True:
            yield Rejected(id, "", "record", "The museum does not say that it is in the public domain.")
            return
        pictures = [self._picture(text(told, "image_iiif_id"), text(told, "image_thumbnail", "image_native"))]
        others = objects(told, "alternative_images")
        pictures += [self._picture(text(one, "iiif_id"), text(one, "thumbnail", "native")) for one in others]
        yield from records_of(id, self._values(told), [one for one in pictures if one.address], _extra(told))

    def _picture(self, iiif: str, otherwise: str) -> Picture:
        name = iiif.rpartition("/")[2].partition(".")[0]
        return Picture(f"{iiif}/full/!{self.width},/0/default.jpg" if iiif else otherwise, name)

    def _values(self, told: dict[str, Any]) -> dict[str, Any]:
        """What the museum says of a work, by field."""
        sizes = [
            f"{text(one, 'part')}: {_SIZES.get(text(one, 'type'), text(one, 'type'))} "
            f"{text(one, 'value')} {text(one, 'unit')}".removeprefix(": ")
            for one in objects(told, "dimensions")
        ]
        number = text(told, "object_number")
        return {
            "object_id": number,
            "title": text(told, "titles.title"),
            "object_type": texts(told, "object_names.name"),
            "description": "\n\n".join([*texts(told, "content_description"), *texts(told, "labels.text")]),
            "collection": texts(told, "collection"),
            "creator": texts(told, "production.creator", "artist"),
            "material": texts(told, "materials"),
            "technique": texts(told, "techniques"),
            "measurements": "; ".join(sizes),
            "date": text(told, "production_date.period"),
            "date_from": _year(text(told, "production_date.start")),
            "date_to": _year(text(told, "production_date.end")),
            "origin": texts(told, "production.creator_place", "geo_location"),
            "location": "Statens Museum for Kunst",
            "licence": text(told, "rights") or "CC0",
            "credit": text(told, "credit_line"),
            "source": "Statens Museum for Kunst",
            "record_url": text(told, "frontend_url") or f"https://open.smk.dk/artwork/image/{number}",
            "language": self.language,
        }


_SIZES = {"hojde": "H.", "højde": "H.", "bredde": "B.", "dybde": "D.", "diameter": "Diam.", "vaegt": "Vægt"}


def _year(said: str) -> str:
    """The year of a moment such as 1479-11-29T00:00:00.000Z."""
    return said.partition("T")[0].rsplit("-", 2)[0]


def _extra(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "department": text(told, "responsible_department"),
        "inscriptions": texts(told, "inscriptions.content"),
        "subject": texts(told, "content_subject"),
        "notes on the date": texts(told, "production_dates_notes"),
    }


SOURCES = {"smk": Smk}
