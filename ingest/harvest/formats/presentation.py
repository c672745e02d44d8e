"""IIIF Presentation 2 and 3: the canvases of a manifest as records, and what a collection lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.licences import address_of
from archive_search.metadata.table import plain
from archive_search.types import Record
from ingest.harvest.formats.image_api import Service, picture_address, read_service, service_of
from ingest.harvest.languages import Said, in_language, one_of
from ingest.harvest.links import is_address, kind_of, link_of
from ingest.harvest.meaning import metadata_of
from ingest.harvest.plain_text import plain_text
from ingest.mapping import field_map
from ingest.source import Rejected

Data: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["manifest", "collection", "page", "changes", "canvas", ""]

_KINDS: Mapping[str, Kind] = {
    "manifest": "manifest",
    "collection": "collection",
    "canvas": "canvas",
    "orderedcollection": "changes",
    "orderedcollectionpage": "changes",
}
_LOCATED = ("id", "file", "image_url", "object_id")
"""What a label of a manifest's metadata never fills: an inventory number may be another museum's as well."""
_NESTED = 8
"""So many choices and parts of parts are looked into for a picture."""


def kind_of_data(data: Any) -> Kind:
    """What a JSON document of IIIF is; '' where it is none of those that are read."""
    if not isinstance(data, Mapping):
        return ""
    said = str(data.get("type") or data.get("@type") or "").rpartition(":")[2].casefold()
    if not said and "sequences" in data:
        return "manifest"
    return _KINDS.get(said, "")


def id_of(data: Any) -> str:
    """The id of anything in IIIF, or the address that it is written as."""
    if isinstance(data, Mapping):
        data = data.get("id") or data.get("@id")
    return data.strip() if isinstance(data, str) else ""


def listed(collection: Data) -> list[Data]:
    """The manifests and collections that a collection (or one page of it) lists, each once, in its order."""
    found: dict[str, Data] = {}
    for name in ("members", "collections", "manifests", "items"):
        for one in _list(collection.get(name)):
            data = one if isinstance(one, Mapping) else {"id": one, "type": "Manifest"}
            if kind_of_data(data) in ("manifest", "collection"):
                found.setdefault(id_of(data), data)
    return list(found.values())


def next_page(collection: Data) -> str:
    """The address of the page that follows, or of the first of a collection that lists nothing itself; ''."""
    return id_of(collection.get("next")) or ("" if listed(collection) else id_of(collection.get("first")))


def services(manifest: Data) -> list[Service]:
    """The image services of the pictures that `records_of` would take."""
    found = (_picture(canvas) for canvas in _canvases(manifest))
    return list({one.service.id: one.service for one in found if isinstance(one, _Picture) and one.service}.values())


def records_of(
    manifest: Data, key: str, languages: Sequence[str], longest: int, infos: Mapping[str, Any] | None = None
) -> Iterator[Record | Rejected]:
    """
    The records of a manifest, one per canvas; the first has this id, the others that id with a name behind a slash.

    Args:
        longest: pixels of a picture's longer side, of a server that can make it smaller.
        infos: what servers told of their images (`info.json`), by the id of the service.
    """
    canvases = _canvases(manifest)
    if not canvases:
        yield Rejected(key, "", "record", "the manifest has no canvas")
        return
    names, first = _names(canvases), True
    for canvas, name in zip(canvases, names, strict=True):
        picture = _picture(canvas)
        if isinstance(picture, str):
            yield Rejected(key if len(canvases) == 1 else f"{key}/{name}", "", "record", picture)
            continue
        link = picture.address(longest, infos or {})
        metadata = _described(manifest, canvas, key, languages, alone=len(canvases) == 1, link=link)
        yield Record(key if first else f"{key}/{name}", link, metadata)
        first = False


# ------------------------------------------------------------------ canvases and their pictures


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _canvases(manifest: Data) -> list[Data]:
    if kind_of_data(manifest) == "canvas":
        return [manifest]
    held = [
        canvas
        for one in _list(manifest.get("sequences"))
        if isinstance(one, Mapping)
        for canvas in _list(one.get("canvases"))
    ]
    return [one for one in (held or _list(manifest.get("items"))) if isinstance(one, Mapping)]


def _names(canvases: Sequence[Data]) -> list[str]:
    """A name for each canvas: the end of its id, where those differ, else its number."""
    ends = [re.split(r"[/#?=]", id_of(one).rstrip("/"))[-1].removesuffix(".json") for one in canvases]
    unlike = len(set(ends)) == len(ends) and all(ends)
    return ends if unlike else [str(number) for number in range(1, len(canvases) + 1)]


@dataclass(frozen=True)
class _Picture:
    """A picture on a canvas: where it is, the service behind it, and which part of it is shown."""

    link: str
    service: Service | None
    region: str = "full"

    def address(self, longest: int, infos: Mapping[str, Any]) -> str:
        if self.service is None or not is_address(self.service.id):
            return self.link
        info = infos.get(self.service.id)
        told = read_service({**info, "id": self.service.id}, told=True) if isinstance(info, Mapping) else None
        return picture_address(told or self.service, longest, self.region)


def _picture(canvas: Data) -> _Picture | str:
    """The picture of a canvas, of several the one that covers most of it; else why there is none."""
    found: list[tuple[float, _Picture]] = []
    kinds: list[str] = []
    for annotation in _painted(canvas):
        target = annotation.get("target", annotation.get("on"))
        share = _share(target, canvas)
        for body in _list(annotation.get("body", annotation.get("resource"))):
            picture = _picture_of(body)
            if isinstance(picture, str):
                kinds.append(picture)
            else:
                found.append((share, picture))
                break
    if found:
        return max(found, key=lambda one: one[0])[1]
    what = ", ".join(dict.fromkeys(filter(None, kinds)))
    return f"the canvas shows no still picture{f', but: {what}' if what else ''}"


def _painted(canvas: Data) -> Iterator[Data]:
    """The annotations that paint a canvas."""
    held = [one for page in _list(canvas.get("items")) if isinstance(page, Mapping) for one in _list(page.get("items"))]
    for one in (*held, *_list(canvas.get("images"))):
        if isinstance(one, Mapping):
            motives = " ".join(map(str, _list(one.get("motivation")))) or "painting"
            if "painting" in motives:
                yield one


def _picture_of(body: Any, region: str = "full", depth: int = 0) -> _Picture | str:
    """The picture that a body means, of a choice the first; else what it is instead."""
    if depth > _NESTED:
        return "parts within parts"
    if isinstance(body, str):
        body = {"id": body}
    if not isinstance(body, Mapping):
        return ""
    kind = str(body.get("type") or body.get("@type") or "").rpartition(":")[2].casefold()
    if kind == "choice":
        choices = [*_list(body.get("default")), *_list(body.get("items")), *_list(body.get("item"))]
        tried = [_picture_of(one, region, depth + 1) for one in choices]
        return next((one for one in tried if isinstance(one, _Picture)), next(iter(tried), "an empty choice"))
    if kind == "specificresource" or "source" in body or "full" in body:
        inner = body.get("source", body.get("full"))
        return _picture_of(
            _list(inner)[0] if _list(inner) else None, _region(body.get("selector")) or region, depth + 1
        )
    link, service = link_of(id_of(body)), service_of(body)
    if kind not in ("image", "") or (kind_of(link, str(body.get("format") or "")) == "other" and service is None):
        return kind or str(body.get("format"))
    if not link and service is None:
        return "a picture without an address"
    return _Picture(link, service, region)


def _region(selector: Any) -> str:
    """The part of an image that a selector of the Image API takes; '' where it takes none."""
    for one in _list(selector):
        said = one.get("region") if isinstance(one, Mapping) else None
        if isinstance(said, str) and re.fullmatch(r"full|square|(?:pct:)?[\d.]+,[\d.]+,[\d.]+,[\d.]+", said):
            return said
    return ""


def _share(target: Any, canvas: Data) -> float:
    """How much of the canvas an annotation covers, from 0 to 1; a whole canvas is 1."""
    parts = [target.get("source"), target.get("selector")] if isinstance(target, Mapping) else _list(target)[:1]
    said = " ".join(str(one.get("value", id_of(one)) if isinstance(one, Mapping) else one) for one in parts)
    found = re.search(r"xywh=(?:pixel:)?[\d.]+,[\d.]+,([\d.]+),([\d.]+)", said)
    sides = [one for one in (canvas.get("width"), canvas.get("height")) if isinstance(one, int | float) and one > 0]
    if not found or len(sides) < 2:
        return 1.0
    try:
        return min(1.0, float(found[1]) * float(found[2]) / float(sides[0] * sides[1]))
    except ValueError:
        return 0.0


# ------------------------------------------------------------------ texts in languages


def said_of(value: Any) -> Said:
    """What a label or value says, by language: a text, texts, `@value`s of version 2, a language map of version 3."""
    found: list[tuple[str, str]] = []
    for one in _list(value):
        if isinstance(one, str | int | float) and not isinstance(one, bool):
            found.append(("", str(one)))
        elif isinstance(one, Mapping) and "@value" in one:
            found.append((str(one.get("@language") or ""), str(one["@value"])))
        elif isinstance(one, Mapping):
            found += [
                (str(tag), str(text))
                for tag, held in one.items()
                for text in _list(held)
                if isinstance(text, str | int | float)
            ]
    return found


def _texts(value: Any, languages: Sequence[str]) -> list[str]:
    """A value in the language wanted, HTML reduced to its text."""
    return list(filter(None, (plain_text(one) for one in in_language(said_of(value), languages))))


def _label(value: Any, languages: Sequence[str]) -> str:
    """A label, which is text whatever is in it."""
    return " ".join(" / ".join(in_language(said_of(value), languages)).split())


# ------------------------------------------------------------------ metadata


def _described(
    manifest: Data, canvas: Data, key: str, languages: Sequence[str], *, alone: bool, link: str
) -> dict[str, Any]:
    values, extra = _pairs((canvas, manifest) if canvas is not manifest else (manifest,), languages)
    held = (canvas, manifest)
    label = _label(manifest.get("label"), languages)
    own = _label(canvas.get("label"), languages)
    apart = not alone and own != label and re.search(r"\w", own)  # a canvas that is called "-" has no name
    title = ", ".join(filter(None, (label, own))) if apart else label or own
    summary = [
        text
        for one in dict.fromkeys(map(id, held))
        for text in _summary(next(h for h in held if id(h) == one), languages)
    ]
    rights = next(filter(None, (_rights(one) for one in held)), "")
    credit = next(filter(None, (_credit(one, languages) for one in held)), "")
    givers = (said_of(_first(one.get("provider")).get("label")) for one in held)
    provider = next(filter(None, (one_of(one, languages) for one in givers)), "")  # below the name stands the address
    page = next(filter(is_address, (link_of(id_of(one)) for held_by in held for one in _homepages(held_by))), "")
    values = {
        **values,
        "title": title or _joined(values.get("title")),
        "description": "\n\n".join(dict.fromkeys([*summary, *_list(values.get("description"))])),
        "object_id": key,
        "licence": rights or values.get("licence"),
        "credit": credit or values.get("credit"),
        "source": provider or values.get("source"),
        "location": values.get("location") or provider,
        "record_url": page or values.get("record_url"),
        "image_url": link if is_address(link) else "",
    }
    if not any(values.get(name) for name in ("date", "date_from", "date_to", "period")) and (year := _year(manifest)):
        values |= {"date_from": year, "date_to": year}
    return metadata_of(values, extra)


def _pairs(held: Sequence[Data], languages: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    The pairs of labels and values, by field where a label is known as a column's name in any language, else as extra.

    What the canvas says comes before what the manifest says of the same.
    """
    pairs: dict[str, list[str]] = {}
    for data in held:
        of_this: dict[str, list[str]] = {}
        for pair in _list(data.get("metadata")):
            if isinstance(pair, Mapping):
                texts = _texts(pair.get("value"), languages)
                of_this.setdefault(_column(pair.get("label"), languages), []).extend(texts)
        pairs |= {label: texts for label, texts in of_this.items() if texts and label not in pairs}
    fields = field_map(list(pairs))
    values: dict[str, Any] = {}
    used: set[str] = set()
    for name, columns in fields.items():
        if name not in _LOCATED:
            terms = (name in STANDARD and STANDARD[name].is_terms) or name == "description"
            taken = columns if terms else columns[:1]
            found = [text for column in taken for text in pairs[column]]
            values[name] = found if terms else "; ".join(found)
            used.update(taken)
    return values, {label: _joined(texts) for label, texts in pairs.items() if label and label not in used}


def _column(label: Any, languages: Sequence[str]) -> str:
    """A label as the name of a column: in the language in which it is known as one, else in the one wanted."""
    said = said_of(label)
    known = (text for _, text in said if plain(text) in _COLUMNS)
    return " ".join(next(known, _label(label, languages)).split())


_COLUMNS = frozenset(spelling for one in STANDARD.values() for spelling in one.spellings)


def _joined(texts: Any) -> str:
    return "; ".join(map(str, _list(texts)))


def _first(value: Any) -> Data:
    found = next(iter(_list(value)), None)
    return found if isinstance(found, Mapping) else {}


def _summary(data: Data, languages: Sequence[str]) -> list[str]:
    return _texts(data.get("summary", data.get("description")), languages)


def _rights(data: Data) -> str:
    """The licence: its address where what is written holds one, else as it is written."""
    said = [text for one in _list(data.get("rights", data.get("license"))) for _, text in said_of(id_of(one) or one)]
    written = [plain_text(one) for one in said]
    if found := next((one for one in (*written, *said) if address_of(one)), ""):
        return found if found in written and is_address(found) else address_of(found)
    if written and written[0]:
        return written[0]
    stated = [text for name in ("attribution", "requiredStatement") for _, text in said_of(_value(data.get(name)))]
    return next(filter(None, map(address_of, stated)), "")


def _value(statement: Any) -> Any:
    return statement.get("value", statement) if isinstance(statement, Mapping) else statement


def _credit(data: Data, languages: Sequence[str]) -> str:
    """What has to be shown beside the picture, in the language wanted."""
    said = [*_texts(_value(data.get("requiredStatement")), languages), *_texts(data.get("attribution"), languages)]
    return "\n".join(dict.fromkeys(said))


def _homepages(data: Data) -> list[Any]:
    """The pages for people that a resource names; of version 2 what it is `related` to, if that is a page."""
    related = [
        one
        for one in _list(data.get("related"))
        if not isinstance(one, Mapping) or "html" in str(one.get("format", "html"))
    ]
    return [*_list(data.get("homepage")), *related]


def _year(data: Data) -> str:
    found = re.match(r"(-?\d{4})-", str(data.get("navDate") or ""))
    return found[1] if found else ""
