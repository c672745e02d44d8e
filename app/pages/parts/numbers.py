"""Records by their numbers: looked up in a box of their own, and offered where a number is what was asked for."""

from __future__ import annotations

import streamlit as st

from app.address import change
from app.language import _
from app.pages.parts.bound import bound, popover
from app.pages.parts.tiles import Tiles, grid, open_record_of
from app.state import PAGE_SIZE, State, write
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.metadata.numbers import numbered
from archive_search.types import Hit, Point

MISSED = "number that none has"
"""Kept for a session: what was looked up last and not found."""


def look_up(archive: Archive) -> None:
    """Draw the box in which a number is looked up."""
    missed = st.session_state.get(MISSED, "")
    with popover(_("Number"), icon=":material/tag:", help=_("Find an inventory number"), key="open-number"):
        bound(
            st.text_input,
            _("Inventory number"),
            key="number",
            value=missed,
            changed=lambda typed: _looked_up(archive, typed.strip()),
            placeholder="86.AE.205",
        )
        if missed:
            st.caption(_("No record or object has the number {number}.").format(number=markdown(missed)))


def offer(archive: Archive, state: State) -> None:
    """Draw the objects whose number was typed as what is looked for, before anything that resembles them."""
    found = _objects(archive, state.what) if state.what and state.page == 1 else {}
    if found:
        st.caption(_("With the number {number}:").format(number=markdown(state.what)))
        first = [views[0] for views in found.values()]
        views = {number: len(views) for number, views in found.items()}
        grid([Hit(point.id, 0.0, point.payload) for point in first], write(state), Tiles(views=views), name="numbered")


def _looked_up(archive: Archive, typed: str) -> None:
    st.session_state[MISSED] = ""
    found = [*_objects(archive, typed).values()]
    if len(found) == 1:
        open_record_of(found[0][0].id)
    elif found:
        change(what=typed, like=(), picture=(), region=(), apart=())
    else:
        st.session_state[MISSED] = typed


def _objects(archive: Archive, typed: str) -> dict[str, list[Point]]:
    """The pictures of each object with a number, by the object's id, else by their own."""
    found: dict[str, list[Point]] = {}
    for point in numbered(archive.store, typed, limit=200):
        found.setdefault(str(point.payload.get("object_id") or point.id), []).append(point)
    return dict(list(found.items())[:PAGE_SIZE])
