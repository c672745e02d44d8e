"""An archive's own words: its file `vocabulary.csv`, with English prompt words for local terms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive_search.metadata.translating import Term
from archive_search.metadata.vocabularies import LANGUAGES
from archive_search.types import ArchiveError

FILE = "vocabulary.csv"
"""Beside `archive.toml`."""
COLUMNS = ("term", "language", "prompt", "aat")
"""What its first line says; `language` and `aat` may be left out."""
LARGEST = 5_000_000
"""Bytes that are read of it."""
LONGEST = 200
"""Letters of a term, and of its prompt words."""


@dataclass(frozen=True)
class LocalTerms:
    """The rows that can be used, in order, and what is wrong with the others, each with its line."""

    terms: tuple[Term, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """What people are told who search; '' where every row can be used."""
        if not self.faults:
            return ""
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        return f"{FILE} is not used as a whole: {self.faults[0]}{more}; 'archive-search vocabulary' lists all."


def read_local_terms(file: Path) -> LocalTerms:
    """
    Read an archive's `vocabulary.csv`; where there is none there are no terms.

    Raises:
        ArchiveError: If it is there and cannot be read at all.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return LocalTerms()
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        return LocalTerms(faults=(f"it is larger than {LARGEST // 1_000_000} MB",))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return LocalTerms(faults=(f"line {line}: it is not written in UTF-8",))
    return _checked(text)


def _checked(text: str) -> LocalTerms:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    terms: dict[tuple[str, str], Term] = {}
    faults: list[str] = []
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
        if fault := _fault_of_header(header):
            return LocalTerms(faults=(fault,))
        for row in rows:
            cells = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=False)}
            if not any(cells.values()):
                continue
            made = Term(*(cells.get(name, "") for name in COLUMNS))
            key = (made.term.casefold(), made.language)
            if fault := _fault(row, header, made) or (
                f"{made.term!r} is there already, as {terms[key].prompt!r}" if key in terms else ""
            ):
                faults.append(f"line {rows.line_num}: {fault}")
            else:
                terms[key] = made
    except csv.Error as error:
        faults.append(f"line {rows.line_num}: {error}")
    return LocalTerms(tuple(terms.values()), tuple(faults))


def _fault_of_header(header: Sequence[str]) -> str:
    if missing := [name for name in ("term", "prompt") if name not in header]:
        return f"line 1: there is no column {' and no column '.join(missing)}; the first line says {','.join(COLUMNS)}"
    if unknown := [name for name in header if name not in COLUMNS]:
        return f"line 1: there is no column {unknown[0]!r}; known: {', '.join(COLUMNS)}"
    return ""


def _fault(row: Sequence[str], header: Sequence[str], made: Term) -> str:
    """What is wrong with a row; '' where nothing is."""
    if len(row) > len(header):
        return f"it has {len(row)} cells, the first line {len(header)}"
    for name, said in (("term", made.term), ("prompt", made.prompt)):
        if not re.search(r"\w", said):
            return f"the {name} is empty"
        if len(said) > LONGEST:
            return f"the {name} has more than {LONGEST} letters"
    if made.language and made.language not in LANGUAGES:
        return f"the language is one of {', '.join(LANGUAGES)}, or empty; got {made.language!r}"
    if made.aat and not re.fullmatch(r"300\d{6}", made.aat):
        return f"a number of Getty's AAT has nine digits and begins with 300; got {made.aat!r}"
    return ""
