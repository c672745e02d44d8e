"""A form for any dataclass with knobs: one widget per setting, drawn from the field's type and range."""

from __future__ import annotations

import typing
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from app.pages.parts.bound import bound
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
        _widget(hints[name], knob, value, f"{key}.{name}", partial(changed, name))


def _widget(hint: Any, knob: Knob, value: Any, key: str, changed: Callable[[Any], None]) -> None:
    choices = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
    if not choices and not isinstance(value, bool | int | float | str):
        return  # a list or an example: plans hold such fields, people do not set them one by one
    told: dict[str, Any] = {"key": key, "value": value, "changed": changed, "help": knob.help or None}
    label = knob.label
    if choices:
        bound(st.selectbox, label, choices, **told)
    elif isinstance(value, bool):
        bound(st.toggle, label, **told)
    elif isinstance(value, str):
        bound(st.text_input, label, **told)
    elif isinstance(value, float):
        low, high = knob.low, knob.high
        if low is not None and high is not None:
            bound(st.slider, label, float(low), float(high), step=_step(low, high), **told)
        else:
            bound(st.number_input, label, low, high, step=0.1, **told)
    else:
        low, high = (None if end is None else int(end) for end in (knob.low, knob.high))
        bound(st.number_input, label, low, high, step=1, **told)


def _step(low: float, high: float) -> float:
    """A step of which some hundred make the range."""
    return 0.01 if high - low <= 2 else 0.05 if high - low <= 10 else 0.1
