"""The Portable Antiquities Scheme of England and Wales (finds.org.uk), by the JSON form of its searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from archive_search.knobs import knob
from archive_search.metadata.dates.periods import periods_of
from archive_search.types import Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import items, listed, offset_pages, total_of
from ingest.harvest.pictured import Picture, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import text
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

SITE = "https://finds.org.uk/"
_SIZE = 100
_PERIODS = periods_of("britain")


@dataclass(frozen=True)
class Pas(Harvested):
    """
    Finds that the Portable Antiquities Scheme has recorded, with one picture each.

    Find-spots are as vague as the scheme publishes them, a square kilometre at best.
    """

    query: str = knob("", "Words", help="What the scheme's own search is to find.")
    kind: str = knob("", "Kind", help="The type of object, such as BROOCH.")
    period: str = knob("", "Period", help="The broad period, such as BRONZE AGE or EARLY MEDIEVAL.")
    county: str = knob("", "County", help="The county where things were found, such as Norfolk.")
    api: str = knob(SITE, "Address of the service", help="Another address, of a server that answers alike.")
    _: KW_ONLY
    rate: float = knob(1.0, "Requests a second", low=0.01, high=1000.0, help="Requests a second to one host, at most.")

    @property
    def origin(self) -> str:
        """The service and what was asked of it."""
        return origin_of(self.api, query=self.query, kind=self.kind, period=self.period, county=self.county)

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred finds to a page; what is asked stands in pairs in the address."""
        asked = {"q": self.query, "objecttype": self.kind, "broadperiod": self.period, "county": self.county}
        pairs = "".join(f"{name}/{quote_plus(value)}/" for name, value in asked.items() if value)
        at_record = f"{self.api}database/artefacts/record/id/"

        def ask(at: int) -> tuple[list[Item | Rejected], int | None]:
            number = at // _SIZE + 1
            answer = client.json(
                f"{self.api}database/search/results/{pairs}thumbnail/1/show/{_SIZE}/page/{number}/format/json"
            )
            finds = listed(answer, "results", self.api)
            return items(finds, "id", "old_findID", url=lambda key: at_record + key), total_of(
                answer, "meta.totalResults"
            )

        yield from offset_pages(resume, _SIZE, ask)

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record: the scheme's answer names one picture of a find, which need not be the main one."""
        told = item.content["record"] if isinstance(item.content, dict) and "record" in item.content else item.content
        told = told[0] if isinstance(told, list) and told else told
        folder, name = text(told, "imagedir"), text(told, "filename")
        address = f"{self.api}{quote(folder.strip('/'))}/{quote(name)}" if folder and name else text(told, "imageURL")
        yield from records_of(
            f"pas-{item.key}", _values(told), [Picture(address)] if address else [], _extra(told), _PERIODS
        )


def _values(told: Any) -> dict[str, Any]:
    """What the scheme says of a find, by field; records, answers and tables have names of their own for some."""
    lat, lon = text(told, "fourFigureLat"), text(told, "fourFigureLon")
    kind = text(told, "objecttype", "objectType")
    where = (text(told, "knownas"), text(told, "parish"), text(told, "district"), text(told, "county"))
    number = text(told, "id")
    return {
        "object_id": text(told, "old_findID", "PASID"),
        "title": text(told, "imageLabel") or _small(kind),
        "object_type": _small(kind),
        "description": "\n\n".join(one for name in ("description", "notes") if (one := text(told, name))),
        "material": [
            one
            for names in (("primaryMaterial", "materialTerm"), ("secondaryMaterial", "secondaryMaterialTerm"))
            if (one := text(told, *names))
        ],
        "technique": text(told, "manufacture"),
        "period": _small(text(told, "broadperiod")),
        "culture": text(told, "ascribedCulture", "culture"),
        "date_from": text(told, "numdate1", "fromdate"),
        "date_to": text(told, "numdate2", "todate"),
        **{f"{name}_mm": text(told, name) for name in ("length", "height", "width", "diameter")},
        "depth_mm": text(told, "thickness"),
        "weight_g": text(told, "weight"),
        "findspot": ", ".join(dict.fromkeys(one for one in where if one)),
        "place": text(told, "region", "regionName"),
        "point": f"{lat}, {lon}" if lat and lon else "",
        "licence": text(told, "imageLicense"),
        "rights_holder": text(told, "imageCopyrightHolder"),
        "source": "Portable Antiquities Scheme",
        "record_url": f"{SITE}database/artefacts/record/id/{number}" if number else "",
        "language": "en",
    }


def _small(said: str) -> str:
    """BRIDLE BIT as Bridle bit; what is not all in capitals stays."""
    return said.capitalize() if said.isupper() else said


def _extra(told: Any) -> dict[str, Any]:
    names = {
        "classification": "classification",
        "completeness": "completeness",
        "preservation": "preservation",
        "decoration": "decoration",
        "discmethod": "found with",
        "discoveryContext": "found with",
        "quantity": "quantity",
        "denomination": "denomination",
        "primaryRuler": "ruler",
        "mintName": "mint",
        "obverseInscription": "obverse inscription",
        "reverseInscription": "reverse inscription",
        "TID": "treasure case",
        "treasureID": "treasure case",
    }
    return {name: said for key, name in names.items() if (said := text(told, key))}


SOURCES = {"pas": Pas}
