"""Links to pictures: what is fetched, and from where nothing ever is."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from archive_search.connections import is_public
from archive_search.pictures.linked import REDIRECTS, fetch_picture
from archive_search.types import PictureError

PICTURE = b"\x89PNG and so on" * 1000


WITHIN = [
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",
    "0",
    "LOCALHOST",
    "localhost.",
    "①②⑦.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "[::]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "[fc00::1]",
    "[2002:7f00:1::]",
]
"""Hosts that lead to this machine or a network within, or nowhere."""
OTHERS = [
    "file:///etc/passwd",
    "ftp://museum.example/axe.png",
    "http://",
    "https:///axe.png",
    "http://[::1",
    "javascript://alert(1)",
    "http://museum.example:99999/",
    "C:\\axe.png",
]


class Museum(BaseHTTPRequestHandler):
    """A server of one picture, and of much that is none."""

    asked: list[tuple[str, str, str]]

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        name, _, rest = self.path.removeprefix("/").partition("/")
        if name == "to":
            self.send_response(302)
            self.send_header("Location", rest)
            self.end_headers()
        elif name == "round":
            self.send_response(301)
            self.send_header("Location", self.path)
            self.end_headers()
        elif name == "page":
            self._send(b"<html>", "text/html; charset=utf-8")
        elif name == "gone":
            self.send_error(404)
        elif name == "packed":
            self._send(b"\x1f\x8b", "image/png", {"Content-Encoding": "gzip"})
        elif name == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65_536)
            except OSError:
                pass
        elif name == "slow":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            except OSError:
                pass
        elif name == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x")
        else:
            self._send(PICTURE, "image/png")

    def _send(self, data: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for header, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(more or {})}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked() -> list[tuple[str, str, str]]:
    """What the server was asked: path, host, browser."""
    return []


@pytest.fixture
def port(asked: list[tuple[str, str, str]]) -> Iterator[int]:
    """The port of a server on this machine, at every address of it."""
    server = ThreadingHTTPServer(("0.0.0.0", 0), type("Asked", (Museum,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def anywhere(_: object) -> bool:
    """Allow every address."""
    return True


def resolver(*answers: str) -> Callable[[str, int], list[str]]:
    """Answers one address after the other, whatever is asked for."""
    left = list(answers)

    def resolve(_name: str, _port: int) -> list[str]:
        return [left.pop(0)]

    return resolve


@pytest.mark.parametrize("path", ["axe.png", "to//axe.png", "to//to//axe.png"])
def test_picture_behind_a_link_is_fetched(port, asked, path):
    """The bytes behind a link come, also after redirects, and the server is told plainly who asks and for whom."""
    link = f"http://localhost:{port}/{path}"
    assert fetch_picture(f"  {link}\n", allowed=anywhere) == PICTURE
    assert asked[-1] == ("/axe.png", f"localhost:{port}", "archive-search")


@pytest.mark.parametrize("host", WITHIN)
def test_addresses_within_are_refused(port, asked, host):
    """Nothing is fetched from this machine or a network within, however the address is written."""
    with pytest.raises(PictureError, match="not on the public internet|nobody knows|not a link"):
        fetch_picture(f"http://{host}:{port}/axe.png", timeout_s=5)
    assert not asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "169.254.169.254"])
def test_redirect_to_an_address_within_is_refused(port, asked, host):
    """A server that was allowed cannot lead to one that is not."""
    first = ipaddress.ip_address("127.0.0.2")
    link = f"http://127.0.0.2:{port}/to/http://{host}:{port}/axe.png"
    with pytest.raises(PictureError, match="not on the public internet"):
        fetch_picture(link, allowed=lambda one: one == first)
    assert len(asked) == 1


def test_name_is_resolved_once(port, asked):
    """The address that was checked is the one connected to, whatever the name would resolve to next."""
    first = ipaddress.ip_address("127.0.0.2")
    link = f"http://museum.example:{port}/axe.png"
    resolve = resolver("127.0.0.2", "127.0.0.1")
    assert fetch_picture(link, allowed=lambda one: one == first, resolve=resolve) == PICTURE
    assert asked == [("/axe.png", f"museum.example:{port}", "archive-search")]
    with pytest.raises(PictureError, match="not on the public internet"):  # asked anew, it is checked anew
        fetch_picture(link, allowed=lambda one: one == first, resolve=resolve)
    assert len(asked) == 1


def test_name_that_changes_between_redirects_is_refused(port, asked):
    """A name that resolves to this machine the second time, after a redirect to itself, is refused then."""
    link = f"http://museum.example:{port}/to/http://museum.example:{port}/axe.png"
    first = ipaddress.ip_address("127.0.0.2")
    with pytest.raises(PictureError, match="not on the public internet"):
        fetch_picture(link, allowed=lambda one: one == first, resolve=resolver("127.0.0.2", "127.0.0.1"))
    assert [path for path, _, _ in asked] == [f"/to/http://museum.example:{port}/axe.png"]


def test_one_address_within_spoils_a_name(port):
    """A name that also leads within is refused, whichever of its addresses comes first."""

    def resolve(_name: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(PictureError, match="not on the public internet"):
        fetch_picture(f"http://museum.example:{port}/axe.png", resolve=resolve)


@pytest.mark.parametrize("link", OTHERS)
def test_other_links_are_refused(link):
    """Only http and https links with a host are followed."""
    with pytest.raises(PictureError, match="not a link"):
        fetch_picture(link)


def test_link_with_a_password_is_refused():
    """A link that tells a password is not followed."""
    with pytest.raises(PictureError, match="password"):
        fetch_picture("https://curator:secret@museum.example/axe.png")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("page", "web page, not a picture"),
        ("gone", "404"),
        ("packed", "packed"),
        ("endless", "more than 0.1 MB"),
        ("axe.png?large", "more than 0.1 MB"),
        ("cut", "cannot be fetched"),
        ("round", f"more than {REDIRECTS} times"),
        ("to/file:///etc/passwd", "should begin with https"),
        ("to/http://[::1", "cannot be fetched"),
    ],
)
def test_what_is_no_picture_is_refused(port, path, said, monkeypatch):
    """A page, an error, too much, too little and circles are told in a sentence that names the link."""
    largest = 100_000
    monkeypatch.setattr(f"{__name__}.PICTURE", b"x" * (largest + 1))
    link = f"http://127.0.0.1:{port}/{path}"
    with pytest.raises(PictureError, match=said) as refused:
        fetch_picture(link, allowed=anywhere, largest=largest)
    assert str(refused.value).startswith(link)


def test_slow_server_is_given_up(port):
    """A server that sends a byte now and then does not hold anybody up."""
    began = time.monotonic()
    with pytest.raises(PictureError, match="within 0.5 seconds"):
        fetch_picture(f"http://127.0.0.1:{port}/slow", allowed=anywhere, timeout_s=0.5)
    assert time.monotonic() - began < 5


def test_nobody_there():
    """A server that does not answer is told in a sentence."""
    with pytest.raises(PictureError, match="cannot be fetched"):
        fetch_picture("http://127.0.0.1:1/axe.png", allowed=anywhere)


def test_proxy_of_the_environment_is_not_asked(port, monkeypatch):
    """A proxy, which would resolve names by itself, has no part in it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch_picture(f"http://127.0.0.1:{port}/axe.png", allowed=anywhere) == PICTURE


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address):
    """Addresses of the public internet are public, whichever way they are written."""
    assert is_public(ipaddress.ip_address(address))
