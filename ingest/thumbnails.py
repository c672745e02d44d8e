"""Thumbnails: one small WebP per picture, named by the picture's content."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image

from archive_search.types import ArchiveError

LONGEST = 400
"""Pixels of a thumbnail's longer side; a smaller picture keeps its size."""
QUALITY = 75
METHOD = 0
"""WebP effort: 2 makes files a tenth smaller and takes half as long again, 4 and more twice as long."""
_PARTS = ".part"
"""
One folder for all that is half written, not `atomic_write`'s name beside the target: a kill leaves what it leaves in
one place instead of 256, and no write pays for a name of its own, of which there are a million.
"""


def thumbnail_name(content_hash: str) -> str:
    """Where the thumbnail of a picture lies below the thumbnails' directory, with forward slashes."""
    return f"{content_hash[:2]}/{content_hash}.webp"


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The directory of an archive's thumbnails; whatever cannot be done there raises ArchiveError."""

    directory: Path

    def path(self, name: str) -> Path:
        """The file of a thumbnail by the name that a payload gives."""
        return self.directory / PurePosixPath(name)

    def has(self, content_hash: str) -> bool:
        """Whether the picture has a thumbnail already."""
        with self._telling("looked at"):
            try:
                return self.path(thumbnail_name(content_hash)).stat().st_size > 0
            except FileNotFoundError:
                return False

    def save(self, content_hash: str, picture: Image.Image) -> Image.Image | None:
        """Write the thumbnail of an upright RGB picture, in one step, and return it; None if it is there already."""
        if self.has(content_hash):
            return None
        target = self.path(thumbnail_name(content_hash))
        part = self.directory / _PARTS / f"{content_hash}-{os.getpid()}-{threading.get_ident()}"
        small = picture.copy()
        small.thumbnail((LONGEST, LONGEST), Image.Resampling.BICUBIC, reducing_gap=1.0)  # a tenth of the time of 2.0
        with self._telling("written"):
            for directory in (target.parent, part.parent):
                directory.mkdir(parents=True, exist_ok=True)
            small.save(part, "WEBP", quality=QUALITY, method=METHOD)
            part.replace(target)
        return small

    def remove(self, content_hash: str) -> None:
        """Remove a thumbnail, if it is there."""
        with self._telling("removed"):
            self.path(thumbnail_name(content_hash)).unlink(missing_ok=True)

    def clear_parts(self) -> None:
        """Remove what a killed ingest left half written."""
        with self._telling("looked at"):
            if (self.directory / _PARTS).is_dir():
                for part in (self.directory / _PARTS).iterdir():
                    part.unlink(missing_ok=True)

    @contextmanager
    def _telling(self, done: str) -> Iterator[None]:
        """Tell what the system refuses as an ArchiveError."""
        try:
            yield
        except OSError as error:
            reason = str(error.strerror or error)
            if error.errno == errno.ENOSPC:
                reason += "; free some room there and run the same again: nothing is lost"
            raise ArchiveError(f"Thumbnails in {self.directory} cannot be {done}: {reason}.") from error
