r"""BibTeX: citations for LaTeX; the provenance in comments at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.citations import Citing, Item, ascii_lines, one_line, plain_date
from archive_search.exports.parts.provenance import provenance
from archive_search.reading import read_text
from archive_search.types import InvalidInputError

BEGIN = "% archive-search provenance, read by 'archive-search rerun':"
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # \{ would leave braces unbalanced, which BibTeX counts whatever stands before them
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{one: f"\\{one}" for one in "$&#_%"},
}
_UNSAFE = re.compile("|".join(map(re.escape, _SPECIAL)))


@dataclass(frozen=True)
class BibTex(Citing):
    """
    An entry for the set, then one for each object, all `@misc`, in UTF-8 (Biber, or BibTeX with a Unicode engine).

    LaTeX prints every title as it is and runs none. `rerun` reads the comments at the end.
    """

    summary: ClassVar[str] = "citations of the set and of each object, for LaTeX; provenance in comments"
    endings: ClassVar[tuple[str, ...]] = (".bib",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """One pass."""
        with target.open("w", encoding="utf-8") as file:
            for item in self.items(outgoing):
                file.write(f"@misc{{{item['id']},\n" + "".join(f"  {line},\n" for line in _fields(item)) + "}\n\n")
            file.write("\n".join([BEGIN, *(f"% {line}" for line in ascii_lines(provenance(outgoing, 1)))]) + "\n")

    @classmethod
    def carried(cls, target: Path) -> str:
        """The comments at its end."""
        _, found, text = read_text(target, "The bibliography").replace("\r\n", "\n").partition(f"{BEGIN}\n")
        if not found:
            raise InvalidInputError(f"{target} is no bibliography that carries provenance.")
        return "\n".join(line.removeprefix("% ") for line in text.split("\n"))


def _fields(item: Item) -> Iterator[str]:
    if people := item.get("author"):
        names = " and ".join(f"{{{latex(one['literal'])}}}" for one in people)
        yield f"author = {{{names}}}"
    yield f"title = {{{{{latex(item['title'])}}}}}"
    if date := plain_date(item):
        year, apart, _ = date.partition("-") if "literal" not in item["issued"] else (date, "", "")
        yield f"year = {{{latex(year)}}}"
        if apart:
            yield f"date = {{{date}}}"
    where = [item.get("archive") or item.get("source"), item.get("archive_collection"), item.get("call-number")]
    if said := ", ".join(latex(one) for one in where if one):
        yield f"howpublished = {{{said}}}"
    for name, variable in _NAMES.items():
        if variable in item:
            yield f"{name} = {{{latex(item[variable])}}}"
    if "URL" in item:
        yield f"url = {{{item['URL']}}}"


_NAMES = {
    "type": "genre",
    "number": "call-number",
    "version": "version",
    "medium": "medium",
    "dimensions": "dimensions",
    "address": "publisher-place",
    "library": "archive",
    "series": "archive_collection",
    "source": "source",
    "language": "language",
    "abstract": "abstract",
    "note": "note",
}
"""Fields of an entry that are one variable of an item; what BibTeX does not know it passes over."""


def latex(text: object) -> str:
    """A text on one line that LaTeX prints as it is."""
    return _UNSAFE.sub(lambda found: _SPECIAL[found[0]], one_line(text))


EXPORTS: Mapping[str, type[Export]] = {"bibtex": BibTex}
