"""Records by their numbers: looked up in a box of their own, and offered where a number is what was asked for."""

from __future__ import annotations

import streamlit as st

from app.address import change
from app.bound import bound, popover
from app.state import State, write
from app.tiles import grid
from app.wording import count, markdown
from archive_search.archive import Archive
from archive_search.metadata.numbers import numbered
from archive_search.types import Hit

MISSED = "number that none has"
"""Kept for a session: what was looked up last and not found."""
OPEN = "record to open"
"""Kept until the page is drawn: the id of the record that was looked up."""


def look_up(archive: Archive) -> None:
    """Draw the box in which a number is looked up."""
    missed = st.session_state.get(MISSED, "")
    with popover("Number", icon=":material/tag:", help="Find an inventory number"):
        bound(
            st.text_input,
            "Inventory number",
            key="number",
            value=missed,
            changed=lambda typed: _looked_up(archive, typed.strip()),
            placeholder="86.AE.205",
        )
        if missed:
            st.caption(f"No record or object has the number {markdown(missed)}.")


def offer(archive: Archive, state: State) -> None:
    """Draw the records whose number was typed as what is looked for, before anything that resembles it."""
    found = numbered(archive.store, state.what) if state.what else []
    if found:
        st.caption(f"{count(len(found), 'record')} with the number {markdown(state.what)}:")
        grid([Hit(point.id, 0.0, point.payload) for point in found], write(state), name="numbered")


def _looked_up(archive: Archive, typed: str) -> None:
    st.session_state[MISSED] = ""
    found = numbered(archive.store, typed)
    objects = {str(point.payload.get("object_id") or point.id) for point in found}
    if len(objects) == 1:
        st.session_state[OPEN] = found[0].id
    elif objects:
        change(what=typed, like="", picture="", apart=())
    else:
        st.session_state[MISSED] = typed
