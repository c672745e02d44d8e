"""What the server sends goes out at once."""

from __future__ import annotations

import functools
import socket

from streamlit.web.server.starlette import starlette_server


def send_at_once() -> None:
    """
    Let the sockets of Streamlit's server send what is written to them without waiting.

    Streamlit makes its socket without naming the protocol, and asyncio then leaves Nagle's algorithm on: the second
    half of an answer waits until the browser has acknowledged the first, up to 40 ms for each picture and message.
    Sockets that are accepted inherit the option from the one that listens.
    """
    bind = starlette_server._bind_socket

    @functools.wraps(bind)
    def bound(address: str, port: int, backlog: int) -> socket.socket:
        made = bind(address, port, backlog)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    starlette_server._bind_socket = bound
