"""Widgets bound to the address: each shows what the address tells, whenever it comes into sight."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

_DEFAULTS = ("value", "default", "index")
"""What Streamlit's widgets call the value that they begin with; of these each has one."""
_USED = "widgets used"
"""Kept for a session: keys of the widgets that a person has changed and that were not drawn since."""
_popover: ContextVar[bool] = ContextVar("_popover", default=False)


@contextmanager
def popover(label: str, **options: Any) -> Iterator[None]:
    """Streamlit's popover, whose widgets are out of sight, and not even there, until it is opened."""
    with st.popover(label, **options):
        token = _popover.set(True)
        try:
            yield
        finally:
            _popover.reset(token)


def bound(
    widget: Callable[..., Any], *args: Any, key: str, value: Any, changed: Callable[[Any], object], **options: Any
) -> None:
    """
    Draw a widget that shows `value`; what a person makes of it is handed to `changed`.

    Every widget whose value the address tells is drawn here. Streamlit's own ways do not do: `bind="query-params"`
    replaces the history entry, so Back would leave the page; and a value set in the session is told to the browser
    once, so that a widget in a popover, which is there only while it is open, shows its default or what it held before,
    and sends that with the next click anywhere. Here the value is the widget's default at every run, and one in a
    popover that was changed from elsewhere is replaced by a new one, so that nothing it held before can come back.
    What is typed into another widget and not yet sent stays.

    Args:
        widget: Streamlit's function, such as `st.slider`.
        args: its arguments by position: the label, options, ends.
        key: its name on the page; the first widget of that name has it as its key, its successors begin with it.
    """
    counted = f"{key} replaced"
    number = st.session_state.get(counted, 0)
    name = _name(key, number)
    used: set[str] = st.session_state.setdefault(_USED, set())
    if name in st.session_state and st.session_state[name] != value:
        if _popover.get() and key not in used:
            st.session_state[counted] = number + 1
            name = _name(key, number + 1)
        else:
            st.session_state[name] = value
    used.discard(key)
    widget(*args, key=name, on_change=_used, args=(key, name, changed), **_default(widget, args, value), **options)


def _name(key: str, number: int) -> str:
    return f"{key}~{number}" if number else key


def _used(key: str, name: str, changed: Callable[[Any], object]) -> None:
    st.session_state[_USED].add(key)
    changed(st.session_state[name])


def _default(widget: Callable[..., Any], args: tuple[Any, ...], value: Any) -> dict[str, Any]:
    known = inspect.signature(widget).parameters
    name = next(name for name in _DEFAULTS if name in known)
    return {name: list(args[1]).index(value) if name == "index" else value}
