"""What servers answer: bounded while it comes, unpacked, decoded, and told in words where it is none."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from archive_search.connections import NotAllowedError, UnknownHostError
from archive_search.types import SourceError

_PIECE = 1 << 18
_DECLARED = re.compile(r"""^(\s*<\?xml[^>]{0,100}?)\s+encoding\s*=\s*["'][^"'>]{0,40}["']""")


class AnswerError(SourceError):
    """
    What was asked for was refused or is not there: 404, 403, a web page in its place.

    `status` is the number that the server answered with, 0 where it was none.
    """

    def __init__(self, said: str, status: int = 0, settings: Sequence[str] = ()) -> None:
        super().__init__(said, settings=settings)
        self.status = status


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server called a version of its answer; '' where it did not."""

    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, headers: httpx.Headers) -> Validators:
        """Those that come with an answer."""
        return cls(headers.get("etag", "").strip(), headers.get("last-modified", "").strip())

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)

    def asking(self) -> dict[str, str]:
        """The headers that ask for the answer only if it is another one."""
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.modified} if self.modified else {}

    def rest(self) -> str:
        """The If-Range that a part may be completed by; '' where that is not safe."""
        return self.modified if self.etag.startswith("W/") else self.etag or self.modified


class TooMuchError(Exception):
    """An answer that is longer than is taken; `largest` in bytes."""

    def __init__(self, largest: int) -> None:
        super().__init__(f"more than {largest / 1e6:g} MB")
        self.largest = largest


def pieces(response: httpx.Response, largest: int) -> Iterator[bytes]:
    """
    The content of an answer piece by piece, unpacked where it is packed with gzip or deflate.

    Raises:
        TooMuchError: Once it is more than `largest` bytes, before it was unpacked and behind.
        AnswerError: If it is packed in another way, or wrongly.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > largest:
        raise TooMuchError(largest)
    if packing in ("", "identity"):
        unpacked: Iterator[bytes] = response.iter_raw()
    elif packing in ("gzip", "x-gzip", "deflate"):
        unpacked = _unpacked(response, packing)
    else:
        raise AnswerError(f"the answer is packed with {packing!r}, which nobody asked for")
    length = 0
    for piece in unpacked:
        length += len(piece)
        if length > largest or response.num_bytes_downloaded > largest:
            raise TooMuchError(largest)
        yield piece


def _unpacked(response: httpx.Response, packing: str) -> Iterator[bytes]:
    """Never more than `_PIECE` bytes at once, however well they were packed."""
    engine = zlib.decompressobj(zlib.MAX_WBITS | 32 if packing != "deflate" else zlib.MAX_WBITS)
    try:
        for raw in response.iter_raw():
            data = raw
            while data:
                if piece := engine.decompress(data, _PIECE):
                    yield piece
                elif engine.eof:
                    break
                data = engine.unconsumed_tail
        if rest := engine.flush():
            yield rest
    except zlib.error as error:
        raise AnswerError(f"the answer cannot be unpacked: {error}") from error


def decoded(data: bytes, content_type: str) -> str:
    """
    The text of an answer: by its byte order mark, else as the header says, else as XML declares, else UTF-8.

    What is none of that is read as Windows-1252. An XML declaration names no encoding any more: it is text now.
    """
    text = _decoded(data, content_type)
    return _DECLARED.sub(r"\1", text, count=1)


def _decoded(data: bytes, content_type: str) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    said = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    declared = re.match(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", data)
    for name in (said[1] if said else "", declared[1].decode("ascii") if declared else "", "utf-8"):
        try:
            if name:
                return data.decode(name)  # LookupError also where the name is that of no text ("zip")
        except (LookupError, UnicodeDecodeError, UnicodeError):
            continue
    return data.decode("cp1252", errors="replace")


def wait_of(response: httpx.Response) -> float | None:
    """The seconds that Retry-After asks for, as a number or a date; None where it asks for nothing."""
    said = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", said):
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


_STATES = {
    400: "the server cannot make sense of what it was asked",
    401: "the server wants a name and password, or a key",
    403: "the server refuses it",
    404: "there is nothing at this address",
    410: "it was there and is gone for good",
    429: "the server has been asked too often",
    451: "it may not be shown for legal reasons",
    500: "something is wrong on the server",
    502: "something is wrong behind the server",
    503: "the server has no time at the moment",
    504: "something behind the server does not answer",
}


def state(response: httpx.Response) -> str:
    """What the number of an answer says, in words: 'there is nothing at this address (404)'."""
    said = _STATES.get(response.status_code, response.reason_phrase.strip().lower() or "the server answered otherwise")
    return f"{said} ({response.status_code})"


def trouble(error: Exception) -> str:
    """What keeps a connection from working, in words."""
    if isinstance(error, NotAllowedError):
        return (
            f"{error.host} is not on the public internet, but within a network or on this machine: such a server is "
            "asked only where private servers are allowed"
        )
    if isinstance(error, UnknownHostError):
        return f"nobody knows the name {error.host}"
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        why = re.search(r"certificate verify failed: ([^(]+)", said)
        return (
            f"its certificate cannot be trusted ({why[1].strip() if why else said}): the server may be another one "
            "than it says, or its certificate has run out"
        )
    if "SSL" in said or "TLS" in said:
        return f"no encrypted connection can be made ({said})"
    if isinstance(error, httpx.TimeoutException):
        return "it takes too long to answer, or answers too slowly"
    if isinstance(error, httpx.ConnectError):
        return f"nothing answers there ({said})" if said else "nothing answers there"
    return f"the connection broke off ({said})" if said else "the connection broke off"
