"""ZIP: the pictures under telling names, the table, licences and credits, a README and the provenance."""

from __future__ import annotations

import tempfile
import textwrap
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TextIO

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.framed import framed, frames
from archive_search.exports.parts.pictures import Pictures, picture_file, small_jpeg
from archive_search.exports.parts.provenance import provenance, shown_plan
from archive_search.exports.parts.rows import columns, row_of
from archive_search.exports.parts.told import (
    Sources,
    asked,
    besides,
    chosen,
    extent,
    how,
    making,
    remarks,
    stages,
    suggested_end,
)
from archive_search.exports.parts.words import WORDS, Language, number
from archive_search.file_names import SafeNames
from archive_search.knobs import knob
from archive_search.metadata.licences import with_address
from archive_search.metadata.wording import called, text_of, title_of
from archive_search.spreadsheet_cells import csv_line
from archive_search.types import Hit, InvalidInputError
from archive_search.visible import visible

PROVENANCE = "provenance.json"
FRAMED = 1200
"""Pixels of the longer side of a picture on which a part is framed."""


@dataclass(frozen=True)
class Zip:
    """
    A ZIP file of the pictures, stored as they are, each named by rank, number and title.

    Pictures of which a part fits best, or was chosen, are in `parts` once more, smaller, with a line around it. Beside
    them: `table.csv` with all records, whose column `picture` names its file; `licences.txt`; `README.txt`;
    `provenance.json`.
    """

    summary: ClassVar[str] = "the pictures with telling names, a table, licences and credits; provenance within"
    endings: ClassVar[tuple[str, ...]] = (".zip",)
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = False

    pictures: Pictures = knob("originals", "Pictures", help="Originals where they are at hand, else thumbnails.")
    number: int = knob(1_000_000, "Pictures at most", low=0, high=1_000_000, help="The table has all records.")
    fields: tuple[str, ...] = knob((), "Columns of the table", help="None named: all.")
    language: Language = knob("en", "Language", help="Of the README and of the labels in licences.txt.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """Two passes: one for the columns, one for the pictures, which are copied as they come."""
        names = columns(outgoing, self.fields)
        with (
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as parts,
            tempfile.TemporaryDirectory() as folder,
        ):
            table, credits = Path(folder) / "table.csv", Path(folder) / "credits.txt"
            with table.open("w", encoding="utf-8-sig", newline="") as cells, credits.open("w", encoding="utf-8") as by:
                cells.write(csv_line([*names, "picture" if "picture" not in names else "picture in this file"]))
                sources, counts = self._pictures(outgoing, parts, names, cells, by)
            licences = Path(folder) / "licences.txt"
            with licences.open("w", encoding="utf-8") as text, credits.open(encoding="utf-8") as by:
                text.write(_grouped(sources, self.language))
                text.writelines(by)
            parts.write(table, "table.csv")
            parts.write(licences, "licences.txt")
            parts.writestr("README.txt", _readme(outgoing, self.language, counts))
            parts.writestr(PROVENANCE, provenance(outgoing, 1))

    def _pictures(
        self, outgoing: Outgoing, parts: zipfile.ZipFile, names: list[str], cells: TextIO, by: TextIO
    ) -> tuple[Sources, tuple[int, int, int, int]]:
        """Put the pictures in; returns sources, and how many pictures, thumbnails, records without, parts there are."""
        safe, sources = SafeNames(), Sources(self.language)
        digits = len(str(len(outgoing.found)))
        packed = small = without = framed_of = 0
        for rank, hit in outgoing:
            file = picture_file(outgoing, hit, self.pictures) if packed < self.number else None
            name = ""
            if file is None:
                without += 1
            else:
                name = "pictures/" + safe(f"{rank:0{digits}} {called(hit)}", file.suffix)
                parts.write(file, name, zipfile.ZIP_STORED)
                packed += 1
                if self._part(outgoing, parts, hit, Path(name).stem):
                    framed_of += 1
                small += file == outgoing.found.holdings.thumbnail_file(hit.payload)
            row = row_of(outgoing, rank, hit)
            cells.write(csv_line([*(row.get(column) for column in names), name]))
            by.write(_credits(rank, hit, name, self.language))
            sources.add(rank, hit.payload)
        return sources, (packed, small, without, framed_of)

    def _part(self, outgoing: Outgoing, parts: zipfile.ZipFile, hit: Hit, name: str) -> bool:
        """Put the picture in once more with its part framed; returns whether there is one."""
        some = frames(hit, chosen(outgoing) is not None)
        seen = small_jpeg(outgoing, hit, self.pictures, FRAMED) if some else None
        if seen is not None:
            parts.writestr(f"parts/{name}.jpg", framed(seen, some), zipfile.ZIP_STORED)
        return seen is not None

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in `provenance.json`."""
        try:
            with zipfile.ZipFile(target) as parts:
                return parts.read(PROVENANCE).decode("utf-8")
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
            raise InvalidInputError(f"{target} carries no provenance: it is no ZIP file with {PROVENANCE}.") from error


def _line(text: object) -> str:
    return visible(" ".join(str(text).split()))


def _credits(rank: int, hit: Hit, name: str, language: str) -> str:
    words, payload = WORDS[language], hit.payload
    licence = with_address(text_of(payload, "licence"))
    told = [(words["title"], title_of(payload)), (words["file"], name), (words["licence"], licence)]
    told += [(words[field], text_of(payload, field)) for field in ("rights_holder", "credit", "source")]
    told.append((words["record"], text_of(payload, "record_url")))
    lines = [f"{rank}. {_line(hit.id)}", *(f"    {label}: {_line(said)}" for label, said in told if said)]
    return "\n".join(lines) + "\n\n"


def _grouped(sources: Sources, language: str) -> str:
    words = WORDS[language]
    told = [_heading(words["sources"]), words["sources_lead"], ""]
    for one in sources:
        told.append(one.licence)
        told += [f"    {label}: {said}" for label, said in one.told]
        told += textwrap.wrap(one.numbers, 96, initial_indent=f"    {words['numbers']}: ", subsequent_indent="      ")
        told.append("")
    return "\n".join([*told, "", ""])


def _readme(outgoing: Outgoing, language: str, counts: tuple[int, int, int, int]) -> str:
    words, plan = WORDS[language], shown_plan(outgoing)
    heading, lead = how(outgoing, language)
    told = [_heading(asked(plan, language))]
    told += [f"{label}: {said}" for label, said in besides(outgoing, language)]
    told += [extent(outgoing, language), "", _heading(words["contents"])]
    parts = ["pictures_are", *(["parts_are"] if counts[3] else []), "table_is", "licences_are", "provenance_is"]
    told += [words[part] for part in (*parts, "readme_is")]
    told += ["", words["pictures_in"].format(*(number(count, language) for count in counts[:3])), ""]
    told += [_heading(heading), *textwrap.wrap(lead, 100), ""]
    told += [f"- {what}: {did}" for what, did in stages(outgoing, language)]
    told += ["", suggested_end(outgoing, language)] if suggested_end(outgoing, language) else []
    for title, some in remarks(outgoing, language):
        told += ["", _heading(title), *some]
    told += ["", _heading(words["made"]), *textwrap.wrap(words["made_lead"], 100), ""]
    told += [f"{label}: {said}" for label, said in making(outgoing, language)]
    return "\n".join(told) + "\n"


def _heading(text: str) -> str:
    return f"{text}\n{'=' * min(len(text), 100)}"


EXPORTS: Mapping[str, type[Export]] = {"zip": Zip}
