"""Collections: what people keep of an archive, put in order and exported; saved searches, their history, reruns."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import opened
from app.address import current
from app.language import N_, _
from app.page import Page
from app.pages.parts.bound import bound
from app.pages.parts.collected import collected
from app.pages.parts.histories import history
from app.pages.parts.keep import notice
from app.pages.parts.kept_searches import kept_searches
from app.pages.parts.repeat import repeat
from app.pages.parts.shelf import SHELVES, SHOW, at, show
from app.pages.parts.tiles import open_clicked
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.types import ArchiveSearchError

DRAWN: dict[str, Callable[[Archive], None]] = {
    "collections": collected,
    "searches": kept_searches,
    "history": history,
    "repeat": repeat,
}


def page() -> None:
    """Draw the part of the page that the address names."""
    archive = opened.archive()
    current()
    open_clicked()
    with st.container(key="collections-page"):
        _shelves(archive)


def _shelves(archive: Archive) -> None:
    chosen = at(SHOW) if at(SHOW) in SHELVES else next(iter(SHELVES))
    bound(
        st.segmented_control,
        _("What is shown"),
        list(SHELVES),
        key="shelf",
        value=chosen,
        changed=lambda wanted: show(wanted or chosen),
        required=True,
        format_func=lambda one: _(SHELVES[one]),
        label_visibility="collapsed",
    )
    notice(archive)
    try:
        DRAWN[chosen](archive)
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")


PAGES = {"collections": Page(N_("Collections"), ":material/folder_special:", 6, role="judge")}

if __name__ == "__main__":
    page()
