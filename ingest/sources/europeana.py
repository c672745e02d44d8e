"""Europeana, by its Search API: what thousands of museums, libraries and archives have given it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import quote

from archive_search.knobs import knob
from archive_search.types import InvalidInputError, Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import items, listed, total_of
from ingest.harvest.pictured import Picture, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://api.europeana.eu/record/v2/search.json"
KEY = "EUROPEANA_KEY"
"""The environment variable with the key; a key on the command line could be read by anybody on the machine."""
_THUMBNAIL = "https://api.europeana.eu/api/v2/thumbnail-by-url.json?type=IMAGE&uri="
_SIZE = 100


@dataclass(frozen=True)
class Europeana(Harvested):
    """
    Pictures that Europeana finds, from the museums, libraries and archives that publish through it.

    It needs a key of your own in the environment variable EUROPEANA_KEY.
    """

    tells_changes: ClassVar[bool] = True

    query: str = knob(
        "*",
        "Words",
        help="What Europeana is to find, in its query language: 'fibula AND who:unknown'; * is everything.",
    )
    qf: tuple[str, ...] = knob(
        (), "Narrower", help='A further condition, such as COUNTRY:Denmark or DATA_PROVIDER:"...".'
    )
    reusability: Literal["open", "restricted", "permission", "any"] = knob(
        "open",
        "May be used",
        help=(
            "How pictures may be used. open: also commercially and changed; restricted: with limits; permission: by "
            "who asks first; any: all of these."
        ),
    )
    theme: str = knob("", "Theme", help="A theme, such as archaeology, art or fashion.")
    pictures: Literal["provider", "thumbnail"] = knob(
        "provider",
        "Pictures from",
        help="provider: as the museum has them; thumbnail: Europeana's own smaller copies, which are always there.",
    )
    language: tuple[str, ...] = knob(("en",), "Language", help="Preferred languages of records, the first one first.")
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it, without the key."""
        return origin_of(self.api, query=self.query, qf=self.qf, reusability=self.reusability, theme=self.theme)

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred records to a page; `resume` is the service's cursor, of which nothing is known."""
        key = os.environ.get(KEY, "")
        if not key:
            raise InvalidInputError(
                f"Europeana answers only who has a key: ask for one at https://pro.europeana.eu/pages/get-api, and "
                f"set the environment variable {KEY} to it."
            )
        narrower = [*self.qf, "TYPE:IMAGE"]
        if since:
            narrower.append(f"timestamp_update:[{since[:19]}Z TO *]")
        cursor = resume or "*"
        while cursor:
            asked: dict[str, Any] = {"wskey": key, "query": self.query, "qf": narrower, "rows": _SIZE}
            asked |= {"media": "true", "thumbnail": "true", "profile": "rich", "cursor": cursor}
            if self.reusability != "any":
                asked["reusability"] = self.reusability
            if self.theme:
                asked["theme"] = self.theme
            answer = client.json(self.api, params=asked)
            found = listed(answer, "items", self.api)
            behind = text(answer, "nextCursor")
            cursor = behind if found and behind != cursor else ""
            records = items(
                [_without_key(one) for one in found], "id", url=lambda id: f"https://www.europeana.eu/item{id}"
            )
            yield Page(records, cursor, total_of(answer, "totalResults"))

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for each picture that the provider shows."""
        told = item.content
        addresses = texts(told, "edmIsShownBy")
        if self.pictures == "thumbnail":
            addresses = [_THUMBNAIL + quote(one, safe="") for one in addresses] or texts(told, "edmPreview")
        pictures = [Picture(one, str(number)) for number, one in enumerate(addresses, 1)]
        yield from records_of(f"europeana{item.key}", self._values(told, item.key), pictures, _extra(told))

    def _values(self, told: Any, key: str) -> dict[str, Any]:
        """What Europeana says of a record, by field."""
        lat, lon = text(told, "edmPlaceLatitude"), text(told, "edmPlaceLongitude")
        spoken = texts(told, "dcLanguage", "language")
        return {
            "object_id": key,
            "title": self._said(told, "dcTitleLangAware", "title")[:1],
            "object_type": self._said(told, "dcTypeLangAware"),
            "description": "\n\n".join(self._said(told, "dcDescriptionLangAware", "dcDescription")),
            "collection": texts(told, "europeanaCollectionName")[:1],
            "creator": self._said(told, "edmAgentLabelLangAware", "dcCreatorLangAware", "dcCreator"),
            "material": self._said(told, "dctermsMediumLangAware", "dctermsMedium"),
            "period": self._periods(told),
            "date": text(told, "year", "dctermsCreated", "dcDate"),
            "place": self._said(told, "edmPlaceLabelLangAware", "dctermsSpatialLangAware", "dctermsSpatial"),
            "point": f"{lat}, {lon}" if lat and lon and len(texts(told, "edmPlaceLatitude")) == 1 else "",
            "location": texts(told, "dataProvider")[:1],
            "licence": text(told, "rights"),
            "credit": texts(told, "dataProvider")[:1],
            "source": texts(told, "provider")[:1] or "Europeana",
            "record_url": text(told, "edmIsShownAt") or f"https://www.europeana.eu/item{key}",
            "language": spoken if len(spoken) == 1 else [],
        }

    def _said(self, told: Any, *names: str) -> list[str]:
        """The texts under the first name that has any, in the wanted language where they are told apart; no links."""
        for name in names:
            for aware in objects(told, name) or [{"": told.get(name)} if isinstance(told, dict) else {}]:
                for language in (*self.language, "def", "en", *aware):
                    found = [one for one in texts(aware, language) if not one.startswith(("http://", "https://"))]
                    if found:
                        return found
        return []

    def _periods(self, told: Any) -> list[str]:
        """The names of times that are words: of the numbers and patterns beside them (184?) the year tells more."""
        found = self._said(told, "edmTimespanLabelLangAware")
        return [one for one in found if any(sign.isalpha() for sign in one)][:3]


def _without_key(record: Any) -> Any:
    """A record whose links do not tell the key of who asked."""
    if not isinstance(record, dict):
        return record
    kept = {name: value for name, value in record.items() if name not in ("link", "guid")}
    return {**kept, "guid": text(record, "guid").partition("?")[0]} if "guid" in record else kept


def _extra(told: Any) -> dict[str, Any]:
    return {
        "country": texts(told, "country"),
        "data provider": texts(told, "dataProvider"),
        "subject": texts(told, "edmConceptPrefLabelLangAware.en", "dcSubjectLangAware.en"),
    }


SOURCES = {"europeana": Europeana}
