"""A form for any dataclass with knobs: one widget per setting, drawn from the field's type and range."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from app.language import LANGUAGES, _
from app.pages.parts.bound import bound
from archive_search.knobs import Knob, knobs
from archive_search.visible import visible


def knob_form(
    plugin: Any, key: str, changed: Callable[[str, Any], None], names: Mapping[str, str] | None = None
) -> None:
    """
    Draw the settings of a plug-in as they are.

    Args:
        plugin: an instance of the dataclass.
        key: what the widgets' keys begin with.
        changed: called with a field's name and new value when a person changes it.
        names: what a setting that is a list of names can name, each with what people call it; without them such a
            setting is not drawn: plans hold such fields, people do not set them one by one.
    """
    hints = typing.get_type_hints(type(plugin))
    for name, (knob, value) in knobs(plugin).items():
        told: dict[str, Any] = {"key": f"{key}.{name}", "changed": partial(changed, name)}
        told["help"] = _(knob.help) if knob.help else None
        if hints[name] == tuple[str, ...]:
            if names:
                _several(_(knob.label), names, value, told)
        else:
            _widget(hints[name], knob, value, told)


def _several(label: str, names: Mapping[str, str], value: tuple[str, ...], told: Mapping[str, Any]) -> None:
    options = [*names, *(one for one in value if one not in names)]
    bound(
        st.multiselect,
        label,
        options,
        value=list(value),
        format_func=lambda one: visible(names.get(one, one)),
        placeholder=_("Type or choose"),
        **told,
    )


def _widget(hint: Any, knob: Knob, value: Any, told: dict[str, Any]) -> None:
    choices = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
    if not choices and not isinstance(value, bool | int | float | str):
        return  # an example, or a list of them
    told["value"] = value
    label = _(knob.label)
    if choices:
        bound(st.selectbox, label, choices, format_func=lambda one: LANGUAGES.get(one, one), **told)
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
