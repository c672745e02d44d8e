"""Who are you: asked once in a browser, in the place where a name is wanted."""

from __future__ import annotations

import streamlit as st

from app.language import _
from app.who import call_me, who


def name_box(key: str) -> str:
    """
    Draw the box for a name where none was given yet, within a form; gives what stands in it.

    `named` remembers it once the form is sent.
    """
    if who():
        return ""
    return st.text_input(
        _("Your name"),
        key=f"name-{key}",
        max_chars=200,
        help=_("It stands beside what you write, and your undo goes by it. This browser remembers it."),
    )


def named(typed: str) -> None:
    """Remember the name that was typed into the box, if any."""
    if typed.strip():
        call_me(typed)
