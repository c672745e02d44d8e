"""How results are ranked: by which strategy, with which settings, in which space."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from app.address import change, shown
from app.language import N_, _
from app.pages.parts.bound import bound, popover
from app.pages.parts.knob_form import knob_form
from app.state import State, strategy
from archive_search.archive import Archive
from archive_search.knobs import knobs, to_data
from archive_search.strategies import STRATEGIES

CALLED = {"staged": N_("in stages"), "nearest": N_("by likeness alone")}
"""What strategies are called on pages; others by their names."""


def ranked_by(archive: Archive, state: State) -> None:
    """Draw the choice of the strategy, and its settings."""
    bound(
        st.selectbox,
        _("Ranked by"),
        list(STRATEGIES),
        key="strategy",
        value=state.strategy,
        changed=lambda name: change(strategy=name, knobs={}),
        label_visibility="collapsed",
        format_func=lambda name: _("Ranked {how}").format(how=called(name)),
        width=220,
    )
    spaces, chosen = archive.choices(), strategy(state)
    if len(spaces) < 2 and not knobs(chosen):
        return
    with popover(_("Settings"), icon=":material/tune:", key="settings"):
        if len(spaces) > 1:
            space = state.space if state.space in spaces else archive.default_space()
            bound(
                st.selectbox,
                _("Searched in"),
                spaces,
                key="space",
                value=space,
                changed=lambda name: change(space=name),
            )
        bound(
            st.toggle,
            _("One tile for each object"),
            key="grouped",
            value=state.grouped,
            changed=lambda grouped: change(grouped=grouped),
            help=_("Its other views stand small below it"),
        )
        bound(
            st.toggle,
            _("Show only the part that fits"),
            key="parts",
            value=state.parts,
            changed=lambda parts: change(parts=parts),
            help=_("Of plates with many things: the one that fits best"),
        )
        st.divider()
        st.caption(f"**{_('Ranked {how}').format(how=called(state.strategy))}**: {_(chosen.summary)}")
        with st.expander(_("What each stage weighs")):
            knob_form(chosen, f"knob.{state.strategy}", set_knob)


def called(name: str) -> str:
    """What a strategy is called on pages."""
    return _(CALLED[name]) if name in CALLED else name


def set_knob(name: str, value: Any) -> None:
    """Change a setting of the strategy that is shown."""
    changed = dataclasses.replace(strategy(shown()), **{name: value})  # type: ignore[type-var]
    change(knobs={name: str(value) for name, value in to_data(changed).items()})
