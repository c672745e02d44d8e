"""A server that is down or refuses is told in one clear line; addresses are read as people write them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores import open_index
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.server import ServerStore
from archive_search.stores.server_index import ServerIndex
from archive_search.types import InvalidInputError, StoreError

KEYS: list[str | None] = []


@contextmanager
def answering(status: int, body: str = "{}") -> Iterator[str]:
    """A server on this machine that answers everything alike; notes the keys it was given in KEYS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            KEYS.append(self.headers.get("api-key"))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names the library asks for

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def test_server_down() -> None:
    """A server that is not there is a StoreError of one line that names its address."""
    index = open_index(f"http://127.0.0.1:{closed_port()}/museum")
    for call in (index.generation, index.building, index.open, lambda: index.begin({"a": 2})):
        with pytest.raises(
            StoreError, match=r"The Qdrant server at http://127.0.0.1:\d+/museum cannot be reached: .+"
        ) as e:
            call()
        assert "\n" not in str(e.value)


@pytest.mark.parametrize("status", [401, 403])
def test_key_refused(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that refuses the key is a StoreError of one line that says where the key is set, and not what it is."""
    monkeypatch.setenv("QDRANT_API_KEY", "no-good-key")
    KEYS.clear()
    with answering(status, "Must provide an API key or an Authorization bearer token") as url:
        index = open_index(f"{url}/museum")
        with pytest.raises(StoreError, match=rf"refuses the key \({status}\): set QDRANT_API_KEY\.$") as error:
            index.open()
    assert "no-good-key" not in str(error.value)
    assert set(KEYS) == {"no-good-key"}


def test_other_answers() -> None:
    """Any other failure is a StoreError of one line with what the server said."""
    with answering(503, '{"status": {"error":\n "the disk is full"}}') as url:
        index = open_index(f"{url}/museum")
        with pytest.raises(StoreError, match=r"answered 503: .*the disk is full") as error:
            index.generation()
        assert "\n" not in str(error.value)
    with answering(200, "<html>not Qdrant</html>") as url, pytest.raises(StoreError, match="The Qdrant server at http"):
        open_index(f"{url}/museum").generation()


def test_server_goes_away() -> None:
    """A store whose server goes away while it is used says so at the next search."""
    from qdrant_client import QdrantClient

    store = ServerStore.create(QdrantClient(":memory:"), "points", {"a": 2}, "memory")
    store._client = QdrantClient(url=f"http://127.0.0.1:{closed_port()}", check_compatibility=False)
    for call in (store.count, lambda: store.nearest("a", np.ones(2, dtype=np.float32), 1), lambda: list(store.scan())):
        with pytest.raises(StoreError, match="cannot be reached"):
            call()


def test_addresses() -> None:
    """A text is an address on a server, a path a directory; nothing is reached or made yet."""
    index = open_index("http://archive.example:6333/museum")
    assert isinstance(index, ServerIndex)
    assert (index._name, index._place) == ("museum", "http://archive.example:6333/museum")
    behind_proxy = open_index("https://user:secret@archive.example/qdrant/museum/")
    assert isinstance(behind_proxy, ServerIndex)
    assert (behind_proxy._name, behind_proxy._place) == ("museum", "https://archive.example:6333/qdrant/museum")
    assert isinstance(open_index(Path("some/directory/index")), EdgeIndex)


@pytest.mark.parametrize(
    "address",
    ["http://localhost:6333", "http://localhost:6333/", "http://:6333/museum", "ftp://x/y", "127.0.0.1:6333", "museum"],
)
def test_bad_addresses(address: str) -> None:
    """An address that names no collection, or no server, is refused with an example of one that does."""
    with pytest.raises(InvalidInputError, match=r"http\(s\)://host:6333/NAME"):
        open_index(address)


def test_bad_port() -> None:
    """A port that is none is refused."""
    with pytest.raises(InvalidInputError, match="no port between 0 and 65535"):
        open_index("http://localhost:99999/museum")
