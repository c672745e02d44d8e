"""The frame around every page: links to the other pages, which keep the question; the archive's name; the language."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app.address import pairs, shown
from app.language import LANGUAGES, _, choose_language, language
from app.login import way_out
from app.page import Page
from app.state import write
from app.wording import markdown


def frame(pages: dict[str, tuple[StreamlitPage, Page]], here: str, archive: str) -> None:
    """
    Draw the head of a page.

    Streamlit's own navigation drops what the address tells; these links take it along.

    Args:
        pages: those that are offered, in order, by the name in their address.
        here: the name of the page whose link is lit.
        archive: what the archive is called.
    """
    question = pairs(write(shown()))
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="head"):
        with st.container(horizontal=True, gap="xxsmall", width="content", key="ways"):
            for name, (page, about) in pages.items():
                current = "here-" if name == here else ""
                with st.container(key=f"way-{current}{name}", width="content"):
                    st.page_link(page, label=_(about.title), icon=about.icon, query_params=question)
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="archive-name"):
            st.caption(markdown(archive), width="content")
            others = {code: name for code, name in LANGUAGES.items() if code != language()}
            for code, name in others.items():
                st.button(name, key=f"language-{code}", type="tertiary", on_click=choose_language, args=(code,))
            way_out()
