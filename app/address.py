"""The address in the browser: read at every run, changed by widgets, one history entry per change."""

from __future__ import annotations

import dataclasses

import streamlit as st

from app.state import Params, State, checked, read, write


def current() -> State:
    """The state that the page's address tells now."""
    return read({name: st.query_params.get_all(name) for name in st.query_params})


def arrive() -> None:
    """Take what the address tells as what is shown: done first in every run, before anything can interrupt it."""
    _settle(checked(current())[0])


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
    _settle(state)
    params = write(state)
    if {name: st.query_params.get_all(name) for name in st.query_params} != params:
        st.query_params.from_dict(params)


def open_record(record_id: str, params: Params) -> None:
    """Make the address of a record's page tell another record; `params` are the search it was found by."""
    st.query_params.from_dict({"id": [record_id], **params})


def pairs(params: Params) -> list[tuple[str, str]]:
    """Parameters as the pairs that a link takes."""
    return [(name, value) for name, values in params.items() for value in values]


def _settle(state: State) -> None:
    st.session_state["state"] = state
