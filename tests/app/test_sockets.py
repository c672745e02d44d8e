"""What the server sends goes out at once."""

from __future__ import annotations

import socket

import pytest
from streamlit.web.server.starlette import starlette_server

from app.sockets import send_at_once


def test_accepted_sockets_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser's connection to Streamlit's server has Nagle's algorithm off, which it has not by itself."""
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)  # put back at the end
    assert not _waits_not(starlette_server._bind_socket("127.0.0.1", 0, 1))
    send_at_once()
    assert _waits_not(starlette_server._bind_socket("127.0.0.1", 0, 1))


def _waits_not(listening: socket.socket) -> bool:
    with listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
