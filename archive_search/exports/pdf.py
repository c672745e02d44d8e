"""PDF: the catalogue to print, typeset; its provenance attached to it."""

from __future__ import annotations

import dataclasses
import json
import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.catalogue import Catalogue, Entry
from archive_search.exports.parts.pictures import Pictures
from archive_search.exports.parts.provenance import provenance
from archive_search.exports.parts.told import people
from archive_search.exports.parts.words import WORDS, Language, number
from archive_search.knobs import knob
from archive_search.types import InvalidInputError, NotInstalledError, StoreError
from archive_search.visible import visible

ATTACHED = "provenance.json"
LONG = 1500
"""A plate with more letters than this under it may be broken across pages; it would not fit one."""
_TEMPLATE = Path(__file__).with_name("templates") / "catalogue.typ"


@dataclass(frozen=True)
class Pdf:
    """
    A catalogue on A4: the question in words and how it was ranked, plates with captions, sources and licences.

    What follows the plates is listed. Texts are set in Libertinus Serif, which is part of the typesetter; signs that it
    lacks come from the fonts of the system. Where none has them they are boxes, and the catalogue says so.
    """

    summary: ClassVar[str] = "a catalogue to print on A4: cover, plates, sources; provenance attached"
    endings: ClassVar[tuple[str, ...]] = (".pdf",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    title: str = knob("", "Title", help="None: the question in words.")
    language: Language = knob("en", "Language")
    number: int = knob(500, "Plates at most", low=0, high=5000, help="The other records are listed after them.")
    listed: int = knob(10_000, "Listed after them at most", low=0, high=100_000, help="It is said how many more.")
    fields: tuple[str, ...] = knob((), "Fields under a plate", help="None named: type, date, material, place, size.")
    pictures: Pictures = knob("originals", "Pictures", help="Made of the originals where they are at hand.")
    pixels: int = knob(600, "Pixels of a picture's longer side", low=64, high=2000)

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        One pass; pictures wait as small files in a folder that goes when the PDF is made.

        Raises:
            NotInstalledError: If typst is missing.
            StoreError: If the typesetter fails.
        """
        try:
            import typst
        except ImportError as error:
            raise NotInstalledError("PDF needs typst: pip install 'archive-search[pdf]'") from error
        catalogue = Catalogue(outgoing, self.language, self.fields, self.pictures, self.pixels, self.number, self.title)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copyfile(_TEMPLATE, folder / "catalogue.typ")
            (folder / ATTACHED).write_text(provenance(outgoing, 1), encoding="utf-8")
            cover = catalogue.cover()
            cover["who"] = [visible(one) for one in people(outgoing)]
            cover["frontispiece"] = _picture(folder, "frontispiece", cover["frontispiece"])
            with (folder / "catalogue.json").open("w", encoding="utf-8") as file:
                file.writelines(_data(cover, catalogue, folder, self.listed))
            try:
                _typeset(folder, outgoing.found.provenance.time)
            except typst.TypstError as error:
                raise StoreError(f"The catalogue cannot be typeset: {error.message}.") from error
            shutil.copyfile(folder / "catalogue.pdf", target)

    @classmethod
    def carried(cls, target: Path) -> str:
        """
        What is attached as `provenance.json`.

        Raises:
            NotInstalledError: If pypdf is missing.
        """
        try:
            import pypdf
        except ImportError as error:
            raise NotInstalledError("Reading a PDF needs pypdf: pip install 'archive-search[pdf]'") from error
        logging.getLogger("pypdf").setLevel(logging.ERROR)  # what is odd about a file is told by the error below
        try:
            with pypdf.PdfReader(target) as read:
                return read.attachments[ATTACHED][0].decode("utf-8")
        except Exception as error:  # a broken file makes the reader raise anything: KeyError, TypeError, RecursionError
            raise InvalidInputError(f"{target} carries no provenance: it is no PDF with {ATTACHED} in it.") from error


def _typeset(folder: Path, time: str) -> None:
    """As PDF/A-3, which archives keep; where a sign is in no font, which that forbids, as a PDF that says so."""
    import typst

    def typeset(standards: list[Any], boxes: str) -> None:
        typst.compile(
            str(folder / "catalogue.typ"),
            output=str(folder / "catalogue.pdf"),
            root=str(folder),
            timestamp=_time(time),
            pdf_standards=standards,
            sys_inputs={"boxes": boxes},
        )

    try:
        typeset(["a-3b"], "no")
    except typst.TypstError:
        typeset([], "yes")


def _data(cover: dict[str, Any], catalogue: Catalogue, folder: Path, listed: int) -> Iterator[str]:
    """The catalogue as JSON, an entry to a line; pictures become files in the folder."""
    yield json.dumps(cover, ensure_ascii=False)[:-1]
    for name, entries in (("plates", catalogue.plates()), ("others", catalogue.others(listed))):
        yield f', "{name}": ['
        yield from _joined(_entry(entry, folder) for entry in entries)
        yield "]"
    yield f', "unlisted": {json.dumps(_unlisted(catalogue))}, "sources": ['
    yield from _joined(dataclasses.asdict(source) for source in catalogue.sources())
    yield "]}"


def _unlisted(catalogue: Catalogue) -> str:
    """How many records are neither plate nor list, in words; '' where there are none."""
    count = catalogue.unlisted()
    return WORDS[catalogue.language]["unlisted"].format(number(count, catalogue.language)) if count else ""


def _joined(some: Iterable[dict[str, Any]]) -> Iterator[str]:
    for place, one in enumerate(some):
        yield (",\n" if place else "\n") + json.dumps(one, ensure_ascii=False)


def _entry(entry: Entry, folder: Path) -> dict[str, Any]:
    letters = len(entry.title) + sum(len(said) for _, said in entry.told) + len(entry.credit)
    picture = _picture(folder, f"{entry.rank}", entry.picture)
    return {**vars(entry), "picture": picture, "long": letters > LONG}


def _picture(folder: Path, name: str, data: bytes | None) -> str | None:
    if data is None:
        return None
    (folder / f"{name}.jpg").write_bytes(data)
    return f"{name}.jpg"


def _time(said: str) -> datetime:
    """When the search was: the same set makes the same file."""
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


EXPORTS: Mapping[str, type[Export]] = {"pdf": Pdf}
