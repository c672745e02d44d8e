"""A button that gives a file to take away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def download(label: str, data: str | bytes | Callable[[], str], name: str, key: str, about: str | None = None) -> None:
    """
    Draw the button; the file is made once it is asked for where `data` is what makes it.

    No run of the page is asked for with it: it would take the file away that is asked for.
    """
    st.download_button(label, data, name, key=key, icon=":material/download:", on_click="ignore", help=about)
