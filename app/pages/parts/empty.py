"""What a page says where nothing is left: which condition to drop, and what that would bring back."""

from __future__ import annotations

import streamlit as st

from app.address import change
from app.language import _, language, ngettext, number
from app.pages.parts.rail import NO_FILTERS
from app.pages.parts.where import drop_filter
from app.state import State, filters, with_weight
from archive_search.archive import Archive
from archive_search.metadata.facets import without_each


def nothing(archive: Archive, state: State) -> None:
    """Draw what can be done where nothing was found."""
    where, total = filters(state), archive.store.count()
    if not where and total:
        st.markdown(f"#### {_('Nothing found')}")
        st.write(_("No record says these words."))
        with st.container(horizontal=True):
            st.button(_("Browse all"), key="browse-all", on_click=change, kwargs={"what": "", "apart": ()})
            st.button(_("Draw one at random"), key="draw", on_click=_draw, args=(archive,))
        return
    st.markdown(f"#### {_('Nothing is left')}")
    if not total:
        st.write(_("This archive holds no pictures yet."))
        return
    st.write(_("No picture passes all of these filters. Drop one:"))
    for field, left in without_each(archive.store, where).items():
        if not left:
            continue
        label = _("the years") if field == "years" else archive.fields.said(field, language()).lower()
        st.button(
            _("Drop {what}: brings back {pictures}").format(what=label, pictures=_pictures(left)),
            key=f"without-{field}",
            on_click=drop_filter,
            args=(field,),
        )
    st.button(
        _("Drop all filters: brings back {pictures}").format(pictures=_pictures(total)),
        key="without-all",
        on_click=change,
        kwargs=NO_FILTERS,
    )


def _pictures(count: int) -> str:
    return ngettext("{count} picture", "{count} pictures", count).format(count=number(count))


def _draw(archive: Archive) -> None:
    if found := archive.store.sample():
        change(like=(with_weight(found, 1),), what="", picture=(), region=(), apart=())
