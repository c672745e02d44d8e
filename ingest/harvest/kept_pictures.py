"""Pictures behind links, fetched once and kept in the archive."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive_search.atomic import atomic_write
from archive_search.pictures.kept import kept_picture
from archive_search.types import ArchiveError, PictureError
from ingest.harvest.answers import Validators
from ingest.harvest.client import Client


@dataclass(frozen=True, slots=True)
class _Note:
    """What is known of a kept picture: the version that the server named, and the stamp that it was fetched for."""

    validators: Validators
    stamp: str


class KeptPictures:
    """
    Fetches pictures into an archive; safe on several threads.

    One that is there is asked for again only for another stamp, or where all are wanted `anew`, and then is sent only
    where the server has another version. One that the server gives no longer stays as it is.
    """

    def __init__(self, archive: Path, client: Client, keep: bool = True) -> None:
        self._archive, self._client, self._keep = archive, client, keep
        self._locks = [threading.Lock() for _ in range(64)]

    def read(self, link: str, stamp: str, anew: bool = False) -> bytes:
        """The bytes of a picture; PictureError where they cannot be had."""
        with self._locks[hash(link) % len(self._locks)]:
            file = self._file(link, stamp, anew)
            try:
                data = file.read_bytes()
            except OSError as error:
                raise PictureError(f"the kept picture cannot be read: {error.strerror or error}") from error
            if not self._keep:
                file.unlink(missing_ok=True)
                _note(file).unlink(missing_ok=True)
            return data

    def file(self, link: str, stamp: str, anew: bool = False) -> Path:
        """The file with a picture, a film or a recording, which stays; PictureError where it cannot be had."""
        with self._locks[hash(link) % len(self._locks)]:
            return self._file(link, stamp, anew)

    def forget(self, link: str) -> None:
        """Fetch it anew when it is asked for next, whatever the server calls this version."""
        with suppress(OSError):
            _note(kept_picture(self._archive, link)).unlink(missing_ok=True)

    def remove(self, link: str) -> None:
        """Remove it, where it is kept."""
        file = kept_picture(self._archive, link)
        try:
            for one in (file, _note(file)):
                one.unlink(missing_ok=True)
        except OSError as error:
            raise ArchiveError(f"Pictures in {file.parent} cannot be removed: {error.strerror or error}.") from error

    def _file(self, link: str, stamp: str, anew: bool) -> Path:
        file = kept_picture(self._archive, link)
        there = file.is_file()
        known = _known(_note(file)) if there else None
        if known is not None and known.stamp == stamp and not anew:
            return file
        try:
            version = self._client.download(link, file, known.validators if known else None)
        except PictureError:
            if not there:
                raise
            return file
        try:
            with atomic_write(_note(file)) as part:
                said = {"link": link, "etag": version.etag, "modified": version.modified, "stamp": stamp}
                part.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise ArchiveError(f"Pictures in {file.parent} cannot be kept: {error.strerror or error}.") from error
        return file


def _note(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _known(note: Path) -> _Note | None:
    with suppress(OSError, ValueError, TypeError, KeyError):
        said = json.loads(note.read_text(encoding="utf-8"))
        return _Note(Validators(str(said["etag"]), str(said["modified"])), str(said["stamp"]))
    return None
