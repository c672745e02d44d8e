"""Open Context: excavations and surveys as they were published, by its query API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

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

API = "https://opencontext.org/query/"
_SIZE = 100


@dataclass(frozen=True)
class OpenContext(Harvested):
    """Finds, contexts and pictures of excavations that Open Context publishes, where they have a picture."""

    query: str = knob("", "Words", help="What Open Context's own search is to find.")
    project: str = knob("", "Project", help="A project, as addresses name it: 24-murlo.")
    place: str = knob("", "Place", help="Only what is below this context: Italy/Poggio+Civitate.")
    kind: str = knob("subjects", "Kind", help="subjects: finds and contexts; media: pictures by themselves.")
    prop: tuple[str, ...] = knob((), "Property", help="A property, as addresses name it: 24-object-type---24-vessel.")
    year_from: int | None = knob(None, "From year", help="Only what was made in this year or later; BCE negative.")
    year_to: int | None = knob(None, "To year", help="Only what was made in this year or before.")
    width: int = knob(
        1024,
        "Width of pictures",
        low=0,
        high=8192,
        help="Pixels that pictures are wide; 0 takes the thumbnails as given.",
    )
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")
    _: KW_ONLY
    rate: float = knob(1.0, "Requests a second", low=0.01, high=1000.0, help="Requests a second to one host, at most.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        return origin_of(f"{self.api.rstrip('/')}/{self.place}", **self._asked())

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred records to a page, by their place in the answer."""

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            asked = {**self._asked(), "response": "metadata,uri-meta", "rows": _SIZE, "start": at}
            address = f"{self.api.rstrip('/')}/{self.place.strip('/')}.json"
            answer = client.json(address, params=asked)
            found = listed(answer, "oc-api:has-results", self.api)
            return items(found, "uri", "id", url=str), total_of(answer, "totalResults")

        yield from offset_pages(resume, _SIZE, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record: an answer gives one picture of a thing, an item by itself every one."""
        told = item.content
        id = f"opencontext-{item.key.rstrip('/').rpartition('/')[2]}"
        values = _of_item(told) if objects(told, "oc-gen:has-obs") else _of_answer(told)
        addresses = texts(told, "thumbnail", _MEDIA)
        pictures = [Picture(self._larger(one), str(number)) for number, one in enumerate(addresses, 1)]
        yield from records_of(id, values, pictures, _extra(told))

    def _larger(self, thumbnail: str) -> str:
        """The picture that a thumbnail of the Image API shows, as wide as is wanted."""
        return re.sub(r"/full/\d+,/0/", f"/full/{self.width},/0/", thumbnail) if self.width else thumbnail

    def _asked(self) -> dict[str, Any]:
        asked = {
            "q": self.query,
            "proj": self.project,
            "type": self.kind,
            "prop": list(self.prop),
            "allevent-start": self.year_from,
            "allevent-stop": self.year_to,
        }
        return {name: value for name, value in asked.items() if value not in ("", None, [])}


_MEDIA = "oc-gen:has-obs.oc-pred:link.oc-gen:thumbnail-uri"


def _of_answer(told: Any) -> dict[str, Any]:
    """What an answer says of a record, by field."""
    path = [one for one in text(told, "context.label").split("/") if one]
    lat, lon = text(told, "latitude"), text(told, "longitude")
    return {
        "title": text(told, "label"),
        "object_type": texts(told, "Has type.label", "Object type.label", "item category"),
        "collection": text(told, "project.label"),
        "material": [one.removesuffix(" (material)") for one in texts(told, "Consists of.label")],
        "period": texts(told, "Temporal Coverage.label", "Coverage.label"),
        "culture": texts(told, "Origin.label"),
        "date_from": text(told, "early bce/ce"),
        "date_to": text(told, "late bce/ce"),
        "findspot": ", ".join(reversed(path)),
        "point": f"{lat}, {lon}" if lat and lon else "",
        "licence": text(told, "License.id", "License.label"),
        "credit": "; ".join(texts(told, "Creator.label")),
        "source": "Open Context",
        "record_url": text(told, "citation uri", "href", "uri"),
        "language": "en",
    }


def _of_item(told: Any) -> dict[str, Any]:
    """What the file of one item says, in which properties are named by the project: 'oc-pred:material--1'."""
    path = texts(told, "oc-gen:has-context-path.oc-gen:has-path-items.label")
    own = _properties(told)
    pairs = [one.get("coordinates") for one in objects(told, "features.geometry") if one.get("type") == "Point"]
    pair = next((one for one in pairs if isinstance(one, list) and len(one) >= 2), None)
    return {
        "title": text(told, "label"),
        "object_type": own.get("artifact-name") or own.get("object-type") or own.get("type") or [],
        "description": own.get("description", []),
        "collection": text(told, "dc-terms:isPartOf.label"),
        "material": own.get("material", []),
        "culture": own.get("culture", []),
        "period": own.get("period") or texts(told, "dc-terms:temporal.label"),
        "date_from": text(told, "features.when.start"),
        "date_to": text(told, "features.when.stop"),
        "findspot": ", ".join(reversed(path)),
        "point": f"{pair[1]}, {pair[0]}" if pair else "",
        "licence": text(told, "dc-terms:license.id"),
        "credit": "; ".join(texts(told, "dc-terms:contributor.label", "dc-terms:creator.label")),
        "source": "Open Context",
        "record_url": text(told, "id"),
        "language": "en",
    }


def _properties(told: Any) -> dict[str, list[str]]:
    """What was observed, by the bare names of the properties."""
    found: dict[str, list[str]] = {}
    for seen in objects(told, "oc-gen:has-obs"):
        for name, value in seen.items():
            if name.startswith("oc-pred:"):
                bare = name.removeprefix("oc-pred:").partition("--")[0]
                said = [one for path in ("label", "xsd:string") for one in texts(value, path)]
                found.setdefault(bare, []).extend(said or texts({"value": value}, "value"))
    return found


def _extra(told: Any) -> dict[str, Any]:
    return {
        "inventory number": text(told, "label"),
        "item category": text(told, "item category"),
        "subject": texts(told, "Subject.label"),
        **{name: said for name, said in _properties(told).items() if name not in ("description", "material")},
    }


SOURCES = {"opencontext": OpenContext}
