"""Maps of an archive, kept in it: one for each space, of the generation that it was made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from archive_search.archive import Archive
from archive_search.atomic import atomic_write
from archive_search.projection.groups import Group, grouped, named, words_of
from archive_search.projection.layout import Places, places
from archive_search.spaces import is_tiled
from archive_search.types import ArchiveError, UnknownNameError

FOLDER = "maps"
VERSION = 1
"""Of the file; another one is not read, and the map is made anew."""


@dataclass(frozen=True)
class Map:
    """
    Records of a space in two dimensions.

    `ids`, `places` and `numbers` (of groups) go together; `generation` is the one whose vectors it was made of.
    """

    space: str
    generation: str
    ids: tuple[str, ...]
    places: Places
    numbers: NDArray[np.int16]
    groups: tuple[Group, ...]


def make_map(
    archive: Archive,
    space: str = "",
    on_progress: Callable[[str, int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Map:
    """
    Make the map of a space and keep it in the archive; of 100,000 records that takes minutes.

    Args:
        space: '' is the one that a search takes by default.
        on_progress: told what is done, how many steps of it, of how many: "reading", "placing", "naming".

    Raises:
        NotInstalledError: If what computes it is not installed; the command that installs it is told.
        UnknownNameError: If there is no such space, or it holds tiles.
        ArchiveError: If nothing is published, or the map cannot be kept.
        StoppedError: Once `stop` says so.
    """
    store, generation = archive.store, archive.generation or ""
    space = space or archive.default_space()
    if space not in store.spaces or is_tiled(space):
        known = ", ".join(archive.choices())
        raise UnknownNameError(f"There is no space {space!r} that a map can be made of. Known: {known}.")

    def tell(what: str) -> Callable[[int, int], None]:
        return lambda done, total: on_progress(what, done, total) if on_progress is not None else None

    total, ids, rows, words = store.count(), [], [], []
    for number, point in enumerate(store.scan((), space)):
        if space in point.vectors:
            ids.append(point.id)
            rows.append(point.vectors[space])
            words.append(words_of(point.payload, archive.fields))
        if number % 1000 == 0:
            tell("reading")(number, total)
    order = sorted(range(len(ids)), key=ids.__getitem__)  # the same map however the index is ordered
    vectors = np.stack([rows[one] for one in order]) if rows else np.zeros((0, 2), dtype=np.float32)
    del rows
    found = places(vectors, tell("placing"), stop)
    tell("naming")(0, 1)
    numbers = grouped(found)
    made = Map(
        space,
        generation,
        tuple(ids[one] for one in order),
        found,
        numbers,
        tuple(named(found, numbers, [words[one] for one in order])),
    )
    keep_map(archive, made)
    return made


def kept_map(archive: Archive, space: str) -> Map | None:
    """The map that is kept for a space, of whatever generation; None where there is none that can be read."""
    try:
        with _file(archive, space).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(bytes(file["about"]).decode("utf-8"))
            if about["version"] != VERSION or about["space"] != space:
                return None
            ends = np.cumsum(file["lengths"])
            text = bytes(file["ids"])
            ids = tuple(text[end - size : end].decode("utf-8") for end, size in zip(ends, file["lengths"], strict=True))
            groups = tuple(Group(tuple(one["words"]), (one["x"], one["y"]), one["count"]) for one in about["groups"])
            return Map(space, about["generation"], ids, file["places"], file["numbers"], groups)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None


def map_time(archive: Archive, space: str) -> int:
    """A number that changes with the map that is kept for a space; 0 where there is none."""
    try:
        return _file(archive, space).stat().st_mtime_ns
    except OSError:
        return 0


def keep_map(archive: Archive, made: Map) -> None:
    """Keep a map in the place of the one before; raises ArchiveError where it cannot be written."""
    texts = [one.encode("utf-8") for one in made.ids]
    groups = [{"words": one.words, "x": one.place[0], "y": one.place[1], "count": one.count} for one in made.groups]
    about = {"version": VERSION, "space": made.space, "generation": made.generation, "groups": groups}
    file = _file(archive, made.space)
    try:
        with atomic_write(file) as part, part.open("wb") as opened:
            np.savez_compressed(
                opened,
                about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode("utf-8"), dtype=np.uint8),
                ids=np.frombuffer(b"".join(texts), dtype=np.uint8),
                lengths=np.array([len(one) for one in texts], dtype=np.int64),
                places=made.places,
                numbers=made.numbers,
            )
    except OSError as error:
        raise ArchiveError(f"The map cannot be kept in {file}: {error.strerror or error}.") from error


def _file(archive: Archive, space: str) -> Path:
    """Where the map of a space is kept: a name that any system can write."""
    return archive.directory / FOLDER / f"{re.sub(r'[^0-9A-Za-z_-]', '_', space)}.npz"
