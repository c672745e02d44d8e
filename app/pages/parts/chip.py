"""Chips: one answer each, with its picture; a click opens what can be done with it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.address import change, shown
from app.language import _
from app.pages.parts.bound import bound, popover
from app.state import MOST, with_weight
from app.state import weighted as read_weight
from app.wording import markdown


def chip(field: str, written: str, value: str, picture: str, label: str, weighs: bool = True) -> None:
    """
    Draw an example of the query.

    Args:
        field: of the state that holds it.
        written: how the state holds it.
        value: what it is without its weight.
        picture: the address of its picture, '' where it has none.
        label: what it is, in words.
        weighs: whether it can count more or less.
    """
    image = f"![]({picture}) " if picture else ""
    off = f"{field}={value}" in shown().off
    said = f"{image}{markdown(label)}"
    with st.container(
        horizontal=True, gap=None, width="content", vertical_alignment="center", key=f"chip-{field}-{value}"
    ):
        if weighs:
            with popover(f"~~{said}~~" if off else said, key=f"about-{field}-{value}"):
                weigh(field, written, value)
        else:
            st.markdown(said, width="content")
        drop_button(field, written, value, label)


def weigh(field: str, written: str, value: str) -> None:
    """Draw whether an example counts, and how much."""
    weight = read_weight(written)[1]
    name = f"{field}={value}"
    bound(
        st.toggle,
        _("Count it"),
        key=f"count-{name}",
        value=name not in shown().off,
        changed=lambda on: switch(name, on),
    )
    bound(
        st.slider,
        _("How much it counts"),
        -3.0,
        3.0,
        key=f"weight-{name}",
        value=max(-3.0, min(3.0, weight)),
        changed=partial(_weighed, field, written, value),
        step=0.25,
        help=_("1 is usual; below 0: less like this"),
    )


def switch(name: str, on: bool) -> None:
    """Switch an answer off or on, by its name in `State.off`; it stays in the address."""
    others = tuple(one for one in shown().off if one != name)
    change(off=others if on else (*others, name))


def drop_button(field: str, written: str, value: str, label: str) -> None:
    """Draw the cross that drops an example."""
    st.button(
        f":material/close: {_('Drop {what}').format(what=markdown(label))}",
        key=f"drop-{field}-{value}",
        type="tertiary",
        on_click=replace,
        args=(field, written, ""),
    )


def replace(field: str, written: str, other: str) -> None:
    """Put another example in the place of one, or none."""
    # of what is shown now: another may have been added by the same click that left its box
    now = (other if one == written else one for one in getattr(shown(), field))
    change(**{field: tuple(dict.fromkeys(one for one in now if one))})


def _weighed(field: str, written: str, value: str, weight: float) -> None:
    if weight and abs(weight) <= MOST:
        replace(field, written, with_weight(value, weight))
