"""RO-Crate: the set as a research object, a folder that says of each file what it is, whose, and how it came about."""

from __future__ import annotations

import json
import mimetypes
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, TextIO

from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.pictures import picture_file
from archive_search.exports.parts.provenance import provenance, shown_head, shown_plan
from archive_search.exports.parts.rows import columns, row_of
from archive_search.exports.parts.told import asked, besides, chosen, extent, kind, people, stages
from archive_search.exports.parts.words import Language
from archive_search.file_names import SafeNames
from archive_search.knobs import knob
from archive_search.metadata.filters import values_of
from archive_search.metadata.licences import licence_of
from archive_search.metadata.wording import called, text_of, title_of
from archive_search.reading import read_text
from archive_search.saved import SavedHit
from archive_search.spreadsheet_cells import csv_line
from archive_search.types import Hit, InvalidInputError, NotInstalledError, Payload
from archive_search.visible import visible

PROVENANCE, SET, TABLE, PLAN = "provenance.json", "result-set.json", "table.csv", "plan.json"
VERSION = "1.1"
"""The version of the RO-Crate specification that is followed: the one that Process Run Crate builds on."""
PYTHON = "https://www.python.org/"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
"""Process Run Crate: how a crate tells of a program that was run."""


@dataclass(frozen=True)
class RoCrate:
    """
    A folder with the result set, the table, the plan, the provenance and the pictures, and `ro-crate-metadata.json`.

    That file says of each picture its licence, who made it and which record it shows, and of the search which program
    ran it, by whom, when and on what (Process Run Crate).
    """

    summary: ClassVar[str] = "the set as a research object: a folder with data, pictures, plan and software described"
    endings: ClassVar[tuple[str, ...]] = ()
    beside: ClassVar[tuple[str, ...]] = ()
    folder: ClassVar[bool] = True

    title: str = knob("", "Title", help="None: the question in words.")
    pictures: Literal["originals", "thumbnails", "links", "none"] = knob(
        "originals", "Pictures", help="Originals where at hand, else thumbnails; links: where the museum shows them."
    )
    number: int = knob(10_000, "Pictures at most", low=0, high=100_000, help="The table has all records.")
    fields: tuple[str, ...] = knob((), "Columns of the table", help="None named: all.")
    language: Language = knob("en", "Language", help="Of what the program says.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        Two passes: one for the columns, one for all else.

        Raises:
            NotInstalledError: If rocrate is missing.
        """
        try:
            from rocrate.rocrate import ROCrate
        except ImportError as error:
            raise NotInstalledError("RO-Crate needs rocrate: pip install 'archive-search[ro-crate]'") from error
        names = columns(outgoing, self.fields)
        target.mkdir(parents=True)
        described = Described(ROCrate(version=VERSION), target)
        head = shown_head(outgoing)
        (target / PLAN).write_text(json.dumps(head["plan"], ensure_ascii=False, indent=1), encoding="utf-8")
        with (
            (target / TABLE).open("w", encoding="utf-8-sig", newline="") as cells,
            (target / SET).open("w", encoding="utf-8") as hits,
        ):
            cells.write(csv_line([*names, "picture" if "picture" not in names else "picture in this folder"]))
            hits.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "hits": [')
            self._records(outgoing, described, names, cells, hits)
            hits.write("\n]}\n")
        (target / PROVENANCE).write_text(provenance(outgoing, 1), encoding="utf-8")
        self._whole(outgoing, described)
        described.crate.write(target)

    def _records(self, outgoing: Outgoing, described: Described, names: list[str], cells: TextIO, hits: TextIO) -> None:
        safe, digits, pictures = SafeNames(), len(str(len(outgoing.found))), 0
        for place, (rank, hit) in enumerate(outgoing):
            name = self._picture(outgoing, described, rank, hit, digits, safe) if pictures < self.number else ""
            pictures += bool(name)
            row = row_of(outgoing, rank, hit)
            cells.write(csv_line([*(row.get(column) for column in names), name]))
            saved = SavedHit(
                rank=rank,
                plain_rank=outgoing.found.plain.get(hit.id),
                score=hit.score,
                id=hit.id,
                box=hit.box,
                payload=dict(hit.payload),
            )
            hits.write(("," if place else "") + "\n" + saved.model_dump_json())

    def _picture(
        self, outgoing: Outgoing, described: Described, rank: int, hit: Hit, digits: int, safe: SafeNames
    ) -> str:
        """Put a picture, or its address, into the crate; where it is, '' where there is none."""
        if self.pictures == "links":
            address = text_of(hit.payload, "image_url")
            if not _is_address(address):
                return ""
            described.picture(address, None, rank, hit)
            return address
        file = picture_file(outgoing, hit, self.pictures)
        if file is None:
            return ""
        name = "pictures/" + safe(f"{rank:0{digits}} {called(hit)}", file.suffix)
        (described.folder / "pictures").mkdir(exist_ok=True)
        shutil.copyfile(file, described.folder / name)
        described.picture(name, file.suffix, rank, hit)
        return name

    def _whole(self, outgoing: Outgoing, described: Described) -> None:
        """Say what the folder is, what else is in it, and how the search was run."""
        plan, told = shown_plan(outgoing), outgoing.found.provenance
        crate, title = described.crate, visible(self.title) or asked(plan, self.language)
        said_besides = [f"{label}: {said}" for label, said in besides(outgoing, self.language)]
        crate.name, crate.description = title, ". ".join([*said_besides, extent(outgoing, self.language)])
        if told.time:
            crate.datePublished = told.time
        crate.license = described.licence_of_all()
        crate.root_dataset["conformsTo"] = described.entity(
            PROFILE, "CreativeWork", name="Process Run Crate", version=PROFILE.rpartition("/")[2]
        )
        person = described.entity("#who", "Person", name=visible(told.who)) if told.who else None
        if authors := [described.person(visible(one)) if one != told.who else person for one in people(outgoing)]:
            crate.root_dataset["author"] = authors[0] if len(authors) == 1 else authors
        archive = described.entity(
            "#archive",
            "CreativeWork",
            name=visible(told.archive),
            identifier=told.archive_id,
            version=told.generation,
            description=f"An archive of {told.records} records; its index is kept by {told.store}.",
        )
        steps = "; ".join(f"{what} ({did})" for what, did in stages(outgoing, self.language))
        made = [
            described.file(SET, "application/json", "Result set", "Every record with its rank, score and metadata."),
            described.file(TABLE, "text/csv", "Table", "A row per record."),
            described.file(
                PROVENANCE, "application/json", "Provenance", "How the set was found, to repeat the search."
            ),
        ]
        asked_for = described.file(PLAN, "application/json", "Plan", "What was asked for, by which steps.")
        action = described.entity(
            "#search",
            "CreateAction",
            name=f"{'Search' if chosen(outgoing) is None else kind(outgoing, 'en')}: {title}",
            description=steps,
            instrument=described.software(outgoing),
            object=[asked_for, archive, *described.model(outgoing)],
            result=made,
            actionStatus="http://schema.org/CompletedActionStatus",
            **({"endTime": told.time} if told.time else {}),
            **({"agent": person} if person is not None else {}),
        )
        crate.root_dataset["mentions"] = action

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in `provenance.json`."""
        if not (target / PROVENANCE).is_file():
            raise InvalidInputError(f"{target} carries no provenance: it is no folder with {PROVENANCE}.")
        return read_text(target / PROVENANCE, "The provenance")


@dataclass
class Described:
    """A crate while it is filled: its entities, each once."""

    crate: Any
    folder: Path
    _licences: dict[str, Any] = field(default_factory=dict)
    _people: dict[str, Any] = field(default_factory=dict)

    def entity(self, key: str, kind: str, **told: Any) -> Any:
        """Describe something that is no file of the folder; what is '' is left out."""
        from rocrate.model import ContextEntity

        given = {"@type": kind, **{name: one for name, one in told.items() if one != ""}}
        return self.crate.add(ContextEntity(self.crate, key, properties=given))

    def file(self, name: str, kind: str, title: str, description: str) -> Any:
        """Describe a file of the folder."""
        size = str((self.folder / name).stat().st_size)
        told = {"name": title, "description": description, "encodingFormat": kind, "contentSize": size}
        return self.crate.add_file(self.folder / name, name, properties=told)

    def picture(self, place: str, suffix: str | None, rank: int, hit: Hit) -> None:
        """Describe a picture, by its name in the folder or its address: what it shows, whose it is, what one may do."""
        payload = hit.payload
        told: dict[str, Any] = {
            "name": visible(title_of(payload) or hit.id, lines=True),
            "identifier": visible(hit.id),
            "position": rank,
            "description": visible(text_of(payload, "description"), lines=True),
            "creditText": visible(text_of(payload, "credit")),
            "copyrightNotice": visible(text_of(payload, "rights_holder")),
            "url": text_of(payload, "record_url") if _is_address(text_of(payload, "record_url")) else "",
        }
        kind = mimetypes.guess_type(f"a{suffix}" if suffix else place.partition("?")[0])[0]
        told = {name: one for name, one in told.items() if one != ""} | ({"encodingFormat": kind} if kind else {})
        if suffix is not None:
            told["contentSize"] = str((self.folder / place).stat().st_size)
        if makers := [self.person(visible(str(one))) for one in values_of(payload, "creator") if str(one).strip()]:
            told["creator"] = makers
        told["license"] = self._licence(payload)
        source = place if suffix is None else self.folder / place
        self.crate.add_file(source, None if suffix is None else place, properties=told)

    def model(self, outgoing: Outgoing) -> list[Any]:
        """Describe the weights that the pictures were seen with, where they are known."""
        told = outgoing.found.provenance
        if not told.weights:
            return []
        seen = f"The weights that the pictures were seen with, SHA-256 {told.weights}."
        key = f"sha256:{told.weights}"
        return [self.entity("#model", "CreativeWork", name=told.embedder, description=seen, identifier=key)]

    def software(self, outgoing: Outgoing) -> Any:
        """Describe the program that searched, and the packages it ran with."""
        told = outgoing.found.provenance
        needed = [
            self.entity(address, "SoftwareApplication", name=name, softwareVersion=version, url=address)
            for name, version in told.versions.items()
            for address in [PYTHON if name == "python" else f"https://pypi.org/project/{name}/{version}/"]
        ]
        return self.entity(
            "#archive-search",
            "SoftwareApplication",
            name="archive-search",
            softwareVersion=told.program,
            description="Staged search in a museum's pictures by words, pictures and metadata.",
            softwareRequirements=needed,
        )

    def licence_of_all(self) -> Any:
        """What the whole may be used for: nobody but the museums can say."""
        several = (
            "Each picture and its record have the licence that their museum gives them; it stands with the picture."
        )
        return self.entity("#licences", "CreativeWork", name="As each picture says", description=several)

    def _licence(self, payload: Payload) -> Any:
        said = text_of(payload, "licence")
        if said not in self._licences:
            known = licence_of(said)
            if known is not None and known.address:
                made = self.entity(known.address, "CreativeWork", name=known.name)
            elif _is_address(said):
                made = self.entity(said, "CreativeWork", name=said)
            elif said:
                made = self.entity(
                    f"#licence-{len(self._licences) + 1}",
                    "CreativeWork",
                    name=visible(said),
                    description="A licence in the museum's words.",
                )
            else:
                made = self.entity(
                    "#licence-none",
                    "CreativeWork",
                    name="No licence named",
                    description="The museum names no licence: ask before the picture is used.",
                )
            self._licences[said] = made
        return self._licences[said]

    def person(self, name: str) -> Any:
        """Describe who made something, each once."""
        if name not in self._people:
            self._people[name] = self.entity(f"#maker-{len(self._people) + 1}", "Person", name=name)
        return self._people[name]


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(one.isspace() or one in '<>"{}|\\^`' for one in text)


EXPORTS: Mapping[str, type[Export]] = {"ro-crate": RoCrate}
