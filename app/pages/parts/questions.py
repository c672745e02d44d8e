"""The three questions of a search, a row each: what is it, what sets it apart, and where it is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.address import change
from app.language import _
from app.pages.parts.apart import add, refinements
from app.pages.parts.bound import bound
from app.pages.parts.chip import switch
from app.pages.parts.rail import NO_FILTERS
from app.pages.parts.what import examples, what
from app.pages.parts.where import chosen_filters
from app.state import State
from archive_search.archive import Archive


class Rows(NamedTuple):
    """Where each question's answers and what they did are drawn, once the search has told."""

    what: DeltaGenerator
    apart: DeltaGenerator
    tries: DeltaGenerator
    where: DeltaGenerator


def questions(archive: Archive, state: State) -> Rows:
    """Draw the questions with the answers that the address tells; what the search did with them comes after it."""
    with st.container(key="questions", gap="xxsmall"):
        with _row("what", _("1 · What is it?"), "q", state, bool(state.what)):
            what(archive, state)
        beside_what = st.container(horizontal=True, vertical_alignment="center", gap="small", key="what-did")
        with _row("apart", _("2 · What sets it apart?"), "", state, False):
            add()
            beside_apart = st.container(
                horizontal=True, vertical_alignment="center", gap="xsmall", key="apart-did", width="content"
            )
            tries = st.container(
                horizontal=True, vertical_alignment="center", gap="xxsmall", key="apart-try", width="content"
            )
        with _row("where", _("3 · Where it is known"), "where", state, bool(_filtered(state))):
            beside_where = st.container(
                horizontal=True, vertical_alignment="center", gap="xsmall", key="where-did", width="content"
            )
    return Rows(beside_what, beside_apart, tries, beside_where)


def answers(archive: Archive, state: State, rows: Rows) -> dict[str, DeltaGenerator]:
    """Draw the answers; gives by the words of each refinement where what it did can be told."""
    with rows.what:
        examples(archive, state)
    with rows.apart:
        places = refinements(state)
    with rows.where:
        chosen_filters(archive, state)
        if _filtered(state):
            st.button(
                _("Clear"),
                key="clear-filters",
                icon=":material/filter_alt_off:",
                type="tertiary",
                help=_("Drop all of these filters"),
                on_click=change,
                kwargs=NO_FILTERS,
            )
        st.button(_("Filters"), key="open-rail", icon=":material/tune:", type="tertiary")
    return places


@contextmanager
def _row(key: str, label: str, name: str, state: State, answered: bool) -> Iterator[None]:
    """A question's row; one that is answered can be switched off and stays as it is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=key):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width=200, key=f"{key}-asks"):
            st.markdown(f"**{label}**", width="content")
            if name and answered and _several(state):
                bound(
                    st.toggle,
                    _("Use answer {number}").format(number=label[:1]),
                    key=f"on-{name}",
                    value=name not in state.off,
                    changed=lambda on: switch(name, on),
                    label_visibility="collapsed",
                    help=_("Off: search as if this were not said"),
                )
        yield


def _several(state: State) -> bool:
    asked = [state.what, *state.like, *state.picture, *state.region, *state.apart]
    return sum(map(bool, asked)) + bool(_filtered(state)) > 1


def _filtered(state: State) -> bool:
    return bool(state.facets or state.first is not None or state.last is not None or not state.undated or state.box)
