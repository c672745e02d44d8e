"""The address in the browser: read at every run, changed by widgets, one history entry per change."""

from __future__ import annotations

import dataclasses

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.state import Params, State, checked, read, write

_TO_TELL = "address to tell"
"""Kept for a session until the next run begins: the parameters that a widget has changed the address to."""


def current() -> State:
    """The state that the page's address tells now; it is what is shown from now on."""
    told: Params | None = st.session_state.get(_TO_TELL)
    if told is not None:
        _tell_now(told)
    state = read({name: st.query_params.get_all(name) for name in st.query_params})
    _settle(checked(state)[0])
    return state


def arrive() -> None:
    """Take what the address tells as what is shown: done first in every run, before anything can interrupt it."""
    current()


def shown() -> State:
    """
    The state that is shown.

    A widget's callback starts from it, not from the address that the browser sent along: after two quick changes that
    address is still the one before the first.
    """
    state: State = st.session_state.get("state") or current()
    return state


def change(**changes: object) -> None:
    """Change the state that is shown, and the address with it: a new entry in the browser's history."""
    go(dataclasses.replace(shown(), **{"page": 1, **changes}))  # type: ignore[arg-type]


def go(state: State) -> None:
    """Make the address tell this state."""
    tell(state, write(state))


def open_record(record_id: str, params: Params) -> None:
    """Make the address of a record's page tell another record; `params` are the search it was found by."""
    tell(shown(), {"id": [record_id], **params})


def tell(state: State, params: Params) -> None:
    """
    Make the address tell a state by these parameters; called by what widgets do.

    It is told at the beginning of the run that follows: where the next click interrupts that run before it began, the
    one after it starts from the address that the browser sent along, in which this change is not.
    """
    _settle(state)
    st.session_state[_TO_TELL] = params
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:  # that run draws a part of the page, and does not begin
        _tell_now(params)


def _tell_now(params: Params) -> None:
    # also where the browser said that it is there: what it was told just before may not have reached it yet
    st.query_params.from_dict({name: list(values) for name, values in params.items()})
    st.session_state.pop(_TO_TELL, None)


def pairs(params: Params) -> list[tuple[str, str]]:
    """Parameters as the pairs that a link takes."""
    return [(name, value) for name, values in params.items() for value in values]


def _settle(state: State) -> None:
    st.session_state["state"] = state
