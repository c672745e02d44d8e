"""What the robots.txt files of servers let us fetch (RFC 9309)."""

from __future__ import annotations

import threading
from collections import defaultdict

import httpx
from protego import Protego

from ingest.harvest.addresses import server_of, shown
from ingest.harvest.answers import AnswerError, TooMuchError, decoded, pieces, state
from ingest.harvest.sending import AgainError, Sender, UnreachableError

NAME = "archive-search"
"""What robots.txt files call us."""
_LARGEST = 500_000
_TRIES = 2
_LONGEST_DELAY_S = 30.0


class Robots:
    """Goes by the robots.txt of each server, which is read once; safe on several threads, which wait for their own."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._known: dict[str, Protego | str] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def check(self, url: httpx.URL) -> None:
        """AnswerError where a server's robots.txt does not want us at an address, or cannot be read."""
        server = server_of(url)
        with self._lock:
            lock = self._locks[server]
        with lock:
            if server not in self._known:
                try:
                    self._known[server] = self._read(url)
                except UnreachableError:  # the server cannot be asked for anything, which the request itself tells
                    return
            rules = self._known[server]
        if isinstance(rules, str):
            raise AnswerError(f"{shown(str(url))}: {rules}.")
        if not rules.can_fetch(str(url), NAME):
            raise AnswerError(f"{shown(str(url))}: the server's robots.txt does not want programs to fetch it.")

    def _read(self, url: httpx.URL) -> Protego | str:
        """What may be fetched from a server, or why nobody can tell; no robots.txt allows all."""
        address = str(url.copy_with(path="/robots.txt", query=None, fragment=None))

        def once() -> str:
            with self._sender.sent("GET", address, {"Accept": "text/plain"}) as response:
                if 400 <= response.status_code < 500:
                    return ""
                if response.status_code != 200:
                    raise AnswerError(state(response))
                read = b""
                try:
                    for piece in pieces(response, _LARGEST):
                        read += piece
                except TooMuchError:  # the rest is not read, as the standard has it
                    pass
                return decoded(read, "")

        try:
            rules = Protego.parse(self._sender.tried(address, once, _TRIES))
        except AgainError as error:
            now = " now" if error.status == 429 else ""
            return f"its robots.txt cannot be read{now}: {error.said}"
        except UnreachableError:
            raise
        except AnswerError as error:
            return f"its robots.txt cannot be read: {str(error).rstrip('.')}"
        if (delay := rules.crawl_delay(NAME)) is not None:
            self._sender.slow_down(url, min(float(delay), _LONGEST_DELAY_S))
        return rules
