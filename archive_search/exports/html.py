"""HTML: a catalogue to print, one file that needs nothing else."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.catalogue import Catalogue
from archive_search.exports.parts.embedded import from_page, in_page
from archive_search.exports.parts.pictures import Pictures
from archive_search.exports.parts.provenance import provenance
from archive_search.exports.parts.words import Language
from archive_search.knobs import knob
from archive_search.types import InvalidInputError

_PROVENANCE = re.compile(rb'<script type="application/json" id="provenance">\n(.*?)\n</script>', re.DOTALL)


@dataclass(frozen=True)
class Html:
    """
    A catalogue: the question in words and how it was ranked, plates with captions, sources and licences.

    Pictures are within the file, nothing in it runs, and nothing is fetched when it is opened. It prints on A4.
    """

    summary: ClassVar[str] = "a catalogue to print as one web page: cover, plates, sources; provenance within"
    endings: ClassVar[tuple[str, ...]] = (".html", ".htm")
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    title: str = knob("", "Title", help="None: the question in words.")
    language: Language = knob("en", "Language")
    number: int = knob(500, "Plates at most", low=0, high=100_000, help="The other records are listed after them.")
    fields: tuple[str, ...] = knob((), "Fields under a plate", help="None named: type, date, material, place, size.")
    pictures: Pictures = knob("originals", "Pictures", help="Made of the originals where they are at hand.")
    pixels: int = knob(480, "Pixels of a picture's longer side", low=64, high=2000)

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """One pass; a plate is written as it comes."""
        catalogue = Catalogue(outgoing, self.language, self.fields, self.pictures, self.pixels, self.number, self.title)
        page = (
            _templates()
            .get_template("catalogue.html.j2")
            .stream(
                **catalogue.cover(),
                plates=catalogue.plates(),
                others=catalogue.others(),
                sources=catalogue.sources(),
                provenance=Markup(in_page(provenance(outgoing, 1))),
            )
        )
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(page)

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in the element `provenance`."""
        try:
            found = _PROVENANCE.search(target.read_bytes())
            if found:
                return from_page(found[1].decode("utf-8"))
        except (OSError, ValueError) as error:
            raise InvalidInputError(f"{target} carries no provenance: it cannot be read as a web page.") from error
        raise InvalidInputError(f"{target} carries no provenance: it is no catalogue that archive-search wrote.")


@cache
def _templates() -> Environment:
    """Templates in which every text is escaped."""
    environment = Environment(
        loader=PackageLoader("archive_search.exports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    return environment


EXPORTS: Mapping[str, type[Export]] = {"html": Html}
