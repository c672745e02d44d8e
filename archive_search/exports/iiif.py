"""IIIF: a Presentation 3 manifest with its pictures, to be published in a folder of the web and seen in any viewer."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.citations import web_address
from archive_search.exports.parts.find_spot import find_spot
from archive_search.exports.parts.markup import no_markup
from archive_search.exports.parts.pictures import Pictures, small_jpeg
from archive_search.exports.parts.provenance import provenance, shown_plan
from archive_search.exports.parts.rows import RANKS, columns
from archive_search.exports.parts.told import asked, besides, extent, making, part
from archive_search.exports.parts.values import field_of, values
from archive_search.exports.parts.words import WORDS, Language
from archive_search.knobs import knob
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.filters import values_of
from archive_search.metadata.licences import address_of
from archive_search.metadata.rows import CALLED, COLUMNS, flat, in_order
from archive_search.metadata.wording import text_of, title_of
from archive_search.reading import read_text
from archive_search.types import Hit, InvalidInputError, Payload

Data: TypeAlias = dict[str, Any]

PROVENANCE = "provenance.json"
LISTED = ("manifest.json", "collection.json")
CONTEXT = "http://iiif.io/api/presentation/3/context.json"
NAV_PLACE = "http://iiif.io/api/extension/navplace/context.json"
EXAMPLE = "https://example.org/set"
"""The address of a set whose own is not given: that of no folder."""
EMPTY = 1000
"""Width and height of a canvas whose picture has no known size; they are shares of one another, no pixels."""
SMALL = 240
"""Pixels of the longer side of a picture in a viewer's list."""


@dataclass(frozen=True)
class Iiif:
    """
    A folder: `manifest.json` with a canvas for each hit, `pictures` and `thumbnails` as JPEG, `provenance.json`.

    All ids begin with `base`: the address at which the folder will be published. A picture that is on the web already
    (`image_url`) is shown from there. With `collection` there is a manifest for each record, and `collection.json` that
    lists them.
    """

    summary: ClassVar[str] = "a folder to publish: Presentation 3 manifest, pictures, provenance, for any IIIF viewer"
    endings: ClassVar[tuple[str, ...]] = ()
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = True

    base: str = knob(EXAMPLE, "Address", help="Of the folder, where it will be published.")
    collection: bool = knob(False, "A collection of manifests", help="One for each record, and a list of them.")
    number: int = knob(1_000_000, "Records at most", low=1, high=1_000_000)
    fields: tuple[str, ...] = knob((), "Metadata", help="Fields and columns; none named: all.")
    pictures: Pictures = knob("originals", "Pictures", help="Originals where they are at hand, else thumbnails.")
    pixels: int = knob(2000, "Pixels of a picture's longer side", low=64, high=10_000)
    language: Language = knob("en", "Language", help="Of what the program says; labels of fields are in all.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        One pass.

        Raises:
            InvalidInputError: If the address is none of the web.
        """
        base = web_address(self.base).rstrip("/")
        if not base:
            raise InvalidInputError(f"The address of the set must begin with http:// or https://, got {self.base!r}.")
        if base == EXAMPLE:
            outgoing.remarks.append(
                f"Every address in the set begins with {EXAMPLE}, where nothing is: before you publish it, export it "
                "with the address of its folder, base=https://..."
            )
        fields = columns(outgoing, self.fields)[len(RANKS) :] if self.fields else ()
        made = _Making(self, outgoing, base, target, fields)
        for name in ("pictures", "thumbnails", *(["manifests"] if self.collection else [])):
            (target / name).mkdir(parents=True)
        (target / PROVENANCE).write_text(provenance(outgoing, 1), encoding="utf-8")
        name = LISTED[self.collection]
        head = made.head(f"{base}/{name}", "Collection" if self.collection else "Manifest")
        with (target / name).open("w", encoding="utf-8") as file:
            file.write(_json(head)[:-1] + ', "items": [')
            for number, (rank, hit) in enumerate(outgoing):
                if number < self.number:
                    item = made.manifest(rank, hit) if self.collection else made.canvas(rank, hit)
                    file.write((",\n" if number else "\n") + _json(item))
            file.write("\n]}\n")

    @classmethod
    def carried(cls, target: Path) -> str:
        """The file `provenance.json` in it, also where the manifest itself is named."""
        folder = target.parent if target.name in LISTED else target
        if not (folder / PROVENANCE).is_file() or not any((folder / name).is_file() for name in LISTED):
            raise InvalidInputError(f"{target} is no IIIF set that carries provenance.")
        return read_text(folder / PROVENANCE, "The provenance")


@dataclass(frozen=True)
class _Making:
    """What goes into a set; pictures are written as they come."""

    chosen: Iiif
    outgoing: Outgoing
    base: str
    target: Path
    fields: Sequence[str]
    """The columns that are wanted; () for all."""

    def head(self, id: str, kind: str) -> Data:
        """The set but for its items: the question, how it was found, and where its provenance is."""
        language, plan = self.chosen.language, shown_plan(self.outgoing)
        about = [*besides(self.outgoing, language), *making(self.outgoing, language)]
        return {
            "@context": [NAV_PLACE, CONTEXT],
            "id": id,
            "type": kind,
            "label": {language: [no_markup(asked(plan, language))]},
            "summary": {language: [no_markup(extent(self.outgoing, language))]},
            "metadata": [_pair({language: [label]}, {language: [no_markup(said)]}) for label, said in about if label],
            "seeAlso": [
                {
                    "id": f"{self.base}/{PROVENANCE}",
                    "type": "Dataset",
                    "label": {language: [WORDS[language]["made"]]},
                    "format": "application/json",
                }
            ],
        }

    def manifest(self, rank: int, hit: Hit) -> Data:
        """Write the manifest of one record; returns what a collection says of it."""
        canvas = self.canvas(rank, hit)
        name = f"manifests/{rank}.json"
        told = {"id": f"{self.base}/{name}", "type": "Manifest", "label": canvas["label"]}
        seen = {"thumbnail": canvas["thumbnail"]} if "thumbnail" in canvas else {}
        whole = {"@context": [NAV_PLACE, CONTEXT], **told, **seen, "items": [canvas]}
        (self.target / name).write_text(_json(whole) + "\n", encoding="utf-8")
        return {**told, **seen}

    def canvas(self, rank: int, hit: Hit) -> Data:
        """One record as a canvas; one without any picture is empty."""
        payload, id = hit.payload, f"{self.base}/canvas/{rank}"
        language = _language(payload)
        width, height = _size(payload)
        picture = self._picture(rank, hit, width, height)
        width, height = (picture.get(side, one) for side, one in (("width", width), ("height", height)))
        page: Data = {"id": f"{id}/page", "type": "AnnotationPage", "items": []}
        if picture:
            painted = {"id": f"{id}/painting", "type": "Annotation", "motivation": "painting"}
            page["items"] = [{**painted, "body": picture, "target": id}]
        made: Data = {
            "id": id,
            "type": "Canvas",
            "label": {language: [no_markup(title_of(payload) or hit.id)]},
            "width": width,
            "height": height,
            "metadata": list(self._metadata(rank, hit, language)),
            "items": [page],
        }
        if said := text_of(payload, "description"):
            made["summary"] = {language: [no_markup(said)]}
        if rights := address_of(text_of(payload, "licence")):
            made["rights"] = rights
        if required := _required(payload, bool(rights)):
            label = {one: [said] for one, said in STANDARD["credit"].label.items()}
            made["requiredStatement"] = _pair(label, {language: [no_markup(required)]})
        if address := web_address(text_of(payload, "record_url")):
            label = {one: [said] for one, said in STANDARD["record_url"].label.items()}
            made["homepage"] = [{"id": address, "type": "Text", "label": label, "format": "text/html"}]
        if place := find_spot(payload):
            spot = {"type": "Point", "coordinates": [place[1], place[0]]}
            feature = {"id": f"{id}/place", "type": "Feature", "geometry": spot, "properties": {"label": made["label"]}}
            made["navPlace"] = {"id": f"{id}/places", "type": "FeatureCollection", "features": [feature]}
        if seen := self._jpeg(hit, "thumbnails", f"thumbnails/{rank}.jpg", SMALL):
            made["thumbnail"] = [seen]
        if hit.box is not None:
            made["annotations"] = [self._part(hit, id, width, height)]
        return made

    def _picture(self, rank: int, hit: Hit, width: int, height: int) -> Data:
        """What is painted on a canvas: the picture on the web, or one that is written; {} where there is neither."""
        if self.chosen.pictures == "none":
            return {}
        if address := web_address(text_of(hit.payload, "image_url")):
            return {"id": address, "type": "Image", "format": _format(address), "width": width, "height": height}
        return self._jpeg(hit, self.chosen.pictures, f"pictures/{rank}.jpg", self.chosen.pixels)

    def _jpeg(self, hit: Hit, wanted: Pictures, name: str, pixels: int) -> Data:
        """A picture of a hit, written as a JPEG; {} where there is none."""
        from PIL import Image

        if (data := small_jpeg(self.outgoing, hit, wanted, pixels)) is None:
            return {}
        (self.target / name).write_bytes(data)
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
        return {"id": f"{self.base}/{name}", "type": "Image", "format": "image/jpeg", "width": width, "height": height}

    def _metadata(self, rank: int, hit: Hit, language: str) -> Iterator[Data]:
        """Rank and id, then every field and column that is nothing else on the canvas, in the order of the table."""
        words = WORDS[self.chosen.language]
        yield _pair({self.chosen.language: [words["rank"]]}, {"none": [str(rank)]})
        yield _pair({self.chosen.language: [words["record_id"]]}, {"none": [no_markup(hit.id)]})
        known = self.outgoing.found.holdings.fields
        for name in self.fields or in_order(flat(hit.payload)):
            field = field_of(name, known)
            elsewhere = name in _NOT_TOLD or (field is not None and field.standard.get("iiif") in _ELSEWHERE)
            if name == "id" or (elsewhere and not self.fields):
                continue
            said = list(values(hit.payload, name, known, self.chosen.language))
            label = {"none": [no_markup(name)]} if field is None else {one: [said] for one, said in field.label.items()}
            if said:
                yield _pair(label, {language: [no_markup(one) for one in said]})

    def _part(self, hit: Hit, canvas: str, width: int, height: int) -> Data:
        """The part of the picture that fits best, or that was chosen, as an annotation."""
        assert hit.box is not None
        left, top, right, bottom = hit.box
        corners = (round(left * width), round(top * height), round(right * width), round(bottom * height))
        x, y, wide, high = corners[0], corners[1], max(corners[2] - corners[0], 1), max(corners[3] - corners[1], 1)
        words = {"type": "TextualBody", "value": part(self.outgoing, self.chosen.language), "format": "text/plain"}
        note = {
            "id": f"{canvas}/part",
            "type": "Annotation",
            "motivation": "commenting",
            "body": {**words, "language": self.chosen.language},
            "target": f"{canvas}#xywh={x},{y},{wide},{high}",
        }
        return {"id": f"{canvas}/parts", "type": "AnnotationPage", "items": [note]}


_ELSEWHERE = ("label", "summary", "rights", "requiredStatement", "homepage", "body", "navPlace")
"""Places of IIIF whose fields are no pairs of metadata; a licence without an address is in the statement."""


_NOT_TOLD = (*(CALLED.get(one, one) for one in COLUMNS), "latitude", "longitude", "dated_by", "colours")
"""Columns that are no metadata of a museum, and the point, which is the canvas's place."""


def _required(payload: Payload, has_rights: bool) -> str:
    """What must be shown with a picture: credit, who holds the rights, and a licence that is told in words only."""
    names = ("credit", "rights_holder") if has_rights else ("credit", "rights_holder", "licence")
    return ". ".join(dict.fromkeys(said for name in names if (said := text_of(payload, name))))


def _pair(label: Mapping[str, list[str]], value: Mapping[str, list[str]]) -> Data:
    return {"label": dict(label), "value": dict(value)}


def _language(payload: Payload) -> str:
    """The language of a record's texts where it says it as a code, else `none`."""
    said = str(next(iter(values_of(payload, "language")), "")).strip().lower()
    return said if re.fullmatch(r"[a-z]{2,3}", said) else "none"


def _size(payload: Payload) -> tuple[int, int]:
    sides = (payload.get("width"), payload.get("height"))
    known = [one for one in sides if isinstance(one, int) and not isinstance(one, bool) and one > 0]
    return (known[0], known[1]) if len(known) == 2 else (EMPTY, EMPTY)


def _format(address: str) -> str:
    ending = address.partition("?")[0].rpartition(".")[2].lower()
    return {"png": "image/png", "webp": "image/webp", "gif": "image/gif", "tif": "image/tiff"}.get(ending, "image/jpeg")


_json: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, default=str).encode

EXPORTS: Mapping[str, type[Export]] = {"iiif": Iiif}
