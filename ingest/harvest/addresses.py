"""Addresses of the web as they may be asked, and as they are told to people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import httpx

from archive_search.connections import is_of_the_web
from ingest.harvest.answers import AnswerError

Params: TypeAlias = Mapping[str, Any] | Sequence[tuple[str, Any]]


def web_address(url: str) -> httpx.URL:
    """An address that may be asked; AnswerError where it is none."""
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise AnswerError(f"{shown(url)} is no address: {error}.") from error
    if not is_of_the_web(found):
        raise AnswerError(f"{shown(url)} is no address of the web: it should begin with https:// or http://.")
    if found.userinfo:
        raise AnswerError(f"{shown(found.host)}: an address that tells a name or password is not asked.")
    return found


def refused(link: str) -> str:
    """Why a text is no link that can be fetched; '' where it is one."""
    try:
        web_address(link)
    except AnswerError as error:
        return str(error)
    return "a link holds no spaces" if re.search(r"\s", link) else ""


def with_params(url: str, params: Params | None) -> str:
    """An address with parameters behind it, beside those that it has; None among their values is left out."""
    if not params:
        return str(web_address(url))
    pairs = params.items() if isinstance(params, Mapping) else params
    said = [(name, one) for name, value in pairs for one in (value if isinstance(value, list | tuple) else [value])]
    merged = web_address(url).copy_merge_params(httpx.QueryParams([(k, v) for k, v in said if v is not None]))
    return str(merged)


def redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Where an answer sends on to; AnswerError where that is no address."""
    try:
        return web_address(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise AnswerError(f"{shown(str(url))} leads to something that is no address: {error}.") from error


def server_of(url: httpx.URL) -> str:
    """The scheme, name and port of an address: whom it is that is asked."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


_SECRET = re.compile(r"(?i)([?&][^=&]*(?:key|token|secret|password)[^=&]*=)[^&]+")


def shown(url: str) -> str:
    """An address for people: cut where it is long, without keys."""
    said = _SECRET.sub(r"\1...", url)
    return said if len(said) <= 200 else f"{said[:197]}..."
