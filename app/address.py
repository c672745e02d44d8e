"""The address in the browser: read at every run, changed by widgets, one history entry per change."""

from __future__ import annotations

import dataclasses

import streamlit as st

from app.state import Params, State, read, write


def current() -> State:
    """The state that the page's address tells now."""
    return read({name: st.query_params.get_all(name) for name in st.query_params})


def settle(state: State) -> None:
    """Take a state as the one that is shown: what `change` starts from."""
    st.session_state["state"] = state


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
    settle(state)
    params = write(state)
    if {name: st.query_params.get_all(name) for name in st.query_params} != params:
        st.query_params.from_dict(params)


def open_record(record_id: str, params: Params) -> None:
    """Make the address of a record's page tell another record; `params` are the search it was found by."""
    st.query_params.from_dict({"id": [record_id], **params})


def pairs(params: Params) -> list[tuple[str, str]]:
    """Parameters as the pairs that a link takes."""
    return [(name, value) for name, values in params.items() for value in values]


def hold(key: str, value: object) -> None:
    """
    Let the widget `key` show a value that the address tells.

    Not bound with Streamlit's `bind="query-params"`: that replaces the history entry, so Back would leave the page.
    A value is set only where it differs, so that a text half typed in another box stays.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
