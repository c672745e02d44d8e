"""The question in one line, on pages that work on it: asked here in a word, refined on the search page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import streamlit as st

from app import opened
from app.address import pairs, shown
from app.language import _
from app.pages.parts.bound import bound
from app.state import State, said, write
from app.wording import markdown
from archive_search.archive import Archive

EXAMPLES = 5
"""So many questions are offered where none is asked."""
NAMING = ("object_type", "material", "period")
"""Fields whose values make a question, the first that an archive has."""


def question_line(archive: Archive, state: State, asked: bool, changed: Callable[[State], object]) -> None:
    """
    Draw the question, a way to refine it, and, where none is asked, some that could be.

    Args:
        asked: whether the state asks anything that can be ranked.
        changed: told the state with another question.
    """

    def ask(words: str) -> None:
        changed(dataclasses.replace(shown(), what=words.strip(), page=1))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="question-line"):
        bound(
            st.text_input, _("What do you look for?"), key="q", value=state.what, changed=ask, type="search", width=420
        )
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            if more := besides(archive, state):
                st.markdown(markdown(more), width="content")
            if asked:
                st.page_link(
                    "pages/search.py",
                    label=_("Refine it on the search page"),
                    icon=":material/tune:",
                    query_params=pairs(write(state)),
                )
    if asked:
        return
    found = examples(archive)
    if found:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="examples"):
            st.caption(_("For example"), width="content")
            for one in found:
                st.button(markdown(one), key=f"example-{one}", on_click=ask, args=(one,))


def besides(archive: Archive, state: State) -> str:
    """What the question says besides its first words, in one line."""
    told = [_("not {words}").format(words=words) if weight < 0 else words for words, weight in map(said, state.apart)]
    told += [_("like a picture")] if state.like or state.picture or state.region else []
    for field, values in state.facets.items():
        told.append(f"{archive.fields.said(field)}: {', '.join(value or _('unknown') for value in values)}")
    if state.first is not None or state.last is not None:
        told.append(f"{'' if state.first is None else state.first} – {'' if state.last is None else state.last}")
    return " · ".join(told)


def examples(archive: Archive) -> list[str]:
    """What could be asked: the most frequent things of the catalogue."""
    counted = opened.counted(archive, (), EXAMPLES)
    return next((list(counted[field].counts) for field in NAMING if field in counted and counted[field].counts), [])
