"""The Metropolitan Museum of Art, New York, by its Collection API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from archive_search.knobs import knob
from archive_search.types import InvalidInputError, Record, SourceError
from ingest.harvest.answers import AnswerError
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://collectionapi.metmuseum.org/public/collection/v1"
_TOGETHER = 20


@dataclass(frozen=True)
class Met(Harvested):
    """
    Objects of The Metropolitan Museum of Art, New York, that are in the public domain, with all their pictures.

    The service gives the numbers of all objects that are asked for at once, and then one object for each request.
    """

    tells_changes: ClassVar[bool] = True

    query: str = knob("", "Words", help="What the museum's own search is to find; without words, whole departments.")
    department: tuple[int, ...] = knob((), "Department", help="The number of a department: 10 is Egyptian Art.")
    year_from: int | None = knob(
        None, "From year", help="With words: made in this year or later, BCE negative; needs a last year too."
    )
    year_to: int | None = knob(None, "To year", help="With words: made in this year or before; needs a first year too.")
    place: str = knob("", "Place", help="With words: where things are from, such as Egypt.")
    size: Literal["large", "original"] = knob(
        "large",
        "Size of pictures",
        help="large: pictures of about 800 pixels; original: as the museum has them.",
    )
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")
    _: KW_ONLY
    rate: float = knob(
        1.0,
        "Requests a second",
        low=0.01,
        high=1000.0,
        help="Requests a second; with more than 1 a wall before the service refuses all for half a minute.",
    )

    def __post_init__(self) -> None:
        if (self.year_from is None) != (self.year_to is None):
            raise InvalidInputError(
                "The Met's search takes a first and a last year, or neither.", settings=("year_from", "year_to")
            )
        if (self.year_from is not None or self.place) and not self.query:
            raise InvalidInputError("To ask for years or a place the Met's search needs words.", settings=("query",))
        if len(self.department) > 1 and self.query:
            raise InvalidInputError("With words the Met's search takes one department.", settings=("department",))

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        years = "" if self.year_from is None else f"{self.year_from}/{self.year_to}"
        return origin_of(self.api, query=self.query, department=self.department, years=years, place=self.place)

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """Twenty objects to a page, by their numbers; `resume` is the number of the last."""
        numbers = self._numbers(client, since)
        left = [one for one in numbers if one > int(resume or -1)]
        for start in range(0, len(left), _TOGETHER):
            some = left[start : start + _TOGETHER]
            last = start + _TOGETHER >= len(left)
            yield Page([self._object(client, one) for one in some], "" if last else str(some[-1]), len(numbers))
        if not left:
            yield Page((), "", len(numbers))

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for the main picture and each additional one."""
        told = item.content
        id = f"met-{item.key}"
        if not isinstance(told, dict) or told.get("isPublicDomain") is not True:
            yield Rejected(id, "", "record", "The museum does not say that it is in the public domain: no pictures.")
            return
        addresses = [*texts(told, "primaryImage", "primaryImageSmall"), *texts(told, "additionalImages")]
        if self.size == "large":
            addresses = [one.replace("/original/", "/web-large/") for one in addresses]
        yield from records_of(id, _values(told), [Picture(one) for one in addresses], _extra(told))

    def _numbers(self, client: Client, since: str) -> list[int]:
        """The numbers of all objects that were asked for and have changed, ascending."""
        found: set[int] | None = None
        if self.query:
            asked: dict[str, Any] = {"q": self.query, "hasImages": "true"}
            if self.department:
                asked["departmentId"] = self.department[0]
            if self.year_from is not None:
                asked |= {"dateBegin": self.year_from, "dateEnd": self.year_to}
            if self.place:
                asked["geoLocation"] = self.place
            found = self._ids(client.json(f"{self.api}/search", params=asked))
        if since or not self.query:
            asked = {"metadataDate": since[:10]} if since else {}
            if self.department:
                asked["departmentIds"] = "|".join(map(str, self.department))
            listed = self._ids(client.json(f"{self.api}/objects", params=asked))
            found = listed if found is None else found & listed
        return sorted(found or ())

    def _ids(self, answer: Any) -> set[int]:
        """The numbers in an answer; where nothing is found the service says null."""
        if not isinstance(answer, dict) or "objectIDs" not in answer:
            raise SourceError(f"{self.api} answers without 'objectIDs': {text(answer, 'message')}".rstrip(": ") + ".")
        return {int(one) for one in texts(answer, "objectIDs") if one.isascii() and one.isdigit() and len(one) < 16}

    def _object(self, client: Client, number: int) -> Item | Rejected:
        url = f"{self.api}/objects/{number}"
        try:
            return Item(str(number), client.json(url), url)
        except AnswerError as error:
            if error.status not in (404, 410):
                raise
            return Item(str(number), None, url, removed=True)


def _values(told: dict[str, Any]) -> dict[str, Any]:
    """What the museum says of an object, by field."""
    where = [text(told, name) for name in ("locale", "subregion", "region", "city", "state", "county", "country")]
    # what the museum says of geography is where it is from, found or made
    kind = {"From": "findspot", "Made in": "origin"}.get(text(told, "geographyType"), "place")
    makers = [one.get("name") or "" for one in told.get("constituents") or () if isinstance(one, dict)] or texts(
        told, "artistDisplayName"
    )
    return {
        "object_id": of_museum("Met", text(told, "accessionNumber")),
        "title": text(told, "title", "objectName"),
        "object_type": texts(told, "objectName", "classification"),
        "collection": text(told, "department"),
        "creator": makers,
        "material": text(told, "medium"),
        "period": [one for name in ("period", "dynasty", "reign") if (one := text(told, name))],
        "culture": text(told, "culture"),
        "measurements": text(told, "dimensions"),
        "date": text(told, "objectDate"),
        "date_from": text(told, "objectBeginDate"),
        "date_to": text(told, "objectEndDate"),
        kind: ", ".join(dict.fromkeys(one for one in where if one)),
        "location": text(told, "repository"),
        "licence": "CC0",
        "credit": text(told, "creditLine"),
        "source": "The Metropolitan Museum of Art",
        "record_url": text(told, "objectURL"),
        "language": "en",
    }


def _extra(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "inventory number": text(told, "accessionNumber"),
        "classification": text(told, "classification"),
        "excavation": text(told, "excavation"),
        "gallery": text(told, "GalleryNumber"),
        "tags": texts(told, "tags.term", "tags"),
    }


SOURCES = {"met": Met}
