"""RIS: citations for EndNote and other reference managers; the provenance in notes of the set's own entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.citations import Citing, Item, ascii_lines, one_line, plain_date
from archive_search.exports.parts.provenance import provenance
from archive_search.metadata.fields import STANDARD
from archive_search.reading import read_text
from archive_search.types import InvalidInputError

MARK = "archive-search provenance: "
"""Begins each note that is a piece of the provenance; together they are its JSON."""


@dataclass(frozen=True)
class Ris(Citing):
    """
    An entry for the set (`DATA`), then one for each object (`ART`), in UTF-8, a tag to a line.

    The provenance stands in notes (`N1`) of the set's entry, which `rerun` reads.
    """

    summary: ClassVar[str] = "citations of the set and of each object, for reference managers; provenance in notes"
    endings: ClassVar[tuple[str, ...]] = (".ris",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """One pass."""
        cited = self.items(outgoing)
        with target.open("w", encoding="utf-8", newline="\r\n") as file:
            for item in cited:
                is_set = item["type"] == "dataset"
                file.write(f"TY  - {'DATA' if is_set else 'ART'}\n")
                file.writelines(f"{tag}  - {said}\n" for tag, said in self._tags(item) if said)
                if is_set:
                    lines = ascii_lines(provenance(outgoing, 1))
                    file.writelines(f"N1  - {MARK}{line}\n" for line in lines)
                file.write("ER  - \n\n")

    def _tags(self, item: Item) -> Iterator[tuple[str, str]]:
        yield "ID", item["id"]
        for tag, variable in _TAGS.items():
            yield tag, one_line(item.get(variable, ""))
        for person in item.get("author", []):
            yield "AU", one_line(person["literal"])
        date = plain_date(item)
        yield "PY", date[:4] if date[:4].isdigit() and not date[4:5].isdigit() else ""
        yield "DA", one_line(date).replace("-", "/") if "date-parts" in item.get("issued", {}) else one_line(date)
        yield "UR", item.get("URL", "")
        for field in ("material", "measurements"):
            if said := item.get(STANDARD[field].standard["csl"]):
                yield "N1", one_line(f"{STANDARD.said(field, self.language)}: {said}")

    @classmethod
    def carried(cls, target: Path) -> str:
        """The notes of the set's entry."""
        lines = read_text(target, "The references").replace("\r\n", "\n").split("\n")
        start = f"N1  - {MARK}"
        found = [line.removeprefix(start) for line in lines if line.startswith(start)]
        if not found:
            raise InvalidInputError(f"{target} is no RIS file that carries provenance.")
        return "\n".join(found)


_TAGS = {
    "TI": "title",
    "M3": "genre",
    "AN": "call-number",
    "AV": "archive_collection",
    "DB": "archive",
    "DP": "source",
    "PB": "publisher",
    "CY": "publisher-place",
    "ET": "version",
    "LA": "language",
    "AB": "abstract",
    "N1": "note",
}
"""Tags that are one variable of an item."""


EXPORTS: Mapping[str, type[Export]] = {"ris": Ris}
