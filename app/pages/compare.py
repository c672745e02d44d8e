"""Compare: two to four rankings of the same question, side by side or blind."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.address import current
from app.beside import beside, tell
from app.language import N_, _
from app.page import Page
from app.pages.parts.blind import blind
from app.pages.parts.bump import bump
from app.pages.parts.columns import columns
from app.pages.parts.compared import Compared, alike, choose, how_made, numbers
from app.pages.parts.question_line import question_line
from app.state import checked, query
from app.wording import markdown
from archive_search.types import ArchiveSearchError


def page() -> None:
    """Draw the comparison that the address asks for."""
    archive = opened.archive()
    state, trouble = checked(current())
    asked, refused = Compared.read(beside(*Compared.NAMES), state)
    st.title(_("Compare"), anchor=False)
    wanted = query(state, archive.queries)
    if not wanted.examples:
        st.write(_("The same question, ranked in different ways: what does each of them find, and what does it miss?"))
    question_line(archive, state, bool(wanted.examples), lambda changed: tell(changed, marks=(), revealed=()))
    for said in filter(None, (trouble, refused)):
        st.warning(markdown(said), icon=":material/info:")
    if not wanted.examples:
        return
    choose(asked)
    try:
        if asked.blind is not None:
            blind(archive, wanted, asked, state)
            return
        found = opened.compared(archive, wanted, asked.by, asked.top, state)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return
    if not any(found.rankings.values()):
        st.write(_("Nothing was found: drop a filter, or ask something else."))
        return
    alike(found)
    columns(found, state)
    bump(found)
    numbers(found)
    how_made(archive, asked, wanted, state)


PAGES = {"compare": Page(N_("Compare"), ":material/compare_arrows:", 3)}

if __name__ == "__main__":
    page()
