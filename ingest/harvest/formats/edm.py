"""The Europeana Data Model: one record (`rdf:RDF`) as records, one per picture of its aggregation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive_search.types import Record
from ingest.harvest.formats import dublin_core
from ingest.harvest.languages import one_of
from ingest.harvest.links import is_address, kind_of, link_of
from ingest.harvest.meaning import metadata_of
from ingest.harvest.xml import XML_LANG, Element, local, words
from ingest.source import Rejected

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TAG = f"{{{RDF}}}RDF"

_NS = {
    "rdf": RDF,
    "edm": "http://www.europeana.eu/schemas/edm/",
    "ore": "http://www.openarchives.org/ore/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "ebucore": "http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dc": dublin_core.ELEMENTS,
    "dcterms": dublin_core.TERMS,
}
_ABOUT, _RESOURCE = f"{{{RDF}}}about", f"{{{RDF}}}resource"
_NO_PICTURES = ("TEXT", "SOUND", "VIDEO", "3D")


def records_of(root: Element, key: str, languages: Sequence[str]) -> Iterator[Record | Rejected]:
    """
    The records of an EDM record: `edm:isShownBy`, then each `edm:hasView`; of what is no picture `edm:object`.

    What is said is that of `edm:ProvidedCHO` and of the proxies, the provider's before Europeana's own.
    """
    whole = root.find("ore:Aggregation", _NS)
    if whole is None:
        yield Rejected(key, "", "record", "the EDM record has no ore:Aggregation, which would name its pictures")
        return
    resources = {str(one.get(_ABOUT, "")): one for one in root.iterfind("edm:WebResource", _NS)}
    pictures = list(_pictures(root, whole, resources))
    if not pictures:
        yield Rejected(key, "", "record", "the record links no picture (edm:isShownBy, edm:hasView, edm:object)")
        return
    known = _Known(root, languages)
    said = _said(root, known)
    values, extra = dublin_core.values_of(said, key, languages)
    shared = values | _kept(root, whole, known, values) | {"point": known.point}
    for number, picture in enumerate(pictures, 1):
        own = _own(resources.get(picture), languages)
        metadata = metadata_of({**shared, **own, "image_url": picture}, extra | {"concepts": known.concepts})
        yield Record(key if number == 1 else f"{key}/{number}", picture, metadata)


class _Known:
    """The concepts, people, places and times that a record describes beside the object, by their address."""

    def __init__(self, root: Element, languages: Sequence[str]) -> None:
        self.labels: dict[str, str] = {}
        self.point = ""
        for one in root:
            if not isinstance(one.tag, str) or local(one) not in (
                "Concept",
                "Agent",
                "Place",
                "TimeSpan",
                "Organization",
            ):
                continue
            labels = [*one.iterfind("skos:prefLabel", _NS), *one.iterfind("foaf:name", _NS)]
            said = [(str(label.get(XML_LANG, "")), words(label)) for label in labels]
            self.labels[str(one.get(_ABOUT, ""))] = one_of(said, languages)
            latitude, longitude = words(one.find("geo:lat", _NS)), words(one.find("geo:long", _NS))
            if local(one) == "Place" and latitude and longitude and not self.point:
                self.point = f"{latitude}, {longitude}"
        self.concepts: list[str] = []

    def label(self, element: Element) -> str:
        """What an element says: its text, else the label of what it names by address."""
        address = str(element.get(_RESOURCE, ""))
        if address and address not in self.concepts and is_address(address):
            self.concepts.append(address)
        return words(element) or self.labels.get(address, "")


def _said(root: Element, known: _Known) -> dict[str, list[tuple[str, str]]]:
    """What Dublin Core says of the object, by term, with languages."""
    proxies = sorted(
        root.iterfind("ore:Proxy", _NS), key=lambda one: words(one.find("edm:europeanaProxy", _NS)) == "true"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for held in (*root.iterfind("edm:ProvidedCHO", _NS), *proxies):
        for one in held:
            if isinstance(one.tag, str) and one.tag.startswith((f"{{{_NS['dc']}}}", f"{{{_NS['dcterms']}}}")):
                texts = found.setdefault(local(one), [])
                if (text := known.label(one)) and (str(one.get(XML_LANG, "")), text) not in texts:
                    texts.append((str(one.get(XML_LANG, "")), text))
    return found


def _kept(root: Element, whole: Element, known: _Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the aggregation says: page, licence, and who keeps and gives the record."""
    keeper = known.label(one) if (one := whole.find("edm:dataProvider", _NS)) is not None else ""
    giver = known.label(one) if (one := whole.find("edm:provider", _NS)) is not None else ""
    where = next((one for held in root for one in held.iterfind("edm:currentLocation", _NS)), None)
    return {
        "licence": _resource(whole.find("edm:rights", _NS)) or values.get("licence"),
        "record_url": _resource(whole.find("edm:isShownAt", _NS)) or values.get("record_url"),
        "location": ("" if where is None else known.label(where)) or keeper or values.get("location"),
        "source": giver or keeper or values.get("source"),
    }


def _own(resource: Element | None, languages: Sequence[str]) -> dict[str, Any]:
    """What is said of a picture alone: its own licence and credit come before the record's."""
    if resource is None:
        return {}
    licence = _resource(resource.find("edm:rights", _NS))
    stated = dublin_core.rights_of(dublin_core.said_of(resource).get("rights", ()), languages)
    own = {"licence": licence or stated["licence"], "credit": stated["credit"]}
    if licence and stated["licence"] and stated["licence"] != licence:
        own["credit"] = "; ".join(filter(None, (stated["licence"], stated["credit"])))
    return {name: value for name, value in own.items() if value}


def _resource(element: Element | None) -> str:
    return "" if element is None else link_of(str(element.get(_RESOURCE) or words(element)))


def _pictures(root: Element, whole: Element, resources: Mapping[str, Element]) -> Iterator[str]:
    """The addresses of the pictures, each once."""
    kind = next((words(one) for held in root for one in held.iterfind("edm:type", _NS)), "").upper()
    seen = set()
    for name in ("isShownBy", "hasView"):
        for one in whole.iterfind(f"edm:{name}", _NS):
            link = _resource(one)
            resource = resources.get(link)
            told = "" if resource is None else words(resource.find("ebucore:hasMimeType", _NS))
            what = kind_of(link, told)
            if is_address(link) and link not in seen and (what == "picture" or (not what and kind not in _NO_PICTURES)):
                seen.add(link)
                yield link
    small = _resource(whole.find("edm:object", _NS))
    if not seen and is_address(small) and kind_of(small) != "other":
        yield small
