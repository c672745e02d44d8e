"""
Connections that may be made: to public addresses only, and for no longer than a server's answer is worth waiting for.

An address may be written by anybody, and the machine that connects may stand inside a museum's network. So a name is
resolved here and only here, every address of it has to be allowed, and it is such an address that is connected to: a
name that is resolved to something else the next time (DNS rebinding), or a redirect to a network within, leads nowhere.
A proxy from the environment is not used: what it connects to could not be checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeAlias

import httpcore
import httpx

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed: TypeAlias = Callable[[Address], bool]
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]

_IPV4_IN_IPV6 = ipaddress.IPv6Network("64:ff9b::/96")


class NotAllowedError(Exception):
    """A name that leads to an address which may not be connected to; `host` is the name."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not on the public internet")
        self.host = host


class UnknownHostError(Exception):
    """A name that nobody knows; `host` is the name, `passing` whether it may be known in a moment."""

    def __init__(self, host: str, passing: bool = False) -> None:
        super().__init__(f"nobody knows the name {host}")
        self.host, self.passing = host, passing


def is_of_the_web(url: httpx.URL) -> bool:
    """Whether an address is one that can be asked over http or https; the name in it is not looked up."""
    return url.scheme in ("http", "https") and bool(url.host) and "%" not in url.host and (url.port or 0) <= 65_535


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet: not of this machine, a network within, or set aside."""
    if isinstance(address, ipaddress.IPv6Address) and (within := _ipv4_within(address)):
        return all(map(is_public, within))
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)
    )


def anywhere(address: Address) -> bool:
    """Allow every address."""
    return True


def resolve(name: str, port: int) -> Sequence[str]:
    """Every address of a name, in the order in which they should be tried."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Patience:
    """
    How long may be waited for one answer: `seconds`, and on for as long as it comes with `slowest` bytes a second.

    So a server that sends a byte now and then is left after `seconds`, also where its headers never end.
    """

    def __init__(self, seconds: float, slowest: float = float("inf")) -> None:
        self._seconds, self._slowest = seconds, slowest
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, 0 at least."""
        return max(self._until - time.monotonic(), 0.0)

    def came(self, count: int) -> None:
        """Note that so many bytes came."""
        self._until = min(self._until + count / self._slowest, time.monotonic() + self._seconds)


_PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patient(patience: Patience) -> Iterator[None]:
    """Hold what is sent and read within, on this thread, to a patience; httpx.TimeoutException where it ends."""
    token = _PATIENCE.set(patience)
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def transport(
    allowed: Allowed = is_public, resolve: Resolve = resolve, at_once: int = 64, verify: ssl.SSLContext | None = None
) -> httpx.HTTPTransport:
    """What an httpx client connects by: at most `at_once` connections; certificates are checked against the name."""
    context = verify or _trusted()
    made = httpx.HTTPTransport(verify=context)
    made._pool = httpcore.ConnectionPool(  # httpx has no argument for it
        ssl_context=context,
        max_connections=at_once,
        max_keepalive_connections=at_once,
        keepalive_expiry=10.0,
        network_backend=_Backend(allowed, resolve),
    )
    return made


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are trusted; reading them takes a tenth of a second."""
    return httpx.create_ssl_context()


class _Backend(httpcore.NetworkBackend):
    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolve
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers, once all are allowed."""
        addresses = self._addresses(host, port)
        for number, address in enumerate(addresses, 1):
            try:
                stream = self._real.connect_tcp(str(address), port, _within(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _Stream(stream)
        raise UnknownHostError(host)

    def _addresses(self, host: str, port: int) -> list[Address]:
        name = host.strip("[]")
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in self._resolve(name, port)]
        except socket.gaierror as error:
            raise UnknownHostError(host, error.errno == socket.EAI_AGAIN) from error
        except (OSError, ValueError, UnicodeError) as error:
            raise UnknownHostError(host) from error
        if not all(map(self._allowed, found)):
            raise NotAllowedError(host)
        return found


class _Stream(httpcore.NetworkStream):
    """A stream that is read and written only while there is patience left."""

    def __init__(self, real: httpcore.NetworkStream) -> None:
        self._real = real

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        data = self._real.read(max_bytes, _within(timeout))
        if (patience := _PATIENCE.get()) is not None:
            patience.came(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._real.write(buffer, _within(timeout))

    def close(self) -> None:
        """Close."""
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted, the certificate checked against the name that was asked for."""
        return _Stream(self._real.start_tls(ssl_context, server_hostname, _within(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What the stream knows of itself."""
        return self._real.get_extra_info(info)


def _within(timeout: float | None) -> float | None:
    """The shorter of a timeout and what is left of the patience; httpcore.ReadTimeout where nothing is."""
    patience = _PATIENCE.get()
    if patience is None:
        return timeout
    left = patience.left()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer comes too slowly")
    return left if timeout is None else min(timeout, left)


def _ipv4_within(address: ipaddress.IPv6Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return [*address.teredo]
    if address in _IPV4_IN_IPV6:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    if int(address) >> 32 == 0 and int(address) > 1:  # ::127.0.0.1, as it was once written
        return [ipaddress.IPv4Address(int(address))]
    return []
