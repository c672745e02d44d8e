"""What people keep of an archive, opened for who sits before the page: collections, saved searches, their history."""

from __future__ import annotations

import uuid

import streamlit as st

from app.cookies import cookie, keep_cookie
from app.who import who
from archive_search.archive import Archive
from archive_search.results import ResultSet
from archive_search.types import ArchiveSearchError
from archive_search.workspace.collections import Collection, Collections
from archive_search.workspace.history import History
from archive_search.workspace.searches import Searches

_BROWSER = "archive-search-browser"


def collections(archive: Archive) -> Collections:
    """The collections, as the person before the page works on them."""
    return Collections(archive.workspace, *_author())


def searches(archive: Archive) -> Searches:
    """The saved searches, as the person before the page works on them."""
    return Searches(archive.workspace, *_author())


def history(archive: Archive) -> History:
    """The history of the person before the page; of nobody where no name was given."""
    return History(archive.workspace, who())


def note_in_history(archive: Archive, found: ResultSet) -> None:
    """
    Note a search in the history of the person before the page, if they keep one; the same search in a row once.

    A search is never lost for it: what cannot be written is not.
    """
    if not who():
        return
    asked = repr(found.plan)
    if st.session_state.get("noted last") == asked:
        return
    st.session_state["noted last"] = asked
    try:
        history(archive).note(found)
    except ArchiveSearchError:
        return


def all_collections(archive: Archive) -> tuple[Collection, ...]:
    """Every collection that is not deleted, starred ones first; read anew only when anybody has changed one."""
    return _all_collections(archive, str(archive.directory), Collections(archive.workspace).stamp())


@st.cache_resource(show_spinner=False, max_entries=4)
def _all_collections(_of: Archive, directory: str, stamp: int) -> tuple[Collection, ...]:
    return Collections(_of.workspace).all()


def _author() -> tuple[str, str]:
    """By name; people without one have an undo for each browser."""
    if name := who():
        return name, ""
    if not (browser := cookie(_BROWSER)):
        browser = uuid.uuid4().hex
        keep_cookie(_BROWSER, browser)
    return "", browser
