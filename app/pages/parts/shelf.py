"""Where one is on the page of collections: which part of it, which collection, as its address tells."""

from __future__ import annotations

import streamlit as st

from app.address import shown
from app.state import write

SHOW, COLLECTION = "show", "collection"
"""The parameters of the page beside those of the question, which it keeps."""


def at(name: str) -> str:
    """What the address says."""
    return st.query_params.get(name, "")


def show(part: str, collection: str = "") -> None:
    """Make the address tell another part of the page, or a collection that is open; the question stays in it."""
    told = {SHOW: [part] if part != "collections" else [], COLLECTION: [collection] if collection else []}
    st.query_params.from_dict({**write(shown()), **{name: some for name, some in told.items() if some}})
