"""LIDO 1.0 and 1.1: one record (`lido:lido`) as records, one per picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive_search.metadata.licences import address_of
from archive_search.types import Record
from ingest.harvest.languages import in_language, one_of, primary
from ingest.harvest.links import is_address, kind_of, link_of
from ingest.harvest.meaning import metadata_of
from ingest.harvest.pictured import of_museum
from ingest.harvest.xml import XML_LANG, Element, local, words
from ingest.source import Rejected

NAMESPACE = "http://www.lido-schema.org"
TAG = f"{{{NAMESPACE}}}lido"

_NS = {"l": NAMESPACE, "s": "http://www.w3.org/2004/02/skos/core#", "r": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}
_ABOUT, _RESOURCE = f"{{{_NS['r']}}}about", f"{{{_NS['r']}}}resource"


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


MADE = _words(
    "lido00007 lido00012 lido00224 lido00487 e12 e65 production creation designing manufacture making",
    "herstellung produktion fertigung entwurf fremstilling fremstillet fabrication création vervaardiging",
)
FOUND = _words(
    "lido00002 lido00033 lido00010 finding find excavation discovery collecting auffindung fund ausgrabung",
    "bergung fundet udgravning découverte fouille vondst opgraving",
)
USED = _words("lido00011 use usage gebrauch nutzung verwendung brug anvendelse utilisation gebruik")
"""What an event is, by the end of its concept's address or by its term, in small letters."""

_MATERIAL, _TECHNIQUE = _words("lido00132 material"), _words("lido00131 technique")
_LARGE = _words("lido00464 provided_representation image_master master image_full image_large full large original")
_SMALL = _words("lido00451 preview_representation image_thumb thumb thumbnail preview image_small small icon")
"""Kinds of representations of a picture: the one provided, and one of it for lists."""
_ALTERNATIVE = _words("lido00170 alternate alternative")
_PREFERRED = _words("lido00169 preferred")
_NO_PICTURE = re.compile(r"\b(?:audio|sound|video|film|3d|text|tondokument|lyd)\b", re.IGNORECASE)


def records_of(lido: Element, key: str, languages: Sequence[str]) -> Iterator[Record | Rejected]:
    """The records of a `lido:lido`, the first with this id; they share their object, and differ in their picture."""
    described = _Block.chosen(lido, "descriptiveMetadata", languages)
    kept = _Block.chosen(lido, "administrativeMetadata", languages)
    pictures = [] if kept is None else list({one.link: one for one in _pictures(kept) if one.link}.values())
    if described is None:
        yield Rejected(key, "", "record", "the record has no lido:descriptiveMetadata")
        return
    if not pictures:
        yield Rejected(key, "", "record", "the record links no picture (lido:resourceSet with a lido:linkResource)")
        return
    values, extra = _object(lido, key, described, kept)
    for number, picture in enumerate(pictures, 1):
        about = "\n\n".join(one for one in (values.get("description", ""), picture.description) if one)
        own = {**values, **picture.values, "description": about}
        own["image_url"] = picture.link if is_address(picture.link) else ""
        metadata = metadata_of(own, {**extra, "view": picture.view})
        yield Record(key if number == 1 else f"{key}/{number}", picture.link, metadata)


def key_of(lido: Element) -> str:
    """What names a `lido:lido`: the first of its `lidoRecID` that says something, '' where none does."""
    return next(filter(None, (words(one) for one in lido.iterfind("l:lidoRecID", _NS))), "")


# ------------------------------------------------------------------ one language's part of a record


@dataclass(frozen=True)
class _Block:
    """The descriptive or administrative part in one language, and which languages are wanted in it."""

    element: Element
    languages: Sequence[str]

    @classmethod
    def chosen(cls, lido: Element, name: str, languages: Sequence[str]) -> _Block | None:
        """The part in the first of the languages that there is one in, else the first."""
        blocks = list(lido.iterfind(f"l:{name}", _NS))
        by = {primary(_language(one)): one for one in reversed(blocks)}
        wanted = next((by[tag] for tag in map(primary, languages) if tag in by), next(iter(blocks), None))
        return None if wanted is None else cls(wanted, languages)

    @property
    def language(self) -> str:
        """Its language."""
        return primary(_language(self.element))

    def all(self, path: str) -> list[Element]:
        """The elements at a path of names, in the order that `sortorder` tells."""
        found = self.element.findall("/".join(f"l:{name}" for name in path.split("/")), _NS)
        return sorted(found, key=_order)

    def said(self, element: Element, *names: str) -> str:
        """What the children of these names say, in the language wanted; a preferred name comes before the others."""
        children = [one for one in element if isinstance(one.tag, str) and local(one) in names]
        children = [one for one in children if _attribute(one, "addedSearchTerm") != "yes"] or children
        best = sorted(children, key=_rank)
        usual = [one for one in best if _rank(one) < 2] or best
        return one_of([(_language(one), words(one)) for one in usual], self.languages, self.language)

    def term(self, concept: Element) -> str:
        """The term of a concept, written as LIDO 1.0 or as SKOS."""
        inner = concept.find("s:Concept", _NS)
        if inner is not None:
            return self.said(inner, "prefLabel")
        return self.said(concept, "term") or (words(concept) if not len(concept) else "")

    def terms(self, path: str) -> list[str]:
        """The terms of all concepts at a path."""
        return _distinct(self.term(one) for one in self.all(path))

    def name(self, element: Element, path: str) -> str:
        """The name (`appellationValue`) within the first element at a path below another."""
        sets = element.findall("/".join(f"l:{name}" for name in path.split("/")), _NS)
        said = [(_language(one), words(one)) for held in sets for one in sorted(_named(held), key=_rank)]
        return one_of(said, self.languages, self.language)


def _named(held: Element) -> list[Element]:
    named = held.findall("l:appellationValue", _NS)
    return [one for one in named if _rank(one) < 2] or named


def _language(element: Element) -> str:
    return str(element.get(XML_LANG) or _attribute(element, "lang"))


def _attribute(element: Element, name: str) -> str:
    return str(element.get(f"{{{NAMESPACE}}}{name}", ""))


def _order(element: Element) -> int:
    order = _attribute(element, "sortorder")
    return int(order) if order.isdecimal() and len(order) < 10 else 10**9


def _rank(element: Element) -> int:
    kind = _end(_attribute(element, "pref"))
    return 0 if kind in _PREFERRED else 2 if kind in _ALTERNATIVE else 1


def _end(address: str) -> str:
    """The last part of an address, in small letters: what its kind is known by, whoever publishes it."""
    return re.split(r"[/#]", address.strip().rstrip("/"))[-1].casefold()


def _distinct(texts: Iterator[str] | Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _concepts(concept: Element) -> list[str]:
    """The addresses of a concept in vocabularies."""
    found = [words(one) for one in concept.iterfind("l:conceptID", _NS)]
    for inner in concept.iterfind("s:Concept", _NS):
        found.append(str(inner.get(_ABOUT, "")))
        found += [str(one.get(_RESOURCE) or words(one)) for one in inner.iterfind("s:exactMatch", _NS)]
    return [one for one in found if one.startswith(("http://", "https://"))]


# ------------------------------------------------------------------ the object


def _object(lido: Element, key: str, block: _Block, kept: _Block | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of the object: values by field, and what fills none."""
    identified = "objectIdentificationWrap/"
    worktypes = "objectClassificationWrap/objectWorkTypeWrap/objectWorkType"
    classes = [
        one
        for one in block.all("objectClassificationWrap/classificationWrap/classification")
        if _attribute(one, "type") != "europeana:type"
    ]
    classified = _distinct([block.term(one) for one in classes])
    subjects = block.all("objectRelationWrap/subjectWrap/subjectSet")
    concepts = [*block.all(worktypes), *classes]
    events = [(_kinds(one), one) for one in block.all("eventWrap/eventSet/event")]
    made, found, used = ([one for kinds, one in events if kinds & wanted] for wanted in (MADE, FOUND, USED))
    sets = [one for event in made for one in event.iterfind("l:eventMaterialsTech", _NS)]
    sets += block.all(f"{identified}objectMaterialsTechWrap/objectMaterialsTechSet")
    materials, techniques = _materials(block, sets)
    kept_at, number = _repository(block)
    values: dict[str, Any] = {
        "title": next(iter(_said(block, f"{identified}titleWrap/titleSet", "appellationValue")), ""),
        "object_type": block.terms(worktypes) or classified,
        "description": "\n\n".join(
            _said(block, f"{identified}objectDescriptionWrap/objectDescriptionSet", "descriptiveNoteValue")
        ),
        "measurements": _measurements(block, block.all(f"{identified}objectMeasurementsWrap/objectMeasurementsSet")),
        "material": materials,
        "technique": techniques,
        "creator": _distinct([_actor(block, one) for event in made for one in event.iterfind("l:eventActor", _NS)]),
        "culture": _terms(block, (*made, *used), "culture"),
        "period": _terms(block, (*made, *used), "periodName"),
        "origin": _places(block, made),
        "findspot": _places(block, found),
        "place": _places(block, used),
        "point": next(filter(None, (_point(event) for event in (*found, *made))), ""),
        "language": block.language,
        **_dates(block, (*made, *used)),
        **kept_at,
        **_record(lido, kept),
    }  # fmt: skip
    values["object_id"] = values.get("object_id") or key
    for event in made:
        concepts += [one for path in ("culture", "periodName") for one in event.iterfind(f"l:{path}", _NS)]
    concepts += [one for held in sets for one in held.iterfind(".//l:termMaterialsTech", _NS)]
    concepts += [one for held in subjects for one in held.iterfind(".//l:subjectConcept", _NS)]
    extra = {
        "inventory number": number,
        "classification": classified if values["object_type"] != classified else [],
        "subject": _distinct([_subject(block, one) for one in subjects]),
        "inscription": "\n".join(
            _said(block, f"{identified}inscriptionsWrap/inscriptions", "inscriptionTranscription")
        ),
        "concepts": _distinct([address for one in concepts for address in _concepts(one)]),
    }  # fmt: skip
    return values, extra


def _said(block: _Block, path: str, name: str) -> list[str]:
    """What the children of this name say, of each element at a path."""
    return _distinct([block.said(one, name) for one in block.all(path)])


def _kinds(event: Element) -> set[str]:
    """What an event is: the ends of its concepts' addresses, and its terms in all languages."""
    kind = event.find("l:eventType", _NS)
    if kind is None:
        return set()
    said = [words(one) for one in kind.iter() if isinstance(one.tag, str) and local(one) in ("term", "prefLabel")]
    return {_end(one) for one in _concepts(kind)} | {one.casefold() for one in said}


def _terms(block: _Block, events: Sequence[Element], name: str) -> list[str]:
    return _distinct([block.term(one) for event in events for one in event.iterfind(f"l:{name}", _NS)])


def _dates(block: _Block, events: Sequence[Element]) -> dict[str, str]:
    """The date of the first event that has one."""
    for event in events:
        for dated in event.iterfind("l:eventDate", _NS):
            date = {
                "date": block.said(dated, "displayDate"),
                "date_from": words(dated.find("l:date/l:earliestDate", _NS)),
                "date_to": words(dated.find("l:date/l:latestDate", _NS)),
            }
            if any(date.values()):
                return date
    return {}


def _materials(block: _Block, sets: Sequence[Element]) -> tuple[list[str], list[str]]:
    """Materials and techniques: by their terms, or as they are displayed where there are no terms."""
    materials: list[str] = []
    techniques: list[str] = []
    for held in sets:
        terms = held.findall("l:materialsTech/l:termMaterialsTech", _NS)
        for one in terms:
            kind = _end(_attribute(one, "type"))
            if kind in _TECHNIQUE:
                techniques.append(block.term(one))
            elif kind in _MATERIAL or not kind:
                materials.append(block.term(one))
        for shown in held.iterfind("l:displayMaterialsTech", _NS) if not terms else ():
            (techniques if _attribute(shown, "label").casefold() == "technique" else materials).append(words(shown))
    return _distinct(materials), _distinct(techniques)


def _measurements(block: _Block, sets: Sequence[Element]) -> str:
    """The measurements as displayed, else put together of type, value and unit."""
    found = []
    for held in sets:
        shown = held.findall("l:displayObjectMeasurements", _NS)
        if shown:
            for one in shown:
                label = _attribute(one, "label")
                named = f"{label} " if label and label.casefold() not in ("dimensions", "measurements") else ""
                found.append(f"{named}{words(one)}")
            continue
        for one in held.iterfind("l:objectMeasurements/l:measurementsSet", _NS):
            parts = (one.find(f"l:measurement{part}", _NS) for part in ("Type", "Value", "Unit"))
            kinds = [(_language(kind), block.term(kind)) for kind in one.iterfind("l:measurementType", _NS)]
            _, value, unit = parts
            said = [
                one_of(kinds, block.languages, block.language),
                words(value),
                "" if unit is None else block.term(unit),
            ]
            found.append(" ".join(filter(None, said)) if said[1] else "")
    return "; ".join(_distinct([one.replace("\n", "; ") for one in found]))


def _actor(block: _Block, held: Element) -> str:
    return block.name(held, "actorInRole/actor/nameActorSet") or block.said(held, "displayActorInRole")


def _places(block: _Block, events: Sequence[Element]) -> list[str]:
    """The places of events: as displayed, else a place's names from itself outwards, with commas."""
    held = [one for event in events for one in event.iterfind("l:eventPlace", _NS)]
    return _distinct([block.said(one, "displayPlace") or _named_place(block, one.find("l:place", _NS)) for one in held])


def _named_place(block: _Block, place: Element | None) -> str:
    names = []
    while place is not None:
        names.append(block.name(place, "namePlaceSet"))
        place = place.find("l:partOfPlace", _NS)
    return ", ".join(_distinct(names))


def _point(event: Element) -> str:
    """Latitude and longitude of an event's place, as a text."""
    for one in event.iterfind("l:eventPlace/l:place/l:gml//*", _NS):
        if isinstance(one.tag, str) and local(one) in ("pos", "coordinates"):
            found = re.findall(r"-?\d{1,3}(?:\.\d+)?", words(one))
            if len(found) >= 2:
                return f"{found[0]}, {found[1]}"
    return ""


def _subject(block: _Block, held: Element) -> str:
    shown = block.said(held, "displaySubject")
    return shown or "; ".join(_distinct([block.term(one) for one in held.iterfind("l:subject/l:subjectConcept", _NS)]))


def _repository(block: _Block) -> tuple[dict[str, str], str]:
    """
    Where the object is, with its number there, which also stands alone: others may have an object of that number.

    A former repository counts only where there is no other.
    """
    sets = block.all("objectIdentificationWrap/repositoryWrap/repositorySet")
    for held in [one for one in sets if not _is_former(_attribute(one, "type"))] or sets:
        name = block.name(held, "repositoryName/legalBodyName") or block.said(held, "displayRepository")
        place = _named_place(block, held.find("l:repositoryLocation", _NS))
        number = next(filter(None, (words(one) for one in held.iterfind("l:workID", _NS))), "")
        if number or name or place:
            letters = _siglum(held) or name
            known = {"object_id": of_museum(letters, number) if letters else number}
            return {"location": name or place, **(known if number else {})}, number
    return {}, ""


def _is_former(kind: str) -> bool:
    return "former" in kind.casefold() or _end(kind) == "lido00476"


def _siglum(held: Element) -> str:
    """The letters that a repository goes by (ISIL); '' where it tells none."""
    told = (re.split(r"[/:]", words(one))[-1] for one in held.iterfind("l:repositoryName/l:legalBodyID", _NS))
    return next((one for one in told if re.fullmatch(r"[A-Z]{2}-[A-Za-z0-9-]{1,11}", one)), "")


def _record(lido: Element, kept: _Block | None) -> dict[str, str]:
    """Where the record comes from, and its page for people."""
    source, link = "", ""
    if kept is not None:
        source = next(
            filter(None, (kept.name(one, "legalBodyName") for one in kept.all("recordWrap/recordSource"))), ""
        )
        for one in kept.all("recordWrap/recordInfoSet/recordInfoLink"):
            if "xml" not in _attribute(one, "formatResource") and not link:
                link = link_of(words(one))
    published = (link_of(words(one)) for one in lido.iterfind("l:objectPublishedID", _NS))
    addresses = (one for one in (link, *published) if one.startswith(("http://", "https://")))
    return {"source": source, "record_url": next(addresses, "")}


# ------------------------------------------------------------------ its pictures


@dataclass(frozen=True)
class _Picture:
    """One resource: where it is, what is said of it alone, and its rights."""

    link: str
    view: str
    description: str
    values: dict[str, str]


def _pictures(block: _Block) -> Iterator[_Picture]:
    of_work = block.all("rightsWorkWrap/rightsWorkSet")
    for held in block.all("resourceWrap/resourceSet"):
        kinds = " ".join(block.term(one) for one in held.iterfind("l:resourceType", _NS))
        if _NO_PICTURE.search(kinds):
            continue
        rights = held.findall("l:rightsResource", _NS)
        views = [block.term(one) for one in held.iterfind("l:resourcePerspective", _NS)]
        described = in_language(
            [(_language(one), words(one)) for one in held.iterfind("l:resourceDescription", _NS)],
            block.languages, block.language,
        )  # fmt: skip
        yield _Picture(
            _best(held), "; ".join(_distinct(views)), "\n\n".join(described), _rights(block, rights or of_work)
        )


def _best(held: Element) -> str:
    """The address of the picture that is provided; the one for lists only where there is no other."""
    found = []
    for one in held.iterfind("l:resourceRepresentation", _NS):
        kind = _end(_attribute(one, "type"))
        for link in one.iterfind("l:linkResource", _NS):
            address = link_of(words(link))
            if address and kind_of(address, _attribute(link, "formatResource")) in ("picture", ""):
                found.append((0 if kind in _LARGE else 2 if kind in _SMALL else 1, address))
    return min(found, key=lambda one: one[0], default=(0, ""))[1]


def _rights(block: _Block, sets: Sequence[Element]) -> dict[str, str]:
    """The licence, by its address where one is known, the first holder, and the credit that has to be shown."""
    kinds = [one for held in sets for one in held.iterfind("l:rightsType", _NS)]
    addresses = [address for one in kinds for address in _concepts(one)]
    terms = [block.term(one) for one in kinds]
    known = [one for one in (*addresses, *terms) if address_of(one)]
    holders = [block.name(one, "legalBodyName") for held in sets for one in held.iterfind("l:rightsHolder", _NS)]
    return {
        "licence": next(iter((*known, *addresses, *filter(None, terms))), ""),
        "rights_holder": next(filter(None, holders), ""),
        "credit": next(filter(None, (block.said(held, "creditLine") for held in sets)), ""),
    }
