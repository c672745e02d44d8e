"""The SHA-256 of weight files, computed once: a file that has not changed is not read again."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from archive_search.models.checkpoints.places import read_json, write_json
from archive_search.types import EmbedderError

_NOTES = "hashes.json"
_PIECE = 8 * 2**20


def sha256(path: Path, again: bool = False, on_progress: Callable[[int, int], None] | None = None) -> str:
    """
    The SHA-256 of a file, in hex; from the notes where size and modification time are as they were.

    Args:
        path: The file.
        again: Read it even so.
        on_progress: Called with bytes read and bytes in all.

    Raises:
        EmbedderError: If it cannot be read.
    """
    try:
        path = path.resolve()
        state = path.stat()
        noted = read_json(_NOTES).get(str(path))
        seen = [state.st_size, state.st_mtime_ns]
        if not again and isinstance(noted, dict) and noted.get("seen") == seen:
            return str(noted["sha256"])
        digest = _read(path, state.st_size, on_progress)
    except OSError as error:
        raise EmbedderError(f"{path} cannot be read: {error.strerror}.") from error
    note(path, digest)
    return digest


def note(path: Path, digest: str) -> None:
    """Remember the hash of a file as it is now; where the notes cannot be written it is computed again next time."""
    state = path.stat()
    with contextlib.suppress(EmbedderError):
        notes = {"seen": [state.st_size, state.st_mtime_ns], "sha256": digest}
        write_json(_NOTES, {**read_json(_NOTES), str(path.resolve()): notes})


def _read(path: Path, size: int, on_progress: Callable[[int, int], None] | None) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            done += len(piece)
            if on_progress is not None:
                on_progress(done, size)
    return digest.hexdigest()
