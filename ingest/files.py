"""Pictures below a folder, and which of them a cell of a metadata file means."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np

from archive_search.counted import count
from archive_search.pictures.media import ALL
from archive_search.settings import SETTINGS, enclosing_archive
from archive_search.types import MetadataError
from ingest.source import Rejected
from ingest.tables import READERS

Way = Literal["path", "name", "stem"]
"""How a cell names a picture: its path, its file name, or the name without its ending."""

WAYS: tuple[Way, ...] = ("path", "name", "stem")
_ENDINGS = frozenset(ALL)


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
            if os.path.lexists(folder / below / SETTINGS):
                archives.append(below)
                continue
            # kept are the few that are no pictures: a folder may hold a million of those
            entries, found = _scanned(folder / below)
        except OSError as error:
            if not below:
                raise MetadataError(f"The folder {folder} cannot be read: {error.strerror}.") from error
            refuse(below, f"the folder cannot be read: {error.strerror}")
            continue
        if not entries and not found:
            unseen.add(below)
        pictures += [f"{below}/{name}" for name in found] if below else found
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            suffix = _suffix(entry.name)
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
        what = f"; {count(others.total(), 'other file')} found" if others else ""
        raise MetadataError(f"There is no picture below {folder} ({' '.join(ALL)}){what}.")
    pictures.sort()
    return Files(tuple(pictures), others, tuple(tables), tuple(unreadable), tuple(archives), frozenset(unseen))


def _scanned(folder: Path) -> tuple[list[os.DirEntry[str]], list[str]]:
    """What a folder shows that must be looked at, by name, and the names of plain pictures."""
    entries: list[os.DirEntry[str]] = []
    pictures: list[str] = []
    with os.scandir(folder) as listing:
        for entry in listing:
            name = entry.name
            if name.startswith("."):
                continue
            if _suffix(name) in _ENDINGS and name.isprintable() and entry.is_file(follow_symlinks=False):
                pictures.append(name)
            else:
                entries.append(entry)
    return sorted(entries, key=lambda entry: entry.name), pictures


def _suffix(name: str) -> str:
    """The ending of a file's name, as `pathlib` has it."""
    at = name.rfind(".")
    return name[at:].lower() if 0 < at < len(name) - 1 else ""


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

    def __init__(self, pictures: Sequence[str], folder: Path, metadata: Path | None = None) -> None:
        whole = folder.resolve()
        starts = {"", f"{whole.name}/", f"{whole.as_posix()}/"}
        if metadata is not None and whole.is_relative_to(metadata.resolve().parent):
            starts.add(f"{whole.relative_to(metadata.resolve().parent).as_posix()}/")
        self._starts = sorted(map(_folded, starts), key=len, reverse=True)
        self._pictures = pictures
        self._by: dict[Way, _Places] = {}
        self._known = _Places([])
        self.first = pictures[0] if pictures else ""

    def know(self, values: Iterable[str]) -> None:
        """Say which values there are, so that a picture goes to the longest that its stem begins with."""
        self._known = _Places((_key(value, "stem"), 0) for value in values)

    @cached_property
    def views(self) -> _Places:
        """Pictures by what their stems begin with, as far as `_` or a bracket."""
        return _Places((cut, place) for place, path in enumerate(self._pictures) for cut in _cuts(_stem_key(path)))

    def find(self, value: str, way: Way) -> tuple[str, ...]:
        """The pictures that a value means, in order."""
        key = _key(value, way)
        if way == "stem":
            exact = self._named(key, way)
            begun = (self._pictures[place] for place in self.views.among(key)) if key in self._known else ()
            return (*exact, *(path for path in begun if self._longest(path) == key))
        if way == "path":
            ends = (key.removeprefix(start) for start in self._starts if key.startswith(start))
            found = next((named for end in ends if (named := self._named(end, way))), [])
        else:
            found = self._named(key, way)
        exact = [path for path in found if path == value or _name(path) == value]
        return tuple(exact if len(exact) == 1 else found)

    def resembling(self, value: str) -> str:
        """A picture of the same name with another ending or in another folder; '' where there is none."""
        name = _name(value.replace("\\", "/"))
        stem = _stem(name) if name.lower().endswith(ALL) else name
        return next(iter(self._named(_key(stem, "stem"), "stem")), "")

    def _longest(self, path: str) -> str:
        """The longest known value that a picture's stem is or begins with."""
        stem = _stem_key(path)
        return next((one for one in (stem, *_cuts(stem)) if one in self._known), "")

    def _named(self, key: str, way: Way) -> list[str]:
        if way not in self._by:
            part = _PARTS[way]
            self._by[way] = _Places((_key(part(path), way), place) for place, path in enumerate(self._pictures))
        found = (self._pictures[place] for place in self._by[way].among(key))
        return [path for path in found if _key(_PARTS[way](path), way) == key]


class _Places:
    """The places of texts, in 12 bytes each; that one text is taken for another is possible and will not happen."""

    def __init__(self, places: Iterable[tuple[str, int]]) -> None:
        hashes, found = array("q"), array("I")
        for text, place in places:
            hashes.append(hash(text))
            found.append(place)
        numbers = np.array(hashes, np.int64)
        order = np.argsort(numbers, kind="stable")
        self._hashes = array("q", numbers[order].tobytes())  # bisect is slow on what NumPy has
        self._places = array("I", np.array(found, np.uint32)[order].tobytes())

    def __contains__(self, text: str) -> bool:
        at = bisect_left(self._hashes, hash(text))
        return at < len(self._hashes) and self._hashes[at] == hash(text)

    def __len__(self) -> int:
        return len(self._hashes)

    def among(self, text: str) -> Iterator[int]:
        """The places of a text, in order."""
        sought = hash(text)
        at = bisect_left(self._hashes, sought)
        while at < len(self._hashes) and self._hashes[at] == sought:
            yield self._places[at]
            at += 1


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(path: str) -> str:
    name = _name(path)
    at = name.rfind(".")
    return name[:at] if 0 < at < len(name) - 1 else name


def _stem_key(path: str) -> str:
    return _key(_stem(path), "stem")


def _cuts(stem: str) -> list[str]:
    """What a stem begins with, before each place where it could go on after a value; the longest first."""
    return [stem[: found.start()] for found in re.finditer(r"[_(]", stem)][::-1]


_PARTS: dict[Way, Callable[[str], str]] = {"path": str, "name": _name, "stem": _stem}


def _folded(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


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
    """By which column, and how, rows name their pictures; and how many do of those it was decided by."""

    column: str
    way: Way
    matched: int
    rows: int
    names: PictureNames
    among: str = ""
    """Which rows those are, in words, where there are more."""

    def pictures(self, cells: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
        """Each name in the row's cell with the pictures it finds."""
        return [
            (name, self.names.find(name, self.way)) for name in names_in(cells.get(self.column), self.names, self.way)
        ]

    @cached_property
    def remark(self) -> str:
        """How rows were matched, for people."""
        how = {"path": "the path", "name": "the file name", "stem": "the file name without its ending"}[self.way]
        rows = self.among or count(self.rows, "row")
        return f"{self.matched} of {rows} matched: the column {self.column!r} is {how} of a picture"


def best_matching(
    rows: Sequence[Mapping[str, Any]],
    names: PictureNames,
    columns: Sequence[str],
    ways: Sequence[Way] = WAYS,
    every: Callable[[], Iterable[Mapping[str, Any]]] | None = None,
    among: str = "",
) -> Matching:
    """
    Find the column and the way that match most rows; of equals the first column, and path before name before stem.

    Rows that repeat a value count once, so that a column that sorts pictures into kinds does not pass for their names.

    Args:
        rows: those that decide.
        every: all rows, where there are more; they are read where a picture may belong to the longer of two values.
        among: which rows decide, in words, where there are more.

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
        # without views nothing depends on which values there are
        asked = every() if every is not None and len(names.views) else rows
        names.know(name for row in asked for name in names_in(row.get(column), names, way))
    matched = sum(_found(row, column, way, names) for row in rows)
    return Matching(column, way, matched, len(rows), names, among)


def _matched(rows: Sequence[Mapping[str, Any]], column: str, way: Way, names: PictureNames) -> int:
    values = {str(row[column]): row for row in rows if column in row}
    return sum(_found(row, column, way, names) for row in values.values())


def _found(row: Mapping[str, Any], column: str, way: Way, names: PictureNames) -> bool:
    return any(names.find(name, way) for name in names_in(row.get(column), names, way))
