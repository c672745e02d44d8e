"""iDAI.field (Field Desktop): an excavation's finds and pictures, from its export or a copy of its database."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from archive_search.counted import count
from archive_search.knobs import Knob, knob
from archive_search.reading import parse_records
from archive_search.types import MetadataError, PictureError, Record
from ingest.harvest.meaning import metadata_of
from ingest.harvest.values import objects, text, texts
from ingest.kept import Kept
from ingest.source import Rejected
from ingest.text_lines import TextLines

_IMAGES = ("Image", "Photo", "Drawing")
_PARENTS = ("isChildOf", "liesWithin", "isRecordedIn")
_DEEPEST = 20
_SMALLER = ("thumbs", "display", "thumbnail_images", "display_images")
"""Folders of an image directory with smaller copies of the pictures."""
_SIZES = {
    "dimensionLength": "Length",
    "dimensionHeight": "Height",
    "dimensionWidth": "Width",
    "dimensionThickness": "Thickness",
    "dimensionDiameter": "Diameter",
    "weight": "Weight",
}


@dataclass(frozen=True)
class IdaiField:
    """
    The pictures of an iDAI.field project, each with the find or context that it shows, and where that was found.

    Documents come from an export (JSON lines), a backup, or what CouchDB gives for `_all_docs?include_docs=true`.
    Pictures are found in a folder by the image's identifier, its original file name, or its id.
    """

    documents: Path = field(
        metadata={"knob": Knob("Documents", help="The documents of the project: a .jsonl or .json file.")}
    )
    pictures: Path = field(metadata={"knob": Knob("Pictures", help="The folder of the project's images.")})
    language: tuple[str, ...] = knob(("de",), "Language", help="Preferred languages of texts, the first one first.")
    wgs84: bool = knob(
        False, "Geographic", help="Geometries are in degrees (WGS 84) although the project does not say so."
    )
    id_prefix: str = knob(
        "", "Put before every id", help="A beginning for every id, so that projects can share an archive."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "documents", Path(self.documents))
        object.__setattr__(self, "pictures", Path(self.pictures))

    @property
    def origin(self) -> str:
        """The full path of the documents."""
        return str(self.documents.resolve())

    def records(self) -> Iterator[Record | Rejected]:
        """A record for each picture, by the order of their ids."""
        yield from self._read.faulty
        shown = self._read.images
        for ref in shown:
            told = self._read.document(ref) or {"identifier": ref, "category": "Image"}
            id = f"{self.id_prefix}{text(told, 'identifier', 'id') or ref}"
            file = next(
                (self._files[name] for name in (ref, *texts(told, "originalFilename"), *texts(told, "identifier"),
                                                *texts(told, "id")) if name in self._files), "",
            )  # fmt: skip
            if not file:
                yield Rejected(id, "", "record", f"There is no picture of it in {self.pictures}.")
                continue
            yield Record(id, file, self._metadata(told, shown[ref].split("\n") if shown[ref] else [], file))

    def count(self) -> int | None:
        """How many pictures are described."""
        return len(self._read.images)

    def stamp(self, record: Record) -> str:
        """Size and time of the picture's file."""
        try:
            found = (self.pictures / record.image).stat()
        except OSError:
            return ""
        return f"{found.st_size}-{found.st_mtime_ns}"

    def file(self, record: Record) -> Path | None:
        """Its path."""
        return self.pictures / record.image

    def read(self, record: Record) -> bytes:
        """The bytes of the picture's file."""
        try:
            return (self.pictures / record.image).read_bytes()
        except OSError as error:
            raise PictureError(f"the file cannot be read: {error.strerror or error}") from error

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What was found, for people."""
        return (f"{count(self._read.number, 'document')} in {self.documents.name}, "
                f"{count(len(self._read.images), 'picture')} described, {count(len(self._files), 'file')} in "
                f"{self.pictures}",)  # fmt: skip

    # ------------------------------------------------------------------ what is there

    @cached_property
    def _read(self) -> _Documents:
        return _Documents(self.documents)

    @cached_property
    def _files(self) -> dict[str, str]:
        """The files of the folder by name, with their paths below it; of copies the largest kind."""
        if not self.pictures.is_dir():
            raise MetadataError(f"There is no folder {self.pictures}: name the one with the project's images.")
        found: dict[str, str] = {}
        for folder, below, names in os.walk(self.pictures):
            below[:] = sorted(one for one in below if not one.startswith(".") and one not in _SMALLER)
            for name in sorted(names):
                if not name.startswith(".") and name.isprintable():
                    found.setdefault(name, (Path(folder) / name).relative_to(self.pictures).as_posix())
        return found

    # ------------------------------------------------------------------ what is said

    def _metadata(self, picture: Mapping[str, Any], shown: list[str], file: str) -> dict[str, Any]:
        """What is said of a picture and of the first thing that it shows."""
        things = [doc for ref in shown if (doc := self._read.document(ref)) is not None]
        thing = things[0] if things else picture
        above = self._above(thing)
        project = self._read.document("project") or {}
        dates = [self._years(one) for one in objects(thing, "dating")]
        values = {
            "object_id": text(thing, "identifier", "id"),
            "title": self._said(thing, "shortDescription") or text(thing, "identifier"),
            "object_type": self._said(thing, "category") or self._said(thing, "type"),
            "description": "\n\n".join(
                one for name in ("description", "detailedDescription", "diary") if (one := self._said(thing, name))
            ),
            "collection": self._said(project, "shortName") or text(project, "identifier"),
            "material": self._terms(thing, "material", "materialType", "rawMaterial"),
            "technique": self._terms(thing, "manufacturing", "technique", "manufactureTechnique"),
            "period": self._terms(thing, "period", "period.value", "periodBegin"),
            "culture": self._terms(thing, "culture", "culturalContext"),
            "measurements": "; ".join(_sizes(thing)),
            "date": text(thing, "dating.label", "date") if dates else "",
            "date_from": min((one for one, _ in dates if one is not None), default=None),
            "date_to": max((one for _, one in dates if one is not None), default=None),
            "findspot": ", ".join(dict.fromkeys(self._name(one) for one in above)),
            "point": self._point([thing, *above], project),
            "rights_holder": self._said(picture, "imageRights"),
            "licence": self._said(picture, "licence") or self._said(picture, "license"),
            "credit": ", ".join(texts(picture, "draughtsmen.value", "draughtsmen", "photographer", "processor")),
            "source": "iDAI.field",
            "language": self.language[:1],
        }
        extra = {
            "kind of picture": self._said(picture, "category"),
            "about the picture": self._said(picture, "shortDescription") if things else "",
            "also shows": [text(one, "identifier", "id") for one in things[1:]],
            "condition": self._terms(thing, "condition", "preservation", "conservation"),
            "count": text(thing, "amount", "count"),
        }
        return {**metadata_of(values, extra), "file": file.rpartition("/")[2]}

    def _above(self, thing: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """What a thing lies within, from near to far."""
        found: list[Mapping[str, Any]] = []
        seen = {text(thing, "id", "identifier")}
        while len(found) < _DEEPEST:
            refs = (ref for name in _PARENTS for ref in texts(thing, f"relations.{name}"))
            above = next((doc for ref in refs if (doc := self._read.document(ref)) is not None), None)
            if above is None or (key := text(above, "id", "identifier")) in seen or key == "project":
                break
            seen.add(key)
            found.append(above)
            thing = above
        return found

    def _name(self, thing: Mapping[str, Any]) -> str:
        said, number = self._said(thing, "shortDescription"), text(thing, "identifier")
        return f"{said} ({number})" if said and number and said != number else said or number

    def _said(self, thing: Mapping[str, Any], name: str) -> str:
        """A text, in the wanted language where it stands in several."""
        value = thing.get(name)
        if isinstance(value, Mapping):
            return text(value, *self.language, "en", "de", "unspecifiedLanguage", "label", "value", *map(str, value))
        return "; ".join(texts(thing, name))

    def _terms(self, thing: Mapping[str, Any], *names: str) -> list[str]:
        return next((found for name in names if (found := texts(thing, name))), [])

    def _years(self, dating: Mapping[str, Any]) -> tuple[int | None, int | None]:
        """First and last year of a dating, which tells the year of our era, or what was typed."""
        begin, end = (self._year(dating.get(name)) for name in ("begin", "end"))
        if text(dating, "type") in ("exact", "before"):
            return (end if text(dating, "type") == "exact" else None), end
        if text(dating, "type") == "after":
            return begin, None
        return begin, end

    def _year(self, said: Any) -> int | None:
        number = text(said, "year")
        if number.lstrip("-").isdigit():
            return int(number)
        typed = text(said, "inputYear")
        if not typed.isdigit():
            return None
        kind = text(said, "inputType")
        return -int(typed) if kind == "bce" else 1950 - int(typed) if kind == "bp" else int(typed)

    def _point(self, things: list[Mapping[str, Any]], project: Mapping[str, Any]) -> str:
        """Where it lies, in degrees, where the project's geometries are in degrees."""
        if not (self.wgs84 or "4326" in text(project, "coordinateReferenceSystem")):
            return ""
        for one in things:
            for shape in objects(one, "geometry"):
                pairs = list(_pairs(shape.get("coordinates")))
                if pairs:
                    lon, lat = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
                    return f"{lat:.6f}, {lon:.6f}"
        return ""


class _Documents:
    """The documents of a project by id and by identifier, and which of them are pictures of what; on disk once many."""

    def __init__(self, file: Path) -> None:
        self._kept, self._lock = Kept(), threading.Lock()
        self.images = Kept()
        """By the id of a picture: the ids of what it shows, a line each."""
        self.faulty: list[Rejected] = []
        self.number = 0
        if not file.is_file():
            raise MetadataError(f"There is no file {file}.")
        try:
            for where, data in _in_file(file):
                self._take(where, data)
        except OSError as error:
            raise MetadataError(f"{file.name} cannot be read: {error.strerror or error}.") from error
        if not self.number:
            raise MetadataError(f"{file.name} holds no document of iDAI.field.")
        for ref in list(self.images):  # what depicts under an identifier is the same picture as under its id
            told = self.document(ref)
            key = text(told, "id", "identifier") if told else ref
            if key != ref:
                self._shows(key, self.images[ref].split("\n") if self.images[ref] else [])
                del self.images[ref]

    def document(self, ref: str) -> Mapping[str, Any] | None:
        """The resource of an id or identifier."""
        with self._lock:
            found = self._kept.get(f"id {ref}") or self._kept.get(f"name {ref}")
        data = json.loads(found) if found else None
        return data if isinstance(data, Mapping) else None

    def _take(self, where: str, data: Any) -> None:
        if isinstance(data, Rejected):
            self.faulty.append(data)
            return
        told = data.get("resource", data) if isinstance(data, Mapping) else None
        if not isinstance(told, Mapping) or not text(told, "identifier", "id"):
            if not (isinstance(data, Mapping) and str(data.get("_id", "")).startswith("_design")):
                self.faulty.append(
                    Rejected(where, "", "record", "It is no document of iDAI.field: it has no identifier.")
                )
            return
        self.number += 1
        written = json.dumps(told, ensure_ascii=False)
        if name := text(told, "identifier"):
            self._kept.setdefault(f"name {name}", written)
        key = text(told, "id", "identifier")
        self._kept[f"id {key}"] = written
        if _is_image(told):
            self._shows(key, texts(told, "relations.depicts"))
        else:
            for image in texts(told, "relations.isDepictedIn"):
                self._shows(image, [key])

    def _shows(self, image: str, things: list[str]) -> None:
        before = self.images.get(image, "").split("\n")
        self.images[image] = "\n".join(dict.fromkeys(one for one in (*before, *things) if one))


def _is_image(told: Mapping[str, Any]) -> bool:
    return text(told, "category", "type") in _IMAGES or "originalFilename" in told


def _in_file(file: Path) -> Iterator[tuple[str, Any]]:
    """Every document, with where it stands."""
    lines = TextLines(file)
    if file.suffix.lower() == ".json":
        data = parse_records("".join(lines), file.name, MetadataError)
        found: Any = data
        if isinstance(data, Mapping):
            found = (
                [one.get("doc") for one in objects(data, "rows")] or data.get("docs") or data.get("documents") or [data]
            )
        for number, one in enumerate(found if isinstance(found, list) else [found], 1):
            yield f"{file.name}, document {number}", one
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            where = f"{file.name}, line {number}"
            try:
                yield where, parse_records(line, where, MetadataError)
            except MetadataError as error:
                yield where, Rejected(where, "", "record", str(error))


def _sizes(thing: Mapping[str, Any]) -> Iterator[str]:
    """What was measured, as people write it: Length 12.5 cm."""
    for name, called in _SIZES.items():
        for one in objects(thing, name):
            value, most = text(one, "inputValue", "value"), text(one, "inputRangeEndValue")
            unit = text(one, "inputUnit", "unit") or ("mm" if name != "weight" else "g")
            if value:
                yield f"{called} {value}{f'-{most}' if most else ''} {unit}"


def _pairs(coordinates: Any) -> Iterator[tuple[float, float]]:
    """The points of a geometry, however deep its lists are."""
    waiting = [coordinates]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, list):
            continue
        # numbers are read as they are written, so they are texts
        if len(one) >= 2 and not any(isinstance(value, list | dict) for value in one):
            try:
                lon, lat = float(one[0]), float(one[1])
            except (TypeError, ValueError):
                continue
            if -180 <= lon <= 180 and -90 <= lat <= 90:
                yield lon, lat
        else:
            waiting += one


SOURCES = {"idai-field": IdaiField}
