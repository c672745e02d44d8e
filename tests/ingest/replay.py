"""
A server on this machine that gives answers as they were recorded, for tests of sources and of the client.

```python
from tests.ingest.replay import Replay        # or: the fixture `server` of tests/ingest/conftest.py

with Replay() as server:
    server.answer("/objects/1", {"objectID": 1})                       # JSON; text and bytes go as they are
    server.answer("/objects?page=2", {"objectIDs": []})                # with a query: only for exactly that query
    server.answer("/a.jpg", picture_bytes, type="image/jpeg", etag='"1"')   # asked again with the ETag: 304
    server.answer("/b.jpg", picture_bytes, cut=100, times=1)           # breaks off after 100 bytes, once ...
    server.answer("/b.jpg", picture_bytes, etag='"b"')                 # ... then this (Range is understood)
    server.answer("/busy", status=429, headers={"Retry-After": "1"}, times=2)
    server.answer("/slow", "x", wait=1.0)                              # thinks for a second first
    server.answer("/drip", b"x" * 100, every=0.05)                     # a byte at a time
    server.answer("/huge", huge=2_000_000_000)                         # zeros, made as they are sent ...
    server.answer("/huge", huge=2_000_000_000, announced=False)        # ... and nobody is told how many
    server.answer("/search", lambda asked: {"you": asked.body})        # made from the question
    server.pages("/list", items, size=100)                             # ?page=1.. {"total", "page", "items", "next"}

    client = server.client()                                           # a Client that may ask this machine, quickly
    assert client.json(server.url + "/objects/1") == {"objectID": 1}
    assert server.count("/objects/1") == 1                             # and server.asked: every question, in order
```

What nobody has answered is 404; so is /robots.txt, unless it is answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archive_search.connections import anywhere
from ingest.harvest.client import Client


@dataclass(frozen=True)
class Asked:
    """One question: `path` with its query, `query` by name, `headers` by their names in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The parameters behind the `?`, the first of each."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class Reply:
    """One answer and how it is given; see the module."""

    content: Any = b""
    status: int = 200
    type: str = ""
    etag: str = ""
    modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    every: float = 0.0
    cut: int | None = None
    huge: int = 0
    announced: bool = True
    times: int | None = None

    def body(self, asked: Asked) -> tuple[bytes, str]:
        """What is sent, and its content type."""
        content = self.content(asked) if callable(self.content) else self.content
        if isinstance(content, bytes):
            return content, self.type or "application/octet-stream"
        if isinstance(content, str):
            return content.encode(), self.type or "text/plain; charset=utf-8"
        return json.dumps(content, ensure_ascii=False).encode(), self.type or "application/json"


class Replay:
    """The server; it listens while the context lasts."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def __enter__(self) -> Replay:
        handler = type("Handler", (_Handler,), {"replay": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, **settings: Any) -> Client:
        """A client that may ask this machine, that waits little, and asks as fast as it can."""
        usual = {"allowed": anywhere, "rate": 10_000.0, "backoff_s": 0.01, "patience_s": 10.0}
        return Client(**{**usual, **settings})

    def answer(self, path: str, content: Any = b"", **how: Any) -> None:
        """Answer so at a path; behind answers that are given some `times` comes the next one for the same path."""
        with self._lock:
            self._replies.setdefault(path, []).append(Reply(content, **how))

    def clear(self, path: str) -> None:
        """Answer nothing at a path any more."""
        with self._lock:
            self._replies.pop(path, None)

    def pages(self, path: str, items: Sequence[Any] | Callable[[], Sequence[Any]], size: int = 100, **how: Any) -> None:
        """Answer with a page of some items, as ?page=1 and on asks: total, page, items, next ('' at the end)."""

        def page(asked: Asked) -> dict[str, Any]:
            number, every = int(asked.query.get("page", "1")), items() if callable(items) else items
            some = list(every[(number - 1) * size : number * size])
            more = f"{self.url}{path}?page={number + 1}" if number * size < len(every) else ""
            return {"total": len(every), "page": number, "items": some, "next": more}

        self.answer(path, page, **how)

    def count(self, path: str = "") -> int:
        """How often a path was asked, whatever its query; all questions where none is named."""
        with self._lock:
            return sum(1 for one in self.asked if path in ("", one.path, urlsplit(one.path).path))

    def paths(self) -> list[str]:
        """What was asked, in order."""
        with self._lock:
            return [one.path for one in self.asked]

    def forget(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self.asked.clear()

    def reply(self, asked: Asked) -> Reply:
        """The answer to a question."""
        with self._lock:
            self.asked.append(asked)
            for path in (asked.path, urlsplit(asked.path).path):
                waiting = self._replies.get(path, [])
                for one in waiting:
                    if one.times is None:
                        return one
                    if one.times > 0:
                        one.times -= 1
                        return one
            return Reply("nothing here", 404)

    def pause(self, seconds: float) -> None:
        """Wait, unless the server ends."""
        self._ended.wait(seconds)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that were killed."""


class _Handler(BaseHTTPRequestHandler):
    replay: Replay
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer."""
        self._answer()

    def do_POST(self) -> None:
        """Answer."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer."""
        self._answer()

    def _answer(self) -> None:
        asked_length = int(self.headers.get("Content-Length") or 0)
        said = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, said, self.rfile.read(asked_length).decode() if asked_length else "")
        reply = self.replay.reply(asked)
        if reply.wait:
            self.replay.pause(reply.wait)
        with suppress(OSError):
            if reply.status == 200 and _unchanged(asked, reply):
                self._head(304, reply, {})
                return
            if reply.huge:
                length = {"Content-Length": str(reply.huge)} if reply.announced else {"Connection": "close"}
                self._head(reply.status, reply, length)
                self._send(b"\0" * 65_536 for _ in range(reply.huge // 65_536 + 1))
                return
            data, kind = reply.body(asked)
            status, more = reply.status, {"Content-Type": kind}
            if status == 200 and (start := _start(asked, reply)) and start < len(data):
                status, more = 206, {**more, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
                data = data[start:]
            self._head(status, reply, {**more, "Content-Length": str(len(data))})
            if self.command == "HEAD":
                return
            if reply.cut is not None:
                self._send([data[: reply.cut]])
                self.close_connection = True
            elif reply.every:
                self._send((data[at : at + 1] for at in range(len(data))), reply.every)
            else:
                self._send([data])

    def _head(self, status: int, reply: Reply, more: Mapping[str, str]) -> None:
        self.send_response(status)
        marks = {name: value for name, value in (("ETag", reply.etag), ("Last-Modified", reply.modified)) if value}
        for name, value in {**more, **marks, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, pieces: Iterable[bytes], every: float = 0.0) -> None:
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            if every:
                self.replay.pause(every)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _unchanged(asked: Asked, reply: Reply) -> bool:
    if reply.etag and asked.headers.get("if-none-match") == reply.etag:
        return True
    return bool(reply.modified) and asked.headers.get("if-modified-since") == reply.modified


def _start(asked: Asked, reply: Reply) -> int:
    """Where the part begins that is asked for; 0 where all is sent."""
    wanted = asked.headers.get("range", "")
    if not wanted.startswith("bytes=") or asked.headers.get("if-range", reply.etag) not in (reply.etag, reply.modified):
        return 0
    return int(wanted.removeprefix("bytes=").partition("-")[0])
