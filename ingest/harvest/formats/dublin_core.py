"""Dublin Core, simple (`oai_dc`) and qualified: one record as records, one per picture that it links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archive_search.metadata.licences import address_of
from archive_search.types import Record
from ingest.harvest.languages import Said, in_language
from ingest.harvest.links import is_address, kind_of, link_of
from ingest.harvest.meaning import metadata_of
from ingest.harvest.xml import XML_LANG, Element, local, words
from ingest.source import Rejected

ELEMENTS, TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"

FIELDS = {
    "title": ("title", "alternative"),
    "description": ("description", "abstract", "tableOfContents"),
    "creator": ("creator",),
    "object_type": ("type",),
    "date": ("created", "date", "issued"),
    "period": ("temporal",),
    "material": ("medium",),
    "measurements": ("extent",),
    "place": ("spatial", "coverage"),
    "rights_holder": ("rightsHolder",),
    "language": ("language",),
    "location": ("provenance",),
    "source": ("source",),
    "collection": ("isPartOf",),
}
"""The terms that fill a field; the first that says anything counts."""
EXTRA = {"subject": ("subject",), "publisher": ("publisher",), "contributor": ("contributor",), "format": ("format",)}
_LINKED = ("identifier", "relation", "format", "hasFormat", "hasVersion", "isReferencedBy", "references", "source")
"""Terms whose addresses may be those of pictures."""
_KINDS = frozenset(
    [
        "image",
        "still",
        "image",
        "stillimage",
        "text",
        "sound",
        "video",
        "3d",
        "physicalobject",
        "physical",
        "object",
        "collection",
    ]
)
"""Types that say what a file is, or nothing: not what the object is."""


def records_of(root: Element, key: str, languages: Sequence[str]) -> Iterator[Record | Rejected]:
    """The records of a Dublin Core record: one for each address in it that is a picture's."""
    said = said_of(root)
    links = [link_of(text) for name in _LINKED for _, text in said.get(name, ())]
    pictures = list(dict.fromkeys(one for one in links if is_address(one) and kind_of(one) == "picture"))
    if not pictures:
        yield Rejected(
            key, "", "record", "the record links no picture: Dublin Core has no place of its own for one; "
            "if the repository offers lido or edm, harvest that",
        )  # fmt: skip
        return
    values, extra = values_of(said, key, languages)
    for number, picture in enumerate(pictures, 1):
        metadata = metadata_of({**values, "image_url": picture}, extra)
        yield Record(key if number == 1 else f"{key}/{number}", picture, metadata)


def said_of(*roots: Element) -> dict[str, list[tuple[str, str]]]:
    """What the terms of Dublin Core directly below elements say, by term, each with its language."""
    found: dict[str, list[tuple[str, str]]] = {}
    for root in roots:
        for one in root:
            if isinstance(one.tag, str) and one.tag.startswith((f"{{{ELEMENTS}}}", f"{{{TERMS}}}")) and words(one):
                found.setdefault(local(one), []).append((str(one.get(XML_LANG, "")), words(one)))
    return found


def values_of(
    said: dict[str, list[tuple[str, str]]], key: str, languages: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values by field, and what fills none."""
    values: dict[str, Any] = {}
    for field, terms in FIELDS.items():
        texts = next(filter(None, (in_language(said.get(term, ()), languages) for term in terms)), [])
        values[field] = texts
    values["title"] = next(iter(values["title"]), "")
    values["description"] = "\n\n".join(values["description"])
    values["date"] = "; ".join(values["date"])
    values["measurements"] = "; ".join(values["measurements"])
    values["rights_holder"] = "; ".join(values["rights_holder"])
    values["object_type"] = [one for one in values["object_type"] if one.casefold() not in _KINDS]
    identifiers = [link_of(text) for _, text in said.get("identifier", ())]
    pages = [one for one in identifiers if is_address(one) and kind_of(one) != "picture"]
    numbers = [one for one in identifiers if not is_address(one)]
    values |= {
        "object_id": key,  # that of another institution may have the same number
        "record_url": next(iter(pages), ""),
        **rights_of([*said.get("license", ()), *said.get("rights", ()), *said.get("accessRights", ())], languages),
    }
    extra = {name: in_language(said.get(terms[0], ()), languages) for name, terms in EXTRA.items()}
    extra["inventory number"] = numbers
    extra["format"] = [one for one in extra["format"] if "/" not in one or " " in one]  # no types of files
    return values, extra


def rights_of(said: Said, languages: Sequence[str]) -> dict[str, str]:
    """The licence that statements of rights name, and what they say besides as the credit."""
    licence = next((text for _, text in said if address_of(text)), "")
    stated = in_language([one for one in said if one[1] != licence], languages)
    if not licence:
        return {"licence": next(iter(stated), ""), "credit": "; ".join(stated[1:])}
    known = licence if is_address(licence) else address_of(licence)
    return {"licence": known, "credit": "; ".join(filter(None, ["" if is_address(licence) else licence, *stated]))}
