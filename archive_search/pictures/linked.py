"""
Pictures behind links that people paste: fetched over http(s) from public addresses only.

A link may be written by anybody, and the machine that fetches it may stand inside a museum's network. So the addresses
of a name are asked for once, every one of them has to be public, and it is such an address that is connected to, with
the name in the Host header and in the certificate's check; each redirect is checked the same way. A proxy from the
environment is not used: what it connects to could not be checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from archive_search.types import PictureError

if TYPE_CHECKING:
    import httpx

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

LARGEST = 100 * 10**6
"""So many bytes a picture may have."""
TIMEOUT_S = 20.0
"""So long all of it may take, redirects included."""
REDIRECTS = 4
"""So often a server may say that the picture is elsewhere."""
_HEADERS = {"User-Agent": "archive-search", "Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}
_IPV4_IN_IPV6 = ipaddress.IPv6Network("64:ff9b::/96")


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


async def resolve(name: str, port: int) -> Sequence[str]:
    """Every address of a name, in the order in which they should be tried."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def fetch_picture(
    link: str,
    allowed: Callable[[Address], bool] = is_public,
    resolve: Callable[[str, int], Awaitable[Sequence[str]]] = resolve,
    largest: int = LARGEST,
    timeout_s: float = TIMEOUT_S,
) -> bytes:
    """
    Fetch what a link leads to; whether it is a picture is for `keep_query` to say.

    Args:
        link: what was typed or pasted; one without http:// or https:// is taken for https.
        allowed: which addresses may be connected to.
        resolve: how a name is resolved; asked once for each name that is connected to.
        largest: so many bytes are taken.
        timeout_s: so long all of it may take.

    Raises:
        PictureError: If the link is none, leads to an address that is not allowed, to nothing, or to too much.
    """
    return asyncio.run(_within(_Fetch(link.strip(), allowed, resolve, largest), timeout_s))


async def _within(fetch: _Fetch, timeout_s: float) -> bytes:
    try:
        async with asyncio.timeout(timeout_s):
            return await fetch.run()
    except TimeoutError as error:
        raise PictureError(
            f"{fetch.link} did not give a picture within {timeout_s:g} seconds: try again, or save the picture and "
            "upload it."
        ) from error


class _Fetch:
    def __init__(
        self,
        link: str,
        allowed: Callable[[Address], bool],
        resolve: Callable[[str, int], Awaitable[Sequence[str]]],
        largest: int,
    ) -> None:
        self.link, self.allowed, self.resolve, self.largest = link, allowed, resolve, largest

    async def run(self) -> bytes:
        import httpx

        try:
            # trust_env: neither a proxy nor a password of this machine's has a part in this
            async with httpx.AsyncClient(follow_redirects=False, trust_env=False, headers=_HEADERS) as client:
                url = self._url(self.link if "://" in self.link else f"https://{self.link}")
                for _ in range(REDIRECTS + 1):
                    answer = await self._ask(client, url)
                    if isinstance(answer, bytes):
                        return answer
                    url = self._url(answer)
        except httpx.HTTPError as error:
            raise PictureError(
                f"{self.link} cannot be fetched: {str(error) or 'the connection broke off'}. Open it in a browser, "
                "save the picture there, and upload it."
            ) from error
        raise PictureError(
            f"{self.link} leads from one address to the next, more than {REDIRECTS} times: save the "
            "picture and upload it."
        )

    def _url(self, link: str | httpx.URL) -> httpx.URL:
        """A link as an address that may be asked; the name in it is not looked up yet."""
        import httpx

        try:
            url = httpx.URL(link)
        except (httpx.InvalidURL, ValueError) as error:
            raise PictureError(f"{self.link} is not a link to a picture: {error}.") from error
        if url.scheme not in ("http", "https") or not url.host or "%" in url.host or (url.port or 0) > 65_535:
            raise PictureError(f"{self.link} is not a link to a picture: it should begin with https:// or http://.")
        if url.userinfo:
            raise PictureError(f"{self.link} tells a name or password: such links are not followed.")
        return url

    async def _ask(self, client: httpx.AsyncClient, url: httpx.URL) -> bytes | httpx.URL:
        """The content at an address, or the address where it says that it is."""
        import httpx

        addresses = await self._addresses(url)
        for number, address in enumerate(addresses, 1):
            request = client.build_request(
                "GET",
                url.copy_with(host=str(address)),
                headers={"Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii")} if url.scheme == "https" else {},
            )
            try:
                response = await client.send(request, stream=True)
            except httpx.ConnectError:
                if number == len(addresses):
                    raise
                continue
            try:
                if response.is_redirect and "location" in response.headers:
                    return self._joined(url, response.headers["location"])
                return await self._content(response)
            finally:
                await response.aclose()
        raise AssertionError("a name without addresses is refused before")

    def _joined(self, url: httpx.URL, location: str) -> httpx.URL:
        import httpx

        try:
            return url.join(location)
        except (httpx.InvalidURL, ValueError) as error:
            raise PictureError(f"{self.link} leads to something that is no address: {error}.") from error

    async def _addresses(self, url: httpx.URL) -> list[Address]:
        """The addresses of a name, all of which are allowed."""
        port = url.port or (443 if url.scheme == "https" else 80)
        name = url.raw_host.decode("ascii").strip("[]")
        try:
            found = [ipaddress.ip_address(one) for one in await self.resolve(name, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise PictureError(f"{self.link} cannot be fetched: nobody knows the name {url.host}.") from error
        if not found:
            raise PictureError(f"{self.link} cannot be fetched: nobody knows the name {url.host}.")
        if not all(map(self.allowed, found)):
            raise PictureError(
                f"{self.link} leads to {url.host}, which is not on the public internet: from there nothing is fetched. "
                "Save the picture and upload it."
            )
        return found

    async def _content(self, response: httpx.Response) -> bytes:
        if response.status_code != 200:
            said = f"{response.status_code} {response.reason_phrase}".strip()
            raise PictureError(f"{self.link}: the server answered {said}. Open the link in a browser to see why.")
        if response.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html":
            raise PictureError(
                f"{self.link} is a web page, not a picture: open it, and copy the address of the picture itself."
            )
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise PictureError(f"{self.link} is sent packed, which nobody asked for: save the picture and upload it.")
        announced = response.headers.get("content-length", "")
        content = bytearray()
        if not (announced.isascii() and announced.isdigit() and int(announced) > self.largest):
            async for piece in response.aiter_raw():
                content += piece
                if len(content) > self.largest:
                    break
            else:
                return bytes(content)
        raise PictureError(f"{self.link} has more than {self.largest / 1e6:g} MB: make it smaller and upload it.")


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
