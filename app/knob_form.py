"""A form for any dataclass with knobs: one widget per setting, drawn from the field's type and range."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from app.address import hold
from archive_search.knobs import Knob, knobs


def knob_form(plugin: Any, key: str, changed: Callable[[str, Any], None]) -> None:
    """
    Draw the settings of a plug-in as they are.

    Args:
        plugin: an instance of the dataclass.
        key: what the widgets' keys begin with.
        changed: called with a field's name and new value when a person changes it.
    """
    hints = typing.get_type_hints(type(plugin))
    for name, (knob, value) in knobs(plugin).items():
        _widget(hints[name], knob, value, f"{key}.{name}", partial(_changed, name, f"{key}.{name}", changed))


def _changed(name: str, key: str, changed: Callable[[str, Any], None]) -> None:
    changed(name, st.session_state[key])


def _widget(hint: Any, knob: Knob, value: Any, key: str, on_change: Callable[[], None]) -> None:
    choices = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
    if not choices and not isinstance(value, bool | int | float | str):
        return  # a list or an example: plans hold such fields, people do not set them one by one
    hold(key, value)
    label, said = knob.label, knob.help or None
    if choices:
        st.selectbox(label, choices, key=key, help=said, on_change=on_change)
    elif isinstance(value, bool):
        st.toggle(label, key=key, help=said, on_change=on_change)
    elif isinstance(value, str):
        st.text_input(label, key=key, help=said, on_change=on_change)
    elif isinstance(value, float):
        low, high = knob.low, knob.high
        if low is not None and high is not None:
            ends, step = (float(low), float(high)), _step(low, high)
            st.slider(label, *ends, step=step, key=key, help=said, on_change=on_change)
        else:
            st.number_input(label, low, high, step=0.1, key=key, help=said, on_change=on_change)
    else:
        low, high = (None if end is None else int(end) for end in (knob.low, knob.high))
        st.number_input(label, low, high, step=1, key=key, help=said, on_change=on_change)


def _step(low: float, high: float) -> float:
    """A step of which some hundred make the range."""
    return 0.01 if high - low <= 2 else 0.05 if high - low <= 10 else 0.1
