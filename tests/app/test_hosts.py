"""The names by which the server may be asked."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.hosts import OnlyKnownHosts, host_name

OWN = ["127.0.0.1", "127.0.0.1:8501", "localhost", "LOCALHOST:1", "localhost.:80", "a.localhost", "[::1]:8501", "[::1]"]
FOREIGN = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example:8501",
    "0.0.0.0",
    "",
    "[::2]",
]
PATHS = ["/", "/_stcore/health", "/thumbnail/00/0000.webp", "/picture?id=AX000", "/query/0", "/_stcore/upload_file/a/b"]


async def nothing(*_: object) -> None:
    """An app that answers nothing."""


@pytest.mark.parametrize("host", OWN)
def test_own_names(host: str) -> None:
    """This machine's own names are known, with any port."""
    assert OnlyKnownHosts(nothing).knows(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_names(host: str) -> None:
    """Any other name is not, also where it begins or ends like an own one."""
    assert not OnlyKnownHosts(nothing).knows(host)


def test_names_that_were_named() -> None:
    """A name that was configured is known; an address to listen at everywhere is nobody's name."""
    assert OnlyKnownHosts(nothing, ["Find.Museum.example"]).knows("find.museum.example:443")
    assert not OnlyKnownHosts(nothing, ["0.0.0.0", "::", ""]).knows("0.0.0.0:8501")


@given(some.text())
def test_any_header(host: str) -> None:
    """No header makes it fail, and only an own name is known."""
    known = OnlyKnownHosts(nothing).knows(host)
    assert not known or host_name(host).endswith("localhost") or host_name(host).startswith(("127.", "::1", "0"))


def answer(address: str, head: str) -> str:
    """The first line of what the server answers to a request written out."""
    split = urlsplit(address)
    with socket.create_connection((split.hostname, split.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode())
        return connection.recv(4096).split(b"\r\n")[0].decode()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8501"])
def test_refused(address: str, path: str, host: str) -> None:
    """Pages, pictures and uploads asked by a foreign name are refused."""
    assert answer(address, f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close\n\n").split()[1] == "421"


def test_answered(address: str) -> None:
    """The same is answered by an own name."""
    said = answer(address, "GET /picture?id=AX000 HTTP/1.1\nHost: localhost:8501\nConnection: close\n\n")
    assert said.split()[1] == "200"


@pytest.mark.parametrize(("host", "status"), [("evil.example", "403"), ("localhost:8501", "101")])
def test_websockets(address: str, host: str, status: str) -> None:
    """A websocket opens for an own name and for no other, whatever its origin says."""
    said = answer(
        address,
        f"GET /_stcore/stream HTTP/1.1\nHost: {host}\nOrigin: http://{host}\nConnection: Upgrade\nUpgrade: websocket\n"
        "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n",
    )
    assert said.split()[1] == status
