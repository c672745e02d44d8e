"""Thumbnails: one small JPEG per picture, named by the picture's content."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from archive_search.pictures.thumbnails import ENDINGS, thumbnail_file, thumbnail_name
from archive_search.types import ArchiveError

LONGEST = 400
"""Pixels of a thumbnail's longer side; a smaller picture keeps its size."""
QUALITY = 80
"""JPEG: as WebP of quality 75 to look at, a fifth larger, made in a ninth of the time."""
_PARTS = ".part"
"""
One folder for all that is half written, not `atomic_write`'s name beside the target: a kill leaves what it leaves in
one place instead of 256, and no write pays for a name of its own, of which there are a million.
"""


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The directory of an archive's thumbnails; whatever cannot be done there raises ArchiveError."""

    directory: Path

    def file(self, content_hash: str) -> Path:
        """The file of a picture's thumbnail, whether or not it is there."""
        return thumbnail_file(self.directory, thumbnail_name(content_hash))

    def has(self, content_hash: str) -> bool:
        """Whether the picture has a thumbnail already."""
        with self._telling("looked at"):
            try:
                return self.file(content_hash).stat().st_size > 0
            except FileNotFoundError:
                return False

    def save(self, content_hash: str, picture: Image.Image) -> Image.Image | None:
        """Write the thumbnail of an upright RGB picture, in one step, and return it; None if it is there already."""
        if self.has(content_hash):
            return None
        target = self.directory / thumbnail_name(content_hash)
        part = self.directory / _PARTS / f"{content_hash}-{os.getpid()}-{threading.get_ident()}"
        small = _small(picture)
        with self._telling("written"):
            for directory in (target.parent, part.parent):
                directory.mkdir(parents=True, exist_ok=True)
            small.save(part, "JPEG", quality=QUALITY)
            part.replace(target)
        return small

    def remove(self, content_hash: str) -> None:
        """Remove a thumbnail, if it is there."""
        with self._telling("removed"):
            for ending in ENDINGS:
                (self.directory / thumbnail_name(content_hash)).with_suffix(ending).unlink(missing_ok=True)

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


def _small(picture: Image.Image) -> Image.Image:
    """A picture with its longer side at most `LONGEST`; itself if it is no larger."""
    scale = LONGEST / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.0)  # a tenth of the time of 2.0
