"""What the address tells beside the question: parameters that one page has of its own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import address
from app.address import shown
from app.state import State, write

_KEPT = "told beside the question"


def beside(*names: str) -> dict[str, tuple[str, ...]]:
    """Take what the address tells under these names; done first by the page that has them, in every run."""
    found = {name: tuple(st.query_params.get_all(name)) for name in names if name in st.query_params}
    st.session_state[_KEPT] = found
    return found


def kept_beside() -> dict[str, tuple[str, ...]]:
    """What is told beside the question that is shown: a widget's callback starts from it, as from `shown`."""
    kept: dict[str, tuple[str, ...]] = st.session_state.get(_KEPT, {})
    return kept


def tell(state: State | None = None, **own: Sequence[str]) -> None:
    """
    Change what the address tells beside the question, and the question if one is given: a new entry in the history.

    What is not named stays; what becomes empty is dropped.
    """
    told = {name: tuple(values) for name, values in {**kept_beside(), **own}.items() if values}
    question = state or shown()
    st.session_state[_KEPT] = told
    address.tell(question, {**write(question), **told})
