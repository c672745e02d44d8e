"""How a service is named among the sources of an archive."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode


def origin_of(address: str, **asked: Any) -> str:
    """The address of a service with what was asked of it, so that two questions to it are two sources; no keys."""
    said = {
        name: ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        for name, value in asked.items()
        if value not in ("", None, (), [])
    }
    return f"{address}?{urlencode(said)}" if said else address
