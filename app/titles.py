"""What a browser's tab is called: by what it shows, so that one among ten is found, and an entry of the history too."""

from __future__ import annotations

import streamlit as st

from app.address import shown
from app.kept import all_collections
from app.language import _
from app.pages.parts.shelf import COLLECTION, SHELVES, SHOW, at
from app.state import State, said, weighted
from archive_search.archive import Archive
from archive_search.metadata.wording import number_beside, title_of
from archive_search.types import Store
from archive_search.visible import visible

LONGEST = 80


def tab_title(archive: Archive, page: str) -> str:
    """The title of the tab that shows a page, by its name in the address: a record, a shelf, or what is asked for."""
    if page == "record":
        said = _record(archive.store, st.query_params.get("id", ""))
    elif page == "collections":
        said = _shelf(archive)
    else:
        said = _search(archive.store, shown())
    short = said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…"
    return " · ".join(visible(" ".join(one.split())) for one in (short, archive.settings.name) if one)


def _record(store: Store, record_id: str) -> str:
    found = store.points([record_id])
    if not found:
        return record_id
    number = number_beside(found[0].payload)
    return title_of(found[0].payload) + (f" ({number})" if number else "")


def _shelf(archive: Archive) -> str:
    """What is open on the page of collections."""
    wanted = at(COLLECTION)
    opened = next((one.name for one in all_collections(archive) if one.id == wanted), "") if wanted else ""
    return opened or _(SHELVES.get(at(SHOW), SHELVES["collections"]))


def _search(store: Store, state: State) -> str:
    """What is asked for, else what it is filtered by."""
    like = ", ".join(f"like {_record(store, weighted(one)[0])}" for one in state.like)
    asked = [state.what, like, "like a picture" if state.picture else "", "like a part" if state.region else ""]
    apart = [f"− {words}" if weight < 0 else words for words, weight in map(said, state.apart)]
    chosen = [value or "unknown" for values in state.facets.values() for value in values]
    return ", ".join([one for one in (*asked, *apart) if one] or chosen)
