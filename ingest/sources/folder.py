"""The folder source: pictures below a folder, with or without a metadata file that describes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal

from archive_search.knobs import Knob, knob
from archive_search.metadata.fields import STANDARD
from archive_search.types import InvalidInputError, MetadataError, PictureError, Record, UnknownNameError
from ingest.dates.periods import DEFAULT_REGION, Periods, Span, periods_of
from ingest.dates.reading import parse_years
from ingest.files import WAYS, Files, Matching, PictureNames, Way, best_matching, files_below
from ingest.mapping import field_map, fields_of, parse_pairs, refused_point, text_of
from ingest.source import Rejected
from ingest.tables import Row, Table, read_table

_UNIQUE_SHARE = 0.9


@dataclass(frozen=True)
class Folder:
    """
    Pictures below a folder, described by the rows of a metadata file.

    Records come in the order of the rows, then the pictures that no row names, by their path. A record's id is the
    value of the id column; without one it is the picture's path below the folder. A column that is the id by its name
    only, with less than nine in ten of its values unique, is the object's instead. Where a row means several pictures
    the first has its id, the others that id with their file name behind a slash, and all have one `object_id`. Where a
    prefix is given, every id begins with it.
    """

    folder: Path = field(metadata={"knob": Knob("Folder", help="Pictures in it and in every folder below.")})
    metadata: Path | None = knob(None, "Metadata file", help="CSV, TSV, XLSX, JSON, JSONL, Parquet.")  # noqa: RUF009 - a field
    fields: tuple[str, ...] = knob(
        (),
        "Field mapping",
        help="Pairs such as title=Titel; id=COLUMN and file=COLUMN choose those columns, title= none.",
    )
    match: str = knob(
        "auto",
        "Match rows by",
        help="auto, COLUMN, or COLUMN:WAY where WAY is path, name (of the file) or stem (the name without its ending).",
    )
    pictures: Literal["all", "listed"] = knob("all", "Pictures", help="All, or those that the metadata file lists.")
    region: str = knob(
        DEFAULT_REGION, "Periods of", help="southern-scandinavia, britain, or none: the years of periods."
    )
    periods: tuple[str, ...] = knob((), "Own periods", help='Pairs such as "Early Horizon=900-200 BC".')
    id_prefix: str = knob(
        "", "Put before every id", help="So that folders that call different things alike can share an archive."
    )
    moved_from: str = knob(
        "",
        "Moved from",
        help="The folder that these pictures were ingested from before; its records become this one's.",
    )

    def __post_init__(self) -> None:
        # notebooks write paths as texts
        object.__setattr__(self, "folder", Path(self.folder))
        object.__setattr__(self, "metadata", Path(self.metadata) if self.metadata is not None else None)

    def records(self) -> Iterator[Record | Rejected]:
        """Every record, or the reason why a row or picture cannot be one."""
        files, table, matching, periods = self._files, self._table, self._matching, self._periods
        yield from files.unreadable
        owner: dict[str, str] = {}
        listed: set[str] = set()
        for row in table.rows:
            for made in self._of_row(row, matching, periods) if matching else ():
                if isinstance(made, Record):
                    listed.add(made.image)
                    if made.id not in owner:
                        owner[made.id] = row.where
                        yield made
                    else:
                        yield Rejected(made.id, made.image, "record", self._taken(row, made, owner[made.id]), made)
                else:
                    yield made
        for path in files.pictures:
            if path not in listed:
                yield self._of_picture(path, owner)

    @property
    def origin(self) -> str:
        """The folder's full path."""
        return str(self.folder.resolve())

    @property
    def former_origin(self) -> str:
        """The full path of the folder that the pictures were in; '' where they have not moved."""
        return str(Path(self.moved_from).resolve()) if self.moved_from else ""

    def has_left(self, origin: str) -> bool:
        """Whether there was a folder that is not there any more."""
        try:
            Path(origin).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return Path(origin).is_absolute()
        except (OSError, ValueError):
            return False
        return False

    def count(self) -> int | None:
        """How many pictures there are: about as many as records and rejections."""
        return len(self._files.pictures)

    def stamp(self, record: Record) -> str:
        """Size and time of change of the picture's file; '' where it is gone."""
        try:
            found = (self.folder / record.image).stat()
        except OSError:
            return ""
        return f"{found.st_size}-{found.st_mtime_ns}"

    def file(self, record: Record) -> Path | None:
        """Its path."""
        return self.folder / record.image

    def read(self, record: Record) -> bytes:
        """The bytes of the picture's file."""
        try:
            return (self.folder / record.image).read_bytes()
        except OSError as error:
            raise PictureError(f"the file cannot be read: {error.strerror or error}") from error

    def out_of_reach(self, image: str) -> bool:
        """Whether it lies at or below what could not be read, or below a folder with nothing in it."""
        return self._files.hides(image)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """
        What was found, how the metadata was read, what fills which field, how rows were matched, for people.

        Whatever is wrong with the source as a whole is raised here as well, before its first record is asked for.
        """
        files, table, _ = self._files, self._table, self._periods
        found = [f"{len(files.pictures)} pictures below {self.folder}"]
        if files.others:
            kinds = ", ".join(f"{number} {kind}" for kind, number in files.others.most_common(5))
            found.append(f"{files.others.total()} other files passed over ({kinds})")
        found += [f"the archive in {self.folder / one} passed over: it holds copies" for one in files.archives]
        if self.metadata is None:
            found += [f"no metadata file was given; {name} may be one" for name in files.tables[:1]]
            return tuple(found)
        found.append("; ".join((f"{len(table.rows)} rows in {self.metadata.name}", *table.remarks)))
        found += [f"{to} from {', '.join(columns)}" for to, columns in self._mapping.items() if to in STANDARD]
        found += self._refused_points()
        found.append(f"id from {self._id_column or 'the path of the picture'}")
        return (*found, self._matching.remark) if self._matching else tuple(found)

    def row_count(self) -> int:
        """How many rows of data the metadata file has; 0 without one."""
        return len(self._table.rows)

    def row_of(self, record: Record) -> int | None:
        """The row of the metadata file, from 0, that describes a record; None for a picture that no row names."""
        return self._row_numbers.get((record.id, record.image))

    # ------------------------------------------------------------------ what is there

    @cached_property
    def _files(self) -> Files:
        return files_below(self.folder)

    @cached_property
    def _table(self) -> Table:
        return Table((), ()) if self.metadata is None else read_table(self.metadata)

    @cached_property
    def _periods(self) -> Periods:
        own: dict[str, Span] = {}
        for pair in self.periods:
            name, _, dating = pair.partition("=")
            span = parse_years(dating, {})
            if span is None:
                raise InvalidInputError(
                    f'A period is written NAME=YEARS, such as "Early Horizon=900-200 BC"; got {pair!r}.'
                )
            own[name] = span
        return periods_of(self.region, own)

    @cached_property
    def _mapping(self) -> dict[str, tuple[str, ...]]:
        """Columns by field; an id column that only its name suggests, and whose values repeat, becomes the object's."""
        explicit = parse_pairs(self.fields)
        mapping = field_map(self._table.columns, explicit)
        if "id" in mapping and "id" not in explicit:
            column = mapping["id"][0]
            values = [text_of(row.cells[column]) for row in self._table.rows if column in row.cells]
            if len(set(values)) < _UNIQUE_SHARE * len(values):
                del mapping["id"]
                if "object_id" not in explicit:
                    mapping["object_id"] = (*mapping.get("object_id", ()), column)
        return mapping

    def _refused_points(self) -> list[str]:
        """A remark where rows give numbers that are no place on the globe."""
        reasons = ((row.where, refused_point(row.cells, self._mapping)) for row in self._table.rows)
        refused = [(where, reason) for where, reason in reasons if reason]
        if not refused:
            return []
        where, reason = refused[0]
        return [f"{len(refused)} rows give no place on the globe, {where} first: {reason}; kept as they are written"]

    @property
    def _id_column(self) -> str:
        return next(iter(self._mapping.get("id", ())), "")

    @cached_property
    def _matching(self) -> Matching | None:
        """How rows name their pictures; None where there are no rows."""
        table = self._table
        if self.metadata is None or not table.rows:
            return None
        likely = [column for to in ("file", "id", "object_id") for column in self._mapping.get(to, ())]
        columns = list(dict.fromkeys((*likely, *table.columns)))
        ways: tuple[Way, ...] = WAYS
        if self.match != "auto":
            column, _, way = (self.match, "", "") if self.match in columns else self.match.rpartition(":")
            if column not in columns:
                raise UnknownNameError(
                    f"There is no column {self.match!r} to match by. Columns: {', '.join(table.columns)}."
                )
            if way and way not in WAYS:
                raise UnknownNameError(f"Rows cannot be matched by {way!r}. Known: {', '.join(WAYS)}.")
            columns, ways = [column], tuple(one for one in WAYS if way in ("", one))
        elif "file" in parse_pairs(self.fields):
            columns = list(self._mapping["file"])
        names = PictureNames(self._files.pictures, self.folder, self.metadata)
        try:
            return best_matching([row.cells for row in table.rows], names, columns, ways)
        except MetadataError as error:
            raise MetadataError(f"{self.metadata.name}: {error}") from error

    @cached_property
    def _row_numbers(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for number, row in enumerate(self._table.rows):
            for made in self._of_row(row, self._matching, self._periods) if self._matching else ():
                if isinstance(made, Record):
                    found.setdefault((made.id, made.image), number)
        return found

    # ------------------------------------------------------------------ one row, one picture

    def _of_row(self, row: Row, matching: Matching, periods: Periods) -> Iterator[Record | Rejected]:
        given = text_of(row.cells.get(self._id_column, ""))
        named = matching.pictures(row.cells)
        if not named:
            reason = f"{row.where}: it names no picture, the column {matching.column!r} is empty"
            yield Rejected(given or row.where, "", "record", reason)
            return
        locating = {self._id_column, *({matching.column} & set(self._mapping.get("file", ())))}
        payload = fields_of(row.cells, self._mapping, periods, without=locating, meant=parse_pairs(self.fields))
        images: list[str] = []
        missing: list[Rejected] = []
        for name, found in named:
            if len(found) == 1 or (found and matching.way == "stem"):
                images += found
            else:
                # The row's own id stays free for a picture that is there.
                id = (given or row.where) if len(named) == 1 else f"{given or row.where}/{name}"
                missing.append(Rejected(id, name, "record", _unmatched(row, matching, name, found)))
        if len(images) > 1:
            payload.setdefault("object_id", given or images[0])
        for position, image in enumerate(dict.fromkeys(images)):
            name = PurePosixPath(image).name
            id = given if given and not position else f"{given}/{name}" if given else image
            yield Record(self.id_prefix + id, image, {**payload, "file": name})
        yield from missing

    def _taken(self, row: Row, made: Record, owner: str) -> str:
        if made.id == self.id_prefix + made.image:
            return f"{row.where}: {owner} describes this picture already; give rows an id of their own with id=COLUMN"
        return (
            f"{row.where}: the id {made.id!r} belongs to {owner} already; "
            "if that column names objects, of which there may be several pictures, map it with object_id=COLUMN and id="
        )

    def _of_picture(self, path: str, owner: dict[str, str]) -> Record | Rejected:
        """A picture that no row names, with the metadata that its name gives."""
        if self.pictures == "listed" and self.metadata is not None:
            return Rejected(path, path, "record", f"no row of {self.metadata.name} names this picture")
        id = self.id_prefix + path
        if id in owner:
            return Rejected(id, path, "record", f"no row names this picture, and its path is the id of {owner[id]}")
        name = PurePosixPath(path)
        return Record(
            id, path, {"title": " ".join(name.stem.replace("_", " ").split()) or name.name, "file": name.name}
        )


def _unmatched(row: Row, matching: Matching, name: str, found: tuple[str, ...]) -> str:
    if found:
        return f"{row.where}: {len(found)} pictures are called {name!r}, {found[0]} and {found[1]}; name it by its path"
    like = matching.names.resembling(name)
    hint = f"; is {like} meant?" if like else ""
    return f"{row.where}: there is no picture {name!r}, as the column {matching.column!r} says{hint}"


SOURCES = {"folder": Folder}
