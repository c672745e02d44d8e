"""The Art Institute of Chicago, by its public API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from archive_search.knobs import knob
from archive_search.reading import parse_records, read_text
from archive_search.types import InvalidInputError, MetadataError, Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.origin import origin_of
from ingest.harvest.paged import items, listed, total_of
from ingest.harvest.pictured import Picture, of_museum, records_of
from ingest.harvest.remote import Item, Page
from ingest.harvest.values import text, texts
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

API = "https://api.artic.edu/api/v1"
IIIF = "https://www.artic.edu/iiif/2"
_SIZE = 100
_NO_MORE = 10**8
"""No work has such a number."""
_WINDOW = 10_000
"""A search gives its first 10,000 answers only; so many numbers of works hold never more."""


@dataclass(frozen=True)
class Artic(Harvested):
    """
    Works of the Art Institute of Chicago that are in the public domain and have a picture.

    A search gives 10,000 works at most, so it is asked for a window of their numbers after the other.
    """

    tells_changes: ClassVar[bool] = True

    query: str = knob("", "Words", help="What the museum's own search is to find; without words, everything.")
    department: str = knob("", "Department", help="The name of a department, such as 'Arts of Africa'.")
    kind: str = knob("", "Kind", help="The type of artwork, such as Sculpture or Vessel.")
    year_from: int | None = knob(None, "From year", help="Only what was made in this year or later; BCE negative.")
    year_to: int | None = knob(None, "To year", help="Only what was made in this year or before.")
    width: int = knob(
        843, "Width of pictures", low=200, high=1686, help="Pixels that pictures are wide: 200, 400, 600, 843 or 1686."
    )
    saved: Path | None = knob(
        None,
        "Saved",
        help="A folder of the museum's data dump (json/artworks): its works are taken, and none is asked for.",
    )
    api: str = knob(API, "Address of the service", help="Another address, of a server that answers alike.")
    _: KW_ONLY
    rate: float = knob(
        1.0, "Requests a second", low=0.01, high=1000.0, help="Requests a second; the museum asks for one at most."
    )

    def __post_init__(self) -> None:
        if self.saved is not None:
            object.__setattr__(self, "saved", Path(self.saved))
            if self.query or self.department or self.kind or self.year_from is not None or self.year_to is not None:
                raise InvalidInputError(
                    "Of a saved data dump all works are taken: nothing can be asked for.", settings=("saved",)
                )

    @property
    def origin(self) -> str:
        """The service and what was asked of it, or the folder of what was saved."""
        if self.saved is not None:
            return f"artic {self.saved.resolve()}"
        years = f"{self.year_from or ''}/{self.year_to or ''}".strip("/")
        return origin_of(
            f"{self.api}/artworks", query=self.query, department=self.department, kind=self.kind, years=years
        )

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """A hundred works to a page; `resume` is where the window begins, and the page within it."""
        if self.saved is not None:
            yield from self._saved_pages(self.saved, resume)
            return
        low, number = (int(one) for one in (resume or "0:1").split(":"))
        while True:
            answer = self._search(client, since, low, number)
            works = items(listed(answer, "data", self.api), "id", url=lambda key: f"{self.api}/artworks/{key}")
            total = total_of(answer, "pagination.total") or 0
            if number * _SIZE < total and works:
                number += 1
                yield Page(works, f"{low}:{number}")
                continue
            low, number = low + _WINDOW, 1
            rest = total_of(self._search(client, since, low, 1, whole=True), "pagination.total")
            rest = rest if low < _NO_MORE else 0
            yield Page(works, f"{low}:1" if rest else "")
            if not rest:
                return

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record for the main picture and each alternative one."""
        told = item.content
        id = f"artic-{item.key}"
        if not isinstance(told, dict) or told.get("is_public_domain") is not True:
            yield Rejected(id, "", "record", "The museum does not say that it is in the public domain.")
            return
        names = [*texts(told, "image_id"), *texts(told, "alt_image_ids")]
        pictures = [Picture(f"{IIIF}/{one}/full/{self.width},/0/default.jpg", one) for one in names]
        yield from records_of(id, _values(told), pictures, _extra(told))

    def _saved_pages(self, folder: Path, resume: str) -> Iterator[Page]:
        """The works of a data dump that can be taken, a hundred files to a page, by the names of the files."""
        try:
            files = sorted(one for one in folder.iterdir() if one.suffix == ".json")
        except OSError as error:
            raise MetadataError(f"{folder} cannot be read: {error.strerror or error}.") from error
        if not files:
            raise MetadataError(f"{folder} holds no works (.json): name the folder json/artworks of the data dump.")
        left = [one for one in files if one.name > resume]
        for start in range(0, max(len(left), 1), _SIZE):
            some = left[start : start + _SIZE]
            works = [made for one in some if (made := _in_file(one)) is not None]
            yield Page(works, some[-1].name if start + _SIZE < len(left) else "")

    def _search(self, client: Client, since: str, low: int, number: int, whole: bool = False) -> Any:
        """One page of the works whose numbers lie in the window that begins at `low`; `whole`: from there on."""
        must: list[tuple[str, Any]] = [
            ("[term][is_public_domain]", "true"),
            ("[exists][field]", "image_id"),
            ("[range][id][gte]", low),
        ]
        if not whole:
            must.append(("[range][id][lt]", low + _WINDOW))
        if self.department:
            must.append(("[term][department_title.keyword]", self.department))
        if self.kind:
            must.append(("[term][artwork_type_title.keyword]", self.kind))
        if self.year_from is not None:
            must.append(("[range][date_end][gte]", self.year_from))
        if self.year_to is not None:
            must.append(("[range][date_start][lte]", self.year_to))
        if since:
            must.append(("[range][updated_at][gte]", since))
        asked: dict[str, Any] = {f"query[bool][must][{place}]{what}": value for place, (what, value) in enumerate(must)}
        if self.query:
            asked["q"] = self.query
        asked |= {"fields": ",".join(_FIELDS), "limit": 0 if whole else _SIZE, "page": number}
        headers = {"AIC-User-Agent": client.user_agent}
        return client.json(f"{self.api}/artworks/search", params=asked, headers=headers)


def _in_file(file: Path) -> Item | Rejected | None:
    """A work of a data dump; None where it is not in the public domain or has no picture, as a search leaves out."""
    try:
        work = parse_records(read_text(file, "The work", MetadataError), file.name, MetadataError)
    except MetadataError as error:
        return Rejected(file.name, "", "record", str(error))
    if not text(work, "id"):
        return Rejected(file.name, "", "record", "It is no work: it has no id.")
    usable = work.get("is_public_domain") is True and text(work, "image_id")
    return Item(text(work, "id"), work, text(work, "api_link")) if usable else None


_FIELDS = (
    *("id", "title", "main_reference_number", "is_public_domain", "image_id", "alt_image_ids", "thumbnail"),
    *("artwork_type_title", "classification_titles", "department_title", "artist_title", "artist_titles"),
    *("artist_display", "material_titles", "technique_titles", "medium_display", "style_titles", "subject_titles"),
    *("term_titles", "date_start", "date_end", "date_display", "place_of_origin", "latitude", "longitude"),
    *("dimensions", "description", "short_description", "credit_line", "copyright_notice", "inscriptions"),
    *("is_on_view", "gallery_title", "updated_at"),
)
"""What is asked of a work; without it a page would be a megabyte."""


def _values(told: dict[str, Any]) -> dict[str, Any]:
    """What the museum says of a work, by field."""
    return {
        "object_id": of_museum("AIC", text(told, "main_reference_number")),
        "title": text(told, "title"),
        "object_type": texts(told, "artwork_type_title", "classification_titles"),
        "description": text(told, "description", "short_description"),
        "collection": text(told, "department_title"),
        "creator": texts(told, "artist_titles", "artist_title", "artist_display"),
        "material": texts(told, "material_titles", "medium_display"),
        "technique": texts(told, "technique_titles"),
        "measurements": text(told, "dimensions"),
        "date": text(told, "date_display"),
        "date_from": text(told, "date_start"),
        "date_to": text(told, "date_end"),
        "origin": text(told, "place_of_origin"),
        "location": "The Art Institute of Chicago",
        "licence": "CC0",
        "credit": text(told, "credit_line"),
        "source": "The Art Institute of Chicago",
        "record_url": f"https://www.artic.edu/artworks/{text(told, 'id')}",
        "language": "en",
    }


def _extra(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "inventory number": text(told, "main_reference_number"),
        "medium": text(told, "medium_display"),
        "classification": texts(told, "classification_titles"),
        "style": texts(told, "style_titles"),
        "subject": texts(told, "subject_titles"),
        "alt text": text(told, "thumbnail.alt_text"),
        "inscriptions": text(told, "inscriptions"),
    }


SOURCES = {"artic": Artic}
