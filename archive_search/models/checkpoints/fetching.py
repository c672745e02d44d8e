"""Downloads that go on after a cut, end up whole or not at all, and are checked by size and SHA-256."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from archive_search.models.checkpoints.hashes import note, sha256
from archive_search.models.checkpoints.known import HUB, Checkpoint, RemoteFile, size_label
from archive_search.models.checkpoints.places import DIRECTORY, home, read_json, write_json
from archive_search.stores.lock import BuilderLock
from archive_search.types import ArchiveError, EmbedderError

if TYPE_CHECKING:
    import httpx

FIRST_SEEN = "first-seen.json"
"""Hashes of the first fetch, by address, of files whose hash is not published."""
SPARE = 64 * 10**6
"""Bytes to leave free on the disk."""
_WAITS_S = (1.0, 4.0, 15.0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is; `phase` is 'fetching' or 'checking', `total` is None where the server does not say."""

    phase: str
    file: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """
    A file that is here and whole.

    `published` tells whether its hash was held against a published one; else it was recorded (the first time) or held
    against what was recorded then.
    """

    path: Path
    size: int
    sha256: str
    published: bool
    first: bool


class _TransferError(Exception):
    """A transfer that broke off and may go on; its text says how."""


def fetch(
    checkpoint: Checkpoint,
    on_progress: Callable[[Progress], None] | None = None,
    source: str = "",
    timeout_s: float = 30.0,
    waits_s: tuple[float, ...] = _WAITS_S,
) -> tuple[Fetched, ...]:
    """
    Fetch the files of a checkpoint that are not here yet; what was begun goes on where it stopped.

    Args:
        checkpoint: What to fetch.
        on_progress: Called now and then.
        source: An address to fetch from instead: of the file, or of the folder that holds the files.
        timeout_s: How long a server may be silent.
        waits_s: Seconds to wait before each new try after a cut; bytes received start the count anew.

    Raises:
        EmbedderError: If the file cannot be had, is another one than it should be, or does not fit on the disk.
    """
    import httpx

    target = home(checkpoint)
    directory = target if checkpoint.is_folder else target.parent
    said = on_progress if on_progress is not None else _silent
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"{directory} cannot be made ({error.strerror}): name another directory in {DIRECTORY}."
        raise EmbedderError(why) from error
    lock = _locked(directory / f".{checkpoint.name}.lock", checkpoint)
    # without compression: sizes, ranges and hashes are those of the file itself
    headers = {"Accept-Encoding": "identity", "User-Agent": "archive-search"}
    try:
        with httpx.Client(follow_redirects=True, timeout=timeout_s, headers=headers) as client:
            # the weights last: a folder counts as there once it has them
            return tuple(
                _fetch_file(client, _from(source, file, checkpoint), directory / file.name, said, waits_s)
                for file in (*checkpoint.files[1:], checkpoint.weights)
            )
    finally:
        lock.release()


def _silent(now: Progress) -> None: ...


def _locked(path: Path, checkpoint: Checkpoint) -> BuilderLock:
    try:
        return BuilderLock(path, checkpoint.title)
    except ArchiveError as error:
        raise EmbedderError(f"{checkpoint.title} is being fetched by another process.") from error


def _from(source: str, file: RemoteFile, checkpoint: Checkpoint) -> RemoteFile:
    """The file at its published address, at the hub that $HF_ENDPOINT names, or below `source`."""
    url = file.url
    if source:
        url = f"{source.rstrip('/')}/{file.name}" if checkpoint.is_folder else source
    elif (hub := os.environ.get("HF_ENDPOINT")) and url.startswith(HUB):
        url = hub.rstrip("/") + url.removeprefix(HUB)
    return RemoteFile(file.name, url, file.size, file.sha256)


# ------------------------------------------------------------------ one file


def _fetch_file(
    client: httpx.Client,
    file: RemoteFile,
    target: Path,
    said: Callable[[Progress], None],
    waits_s: tuple[float, ...],
) -> Fetched:
    if target.is_file() and file.size in (None, target.stat().st_size):
        return _checked(file, target, target, said)
    part = _Part(target)
    tries = 0
    while True:
        before = part.size()
        try:
            _transfer(client, file, part, said)
            break
        except _TransferError as error:
            tries = tries + 1 if part.size() <= before else 1
            if tries > len(waits_s):
                raise EmbedderError(_gave_up(file, part, error)) from error
            time.sleep(waits_s[tries - 1])
        except OSError as error:
            raise EmbedderError(_unwritten(part, error)) from error
    fetched = _checked(file, part.path, target, said)
    part.forget()
    return fetched


def _gave_up(file: RemoteFile, part: _Part, error: Exception) -> str:
    here = part.size()
    kept = f" {size_label(here)} are kept: the same command goes on from there." if here else ""
    return f"{file.url}: {error}.{kept}"


def _unwritten(part: _Part, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk is full: {part.path} has {size_label(part.size())} so far; make room and run the same command."
        )
    return f"{part.path} cannot be written: {error.strerror or error}."


class _Part:
    """
    What has been received so far, under a temporary name, with notes on which version of the file it is of.

    Not `atomic_write`, which leaves nothing after a cut: what has been received is to be gone on with.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._notes = target.with_name(f"{target.name}.part.json")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def validator(self, url: str) -> str:
        """What the server can recognise this version by ('' where nothing was received or it gave no such mark)."""
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        return str(notes["validator"]) if isinstance(notes, dict) and notes.get("url") == url and self.size() else ""

    def begin(self, url: str, validator: str) -> BinaryIO:
        """An empty part of this version."""
        self._notes.unlink(missing_ok=True)
        stream = self.path.open("wb")
        self._notes.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")
        return stream

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)


def _transfer(client: httpx.Client, file: RemoteFile, part: _Part, said: Callable[[Progress], None]) -> None:
    """Receive what is missing of the part; raises `_TransferError` where another try may go on."""
    import httpx

    validator = part.validator(file.url)
    here = part.size() if validator else 0
    if here and here == file.size:
        return
    headers = {"Range": f"bytes={here}-", "If-Range": validator} if here else {}
    try:
        with client.stream("GET", file.url, headers=headers) as response:
            if response.status_code == 416:
                if _total(response) != here:
                    part.forget()  # longer than the file: not of this version
                    raise _TransferError("the server has no more of the file than is here, yet not as much")
                return
            _refused(response, file)
            goes_on = response.status_code == 206
            if goes_on and not _starts_at(response, here):
                part.forget()
                raise _TransferError("the server sent another range than was asked for")
            here = here if goes_on else 0
            total = _expected(response, file, here)
            _room(part.path, total, here)
            with part.path.open("ab") if goes_on else part.begin(file.url, _validator(response)) as stream:
                _receive(response, stream, lambda done: said(Progress("fetching", file.name, done, total)), here)
    except httpx.TimeoutException as error:
        raise _TransferError("the server went silent") from error
    except httpx.TooManyRedirects as error:
        raise EmbedderError(f"{file.url} leads in circles: too many redirects.") from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise EmbedderError(f"{file.url} is not an address to fetch from: {error}.") from error
    except httpx.ConnectError as error:
        raise _TransferError(f"the server cannot be reached ({str(error) or 'no connection'})") from error
    except httpx.ProxyError as error:
        raise _TransferError(f"the proxy does not let it through ({error})") from error
    except httpx.RequestError as error:
        raise _TransferError("the connection broke off") from error
    if total is not None and part.size() != total:
        if part.size() > total:
            part.forget()
        raise _TransferError(f"the connection broke off after {size_label(part.size())} of {size_label(total)}")


def _receive(response: httpx.Response, stream: BinaryIO, said: Callable[[int], None], done: int) -> None:
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    # as they come: pieces of a fixed size would be lost half-filled when the connection breaks
    for piece in response.iter_bytes() if encoded else response.iter_raw():
        stream.write(piece)
        done += len(piece)
        said(done)


def _refused(response: httpx.Response, file: RemoteFile) -> None:
    """
    Hold an answer to being the file.

    Raises:
        EmbedderError: If it is not, and asking again will not help.
        _TransferError: If the server may have it later.
    """
    status = response.status_code
    if status in (408, 429) or status >= 500:
        raise _TransferError(f"the server answered {status} ({response.reason_phrase})")
    if status in (404, 410):
        raise EmbedderError(
            f"{file.url} does not exist ({status}): it may have moved; give its new address.", settings=("source",)
        )
    if status in (401, 403, 407):
        who = "the proxy" if status == 407 else "the server"
        raise EmbedderError(f"{file.url}: {who} refused it ({status} {response.reason_phrase}).")
    if status not in (200, 206):
        raise EmbedderError(f"{file.url}: the server answered {status} ({response.reason_phrase}).")
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html":
        raise EmbedderError(
            f"{file.url} gave a web page instead of the file: a sign-in page or a proxy may stand in between. "
            "Open the address in a browser, or fetch the file there and name it with 'archive-search models use'."
        )


def _expected(response: httpx.Response, file: RemoteFile, here: int) -> int | None:
    """
    The size that the file will have.

    Raises:
        EmbedderError: If the server announces another than the published one.
    """
    announced = _total(response)
    if announced is None and "content-length" in response.headers and "content-encoding" not in response.headers:
        announced = here + int(response.headers["content-length"])
    if None not in (announced, file.size) and announced != file.size:
        raise EmbedderError(
            f"{file.url} has {announced} bytes, but {file.name} should have {file.size}: it is another file, "
            "nothing was fetched."
        )
    return file.size if announced is None else announced


def _total(response: httpx.Response) -> int | None:
    """The size that a Content-Range header names after its slash."""
    total = response.headers.get("content-range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else None


def _starts_at(response: httpx.Response, here: int) -> bool:
    sent: str = response.headers.get("content-range", "")
    return sent.replace("bytes", "").strip().partition("-")[0] == str(here)


def _validator(response: httpx.Response) -> str:
    """A strong ETag, else the date of the last change; '' where a range could not be asked for safely."""
    tag: str = response.headers.get("etag", "")
    if tag and not tag.startswith("W/"):
        return tag
    modified: str = response.headers.get("last-modified", "")
    return modified


def _room(part: Path, total: int | None, here: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if total is not None and total - here + SPARE > free:
        raise EmbedderError(
            f"{part.parent} has {size_label(free)} free, {size_label(total - here + SPARE)} are needed: make room, "
            f"or name another directory in {DIRECTORY}."
        )


# ------------------------------------------------------------------ checking


def _checked(file: RemoteFile, path: Path, target: Path, said: Callable[[Progress], None]) -> Fetched:
    """Hold a whole file to its published or first seen hash, then give it its name; a wrong one is deleted."""
    digest = sha256(path, on_progress=lambda done, total: said(Progress("checking", file.name, done, total)))
    seen: dict[str, Any] = read_json(FIRST_SEEN)
    expected = file.sha256 or seen.get(file.url)
    if expected is not None and digest != expected:
        if path != target:
            _Part(target).forget()
        whose = "its published hash" if file.sha256 else "the hash of the first fetch from there"
        gone = "It was deleted; fetch it again." if path != target else f"Delete {path} and fetch it again."
        raise EmbedderError(
            f"{file.name} is damaged or another file: its SHA-256 is {digest}, {whose} {expected}. {gone}"
        )
    if expected is None:
        write_json(FIRST_SEEN, {**seen, file.url: digest})
    if path != target:
        path.replace(target)
        note(target, digest)
    return Fetched(target, target.stat().st_size, digest, bool(file.sha256), expected is None)
