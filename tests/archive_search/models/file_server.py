"""A small web server on loopback that serves files well, or in the ways that downloads go wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What is served at every path, and how; tests change it between requests."""

    files: dict[str, bytes] = field(default_factory=dict)
    etag: str = '"1"'
    modified: str = ""
    ranges: bool = True
    status: int = 200
    content_type: str = "application/octet-stream"
    length: bool = True
    cut_after: int | None = None
    stall_after: int | None = None
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Path, Range and If-Range of every request."""
    address: str = ""

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked[0] == path for asked in self.asked)


@contextmanager
def serving() -> Iterator[Served]:
    """The server, for as long as the block lasts."""
    served = Served()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """Answers as `served` says."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer one request."""
            wanted = self.headers.get("Range", "")
            served.asked.append((self.path, wanted, self.headers.get("If-Range", "")))
            if self.path in served.redirects:
                self.answer(302, {"Location": served.redirects[self.path]}, b"")
                return
            if served.status != 200:
                self.answer(served.status, {"Content-Type": "text/html"}, b"<html>no</html>")
                return
            if self.path not in served.files:
                self.answer(404, {}, b"")
                return
            whole = served.files[self.path]
            marks = {"ETag": served.etag} if served.etag else {}
            if served.modified:
                marks["Last-Modified"] = served.modified
            unchanged = self.headers.get("If-Range", "") in (served.etag, served.modified)
            if wanted and served.ranges and unchanged:
                first = int(wanted.removeprefix("bytes=").rstrip("-"))
                if first >= len(whole):
                    self.answer(416, {"Content-Range": f"bytes */{len(whole)}"}, b"")
                    return
                ends = f"bytes {first}-{len(whole) - 1}/{len(whole)}"
                self.answer(206, {**marks, "Content-Range": ends}, whole[first:])
                return
            self.answer(200, {**marks, "Content-Type": served.content_type}, whole)

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            """Send an answer, or a part of it."""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if served.length:
                self.send_header("Content-Length", str(len(body)))
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            for limit, stalls in ((served.stall_after, True), (served.cut_after, False)):
                if limit is not None and len(body) > limit:
                    self.wfile.write(body[:limit])
                    self.wfile.flush()
                    if stalls:
                        done.wait(20)
                    self.close_connection = True
                    return
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Nothing: tests keep the terminal clean."""

    class Server(ThreadingHTTPServer):
        """The server."""

        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing: clients that hang up are what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        done.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
