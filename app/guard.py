"""Pictures and uploads of a shared archive: answered only to people who may use it."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from app.sharing import role_of, shared

CLOSED = ("/thumbnail", "/picture", "/query", "/points", "/media", "/_stcore/upload_file")
"""Where what is in an archive, or is brought to it, goes over the wire beside the pages, which ask for the login."""


class OnlyPeople:
    """Answers with 403 what somebody asks who has not logged in, or has no role; where nothing is shared it is not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is open to everybody, and what is asked by people."""
        if scope["type"] == "http" and _closed(scope["path"]):
            sharing = shared()
            if sharing is not None and role_of(_claims(HTTPConnection(scope)), sharing) is None:
                return await PlainTextResponse("Log in first.\n", 403)(scope, receive, send)
        return await self.app(scope, receive, send)


def _closed(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in CLOSED)


def _claims(asked: HTTPConnection) -> dict[str, Any]:
    """What Streamlit's cookie says of who asks, if it has signed it."""

    def signed(name: str) -> bytes | None:
        value = asked.cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1")) if value is not None else None

    try:
        said = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
        claims = json.loads(said) if said else {}
    except (ValueError, UnicodeError):
        return {}
    return claims if isinstance(claims, dict) else {}
