"""
The one client that asks museums' services and fetches pictures from them: politely, within bounds, and told in words.

httpx asks, tenacity tries again, Protego reads robots.txt. Kept answers are ours (`Answers`, in the harvest's own
file): hishel would keep every body a second time, beside the items, and read pictures into memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import httpx
import tenacity
from protego import Protego

from archive_search.connections import (
    Allowed,
    NotAllowedError,
    Patience,
    Resolve,
    UnknownHostError,
    is_of_the_web,
    is_public,
    patient,
    resolve,
    transport,
)
from archive_search.provenance import program_version
from archive_search.reading import parse_json
from archive_search.types import ArchiveError, PictureError, SourceError
from ingest.harvest.answers import AnswerError, TooMuchError, Validators, decoded, pieces, state, trouble, wait_of
from ingest.harvest.politeness import Host, stoppable

T = TypeVar("T")
Params: TypeAlias = Mapping[str, Any] | Sequence[tuple[str, Any]]

CONTACT = "ARCHIVE_SEARCH_CONTACT"
"""The environment variable with the address that servers see, where no other is given."""
NAME = "archive-search"
"""What robots.txt files call us."""
LARGEST_ANSWER = 64 * 10**6
"""Bytes of an answer that is text or JSON."""
LARGEST_PICTURE = 256 * 10**6
SLOWEST = 2_000.0
"""Bytes a second: what comes more slowly for long is given up."""
REDIRECTS = 5
LONGEST_WAIT_S = 300.0
"""Whoever asks for more time than this is left alone; the next harvest goes on there."""
_LARGEST_ROBOTS = 500_000
_TIMEOUT_S = 20.0
_SOON = (408, 425, 429, 500, 502, 503, 504)
"""What a server says that may answer in a moment."""
_WALL_WAITS = 30.0
"""So many times the usual first wait where a wall (a page that asks for a browser) stands before a service."""
_WALL_TRIES = 3
_GIVEN_UP = 3
"""A host that failed for so many requests in a row is tried once for each further one."""


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


class _AgainError(Exception):
    """What may be tried again; `wait_s` is what the server asked for, `times` lengthens our own waiting."""

    def __init__(self, said: str, status: int = 0, wait_s: float | None = None, times: float = 1.0) -> None:
        super().__init__(said)
        self.said, self.status, self.wait_s, self.times = said, status, wait_s, times


class Client:
    """
    Asks servers; safe on several threads, and one for a whole harvest, so that every host is asked at one pace.

    What may pass (429, 500, 503, a connection that breaks off) is tried again, after what Retry-After says or ever
    longer. Redirects are followed, each checked like the first address.
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
            patience_s: how long an answer may take; longer where at least `SLOWEST` bytes a second come.
            answers: keeps answers of JSON and text, which are then only asked for if they have changed.
            stop: once set, all waiting ends with StoppedError.
        """
        contact = " ".join((contact or os.environ.get(CONTACT, "")).split())
        self.user_agent = f"{NAME}/{program_version()}" + (f" (+{contact})" if contact.isascii() and contact else "")
        self._rate, self._at_once = rate, at_once
        self._tries, self._backoff_s, self._patience_s = tries, backoff_s, patience_s
        self._largest_answer, self._largest_picture = largest_answer, largest_picture
        self._answers, self._wait = answers, stoppable(stop or threading.Event())
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, Protego | str] = {}
        self._lock, self._robots_lock = threading.Lock(), threading.RLock()
        self._client = httpx.Client(
            transport=transport(allowed, resolve),
            timeout=min(_TIMEOUT_S, patience_s),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

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
        url = _with(url, params)
        return self._data(url, *self._answer("GET", url, headers, None, robots, "application/json"))

    def post_json(
        self, url: str, body: Any, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The data of the answer in JSON to a question in JSON; raises as `json` does."""
        url, content = _with(url, params), json.dumps(body, ensure_ascii=False).encode()
        said = {**(headers or {}), "Content-Type": "application/json"}
        return self._data(url, *self._answer("POST", url, said, content, False, "application/json"))

    def text(
        self, url: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None, robots: bool = False
    ) -> str:
        """An answer as text, whatever its encoding; an XML declaration in it names none any more. Raises as `json`."""
        body, kind = self._answer("GET", _with(url, params), headers, None, robots, "*/*")
        return decoded(body, kind)

    def _data(self, url: str, body: bytes, kind: str) -> Any:
        text = decoded(body, kind)
        if text.lstrip()[:1] == "<" and "json" not in kind:
            raise AnswerError(f"{_shown(url)} answered with a page or XML, not with JSON.")
        return parse_json(text, f"The answer of {_shown(url)}", AnswerError)

    def _answer(
        self, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None, robots: bool, accept: str
    ) -> tuple[bytes, str]:
        """The body of an answer and its content type."""
        key = hashlib.sha256(f"{method} {url} {headers}".encode() + (content or b"")).hexdigest()
        known = None if self._answers is None else self._answers.answer(key)
        asking = known.validators.asking() if known else {}

        def once() -> tuple[bytes, str]:
            said = {"Accept": accept, **(headers or {}), **asking}
            with self._sent(method, url, said, content, robots) as response:
                kind = response.headers.get("content-type", "")
                if response.status_code == 304 and known is not None:
                    return known.body, known.kind
                if response.status_code == 403 and "html" in kind and "json" in accept:
                    raise _AgainError(state(response), 403, wait_of(response), _WALL_WAITS)
                if response.status_code != 200:
                    raise AnswerError(f"{_shown(url)}: {state(response)}.", response.status_code)
                try:
                    body = b"".join(pieces(response, self._largest_answer))
                except AnswerError as error:
                    raise AnswerError(f"{_shown(url)}: {error}.") from error
                except TooMuchError as error:
                    raise AnswerError(f"{_shown(url)} answers with {error}, which is not taken.") from error
                validators = Validators.of(response.headers)
                if (
                    self._answers is not None
                    and validators
                    and "no-store" not in response.headers.get("cache-control", "")
                ):
                    self._answers.keep_answer(key, Answer(body, kind, validators))
                return body, kind

        try:
            return self._tried(url, once, self._tries)
        except _AgainError as error:
            raise AnswerError(f"{_shown(url)}: {error.said}{_later(error)}.", error.status) from error

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
        part, note = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.json")

        def once() -> Validators:
            version, begun = _begun(part, note)
            headers = {"Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}
            if begun:
                headers |= {"Range": f"bytes={begun}-", "If-Range": version.rest()}
            elif known and target.is_file():
                headers |= known.asking()
            with self._sent("GET", url, headers, None, robots) as response:
                if response.status_code == 304 and known is not None and not begun:
                    return known
                if response.status_code == 416 and begun:
                    _forget(part, note)
                    raise _AgainError("what was fetched of it does not fit any more", 416)
                if response.status_code not in (200, 206):
                    raise PictureError(f"{_shown(url)}: {state(response)}")
                if refused := _no_picture(response):
                    raise PictureError(f"{_shown(url)} {refused}")
                goes_on = response.status_code == 206
                if goes_on and not _fits(response, begun):
                    _forget(part, note)
                    raise _AgainError("the server sent another part than the one that was asked for")
                version = Validators.of(response.headers)
                if not goes_on:
                    _forget(part, note)
                    if "content-encoding" not in response.headers:  # of what is packed nobody knows where it goes on
                        note.write_text(json.dumps([version.etag, version.modified]), encoding="utf-8")
                with part.open("ab") as file:
                    for piece in pieces(response, self._largest_picture - (begun if goes_on else 0)):
                        file.write(piece)
            part.replace(target)
            note.unlink(missing_ok=True)
            return version

        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            return self._tried(url, once, min(self._tries, 3))
        except _AgainError as error:
            raise PictureError(f"{_shown(url)}: {error.said}{_later(error)}") from error
        except TooMuchError as error:
            _forget(part, note)
            raise PictureError(f"{_shown(url)} has {error}, which is not taken") from error
        except SourceError as error:
            raise PictureError(str(error).rstrip(".")) from error
        except OSError as error:
            raise ArchiveError(f"Pictures in {target.parent} cannot be kept: {error.strerror or error}.") from error

    # -------------------------------------------------------------- one request

    def _tried(self, url: str, once: Callable[[], T], tries: int) -> T:
        """What `once` gives, tried again while it says that this may help; `_AgainError` where it did not."""
        host = self._host(web_address(url))

        def waiting(now: tenacity.RetryCallState) -> float:
            error = now.outcome.exception() if now.outcome else None
            assert isinstance(error, _AgainError)
            longer = self._backoff_s * error.times * 2.0 ** (now.attempt_number - 1) * random.uniform(0.75, 1.25)
            return max(error.wait_s or 0.0, min(longer, LONGEST_WAIT_S))

        def worth_it(error: BaseException) -> bool:
            return isinstance(error, _AgainError) and (error.wait_s or 0.0) <= LONGEST_WAIT_S

        def enough(now: tenacity.RetryCallState) -> bool:
            error = now.outcome.exception() if now.outcome else None
            most = _WALL_TRIES if isinstance(error, _AgainError) and error.status == 403 else tries
            return now.attempt_number >= (1 if host.failures >= _GIVEN_UP else most)

        again = tenacity.Retrying(
            stop=enough,
            wait=waiting,
            retry=tenacity.retry_if_exception(worth_it),
            sleep=self._wait,
            reraise=True,
        )
        try:
            found = again(once)
        except _AgainError as error:
            host.failures += error.status in (0, 502, 503, 504)
            raise
        host.failures = 0
        return found

    @contextmanager
    def _sent(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, robots: bool
    ) -> Iterator[httpx.Response]:
        """The answer to a request, redirects followed; its body is not read yet."""
        at = first = web_address(url)
        for _ in range(REDIRECTS + 1):
            host = self._host(at)
            if robots:
                self._check_robots(at)
            own = headers if _origin(at) == _origin(first) else {k: v for k, v in headers.items() if k in _HARMLESS}
            request = self._client.build_request(method, at, headers=own, content=content)
            try:
                with host.turn(self._wait), patient(Patience(self._patience_s, SLOWEST)):
                    response = self._client.send(request, stream=True)
                    try:
                        if not (response.is_redirect and "location" in response.headers):
                            if response.status_code in _SOON:
                                raise self._soon(response, host)
                            yield response
                            return
                        at = _joined(at, response.headers["location"])
                    finally:
                        response.close()
            except (NotAllowedError, UnknownHostError) as error:
                if isinstance(error, UnknownHostError) and error.passing:
                    raise _AgainError(trouble(error)) from error
                raise AnswerError(f"{_shown(url)} cannot be asked: {trouble(error)}.") from error
            except httpx.HTTPError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise AnswerError(f"{_shown(url)} cannot be asked: {trouble(error)}.") from error
                raise _AgainError(trouble(error)) from error
        raise AnswerError(f"{_shown(url)} leads from one address to the next, more than {REDIRECTS} times.")

    def _soon(self, response: httpx.Response, host: Host) -> _AgainError:
        wait_s = wait_of(response)
        if wait_s is not None and response.status_code in (429, 503):
            host.hold(min(wait_s, LONGEST_WAIT_S))
        return _AgainError(state(response), response.status_code, wait_s)

    def _host(self, url: httpx.URL) -> Host:
        with self._lock:
            name = url.netloc.decode("ascii")
            if name not in self._hosts:
                self._hosts[name] = Host(self._rate, self._at_once)
            return self._hosts[name]

    # -------------------------------------------------------------- robots.txt

    def _check_robots(self, url: httpx.URL) -> None:
        """AnswerError where a host's robots.txt does not want us at an address, or cannot be read."""
        with self._robots_lock:
            origin = _origin(url)
            if origin not in self._robots:
                self._robots[origin] = self._rules(url)
            rules = self._robots[origin]
        if isinstance(rules, str):
            raise AnswerError(f"{_shown(str(url))}: {rules}.")
        if not rules.can_fetch(str(url), NAME):
            raise AnswerError(f"{_shown(str(url))}: the server's robots.txt does not want programs to fetch it.")

    def _rules(self, url: httpx.URL) -> Protego | str:
        """What may be fetched from a host, or why nobody can tell; no robots.txt allows all (RFC 9309)."""
        address = str(url.copy_with(path="/robots.txt", query=None, fragment=None))

        def once() -> str:
            with self._sent("GET", address, {"Accept": "text/plain"}, None, False) as response:
                if 400 <= response.status_code < 500:
                    return ""
                if response.status_code != 200:
                    raise AnswerError(state(response))
                read = b""
                try:
                    for piece in pieces(response, _LARGEST_ROBOTS):
                        read += piece
                except TooMuchError:  # the rest is not read, as the standard has it
                    pass
                return decoded(read, "")

        try:
            rules = Protego.parse(self._tried(address, once, 2))
        except _AgainError as error:
            if error.status == 429:
                return f"its robots.txt cannot be read now: {error.said}"
            return f"its robots.txt cannot be read: {error.said}"
        except AnswerError as error:
            return f"its robots.txt cannot be read: {str(error).rstrip('.')}"
        if (delay := rules.crawl_delay(NAME)) is not None:
            self._host(url).slow_down(min(float(delay), 30.0))
        return rules


_HARMLESS = ("Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since")
"""Headers that also go to another host, where a redirect leads there: no key, no cookie."""


def _with(url: str, params: Params | None) -> str:
    """An address with parameters behind it, beside those that it has."""
    if not params:
        return str(web_address(url))
    pairs = params.items() if isinstance(params, Mapping) else params
    said = [(name, one) for name, value in pairs for one in (value if isinstance(value, list | tuple) else [value])]
    merged = web_address(url).copy_merge_params(httpx.QueryParams([(k, v) for k, v in said if v is not None]))
    return str(merged)


def web_address(url: str) -> httpx.URL:
    """An address that may be asked; AnswerError where it is none."""
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise AnswerError(f"{_shown(url)} is no address: {error}.") from error
    if not is_of_the_web(found):
        raise AnswerError(f"{_shown(url)} is no address of the web: it should begin with https:// or http://.")
    if found.userinfo:
        raise AnswerError(f"{_shown(found.host)}: an address that tells a name or password is not asked.")
    return found


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return web_address(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise AnswerError(f"{_shown(str(url))} leads to something that is no address: {error}.") from error


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


_SECRET = re.compile(r"(?i)([?&][^=&]*(?:key|token|secret|password)[^=&]*=)[^&]+")


def _shown(url: str) -> str:
    """An address for people: cut where it is long, without keys."""
    said = _SECRET.sub(r"\1...", url)
    return said if len(said) <= 200 else f"{said[:197]}..."


def _later(error: _AgainError) -> str:
    if error.wait_s and error.wait_s > LONGEST_WAIT_S:
        return f"; it asks to come back in {error.wait_s / 60:,.0f} minutes: run the same again then"
    return ""


def _begun(part: Path, note: Path) -> tuple[Validators, int]:
    """Of what version how many bytes were fetched before; 0 where they cannot be gone on from."""
    try:
        etag, modified = json.loads(note.read_text(encoding="utf-8"))
        version, begun = Validators(str(etag), str(modified)), part.stat().st_size
    except (OSError, ValueError):
        return Validators(), 0
    return version, begun if version.rest() else 0


def _forget(part: Path, note: Path) -> None:
    part.unlink(missing_ok=True)
    note.unlink(missing_ok=True)


def _fits(response: httpx.Response, begun: int) -> bool:
    found = re.match(r"bytes (\d{1,15})-", response.headers.get("content-range", ""))
    return found is not None and int(found[1]) == begun


def _no_picture(response: httpx.Response) -> str:
    """Why an answer is none by its content type; '' where it may be one."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return "is a web page, not a picture"
    if kind.startswith("text/") or kind.endswith(("json", "xml")) or kind == "application/pdf":
        return f"is no picture: the server calls it {kind}"
    return ""
