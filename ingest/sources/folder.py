"""The folder source: pictures below a folder, with or without a metadata file that describes them."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Literal, cast

from archive_search.counted import be, count
from archive_search.knobs import Knob, knob
from archive_search.metadata.dates.periods import DEFAULT_REGION, Periods
from archive_search.metadata.fields import STANDARD
from archive_search.types import MetadataError, PictureError, Record, UnknownNameError
from ingest.columns import columns_by_field
from ingest.files import WAYS, Files, Matching, PictureNames, Way, best_matching, files_below
from ingest.frames import Frame
from ingest.kept import Kept, pair
from ingest.licensed import only_shown
from ingest.mapping import fields_of, parse_pairs, refused_point, text_of, unread_sizes
from ingest.periods import PERIODS_HELP, REGION_HELP, chosen_periods
from ingest.source import Rejected
from ingest.tables import SAMPLE, Faulty, Row, Table, read_table


@dataclass(frozen=True)
class Folder:
    """
    Pictures below a folder, described by the rows of a metadata file, or by their paths alone.

    Records come in the order of the rows, then the pictures that no row names, by their path. A record's id is the
    value of the id column; without one it is the picture's path below the folder. A column that is the id by its name
    only, with less than nine in ten of its values unique, is the object's instead. Where a row means several pictures
    the first has its id, the others that id with their file name behind a slash, and all have one `object_id`. Where a
    prefix is given, every id begins with it.

    However long the list is, it is read row by row; its first rows decide what is what, and a row that cannot be read
    is rejected by itself.
    """

    folder: Path = field(
        metadata={"knob": Knob("Folder", help="The folder of the pictures; they may lie in folders below it too.")}
    )
    metadata: Path | None = knob(
        None, "Metadata file", help="A table that describes the pictures: CSV, TSV, XLSX, JSON, JSON lines or Parquet."
    )
    fields: tuple[str, ...] = knob(
        (),
        "Field mapping",
        help=(
            "Which column fills a field, as FIELD=COLUMN: title=Titel. id= and file= choose the columns "
            "of ids and pictures; title= without a column fills none."
        ),
    )
    match: str = knob(
        "auto",
        "Match rows by",
        help=(
            "How rows name their pictures: auto, COLUMN, or COLUMN:WAY where WAY is path, name (of the "
            "file) or stem (the name without its ending)."
        ),
    )
    pictures: Literal["all", "listed"] = knob(
        "all", "Pictures", help="Take all, or only those that are listed in the metadata file."
    )
    region: str = knob(DEFAULT_REGION, "Periods of", help=REGION_HELP)
    periods: tuple[str, ...] = knob((), "Own periods", help=PERIODS_HELP)
    id_prefix: str = knob(
        "",
        "Put before every id",
        help="A beginning for every id, so that folders that call different things alike can share an archive.",
    )
    only_open: bool = knob(
        False,
        "Only what may be shown",
        help="Leave out, and list, what no known licence lets be shown to the public.",
    )
    moved_from: str = knob(
        "",
        "Moved from",
        help="The folder that these pictures were ingested from before; its records become this one's.",
    )

    def __post_init__(self) -> None:
        # notebooks write paths as texts, and have DataFrames
        object.__setattr__(self, "folder", Path(self.folder))
        given: Any = self.metadata
        if isinstance(given, str | os.PathLike):
            object.__setattr__(self, "metadata", Path(given))
        elif given is not None and not isinstance(given, Frame):
            object.__setattr__(self, "metadata", Frame(given))

    def records(self) -> Iterator[Record | Rejected]:
        """Every record, or the reason why a row or picture cannot be one."""
        for made in self._records():
            yield made if isinstance(made, Rejected) or not self.only_open else only_shown(made)

    def _records(self) -> Iterator[Record | Rejected]:
        files, table, matching, periods = self._files, self._table, self._matching, self._periods
        yield from files.unreadable
        owner = Kept()  # by id: the number of its row, and where that is
        listed, spoilt = _Marks(files.pictures), _Marks(files.pictures)
        self.__dict__.update(_owner=owner, _spoilt=spoilt)
        for number, row in enumerate(table.rows() if matching else ()):
            assert matching is not None
            if isinstance(row, Faulty):
                yield self._of_faulty(row, matching, listed, spoilt)
                continue
            for made in self._of_row(row, matching, periods):
                if isinstance(made, Record):
                    listed.add(made.image)
                    taken = owner.take(made.id, f"{number} {row.where}")
                    if taken is None:
                        yield made
                    else:
                        owner.take(pair(made.id, made.image), f"{number} {row.where}")
                        reason = self._taken(row, made, taken.partition(" ")[2])
                        yield Rejected(made.id, made.image, "record", reason, made)
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
        """Whether it lies at or below what could not be read or is an empty folder, or a faulty row may describe it."""
        spoilt: _Marks | None = self.__dict__.get("_spoilt")
        return self._files.hides(image) or (spoilt is not None and image in spoilt)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """
        What was found, how the metadata was read, what fills which field, how rows were matched, for people.

        Whatever is wrong with the source as a whole is raised here as well, before its first record is asked for.
        """
        files, table, _ = self._files, self._table, self._periods
        found = [f"{count(len(files.pictures), 'picture')} below {self.folder}"]
        if files.others:
            kinds = ", ".join(f"{number} {kind}" for kind, number in files.others.most_common(5))
            found.append(f"{count(files.others.total(), 'other file')} passed over ({kinds})")
        found += [f"the archive in {self.folder / one} passed over: it holds copies" for one in files.archives]
        if self.metadata is None:
            found += [f"no metadata file was given; {name} may be one" for name in files.tables[:1]]
            return tuple(found)
        rows = count(len(table.sample), "row") if table.is_whole else f"more than {SAMPLE:,} rows"
        found.append("; ".join((f"{rows} in {table.name}", *table.remarks)))
        found += [f"{to} from {', '.join(columns)}" for to, columns in self._mapping.items() if to in STANDARD]
        found += [*self._refused_points(), *self._unread_sizes()]
        found.append(f"id from {self._id_column or 'the path of the picture'}")
        return (*found, self._matching.remark) if self._matching else tuple(found)

    def row_count(self) -> int:
        """How many rows of data the metadata file has; 0 without one."""
        return self._table.count()

    def row_of(self, record: Record) -> int | None:
        """The row, from 0, that describes a record which `records` has given; None where no row names its picture."""
        owner: Kept | None = self.__dict__.get("_owner")
        found = None if owner is None else owner.get(pair(record.id, record.image), owner.get(record.id))
        return int(found.partition(" ")[0]) if found else None

    # ------------------------------------------------------------------ what is there

    @cached_property
    def _files(self) -> Files:
        return files_below(self.folder)

    @cached_property
    def _table(self) -> Table:
        given = cast("Path | Frame | None", self.metadata)
        if given is None:
            return Table("", (), (), is_whole=True)
        return given.table() if isinstance(given, Frame) else read_table(given)

    @cached_property
    def _periods(self) -> Periods:
        return chosen_periods(self.region, self.periods)

    @cached_property
    def _mapping(self) -> dict[str, tuple[str, ...]]:
        """Columns by field; an id column that only its name suggests, and whose values repeat, becomes the object's."""
        return columns_by_field(self._table, parse_pairs(self.fields))

    def _refused_points(self) -> list[str]:
        """A remark where rows give numbers that are no place on the globe."""
        reasons = ((row.where, refused_point(row.cells, self._mapping)) for row in self._table.sound())
        refused = [(where, reason) for where, reason in reasons if reason]
        if not refused:
            return []
        where, reason = refused[0]
        give, are = ("gives", "it is") if len(refused) == 1 else ("give", "they are")
        rows = count(len(refused), "row") if self._table.is_whole else f"{len(refused)} of the first {SAMPLE:,} rows"
        return [f"{rows} {give} no place on the globe, {where} first: {reason}; kept as {are} written"]

    def _unread_sizes(self) -> list[str]:
        """A remark for each column of sizes whose cells tell no unit, and how they are taken all the same."""
        meant = parse_pairs(self.fields)
        unread = Counter(
            one for row in self._table.sound() for one in unread_sizes(row.cells, self._mapping, meant=meant)
        )
        among = "" if self._table.is_whole else f" of the first {SAMPLE:,} rows"
        return [
            f"{count(number, 'cell')}{among} in the column {column!r} {'tells' if number == 1 else 'tell'} no unit and "
            f"{be(number)} not read as {name}: the field mapping {f'{name}={column}'!r} takes bare "
            f"numbers as {usual}; for {other}, call the column {f'{column} ({unit})'!r}"
            for (name, column), number in unread.items()
            for usual, other, unit in [
                ("grams", "kilograms", "kg") if name.endswith("_g") else ("millimetres", "centimetres", "cm")
            ]
        ]

    @property
    def _id_column(self) -> str:
        return next(iter(self._mapping.get("id", ())), "")

    @cached_property
    def _matching(self) -> Matching | None:
        """How rows name their pictures; None where there are no rows."""
        table = self._table
        if not table.sample:
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
        given = cast("Path | Frame", self.metadata)
        names = PictureNames(self._files.pictures, self.folder, None if isinstance(given, Frame) else given)
        if table.is_whole:
            return self._matched(table.sound(), names, columns, ways)
        try:
            return self._matched(table.sound(), names, columns, ways, f"the first {len(table.sample)} rows")
        except MetadataError:  # it may be that only later rows name pictures
            sound = (row for row in islice(table.rows(), SAMPLE, None) if isinstance(row, Row))
            while some := list(islice(sound, SAMPLE)):
                with suppress(MetadataError):
                    return self._matched(some, names, columns, ways, f"{len(some)} rows from {some[0].where} on")
            raise

    def _matched(
        self, rows: Sequence[Row], names: PictureNames, columns: Sequence[str], ways: Sequence[Way], among: str = ""
    ) -> Matching:
        def every() -> Iterable[dict[str, Any]]:
            return (row.cells for row in self._table.rows() if isinstance(row, Row))

        try:
            return best_matching([row.cells for row in rows], names, columns, ways, every if among else None, among)
        except MetadataError as error:
            raise MetadataError(f"{self._table.name}: {error}", settings=error.settings) from error

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

    def _of_faulty(self, row: Faulty, matching: Matching, listed: _Marks, spoilt: _Marks) -> Rejected:
        """Why a row is none; the pictures that it names have no other record, and what they had is not gone."""
        found = [matching.names.find(text, matching.way) for text in row.texts]
        images = [one[0] for one in found if len(one) == 1]
        for image in images:
            listed.add(image)
            spoilt.add(image)
        if not images:
            spoilt.add_all()
        return Rejected(row.where, images[0] if images else "", "record", f"{row.where}: {row.reason}")

    def _taken(self, row: Row, made: Record, owner: str) -> str:
        if made.id == self.id_prefix + made.image:
            return f"{row.where}: {owner} describes this picture already; give rows an id of their own with id=COLUMN"
        return (
            f"{row.where}: the id {made.id!r} belongs to {owner} already; "
            "if that column names objects, of which there may be several pictures, map it with object_id=COLUMN and id="
        )

    def _of_picture(self, path: str, owner: Kept) -> Record | Rejected:
        """A picture that no row names, with the metadata that its name gives."""
        if self.pictures == "listed" and self.metadata is not None:
            return Rejected(path, path, "record", f"no row of {self._table.name} names this picture")
        id = self.id_prefix + path
        if id in owner:
            where = owner[id].partition(" ")[2]
            return Rejected(id, path, "record", f"no row names this picture, and its path is the id of {where}")
        name = PurePosixPath(path)
        return Record(
            id, path, {"title": " ".join(name.stem.replace("_", " ").split()) or name.name, "file": name.name}
        )


class _Marks:
    """Which of the pictures are marked, in a byte each."""

    def __init__(self, pictures: Sequence[str]) -> None:
        self._pictures, self._marks = pictures, bytearray(len(pictures))

    def add(self, path: str) -> None:
        """Mark a picture."""
        self._marks[bisect_left(self._pictures, path)] = 1

    def add_all(self) -> None:
        """Mark every picture."""
        self._marks = bytearray(b"\1") * len(self._pictures)

    def __contains__(self, path: str) -> bool:
        place = bisect_left(self._pictures, path)
        return self._pictures[place : place + 1] == (path,) and bool(self._marks[place])


def _unmatched(row: Row, matching: Matching, name: str, found: tuple[str, ...]) -> str:
    if found:
        return f"{row.where}: {len(found)} pictures are called {name!r}, {found[0]} and {found[1]}; name it by its path"
    like = matching.names.resembling(name)
    hint = f"; is {like} meant?" if like else ""
    return f"{row.where}: there is no picture {name!r}, as the column {matching.column!r} says{hint}"


SOURCES = {"folder": Folder}
