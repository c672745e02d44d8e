"""Who sits before the page: for the history, for collections, for judgements."""

from __future__ import annotations

from app.cookies import cookie, keep_cookie

_COOKIE = "archive-search-name"


def who() -> str:
    """The name that was given in this browser; '' where none was."""
    return cookie(_COOKIE)


def call_me(name: str) -> None:
    """Remember in this browser by which name a person goes."""
    keep_cookie(_COOKIE, " ".join(name.split()))
