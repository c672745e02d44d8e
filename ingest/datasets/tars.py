"""WebDataset: tar files in which what has one name up to its first full stop is one sample; nothing is unpacked."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive_search.pictures.decoding import EXTENSIONS
from archive_search.reading import parse_records
from archive_search.types import MetadataError
from ingest.datasets.shards import Sample, part_of
from ingest.source import Rejected

_LARGEST_TEXT = 1_000_000
"""Bytes of a .json, .txt or .cls that are read."""
_TEXTS = (".json", ".txt", ".cls", ".caption", ".label")


class Tar:
    """
    One tar file.

    A sample's `.json` gives its metadata, `.txt` its caption, `.cls` its class. Where it has several pictures
    (`7.left.jpg`, `7.right.jpg`) they are views of one object.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def count(self) -> int | None:
        """Nobody knows without reading."""
        return None

    def read(self, place: str) -> bytes:
        """The bytes of a member, by where it begins and how long it is."""
        offset, length = (int(one) for one in place.split())
        return part_of(self.path, offset, length)

    def samples(self) -> Iterator[Sample | Rejected]:
        """Every sample; members that are no files (links, devices) are passed over, and so are other kinds of files."""
        key, pictures, texts = "", list[tuple[str, str]](), dict[str, tuple[int, int]]()
        try:
            with tarfile.open(self.path, "r:") as file:
                while (member := file.next()) is not None:
                    file.members.clear()  # type: ignore[attr-defined]  # else it remembers every one
                    if not member.isreg():
                        continue
                    own, ending = _key(member.name)
                    if own != key:
                        yield from self._sample(key, pictures, texts)
                        key, pictures, texts = own, [], {}
                    if ending.lower().endswith(EXTENSIONS):
                        pictures.append((ending, f"{member.offset_data} {member.size}"))
                    elif ending.lower() in _TEXTS:
                        texts[ending.lower()] = (member.offset_data, min(member.size, _LARGEST_TEXT))
        except (tarfile.TarError, OSError, EOFError) as error:
            yield from self._sample(key, pictures, texts)
            said = f"The tar file cannot be read from there on: {error}."
            yield Rejected(f"{self.path.name} behind {key or 'its start'}", self.path.name, "record", said)
            return
        yield from self._sample(key, pictures, texts)

    def _sample(
        self, key: str, pictures: list[tuple[str, str]], texts: dict[str, tuple[int, int]]
    ) -> Iterator[Sample | Rejected]:
        if not key or not pictures:
            return
        cells: dict[str, Any] = {}
        said = {
            ending: part_of(self.path, *place).decode("utf-8", "replace").strip() for ending, place in texts.items()
        }
        if ".json" in said:
            try:
                data = parse_records(said[".json"], f"{key}.json", MetadataError)
            except MetadataError as error:
                yield Rejected(f"{self.path.name}/{key}", self.path.name, "record", str(error))
                return
            cells = {str(name): value for name, value in data.items()} if isinstance(data, dict) else {"json": data}
        if caption := said.get(".txt") or said.get(".caption"):
            cells.setdefault("caption", caption)
        label = said.get(".cls") or said.get(".label") or ""
        for number, (ending, place) in enumerate(pictures):
            name = key if number == 0 else f"{key}{ending}"
            several = key if len(pictures) > 1 else ""
            yield Sample(name, place, cells, (label,) if label else (), f"{key.rpartition('/')[2]}{ending}", several)


def _key(name: str) -> tuple[str, str]:
    """A member's name up to the first full stop of its last part, and the rest."""
    folder, slash, file = name.rpartition("/")
    stem, stop, ending = file.partition(".")
    return f"{folder}{slash}{stem}", f"{stop}{ending}"
