"""Map: every picture near those that resemble it; coloured, searched, and parts of it looked at."""

from __future__ import annotations

import dataclasses

import numpy as np
import streamlit as st

from app import opened
from app.address import current, shown
from app.beside import beside, tell
from app.language import N_, _
from app.page import Page
from app.pages.parts.bound import bound
from app.pages.parts.map_chart import Chosen, chart, colourings, group_name, group_of
from app.pages.parts.map_making import draw_anew, offer_to_draw
from app.pages.parts.picked import picked
from app.pages.parts.question_line import question_line
from app.pages.parts.tiles import open_clicked
from app.state import checked, plan, query, strategy
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.projection.maps import Map
from archive_search.projection.outline import read_outline
from archive_search.types import ArchiveSearchError, Query


def page() -> None:
    """Draw the map that the address asks for."""
    archive = opened.archive()
    open_clicked()
    state, trouble = checked(current())
    told = beside("by", "outline", "at", "group")
    st.title(_("Map"), anchor=False)
    if trouble:
        st.warning(markdown(trouble), icon=":material/info:")
    space = state.space if state.space in archive.choices() else archive.default_space()
    drawn = opened.drawn_map(archive, space)
    if drawn is None:
        offer_to_draw(archive, space)
        return
    asked = query(state, archive.queries)
    offered = colourings(archive)
    by = next(iter(told.get("by", ())), "")
    chosen = Chosen(
        by=by if by in offered else next(iter(offered)),
        outline=read_outline(next(iter(told.get("outline", ())), "")),
        at=next(iter(told.get("at", ())), ""),
        group=group_of(drawn, next(iter(told.get("group", ())), "")),
    )
    question, controls = st.columns([3, 2], gap="medium")
    with question:
        question_line(archive, state, bool(asked.examples), tell)
    with controls:
        _controls(archive, drawn, offered, chosen)
    try:
        lit = _lit(archive, asked)
        if chosen.group is not None:
            members = frozenset(drawn.ids[row] for row in np.flatnonzero(drawn.numbers == chosen.group).tolist())
            lit = members if lit is None else members & lit
        chart(archive, drawn, chosen, lit)
        draw_anew(archive, drawn)
        picked(archive, drawn, chosen, asked, state)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")


def _controls(archive: Archive, drawn: Map, offered: dict[str, str], chosen: Chosen) -> None:
    spaces = archive.choices()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        bound(
            st.selectbox,
            _("Coloured by"),
            list(offered),
            key="by",
            value=chosen.by,
            changed=lambda name: tell(by=[name]),
            format_func=offered.__getitem__,
            width=200,
        )
        bound(
            st.selectbox,
            _("Look at a group"),
            [None, *range(len(drawn.groups))],
            key="group",
            value=chosen.group,
            changed=lambda group: tell(group=[] if group is None else [str(group)], outline=[], at=[]),
            format_func=lambda group: _("none") if group is None else group_name(drawn, group),
            width=240,
        )
        if len(spaces) > 1:
            bound(
                st.selectbox,
                _("As seen by"),
                spaces,
                key="space",
                value=drawn.space,
                changed=lambda name: tell(dataclasses.replace(shown(), space=name), outline=[], at=[], group=[]),
                width=240,
            )


def _lit(archive: Archive, asked: Query) -> frozenset[str] | None:
    """The records that the question finds, as far as they stand out; None where nothing is asked."""
    state = shown()
    if asked.examples:
        found = opened.answer(archive, plan(state, archive), strategy(state))
        until = found.trace.cut if found.trace.cut else len(found)
        return frozenset(hit.id for hit in found.ranking[:until])
    return frozenset(archive.store.ids(asked.where)) if asked.where else None


PAGES = {"map": Page(N_("Map"), ":material/bubble_chart:", 5)}

if __name__ == "__main__":
    page()
