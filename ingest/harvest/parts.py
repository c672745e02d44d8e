"""What has come of a file so far, and of which version it is, so that the rest can be asked for by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import httpx

from ingest.harvest.answers import Validators


class Part:
    """A file on its way, beside the place where it will be; it outlasts a broken connection and the process."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    def begun(self) -> tuple[Validators, int]:
        """The version that a part is of, and how many bytes there are; 0 where it cannot be gone on with."""
        try:
            etag, modified = json.loads(self._note.read_text(encoding="utf-8"))
            version, begun = Validators(str(etag), str(modified)), self._part.stat().st_size
        except (OSError, ValueError):
            return Validators(), 0
        return version, begun if version.rest() else 0

    def begin(self, version: Validators | None) -> None:
        """Begin anew, with a version where what comes of it can be gone on with."""
        self.forget()
        if version is not None:
            self._note.write_text(json.dumps([version.etag, version.modified]), encoding="utf-8")

    def add(self, pieces: Iterable[bytes]) -> None:
        """Put pieces behind what is there."""
        with self._part.open("ab") as file:
            for piece in pieces:
                file.write(piece)

    def end(self) -> None:
        """Put it, whole, in its place."""
        self._part.replace(self._target)
        self._note.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove what there is of it."""
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def fits(response: httpx.Response, begun: int) -> bool:
    """Whether a part that a server sends begins where another ends."""
    found = re.match(r"bytes (\d{1,15})-", response.headers.get("content-range", ""))
    return found is not None and int(found[1]) == begun
