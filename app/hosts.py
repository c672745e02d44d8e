"""The names by which the server may be asked: a page of another site that had its name point here gets nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from archive_search.visible import visible

WILDCARDS = ("", "0.0.0.0", "::")
"""Addresses to listen at that are nobody's name."""


class OnlyKnownHosts:
    """
    Answers what is asked by a name of this machine's own (localhost, 127.0.0.1, ::1) or one of `names`, nothing else.

    The check is on the Host header, which a browser fills from the address of the page, so that DNS rebinding fails:
    pages, pictures and uploads are answered with 421, websockets are closed before they open.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self.app, self.names = app, frozenset(map(host_name, names)) - {*WILDCARDS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked by a known name."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        asked = Headers(scope=scope).getlist("host")
        if len(asked) == 1 and self.knows(asked[0]):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        said = (
            f"This server is not called {visible(', '.join(asked)) or 'nothing'}. It answers to "
            f"{', '.join(('localhost', '127.0.0.1', *sorted(self.names)))}; "
            "'archive-search app --name NAME' lets it answer to another name.\n"
        )
        return await PlainTextResponse(said, 421)(scope, receive, send)

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server."""
        return host_name(host) in self.names or is_own_name(host_name(host))


def host_name(host: str) -> str:
    """The name in a Host header, without its port: 'Localhost:8501' is 'localhost', '[::1]:8501' is '::1'."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    name = host if host.count(":") > 1 else host.partition(":")[0]
    return name.removesuffix(".").lower()


def is_this_machine(host: str, visitor: str | None) -> bool:
    """
    Whether a browser is on this machine, as far as can be told: it asks by a name of the machine's own, from there.

    Args:
        host: the Host header; '' where there is none.
        visitor: the address that it asks from; None where that is this machine.
    """
    return (not host or is_own_name(host_name(host))) and (visitor is None or _is_loopback(visitor))


def is_own_name(name: str) -> bool:
    """Whether a name is one that every machine calls itself by."""
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
