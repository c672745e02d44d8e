"""What sets it apart: a box to add one refinement after another, and a chip for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.address import change, shown
from app.language import _, number
from app.pages.parts.bound import bound, popover
from app.pages.parts.chip import drop_button, replace, switch
from app.state import State, refinement, said, with_weight
from app.wording import markdown
from archive_search.stages.effects import Refined


def add() -> None:
    """Draw the box in which a refinement is typed."""
    bound(
        st.text_input,
        _("2 · What sets it apart?"),
        key="add",
        value="",  # each becomes a refinement beside the box
        changed=add_refinement,
        placeholder=_("polished, or -drawing for less"),
        label_visibility="collapsed",
        width=260,
    )


def add_refinement(typed: str) -> None:
    """Add a refinement to those that are shown, in the place of one of the same words."""
    if text := refinement(typed):
        others = [one for one in shown().apart if said(one)[0] != said(text)[0]]
        change(apart=(*others, text))


def refinements(state: State) -> dict[str, DeltaGenerator]:
    """Draw the refinements; gives by their words where what each did can be told."""
    told = {}
    for place, one in enumerate(state.apart):
        words, weight = said(one)
        off = f"apart={words}" in state.off
        label = f"**{'−' if weight < 0 else '+'}** {markdown(words)}"
        with st.container(
            horizontal=True, gap=None, width="content", vertical_alignment="center", key=f"refinement-{place}"
        ):
            with popover(f"~~{label}~~" if off else label, key=f"turn-{words}"):
                _about(state, place, one)
            drop_button("apart", one, words, words)
            told[words] = st.empty()
    return told


def tell(places: Mapping[str, DeltaGenerator], done: Iterable[Refined]) -> None:
    """Tell beside each refinement how many of the first pictures are there, or are not, because of it."""
    for one in done:
        if one.example.value in places:
            told = _("keeps {count} out") if one.example.weight < 0 else _("brings {count}")
            places[one.example.value].caption(told.format(count=number(one.brought)), width="content")


def _about(state: State, place: int, one: str) -> None:
    words, weight = said(one)
    name = f"apart={words}"
    bound(
        st.segmented_control,
        _("Direction"),
        [1, -1],
        key=f"way-{words}",
        value=-1 if weight < 0 else 1,
        changed=lambda way: replace("apart", one, _written(words, abs(weight) * (way or (1 if weight > 0 else -1)))),
        format_func=lambda way: _("More like it") if way > 0 else _("Less like it"),
        label_visibility="collapsed",
    )
    bound(
        st.toggle,
        _("Count it"),
        key=f"count-{words}",
        value=name not in state.off,
        changed=lambda on: switch(name, on),
    )
    bound(
        st.slider,
        _("How much it counts"),
        0.25,
        3.0,
        key=f"weight-{words}",
        value=max(0.25, min(3.0, abs(weight))),
        changed=lambda now: replace("apart", one, _written(words, now if weight > 0 else -now)),
        step=0.25,
    )
    if len(state.apart) > 1:
        with st.container(horizontal=True):
            st.button(_("Earlier"), key=f"earlier-{words}", on_click=_move, args=(one, -1), disabled=place == 0)
            last = place == len(state.apart) - 1
            st.button(_("Later"), key=f"later-{words}", on_click=_move, args=(one, 1), disabled=last)


def _written(words: str, weight: float) -> str:
    return f"{'-' if weight < 0 else ''}{with_weight(words, abs(weight))}"


def _move(one: str, by: int) -> None:
    now = list(shown().apart)
    if one in now:
        place = now.index(one)
        now.insert(max(place + by, 0), now.pop(place))
        change(apart=tuple(now))
