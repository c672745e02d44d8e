"""What was picked on the map: the pictures within an outline, or one and those around it, to be kept."""

from __future__ import annotations

import dataclasses

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import opened
from app.address import shown
from app.beside import tell
from app.language import _, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.export_form import export_button
from app.pages.parts.keep import collect, notice
from app.pages.parts.map_chart import Chosen, clear
from app.pages.parts.tiles import Tiles, grid
from app.state import PAGE_SIZE, State, write
from app.who import may
from archive_search.archive import Archive
from archive_search.plan import Plan
from archive_search.projection.maps import Map
from archive_search.projection.outline import around, from_the_middle, inside
from archive_search.ranking.chosen import Chosen as ChosenStep
from archive_search.ranking.nearest import Nearest
from archive_search.results import ResultSet
from archive_search.types import Query


def picked(archive: Archive, drawn: Map, chosen: Chosen, asked: Query, state: State) -> None:
    """
    Draw what was picked as tiles, with what can be done with it.

    Within an outline the question that is asked decides the order, and its filters what is left; without one the
    pictures from the middle come first.
    """
    notice(archive)
    rows, name = _rows(drawn, chosen)
    if not len(rows):
        if chosen.outline:
            st.write(_("No picture lies within the outline."))
        return
    ids = tuple(drawn.ids[row] for row in rows.tolist())
    several = bool(chosen.outline) or chosen.group is not None
    steps = (ChosenStep(ids, name), *((Nearest(k=len(ids)),) if asked.examples and several else ()))
    question = asked if several else Query()
    found = opened.answer(archive, Plan(question, steps, len(ids), drawn.space))
    _head(found, chosen, asked)
    if not len(found):
        st.write(_("None of them passes the filters of the question."))
        return
    pages = -(-len(found) // PAGE_SIZE)
    page = min(state.page, pages)
    grid(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], write(state), Tiles(), name="picked")
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            bound(st.pagination, pages, key="page", value=page, changed=_turn)


def _turn(page: int) -> None:
    tell(dataclasses.replace(shown(), page=page))


def _rows(drawn: Map, chosen: Chosen) -> tuple[NDArray[np.int64], str]:
    if chosen.outline:
        within = np.flatnonzero(inside(drawn.places, chosen.outline))
        return from_the_middle(drawn.places, within), _("Drawn around on the map")
    if chosen.group is not None:
        return from_the_middle(drawn.places, np.flatnonzero(drawn.numbers == chosen.group)), _("A group of the map")
    if chosen.at in drawn.ids:
        return around(drawn.places, drawn.ids.index(chosen.at), PAGE_SIZE), _("Beside each other on the map")
    return np.array([], dtype=np.int64), ""


def _head(found: ResultSet, chosen: Chosen, asked: Query) -> None:
    count = number(len(found))
    if chosen.outline:
        title = ngettext("{count} picture within the outline", "{count} pictures within the outline", len(found))
    elif chosen.group is not None:
        title = ngettext("{count} picture in the group", "{count} pictures in the group", len(found))
    else:
        title = ngettext("This picture", "This picture and those around it", len(found))
    st.subheader(title.format(count=count), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if may("judge") and st.button(_("Collect"), icon=":material/library_add:", key="collect-picked"):
            collect([hit.id for hit in found.ranking])
        export_button(found, key="export-picked")
        st.button(
            _("Pick nothing"),
            icon=":material/close:",
            key="pick-nothing",
            type="tertiary",
            on_click=clear,
        )
    if chosen.outline or chosen.group is not None:
        st.caption(
            _("Those most like the question come first.")
            if asked.examples
            else _("Those in the middle come first. Ask above to search within them.")
        )
