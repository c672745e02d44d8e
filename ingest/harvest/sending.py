"""Requests, sent to each host at its pace, tried again where that may help, followed where they are sent on to."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import httpx
import tenacity

from archive_search.connections import (
    Allowed,
    NotAllowedError,
    Patience,
    Resolve,
    UnknownHostError,
    patient,
    transport,
)
from ingest.harvest.addresses import redirected, server_of, shown, web_address
from ingest.harvest.answers import AnswerError, state, trouble, wait_of
from ingest.harvest.politeness import Host, stoppable

T = TypeVar("T")

SLOWEST = 2_000.0
"""Bytes a second: what comes more slowly for long is given up."""
REDIRECTS = 5
LONGEST_WAIT_S = 300.0
"""Whoever asks for more time than this is left alone; the next harvest goes on there."""
_TIMEOUT_S = 20.0
_SOON = (408, 425, 429, 500, 502, 503, 504)
"""What a server says that may answer in a moment."""
_WALL_TRIES = 3
_GIVEN_UP = 3
"""A host that failed for so many requests in a row is tried once for each further one."""
_HARMLESS = ("Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since")
"""Headers that also go to another host, where a redirect leads there: no key, no cookie."""


class AgainError(Exception):
    """What may be tried again; `wait_s` is what the server asked for, `times` lengthens our own waiting."""

    def __init__(self, said: str, status: int = 0, wait_s: float | None = None, times: float = 1.0) -> None:
        super().__init__(said)
        self.said, self.status, self.wait_s, self.times = said, status, wait_s, times

    @property
    def later(self) -> str:
        """When to come back, behind what was said; '' where that is soon."""
        if self.wait_s and self.wait_s > LONGEST_WAIT_S:
            return f"; it asks to come back in {self.wait_s / 60:,.0f} minutes: run the same again then"
        return ""


class UnreachableError(AnswerError):
    """A server that is not asked at all: nobody knows it, it stands in a network within, or it is not who it says."""


class Sender:
    """
    Sends requests; safe on several threads, and one for a whole harvest, so that every host is asked at one pace.

    A server that cannot be asked at all is tried once, and told once to `tell`; each request to it is refused.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        allowed: Allowed,
        resolve: Resolve,
        rate: float,
        at_once: int,
        backoff_s: float,
        patience_s: float,
        stop: threading.Event,
        tell: Callable[[str], None],
    ) -> None:
        self._rate, self._at_once, self._tell = rate, at_once, tell
        self._backoff_s, self._patience_s = backoff_s, patience_s
        self._wait = stoppable(stop)
        self._hosts: dict[str, Host] = {}
        self._unreachable: dict[str, Exception] = {}
        self._lock = threading.Lock()
        self._client = httpx.Client(
            transport=transport(allowed, resolve),
            timeout=min(_TIMEOUT_S, patience_s),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def slow_down(self, url: httpx.URL, interval: float) -> None:
        """Leave at least so many seconds between requests to the host of an address."""
        self._host(url).slow_down(interval)

    def tried(self, url: str, once: Callable[[], T], tries: int) -> T:
        """What `once` gives, tried again while it says that this may help; `AgainError` where it did not."""
        host = self._host(web_address(url))

        def waiting(now: tenacity.RetryCallState) -> float:
            error = now.outcome.exception() if now.outcome else None
            assert isinstance(error, AgainError)
            longer = self._backoff_s * error.times * 2.0 ** (now.attempt_number - 1) * random.uniform(0.75, 1.25)
            return max(error.wait_s or 0.0, min(longer, LONGEST_WAIT_S))

        def worth_it(error: BaseException) -> bool:
            return isinstance(error, AgainError) and (error.wait_s or 0.0) <= LONGEST_WAIT_S

        def enough(now: tenacity.RetryCallState) -> bool:
            error = now.outcome.exception() if now.outcome else None
            most = _WALL_TRIES if isinstance(error, AgainError) and error.status == 403 else tries
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
        except AgainError as error:
            host.failures += error.status in (0, 502, 503, 504)
            raise
        host.failures = 0
        return found

    @contextmanager
    def sent(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
        check: Callable[[httpx.URL], None] | None = None,
    ) -> Iterator[httpx.Response]:
        """
        The answer to a request, redirects followed; its body is not read yet.

        Args:
            check: refuses addresses that are not to be asked: the first, and each that it is sent on to.

        Raises:
            AgainError: If it may be tried again.
            UnreachableError: If a server on the way cannot be asked at all.
            AnswerError: If it is sent on too often, or to what is no address; and what `check` raises.
        """
        at = first = web_address(url)
        for _ in range(REDIRECTS + 1):
            host = self._host(at)
            if check is not None:
                check(at)
            if (known := self._unreachable.get(server_of(at))) is not None:
                raise _refusal(url, known) from known
            own = headers if server_of(at) == server_of(first) else {k: v for k, v in headers.items() if k in _HARMLESS}
            request = self._client.build_request(method, at, headers=own, content=content)
            try:
                with host.turn(self._wait), patient(Patience(self._patience_s, SLOWEST)):
                    response = self._client.send(request, stream=True)
                    try:
                        if not (response.is_redirect and "location" in response.headers):
                            if response.status_code in _SOON:
                                raise _soon(response, host)
                            yield response
                            return
                        at = redirected(at, response.headers["location"])
                    finally:
                        response.close()
            except (NotAllowedError, UnknownHostError, httpx.HTTPError) as error:
                if _may_pass(error):
                    raise AgainError(trouble(error)) from error
                self._note_unreachable(at, error)
                raise _refusal(url, error) from error
        raise AnswerError(f"{shown(url)} leads from one address to the next, more than {REDIRECTS} times.")

    def _note_unreachable(self, url: httpx.URL, error: Exception) -> None:
        """Note why a server cannot be asked, and tell it where it was not known before."""
        with self._lock:
            is_known = server_of(url) in self._unreachable
            self._unreachable[server_of(url)] = error
        if not is_known:
            self._tell(f"nothing can be had from {url.netloc.decode('ascii')}: {trouble(error)}")

    def _host(self, url: httpx.URL) -> Host:
        with self._lock:
            name = url.netloc.decode("ascii")
            if name not in self._hosts:
                self._hosts[name] = Host(self._rate, self._at_once)
            return self._hosts[name]


def _refusal(url: str, error: Exception) -> UnreachableError:
    """What is told of each request to a server that cannot be asked."""
    settings = ("allow_private",) if isinstance(error, NotAllowedError) else ()
    return UnreachableError(f"{shown(url)} cannot be asked: {trouble(error)}.", settings=settings)


def _soon(response: httpx.Response, host: Host) -> AgainError:
    wait_s = wait_of(response)
    if wait_s is not None and response.status_code in (429, 503):
        host.hold(min(wait_s, LONGEST_WAIT_S))
    return AgainError(state(response), response.status_code, wait_s)


def _may_pass(error: Exception) -> bool:
    """Whether what kept a connection from working may be otherwise in a moment."""
    if isinstance(error, UnknownHostError):
        return error.passing
    return not isinstance(error, NotAllowedError) and "CERTIFICATE_VERIFY_FAILED" not in str(error)
