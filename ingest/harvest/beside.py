"""Pictures that lie beside the file that describes them, where a record names a path instead of a link."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from archive_search.pictures.kept import is_link
from archive_search.pictures.media import medium
from archive_search.types import PictureError, Record
from ingest.harvest.client import Client
from ingest.harvest.harvested import Harvest, Harvested
from ingest.harvest.kept_items import KeptItems, harvest_file
from ingest.source import Rejected, Source


@dataclass(frozen=True, kw_only=True)
class HarvestedFiles(Harvested):
    """
    A source of files with records, whose pictures are links, or paths below the folder of the files.

    A subclass has `folder` besides what every harvest has; its `origin` is a word and the path of the file or folder.
    """

    @property
    def folder(self) -> Path | None:
        """The folder that paths begin at and cannot lead out of; None where the records come from the web."""
        raise NotImplementedError

    def is_stream(self, client: Client) -> bool:
        """Whether it can be asked for what changed, which `tells_changes` says of sources that always can."""
        return self.tells_changes

    @contextmanager
    def opened(self, archive: Path, stop: threading.Event) -> Iterator[Source]:
        """The source for an ingest into the archive in a directory."""
        with KeptItems(harvest_file(archive, self.origin), self.origin) as kept, self.client(stop, kept) as client:
            yield _Beside(self.folder, self, archive, client, kept, stop, self.is_stream(client))


def placed(record: Record | Rejected, file: str) -> Record | Rejected:
    """A record as a file (its path below the folder) describes it; the path of its picture begins at the folder."""
    if isinstance(record, Rejected) or is_link(record.image):
        return record
    return replace(record, image=(PurePosixPath(file).parent / record.image.replace("\\", "/")).as_posix())


class _Beside(Harvest):
    """A harvest whose records may name pictures below a folder."""

    def __init__(self, folder: Path | None, *how: Any) -> None:
        super().__init__(*how)
        self._folder = None if folder is None else folder.resolve()

    def wanted(self, one: Record | Rejected) -> Record | Rejected:
        """A record that may be taken and whose picture can be had, or why it is not."""
        if isinstance(one, Rejected) or is_link(one.image):
            return super().wanted(one)
        if self._path(one) is None:
            said = f"{one.image[:200]!r} is no link, and no picture below the folder of the file that names it"
            return Rejected(one.id, one.image, "record", said)
        allowed = super().wanted(replace(one, image="https://beside.invalid/"))
        return one if isinstance(allowed, Record) else replace(allowed, image=one.image)

    def stamp(self, record: Record) -> str:
        """Changes with a file's size and time; of a link the usual."""
        path = None if is_link(record.image) else self._path(record)
        if path is None:
            return super().stamp(record)
        about = path.stat()
        return f"{about.st_size} {about.st_mtime_ns}"

    def file(self, record: Record) -> Path | None:
        """Where a film or a recording lies."""
        if is_link(record.image):
            return super().file(record)
        return None if medium(record.image) == "image" else self._path(record)

    def read(self, record: Record) -> bytes:
        """The bytes of the picture."""
        if is_link(record.image):
            return super().read(record)
        path = self._path(record)
        try:
            if path is not None:
                return path.read_bytes()
        except OSError as error:
            raise PictureError(f"{record.image!r} cannot be read: {error.strerror or error}") from error
        raise PictureError(f"there is no picture {record.image!r} any more")

    def _path(self, record: Record) -> Path | None:
        """The file below the folder; None where there is none, or the path leads elsewhere."""
        if self._folder is None:
            return None
        try:
            path = (self._folder / record.image).resolve()
            return path if path.is_relative_to(self._folder) and path.is_file() else None
        except (OSError, ValueError):
            return None
