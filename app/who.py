"""Who sits before the page, and what they may: for the history, for collections, for judgements."""

from __future__ import annotations

import streamlit as st

from app.cookies import cookie, keep_cookie
from app.sharing import ROLES, Role, role_of, shared

_COOKIE = "archive-search-name"


def who() -> str:
    """
    Who sits before the page; '' where that is not known.

    Of a shared archive it is the address that they logged in with, which two people never have in common; else the name
    that was given in this browser.
    """
    if shared() is not None:
        return str(st.user.get("email") or "").strip().lower() if role() else ""
    return cookie(_COOKIE)


def call_me(name: str) -> None:
    """Remember in this browser by which name a person goes; who has logged in goes by their login."""
    if shared() is None:
        keep_cookie(_COOKIE, " ".join(name.split()))


def role() -> Role | None:
    """The role of who sits before the page; None for somebody who may not even look. One's own archive one may edit."""
    sharing = shared()
    return ROLES[-1] if sharing is None else role_of(st.user.to_dict(), sharing)


def may(wanted: Role) -> bool:
    """Whether who sits before the page may what this role may."""
    has = role()
    return has is not None and ROLES.index(has) >= ROLES.index(wanted)
