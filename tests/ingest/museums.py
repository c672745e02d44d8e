"""Museums' services on this machine, for tests: each answers as its own does, with objects made from numbers."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingest.harvest.harvested import Harvested
from ingest.sources.artic import Artic
from ingest.sources.cleveland import Cleveland
from ingest.sources.europeana import KEY, Europeana
from ingest.sources.met import Met
from ingest.sources.natmus import Natmus
from ingest.sources.opencontext import OpenContext
from ingest.sources.pas import Pas
from ingest.sources.sciencemuseum import ScienceMuseum
from ingest.sources.smk import Smk
from ingest.sources.vam import Vam
from tests.ingest.replay import Asked, Replay

PICTURE = "https://pictures.example/{}.jpg"


@dataclass(frozen=True)
class Museum:
    """
    A service: how it is opened on a server, how many objects it has then, and how many requests find them.

    `list` is the path that the first request goes to.
    """

    opened: Callable[[Replay, int], Harvested]
    objects: int
    list: str


def numbers(asked: Asked) -> dict[str, str]:
    """The parameters of a question by name, the last of each."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(asked.path).query).items()}


def part(count: int, at: int, size: int, made: Callable[[int], Any]) -> list[Any]:
    """Objects from a place on."""
    return [made(number) for number in range(at, min(at + size, count))]


# ------------------------------------------------------------------ one service each


def met_object(number: int) -> dict[str, Any]:
    """An object as the Met tells it."""
    return {
        "objectID": number,
        "isPublicDomain": True,
        "accessionNumber": f"15.{number}",
        "title": f"Amulet {number}",
        "primaryImage": PICTURE.format(f"original/{number}"),
        "additionalImages": [],
        "tags": None,
    }


def met(server: Replay, count: int) -> Met:
    """The Met: a list of numbers, and one object for each request."""
    server.answer("/objects", {"total": count, "objectIDs": list(range(count, 0, -1))})
    for number in range(1, count + 1):
        server.answer(f"/objects/{number}", met_object(number))
    return Met(api=server.url)


def artic(server: Replay, count: int) -> Artic:
    """The Art Institute: searches that reach 10,000 works, by windows of their numbers, which lie far apart."""

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        low = next(int(value) for name, value in said.items() if name.endswith("[range][id][gte]"))
        high = next((int(value) for name, value in said.items() if name.endswith("[range][id][lt]")), 10**9)
        there = [one for number in range(count) if low <= (one := number * 150) < high]
        start = (int(said["page"]) - 1) * int(said["limit"])
        works = [
            {"id": one, "is_public_domain": True, "title": f"Work {one}", "image_id": f"i{one}"}
            for one in there[start : start + int(said["limit"])]
        ]
        return {"pagination": {"total": len(there)}, "data": works}

    server.answer("/artworks/search", search)
    return Artic(api=server.url)


def cleveland(server: Replay, count: int) -> Cleveland:
    """The Cleveland Museum: works from a place on."""

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        return {
            "info": {"total": count},
            "data": part(count, int(said["skip"]), int(said["limit"]), cleveland_work),
        }

    server.answer("/artworks/", search)
    return Cleveland(api=f"{server.url}/artworks/")


def cleveland_work(number: int) -> dict[str, Any]:
    """A work as the Cleveland Museum tells it."""
    return {
        "id": number,
        "share_license_status": "CC0",
        "title": f"Vase {number}",
        "images": {"web": {"url": PICTURE.format(number)}},
    }


def smk(server: Replay, count: int) -> Smk:
    """Statens Museum for Kunst: works from a place on."""

    def work(number: int) -> dict[str, Any]:
        iiif = f"https://iip.example/{number}.jp2"
        return {"object_number": f"KMS{number}", "public_domain": True, "image_iiif_id": iiif}

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        assert said["filters"] == "[has_image:true],[public_domain:true]"
        return {"found": count, "items": part(count, int(said["offset"]), int(said["rows"]), work)}

    server.answer("/search/", search)
    return Smk(api=server.url)


def opencontext(server: Replay, count: int) -> OpenContext:
    """Open Context: records from a place on; who sends no User-Agent is refused."""

    def record(number: int) -> dict[str, Any]:
        thumbnail = f"https://iiif.example/{number}/full/150,/0/default.jpg"
        return {"uri": f"https://opencontext.org/subjects/{number}", "label": f"PC {number}", "thumbnail": thumbnail}

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        assert asked.headers["user-agent"].startswith("archive-search/")
        found = part(count, int(said["start"]), int(said["rows"]), record)
        return {"totalResults": count, "oc-api:has-results": found}

    server.answer("/query/.json", search)
    return OpenContext(api=f"{server.url}/query/")


def pas(server: Replay, count: int) -> Pas:
    """The Portable Antiquities Scheme: what is asked stands in the path."""

    def find(number: int) -> dict[str, Any]:
        return {"id": str(number), "objecttype": "BROOCH", "imagedir": "images/x/", "filename": f"{number} a.JPG"}

    for page in range(count // 100 + 1):
        path = f"/database/search/results/thumbnail/1/show/100/page/{page + 1}/format/json"
        server.answer(path, {"meta": {"totalResults": count}, "results": part(count, page * 100, 100, find)})
    return Pas(api=f"{server.url}/")


def europeana(server: Replay, count: int) -> Europeana:
    """Europeana: a cursor, and a key."""

    def record(number: int) -> dict[str, Any]:
        return {
            "id": f"/1/{number}",
            "edmIsShownBy": [PICTURE.format(number)],
            "title": [f"Coin {number}"],
            "link": "https://api.example/1.json?wskey=secret",
        }

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        assert said["wskey"] == "secret"
        at = 0 if said["cursor"] == "*" else int(said["cursor"])
        more = {"nextCursor": str(at + 100)} if at + 100 < count else {}
        return {"totalResults": count, "items": part(count, at, 100, record), **more}

    server.answer("/search.json", search)
    return Europeana(api=f"{server.url}/search.json")


def vam(server: Replay, count: int) -> Vam:
    """The V&A: a search, and each object by itself; the last of them is not there by itself."""

    def found(number: int) -> dict[str, Any]:
        return {"systemNumber": f"O{number}", "_primaryTitle": f"Tile {number}", "_primaryImageId": f"i{number}"}

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        size = int(said["page_size"])
        records = part(count, (int(said["page"]) - 1) * size, size, found)
        return {"info": {"record_count": count}, "records": records}

    server.answer("/objects/search", search)
    for number in range(count - 1):
        record = {"systemNumber": f"O{number}", "objectType": "Tile", "images": [f"i{number}"]}
        server.answer(f"/museumobject/O{number}", {"meta": {}, "record": record})
    return Vam(api=server.url)


def sciencemuseum(server: Replay, count: int) -> ScienceMuseum:
    """The Science Museum Group: pages counted from 0, for who asks for JSON."""

    def found(number: int) -> dict[str, Any]:
        media = {
            "admin": {"uid": f"i{number}"},
            "processed": {"large": {"location": f"{number}/large.jpg"}},
            "source": {"legal": {"rights": [{"usage_terms": "CC-BY-NC-SA 4.0"}]}},
        }
        return {"id": f"co{number}", "attributes": {"multimedia": [media], "summary_title": f"Engine {number}"}}

    def search(asked: Asked) -> dict[str, Any]:
        said = numbers(asked)
        assert "json" in asked.headers["accept"]
        size = int(said["page[size]"])
        found_here = part(count, int(said["page[number]"]) * size, size, found)
        return {"data": found_here, "meta": {"count": {"type": {"objects": count}}}}

    server.answer("/search/objects", search)
    return ScienceMuseum(api=server.url)


def natmus_page(record: Mapping[str, Any]) -> str:
    """A page of the National Museum's collections with the record in it."""
    told = html.escape(json.dumps(record, ensure_ascii=False, indent=1))
    return f'<html><div id="description">Gravfund</div><h2>Rådata</h2><pre>{told}</pre></html>'


def natmus(server: Replay, count: int) -> Natmus:
    """The National Museum of Denmark: a page for each object."""
    for number in range(1, count + 1):
        record = {"id": number, "collection": "DO", "related": {"assets": [{"id": f"DO-{number}9"}]}}
        server.answer(f"/DO/object/{number}", natmus_page(record), type="text/html")
    return Natmus(site=server.url, collection="DO", objects=(f"1-{count}",))


MUSEUMS: dict[str, Museum] = {
    "met": Museum(met, 21, "/objects"),
    "artic": Museum(artic, 205, "/artworks/search"),
    "cleveland": Museum(cleveland, 101, "/artworks/"),
    "smk": Museum(smk, 101, "/search/"),
    "opencontext": Museum(opencontext, 101, "/query/.json"),
    "pas": Museum(pas, 101, "/database/search/results/thumbnail/1/show/100/page/1/format/json"),
    "europeana": Museum(europeana, 101, "/search.json"),
    "vam": Museum(vam, 21, "/objects/search"),
    "sciencemuseum": Museum(sciencemuseum, 101, "/search/objects"),
    "natmus": Museum(natmus, 21, "/DO/object/1"),
}
"""Every service, by the name of its source."""

__all__ = ["KEY", "MUSEUMS", "Museum", "natmus_page"]
