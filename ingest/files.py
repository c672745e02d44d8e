"""Pictures below a folder, and which of them a cell of a metadata file means."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from archive_search.pictures.media import ALL
from archive_search.settings import SETTINGS, enclosing_archive
from archive_search.types import MetadataError
from ingest.source import Rejected
from ingest.tables import READERS

Way = Literal["path", "name", "stem"]
"""How a cell names a picture: its path, its file name, or the name without its ending."""

WAYS: tuple[Way, ...] = ("path", "name", "stem")


@dataclass(frozen=True)
class Files:
    """
    What lies below a folder.

    `pictures` are paths below it with forward slashes, sorted; `others` counts the files passed over by their ending;
    `tables` are those in the folder itself that could be its metadata; `unreadable` are folders that cannot be listed,
    links that lead nowhere, names that are no text, and pictures that are no files; `archives` are archives of this
    program, whose thumbnails are no pictures of the folder; `unseen` are the paths at and below which pictures may lie
    that could not be looked at: what is unreadable, and folders with nothing in them (a disk that is not mounted).
    """

    pictures: tuple[str, ...]
    others: Counter[str]
    tables: tuple[str, ...]
    unreadable: tuple[Rejected, ...]
    archives: tuple[str, ...] = ()
    unseen: frozenset[str] = frozenset()

    def hides(self, picture: str) -> bool:
        """Whether a picture that was not found may be there all the same, out of reach for now."""
        path = PurePosixPath(picture)
        return any(str(one) in self.unseen for one in (path, *path.parents))


def files_below(folder: Path) -> Files:
    """
    List the pictures of a folder and of all below it, by their endings; hidden files and folders are left out.

    Links are followed; a folder that several paths lead to is listed once. Archives are passed over.

    Raises:
        MetadataError: If there is no such folder, it cannot be read, it lies in an archive, or holds no picture.
    """
    _check_root(folder)
    pictures: list[str] = []
    others: Counter[str] = Counter()
    tables: list[str] = []
    unreadable: list[Rejected] = []
    archives: list[str] = []
    unseen: set[str] = set()
    seen: set[tuple[int, int]] = set()

    def refuse(path: str, reason: str) -> None:
        unreadable.append(Rejected(path, path, "record", reason))
        unseen.add(path)

    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            here = (folder / below).stat()
            if (here.st_dev, here.st_ino) in seen:
                continue
            seen.add((here.st_dev, here.st_ino))
            with os.scandir(folder / below) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if not below:
                raise MetadataError(f"The folder {folder} cannot be read: {error.strerror}.") from error
            refuse(below, f"the folder cannot be read: {error.strerror}")
            continue
        if any(entry.name == SETTINGS for entry in entries):
            archives.append(below)
            continue
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        if not shown:
            unseen.add(below)
        for entry in shown:
            path = f"{below}/{entry.name}" if below else entry.name
            suffix = PurePosixPath(entry.name).suffix.lower()
            try:
                kind = _kind(entry)
                archive = enclosing_archive(folder / path) if kind == "folder" and entry.is_symlink() else None
            except OSError as error:
                itself = error.errno == errno.ELOOP
                refuse(path, "the link leads to itself" if itself else f"it cannot be read: {error.strerror}")
                continue
            if kind == "nowhere":
                refuse(path, "the link leads nowhere")
            elif not entry.name.isprintable() and (kind == "folder" or suffix in ALL):
                unreadable.append(
                    Rejected(ascii(path), ascii(path), "record", "its name holds characters that are no text")
                )
            elif kind == "folder":
                (archives if archive else waiting).append(path)
            elif suffix not in ALL:
                others[suffix or "without ending"] += 1
                if not below and suffix in READERS:
                    tables.append(entry.name)
            elif kind == "other":
                reason = "it is no file but a pipe, a socket or a device"
                unreadable.append(Rejected(path, path, "record", reason))
            else:
                pictures.append(path)
    if not pictures:
        what = f"; {others.total()} other files were found" if others else ""
        raise MetadataError(f"There is no picture below {folder} ({' '.join(ALL)}){what}.")
    return Files(tuple(sorted(pictures)), others, tuple(tables), tuple(unreadable), tuple(archives), frozenset(unseen))


def _check_root(folder: Path) -> None:
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise MetadataError(f"{folder} is a file: name the folder that the pictures are in.")
        archive = enclosing_archive(folder)
    except FileNotFoundError as error:
        raise MetadataError(f"There is no folder {folder}.") from error
    except OSError as error:
        raise MetadataError(f"The folder {folder} cannot be read: {error.strerror or error}.") from error
    if archive is not None:
        raise MetadataError(
            f"{folder} lies in the archive {archive}, which keeps copies only: "
            "name the folder that the pictures came from, or move them out of the archive."
        )


def _kind(entry: os.DirEntry[str]) -> Literal["folder", "file", "nowhere", "other"]:
    """What an entry is, behind its link if it is one; OSError where nobody can tell."""
    try:
        if entry.is_dir():
            return "folder"
        if entry.is_file():
            return "file"
        entry.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "nowhere"
    return "other"


class PictureNames:
    """
    Finds pictures by what a metadata file calls them, whatever the case, the slashes and the form of accented letters.

    A path may begin at the folder, at its parent, or where the metadata file lies. A stem also finds the pictures whose
    names go on after it with `_`, `-`, a space or a bracket ("1234_a.jpg" for 1234), unless a longer value does.
    """

    def __init__(self, pictures: Sequence[str], folder: Path, metadata: Path) -> None:
        whole = folder.resolve()
        starts = {"", f"{whole.name}/", f"{whole.as_posix()}/"}
        if whole.is_relative_to(metadata.resolve().parent):
            starts.add(f"{whole.relative_to(metadata.resolve().parent).as_posix()}/")
        self._starts = sorted(map(_folded, starts), key=len, reverse=True)
        self._by: dict[Way, dict[str, list[str]]] = {way: {} for way in WAYS}
        for path in pictures:
            pure = PurePosixPath(path)
            keys: dict[Way, str] = {"path": path, "name": pure.name, "stem": pure.stem}
            for way, key in keys.items():
                self._by[way].setdefault(_key(key, way), []).append(path)
        self._views: dict[str, list[str]] = {}
        self.first = pictures[0] if pictures else ""

    def know(self, values: Iterable[str]) -> None:
        """Say which values there are, so that a picture goes to the longest that its stem begins with."""
        self._views = {}
        known = {_key(value, "stem") for value in values}
        for stem, paths in self._by["stem"].items():
            cuts = [found.start() for found in re.finditer(r"[_(]", stem)]
            longest = next((stem[:cut] for cut in [len(stem), *reversed(cuts)] if stem[:cut] in known), None)
            if longest is not None:
                self._views.setdefault(longest, []).extend(paths)

    def find(self, value: str, way: Way) -> tuple[str, ...]:
        """The pictures that a value means, in order."""
        key = _key(value, way)
        if way == "stem":
            exact = self._by["stem"].get(key, [])
            return (*exact, *sorted(path for path in self._views.get(key, []) if path not in exact))
        if way == "path":
            ends = (key.removeprefix(start) for start in self._starts if key.startswith(start))
            found = next((self._by["path"][end] for end in ends if end in self._by["path"]), [])
        else:
            found = self._by[way].get(key, [])
        exact = [path for path in found if path == value or PurePosixPath(path).name == value]
        return tuple(exact if len(exact) == 1 else found)

    def resembling(self, value: str) -> str:
        """A picture of the same name with another ending or in another folder; '' where there is none."""
        name = PurePosixPath(value.replace("\\", "/")).name
        stem = PurePosixPath(name).stem if name.lower().endswith(ALL) else name
        return next(iter(self._by["stem"].get(_key(stem, "stem"), [])), "")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _key(value: str, way: Way) -> str:
    value = _folded(value.strip())
    if way == "stem":
        # What no file name may hold, people write as one of these.
        return re.sub(r"[\\/:*?\"<>|\s_-]+", "_", value)
    value = value.replace("\\", "/").removeprefix("./")
    return value.rpartition("/")[2] if way == "name" else value


# ------------------------------------------------------------------ cells


def names_in(value: Any, names: PictureNames, way: Way) -> list[str]:
    """The names of pictures in a cell: a list, or a text with `;`, `|`, line breaks or (between file names) commas."""
    if value is None:
        return []
    texts = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    found: list[str] = []
    for text in texts:
        if names.find(text, way):
            found.append(text)
            continue
        parts = [part.strip() for part in re.split(r"[;|\n]", text)]
        by_comma = [part.strip() for part in text.split(",")]
        if len(parts) == 1 and all(part.lower().endswith(ALL) for part in by_comma):
            parts = by_comma
        found += [part for part in parts if part]
    return list(dict.fromkeys(found))


# ------------------------------------------------------------------ matching rows


@dataclass(frozen=True)
class Matching:
    """By which column, and how, rows name their pictures; and how many do."""

    column: str
    way: Way
    matched: int
    rows: int
    names: PictureNames

    def pictures(self, cells: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
        """Each name in the row's cell with the pictures it finds."""
        return [
            (name, self.names.find(name, self.way)) for name in names_in(cells.get(self.column), self.names, self.way)
        ]

    @cached_property
    def remark(self) -> str:
        """How rows were matched, for people."""
        how = {"path": "the path", "name": "the file name", "stem": "the file name without its ending"}[self.way]
        return f"{self.matched} of {self.rows} rows matched: the column {self.column!r} is {how} of a picture"


def best_matching(
    rows: Sequence[Mapping[str, Any]], names: PictureNames, columns: Sequence[str], ways: Sequence[Way] = WAYS
) -> Matching:
    """
    Find the column and the way that match most rows; of equals the first column, and path before name before stem.

    Rows that repeat a value count once, so that a column that sorts pictures into kinds does not pass for their names.

    Raises:
        MetadataError: If no column matches any row.
    """
    tried = rows[:: max(1, len(rows) // 1000)]
    best: tuple[int, str, Way] | None = None
    for column, way in product(columns, ways):
        if best is not None and best[0] == len(tried):
            break
        if way == "stem":
            names.know(str(row[column]) for row in rows if column in row)
        matched = _matched(tried, column, way, names)
        if matched and (best is None or matched > best[0]):
            best = matched, column, way
    if best is None:
        example = next((f"{row[columns[0]]!r}" for row in rows if columns and columns[0] in row), "nothing")
        raise MetadataError(
            f"No row names a picture of this folder. Tried as {', '.join(ways)}: {', '.join(columns)}. "
            f"The first value is {example}, the first picture {names.first}."
        )
    _, column, way = best
    if way == "stem":
        names.know(name for row in rows for name in names_in(row.get(column), names, way))
    return Matching(column, way, sum(_found(row, column, way, names) for row in rows), len(rows), names)


def _matched(rows: Sequence[Mapping[str, Any]], column: str, way: Way, names: PictureNames) -> int:
    values = {str(row[column]): row for row in rows if column in row}
    return sum(_found(row, column, way, names) for row in values.values())


def _found(row: Mapping[str, Any], column: str, way: Way, names: PictureNames) -> bool:
    return any(names.find(name, way) for name in names_in(row.get(column), names, way))
