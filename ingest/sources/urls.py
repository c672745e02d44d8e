"""The urls source: a list of links to pictures, with or without columns that describe them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from archive_search.counted import count
from archive_search.knobs import Knob, knob
from archive_search.metadata.fields import STANDARD
from archive_search.pictures.kept import is_link
from archive_search.pictures.media import ALL
from archive_search.types import MetadataError, Record, UnknownNameError
from ingest.columns import columns_by_field
from ingest.harvest.addresses import refused
from ingest.harvest.linked import Linked
from ingest.harvest.links import file_name
from ingest.kept import Kept
from ingest.mapping import fields_of, parse_pairs, text_of
from ingest.source import Rejected
from ingest.tables import SAMPLE, Faulty, Row, Table, read_table
from ingest.text_lines import TextLines

_PACKED = (".xlsx", ".xlsm", ".parquet", ".json", ".geojson", ".jsonl", ".ndjson")
"""Endings of files that are tables whatever their first line is."""
_BETWEEN = re.compile(r"[;|,\s]+(?=https?://)", re.IGNORECASE)
_SAYS_NOTHING = ("default", "native", "full", "image", "download")
"""What many servers call every picture."""


@dataclass(frozen=True)
class Urls(Linked):
    """
    A list of links to pictures: a text with a link a line, or a table with a column of links.

    A record's id is the value of the id column, without one the link. Where a cell holds several links the first
    picture has the row's id, the others that id with a number behind a slash, and all have one `object_id`. In a text,
    empty lines and those that begin with # are passed over. A line or row without a link is rejected by itself.
    """

    file: Path = field(
        metadata={
            "knob": Knob(
                "File",
                help=(
                    "A text with a link a line, or a table with a column of links: CSV, TSV, XLSX, "
                    "JSON, JSON lines or Parquet."
                ),
            )
        }
    )
    link: str = knob(
        "",
        "Column of links",
        help="The column of a table that holds the links; if not told, the one whose cells are links to pictures.",
    )
    fields: tuple[str, ...] = knob(
        (),
        "Field mapping",
        help=(
            "Which column fills a field, as FIELD=COLUMN: title=Titel. id= chooses the column of ids; "
            "title= without a column fills none."
        ),
    )
    id_prefix: str = knob(
        "",
        "Put before every id",
        help="A beginning for every id, so that lists that call different things alike can share an archive.",
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", Path(self.file))  # notebooks write paths as texts

    @property
    def origin(self) -> str:
        """The file's full path."""
        return str(self.file.resolve())

    def count(self) -> int | None:
        """How many lines or rows there are."""
        return self._count

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What was found and how it is read, for people; raises what is wrong with the file as a whole."""
        if self._is_list:
            links = sum(1 for _, line in self._lines() if not refused(line))
            others = self._count - links
            none = f", and {count(others, 'line')} that {'is' if others == 1 else 'are'} none" if others else ""
            return (f"{count(links, 'link')} in {self.file.name}{none}",)
        table, mapping = self._table, self._mapping
        rows = count(len(table.sample), "row") if table.is_whole else f"more than {SAMPLE:,} rows"
        return (
            "; ".join((f"{rows} in {table.name}", *table.remarks)),
            f"links from the column {self._column!r}",
            *(f"{to} from {', '.join(columns)}" for to, columns in mapping.items() if to in STANDARD),
            f"id from {next(iter(mapping.get('id', ())), '') or 'the link'}",
        )

    def records(self) -> Iterator[Record | Rejected]:
        """Every link as a record, or the reason why a line or row is none."""
        owner = Kept()  # by id: where it was first
        for where, made in self._of_lines() if self._is_list else self._of_rows():
            taken = owner.take(made.id, where) if isinstance(made, Record) else None
            if taken is None:
                yield made
            else:
                reason = f"{where}: the id {made.id!r} belongs to {taken} already"
                if made.id == self.id_prefix + made.image:
                    reason = f"{where}: this link was in {taken} already"
                yield Rejected(made.id, made.image, "record", reason)

    # ------------------------------------------------------------------ a text

    @cached_property
    def _is_list(self) -> bool:
        """Whether the file is a text of links: its first line is one."""
        try:
            if not self.file.is_file():
                raise MetadataError(f"There is no file {self.file}.")
            if self.file.suffix.lower() in _PACKED:
                return False
            return is_link(next((line for _, line in self._lines()), ""))
        except OSError as error:
            raise MetadataError(f"{self.file.name} cannot be read: {error.strerror or error}.") from error

    @cached_property
    def _count(self) -> int:
        return sum(1 for _ in self._lines()) if self._is_list else self._table.count()

    def _lines(self) -> Iterator[tuple[str, str]]:
        """What stands in the lines of a text, and where."""
        for number, line in enumerate(TextLines(self.file), 1):
            said = line.strip().strip("\"'").rstrip(",;\t ")
            if said and not said.startswith("#"):
                yield f"line {number}", said

    def _of_lines(self) -> Iterator[tuple[str, Record | Rejected]]:
        for where, said in self._lines():
            if reason := refused(said):
                yield where, Rejected(where, said[:300], "record", f"{where}: {reason}")
            else:
                name = file_name(said)
                yield where, Record(self.id_prefix + said, said, {**_called(name), "image_url": said})

    # ------------------------------------------------------------------ a table

    @cached_property
    def _table(self) -> Table:
        return read_table(self.file)

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        """Columns by field, as their names and the field mapping have it."""
        return columns_by_field(self._table, parse_pairs(self.fields))

    @cached_property
    def _mapping(self) -> dict[str, tuple[str, ...]]:
        """The same; the column of links is no page about the record unless a person says so."""
        mapping = dict(self._by_name)
        if "record_url" in mapping and "record_url" not in parse_pairs(self.fields):
            mapping["record_url"] = tuple(one for one in mapping["record_url"] if one != self._column)
            if not mapping["record_url"]:
                del mapping["record_url"]
        return mapping

    @cached_property
    def _column(self) -> str:
        """The column of links: the one that is named or mapped, else the one with most links, to pictures first."""
        table, explicit = self._table, parse_pairs(self.fields)
        if self.link:
            if self.link not in table.columns:
                raise UnknownNameError(f"There is no column {self.link!r}. Columns: {', '.join(table.columns)}.")
            return self.link
        for name in ("file", "image_url"):
            if explicit.get(name):
                return explicit[name][0]
        usual = (*self._by_name.get("image_url", ()), *self._by_name.get("file", ()))
        pages = self._by_name.get("record_url", ())
        best: tuple[tuple[int, int, int], str] = ((0, 0, 0), "")
        for column in table.columns:
            links = [one for row in table.sound() for one in _links(row.cells.get(column)) if is_link(one)]
            pictures = sum(PurePosixPath(urlsplit(one).path).suffix.lower() in ALL for one in links if not refused(one))
            likely = (pictures, len(links) if column not in pages else 0, int(column in usual))
            best = max(best, (likely, column), key=lambda one: one[0])
        if not best[1]:
            raise MetadataError(
                f"{table.name} has no column of links: none of {', '.join(table.columns)} begins with https:// or "
                "http://. Name the column.",
                settings=("link",),
            )
        return best[1]

    def _of_rows(self) -> Iterator[tuple[str, Record | Rejected]]:
        meant = parse_pairs(self.fields)
        id_column = next(iter(self._mapping.get("id", ())), "")
        without = {self._column, id_column}
        for row in self._table.rows():
            if isinstance(row, Faulty):
                yield row.where, Rejected(row.where, "", "record", f"{row.where}: {row.reason}")
                continue
            given = text_of(row.cells.get(id_column, ""))
            links = _links(row.cells.get(self._column))
            payload = fields_of(row.cells, self._mapping, without=without, meant=meant)
            if len(links) > 1:
                payload.setdefault("object_id", given or links[0])
            for made in self._of_row(row, given, links, payload):
                yield row.where, made

    def _of_row(self, row: Row, given: str, links: list[str], payload: dict[str, Any]) -> Iterator[Record | Rejected]:
        if not links:
            reason = f"{row.where}: it has no link, the column {self._column!r} is empty"
            yield Rejected(given or row.where, "", "record", reason)
        for number, link in enumerate(links, 1):
            id = (given if number == 1 else f"{given}/{number}") if given else link
            if reason := refused(link):
                yield Rejected(given or row.where, link[:300], "record", f"{row.where}: {reason}")
            else:
                called = _called(file_name(link)) if "title" not in payload else {"file": file_name(link)}
                yield Record(self.id_prefix + id, link, {**called, **payload, "image_url": link})


def _links(cell: Any) -> list[str]:
    """The links in a cell, in order, each once: a list, or a text with spaces, commas, `;` or `|` between them."""
    texts = cell if isinstance(cell, list) else [] if cell is None else [cell]
    found = (one.strip(";|, \t") for text in texts for one in _BETWEEN.split(str(text).strip()))
    return list(dict.fromkeys(one for one in found if one))


def _called(name: str) -> dict[str, str]:
    """The name of a file, and the title that it gives, where it says anything."""
    stem = " ".join(PurePosixPath(name).stem.replace("_", " ").split())
    title = {} if not stem or stem.lower() in _SAYS_NOTHING else {"title": stem}
    return {**title, **({"file": name} if name else {})}


SOURCES = {"urls": Urls}
