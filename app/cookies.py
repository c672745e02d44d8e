"""What a browser remembers between visits: which language it wants, who sits before it."""

from __future__ import annotations

from urllib.parse import quote, unquote

import streamlit as st

_KEPT = "cookies kept"
"""Kept for a session: cookies that were set since the browser told its own."""


def cookie(name: str) -> str:
    """What this browser remembers under a name; '' where nothing."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    if name in kept:
        return kept[name]
    told = st.context.cookies.get(name, "")
    return unquote(told) if isinstance(told, str) else ""  # where nothing is served there are no cookies to be asked


def keep_cookie(name: str, value: str) -> None:
    """Have this browser remember a value for a year; the end of a page tells it (see `places`)."""
    st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), name: value}


def to_be_kept() -> dict[str, str]:
    """What the browser has to be told: names and values, fit for its cookies."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    return {name: quote(value, safe="") for name, value in kept.items()}
