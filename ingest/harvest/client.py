"""
The one client that asks museums' services and fetches pictures from them: politely, within bounds, and told in words.

httpx asks, tenacity tries again, Protego reads robots.txt. Kept answers are ours (`Answers`, in the harvest's own
file): hishel would keep every body a second time, beside the items, and read pictures into memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from archive_search.connections import Allowed, Resolve, is_public, resolve
from archive_search.provenance import program_version
from archive_search.reading import parse_json
from archive_search.types import ArchiveError, PictureError, SourceError
from ingest.harvest.addresses import Params, shown, with_params
from ingest.harvest.answers import AnswerError, TooMuchError, Validators, decoded, pieces, state, wait_of
from ingest.harvest.parts import Part, fits
from ingest.harvest.remarks import Remarks
from ingest.harvest.robots import NAME, Robots
from ingest.harvest.sending import AgainError, Sender

CONTACT = "ARCHIVE_SEARCH_CONTACT"
"""The environment variable with the address that servers see, where no other is given."""
LARGEST_ANSWER = 64 * 10**6
"""Bytes of an answer that is text or JSON."""
LARGEST_PICTURE = 256 * 10**6
_WALL_WAITS = 30.0
"""So many times the usual first wait where a wall (a page that asks for a browser) stands before a service."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is kept, so that the server need not send it again; `kind` is its content type."""

    body: bytes
    kind: str
    validators: Validators


class Answers(Protocol):
    """Keeps answers from one harvest to the next."""

    def answer(self, key: str) -> Answer | None:
        """The one that was kept under a key."""
        ...

    def keep_answer(self, key: str, answer: Answer) -> None:
        """Keep one."""
        ...


class Client:
    """
    Asks servers; safe on several threads, and one for a whole harvest, so that every host is asked at one pace.

    What may pass (429, 500, 503, a connection that breaks off) is tried again, after what Retry-After says or ever
    longer. Redirects are followed, each checked like the first address. `remarks` tells, once for each, which servers
    cannot be asked at all.
    """

    def __init__(
        self,
        contact: str = "",
        *,
        allowed: Allowed = is_public,
        rate: float = 2.0,
        at_once: int = 4,
        tries: int = 5,
        backoff_s: float = 1.0,
        patience_s: float = 60.0,
        largest_answer: int = LARGEST_ANSWER,
        largest_picture: int = LARGEST_PICTURE,
        answers: Answers | None = None,
        stop: threading.Event | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        """
        Make a client that has asked nobody yet.

        Args:
            contact: whom a server's people can write to (an e-mail or a web address); see `CONTACT`.
            allowed: which addresses may be connected to; `anywhere` for servers in networks within.
            rate: requests a second to one host.
            at_once: requests at the same time to one host.
            tries: how often one request is sent at most.
            backoff_s: about so long is waited before the second try; twice that before the third, and so on.
            patience_s: how long an answer may take; longer where at least `sending.SLOWEST` bytes a second come.
            answers: keeps answers of JSON and text, which are then only asked for if they have changed.
            stop: once set, all waiting ends with StoppedError.
        """
        contact = " ".join((contact or os.environ.get(CONTACT, "")).split())
        self.user_agent = f"{NAME}/{program_version()}" + (f" (+{contact})" if contact.isascii() and contact else "")
        self.remarks = Remarks()
        self._tries, self._answers = tries, answers
        self._largest_answer, self._largest_picture = largest_answer, largest_picture
        self._sender = Sender(
            self.user_agent,
            allowed=allowed,
            resolve=resolve,
            rate=rate,
            at_once=at_once,
            backoff_s=backoff_s,
            patience_s=patience_s,
            stop=stop or threading.Event(),
            tell=self.remarks.add,
        )
        self._robots = Robots(self._sender)

    def close(self) -> None:
        """Close every connection."""
        self._sender.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -------------------------------------------------------------- answers

    def json(
        self, url: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> Any:
        """
        The data of an answer in JSON.

        Args:
            params: go behind the address's `?`; None among its values is left out.
            headers: sent as well, but to no other host than this address's.
            robots: go by the host's robots.txt; a service that is documented for programs need not.

        Raises:
            AnswerError: If it is refused, is not there, or is no JSON; its `status` says which.
            SourceError: If the server cannot be reached or asks for too much time.
        """
        url = with_params(url, params)
        return self._data(url, *self._answer("GET", url, headers, None, robots, "application/json"))

    def post_json(
        self, url: str, body: Any, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The data of the answer in JSON to a question in JSON; raises as `json` does."""
        url, content = with_params(url, params), json.dumps(body, ensure_ascii=False).encode()
        said = {**(headers or {}), "Content-Type": "application/json"}
        return self._data(url, *self._answer("POST", url, said, content, False, "application/json"))

    def text(
        self, url: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> str:
        """An answer as text, whatever its encoding; an XML declaration in it names none any more. Raises as `json`."""
        body, kind = self._answer("GET", with_params(url, params), headers, None, robots, "*/*")
        return decoded(body, kind)

    def _data(self, url: str, body: bytes, kind: str) -> Any:
        text = decoded(body, kind)
        if text.lstrip()[:1] == "<" and "json" not in kind:
            raise AnswerError(f"{shown(url)} answered with a page or XML, not with JSON.")
        return parse_json(text, f"The answer of {shown(url)}", AnswerError)

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None, robots: bool, accept: str
    ) -> tuple[bytes, str]:
        """The body of an answer and its content type."""
        key = hashlib.sha256(f"{method} {url} {headers}".encode() + (content or b"")).hexdigest()
        known = None if self._answers is None else self._answers.answer(key)
        asking = known.validators.asking() if known else {}

        def once() -> tuple[bytes, str]:
            said = {"Accept": accept, **(headers or {}), **asking}
            with self._sender.sent(method, url, said, content, self._check(robots)) as response:
                kind = response.headers.get("content-type", "")
                if response.status_code == 304 and known is not None:
                    return known.body, known.kind
                if response.status_code == 403 and "html" in kind and "json" in accept:
                    raise AgainError(state(response), 403, wait_of(response), _WALL_WAITS)
                if response.status_code != 200:
                    raise AnswerError(f"{shown(url)}: {state(response)}.", response.status_code)
                try:
                    body = b"".join(pieces(response, self._largest_answer))
                except AnswerError as error:
                    raise AnswerError(f"{shown(url)}: {error}.") from error
                except TooMuchError as error:
                    raise AnswerError(f"{shown(url)} answers with {error}, which is not taken.") from error
                validators = Validators.of(response.headers)
                if (
                    self._answers is not None
                    and validators
                    and "no-store" not in response.headers.get("cache-control", "")
                ):
                    self._answers.keep_answer(key, Answer(body, kind, validators))
                return body, kind

        try:
            return self._sender.tried(url, once, self._tries)
        except AgainError as error:
            raise AnswerError(f"{shown(url)}: {error.said}{error.later}.", error.status) from error

    # -------------------------------------------------------------- pictures

    def download(self, url: str, target: Path, known: Validators | None = None, *, robots: bool = True) -> Validators:
        """
        Fetch a picture, a film or a recording into a file, which is there only when all of it is.

        What came of it before a connection broke off, or the process died, is gone on from where the server can do so.

        Args:
            known: what the server called the version that is in the file; where it is still the same, none is sent.

        Returns:
            What the server calls this version.

        Raises:
            PictureError: Why it cannot be had, in words; it never stops a harvest.
            ArchiveError: If the file cannot be written.
        """
        part = Part(target)

        def once() -> Validators:
            version, begun = part.begun()
            headers = {"Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}
            if begun:
                headers |= {"Range": f"bytes={begun}-", "If-Range": version.rest()}
            elif known and target.is_file():
                headers |= known.asking()
            with self._sender.sent("GET", url, headers, check=self._check(robots)) as response:
                if response.status_code == 304 and known is not None and not begun:
                    return known
                if response.status_code == 416 and begun:
                    part.forget()
                    raise AgainError("what was fetched of it does not fit any more", 416)
                if response.status_code not in (200, 206):
                    raise PictureError(f"{shown(url)}: {state(response)}")
                if refused := _no_picture(response):
                    raise PictureError(f"{shown(url)} {refused}")
                goes_on = response.status_code == 206
                if goes_on and not fits(response, begun):
                    part.forget()
                    raise AgainError("the server sent another part than the one that was asked for")
                version = Validators.of(response.headers)
                if not goes_on:  # of what is packed nobody knows where it goes on
                    part.begin(None if "content-encoding" in response.headers else version)
                part.add(pieces(response, self._largest_picture - (begun if goes_on else 0)))
            part.end()
            return version

        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            return self._sender.tried(url, once, min(self._tries, 3))
        except AgainError as error:
            raise PictureError(f"{shown(url)}: {error.said}{error.later}") from error
        except TooMuchError as error:
            part.forget()
            raise PictureError(f"{shown(url)} has {error}, which is not taken") from error
        except SourceError as error:
            raise PictureError(str(error).rstrip(".")) from error
        except OSError as error:
            raise ArchiveError(f"Pictures in {target.parent} cannot be kept: {error.strerror or error}.") from error

    def _check(self, robots: bool) -> Callable[[httpx.URL], None] | None:
        return self._robots.check if robots else None


def _no_picture(response: httpx.Response) -> str:
    """Why an answer is none by its content type; '' where it may be one."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return "is a web page, not a picture"
    if kind.startswith("text/") or kind.endswith(("json", "xml")) or kind == "application/pdf":
        return f"is no picture: the server calls it {kind}"
    return ""
