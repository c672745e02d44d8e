"""Where one is on the page of collections: which part of it, which collection, as its address tells."""

from __future__ import annotations

import dataclasses

import streamlit as st

from app.address import shown, tell
from app.language import N_
from app.state import write

SHOW, COLLECTION = "show", "collection"
"""The parameters of the page beside those of the question, which it keeps."""
SHELVES = {
    "collections": N_("Collections"),
    "searches": N_("Saved searches"),
    "history": N_("History"),
    "repeat": N_("Repeat an export"),
}
"""What is on the page, by its name in the address."""


def at(name: str) -> str:
    """What the address says."""
    return st.query_params.get(name, "")


def show(part: str, collection: str = "") -> None:
    """Make the address tell another part of the page, or a collection that is open; the question stays in it."""
    told = {SHOW: [part] if part != "collections" else [], COLLECTION: [collection] if collection else []}
    state = dataclasses.replace(shown(), page=1) if collection else shown()
    tell(state, {**write(state), **{name: some for name, some in told.items() if some}})
