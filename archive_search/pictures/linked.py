"""
Pictures behind links that people paste: fetched over http(s) from public addresses only.

What may be connected to is held by `archive_search.connections`; each redirect is checked the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_search.connections import (
    Allowed,
    NotAllowedError,
    Patience,
    Resolve,
    UnknownHostError,
    is_of_the_web,
    is_public,
    patient,
    resolve,
    transport,
)
from archive_search.types import PictureError

if TYPE_CHECKING:
    import httpx

LARGEST = 100 * 10**6
"""So many bytes a picture may have."""
TIMEOUT_S = 20.0
"""So long all of it may take, redirects included."""
REDIRECTS = 4
"""So often a server may say that the picture is elsewhere."""
_HEADERS = {"User-Agent": "archive-search", "Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}


def fetch_picture(
    link: str,
    allowed: Allowed = is_public,
    resolve: Resolve = resolve,
    largest: int = LARGEST,
    timeout_s: float = TIMEOUT_S,
) -> bytes:
    """
    Fetch what a link leads to; whether it is a picture is for `keep_query` to say.

    Args:
        link: what was typed or pasted; one without http:// or https:// is taken for https.
        allowed: which addresses may be connected to.
        resolve: how a name is resolved; asked once for each connection.
        largest: so many bytes are taken.
        timeout_s: so long all of it may take.

    Raises:
        PictureError: If the link is none, leads to an address that is not allowed, to nothing, or to too much.
    """
    import httpx

    link = link.strip()
    patience = Patience(timeout_s)
    try:
        # trust_env: neither a proxy nor a password of this machine's has a part in this
        with (
            patient(patience),
            httpx.Client(
                transport=transport(allowed, resolve), trust_env=False, headers=_HEADERS, timeout=timeout_s
            ) as client,
        ):
            url = _url(link, link if "://" in link else f"https://{link}")
            for _ in range(REDIRECTS + 1):
                with client.stream("GET", url) as response:
                    if not (response.is_redirect and "location" in response.headers):
                        return _content(link, response, largest)
                    url = _joined(link, url, response.headers["location"])
    except httpx.TimeoutException as error:
        raise PictureError(
            f"{link} did not give a picture within {timeout_s:g} seconds: try again, or save the picture and upload it."
        ) from error
    except httpx.HTTPError as error:
        raise PictureError(
            f"{link} cannot be fetched: {str(error) or 'the connection broke off'}. Open it in a browser, "
            "save the picture there, and upload it."
        ) from error
    except UnknownHostError as error:
        raise PictureError(f"{link} cannot be fetched: nobody knows the name {error.host}.") from error
    except NotAllowedError as error:
        raise PictureError(
            f"{link} leads to {error.host}, which is not on the public internet: from there nothing is fetched. "
            "Save the picture and upload it."
        ) from error
    raise PictureError(
        f"{link} leads from one address to the next, more than {REDIRECTS} times: save the picture and upload it."
    )


def _url(link: str, said: str | httpx.URL) -> httpx.URL:
    """A link as an address that may be asked; the name in it is not looked up yet."""
    import httpx

    try:
        url = httpx.URL(said)
    except (httpx.InvalidURL, ValueError) as error:
        raise PictureError(f"{link} is not a link to a picture: {error}.") from error
    if not is_of_the_web(url):
        raise PictureError(f"{link} is not a link to a picture: it should begin with https:// or http://.")
    if url.userinfo:
        raise PictureError(f"{link} tells a name or password: such links are not followed.")
    return url


def _joined(link: str, url: httpx.URL, location: str) -> httpx.URL:
    import httpx

    try:
        return _url(link, url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise PictureError(f"{link} leads to something that is no address: {error}.") from error


def _content(link: str, response: httpx.Response, largest: int) -> bytes:
    if response.status_code != 200:
        said = f"{response.status_code} {response.reason_phrase}".strip()
        raise PictureError(f"{link}: the server answered {said}. Open the link in a browser to see why.")
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html":
        raise PictureError(f"{link} is a web page, not a picture: open it, and copy the address of the picture itself.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise PictureError(f"{link} is sent packed, which nobody asked for: save the picture and upload it.")
    announced = response.headers.get("content-length", "")
    content = bytearray()
    if not (announced.isascii() and announced.isdigit() and int(announced) > largest):
        for piece in response.iter_raw():
            content += piece
            if len(content) > largest:
                break
        else:
            return bytes(content)
    raise PictureError(f"{link} has more than {largest / 1e6:g} MB: make it smaller and upload it.")
