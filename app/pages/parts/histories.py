"""The history of searches: of who gave a name and asked for it, for their eyes, and cleared for good."""

from __future__ import annotations

import streamlit as st

from app import kept
from app.address import pairs
from app.asked import in_words, state_of
from app.language import _, ngettext, number
from app.pages.parts.bound import bound
from app.pages.parts.name_box import name_box, named
from app.state import write
from app.who import who
from app.wording import markdown
from archive_search.archive import Archive

AT_ONCE = 50


def history(archive: Archive) -> None:
    """Draw the history of the person before the page, or what it would be."""
    st.title(_("History"), anchor=False)
    st.write(
        _(
            "Nobody's searches are written down unless they ask for it. Yours are shown to you only, but they lie in "
            "the archive's folder: whoever can read its files can read them."
        )
    )
    if not who():
        with st.form("history-name", border=False):
            typed = name_box("history")
            if st.form_submit_button(_("That is me")) and typed.strip():
                named(typed)
                st.rerun()
        return
    mine = kept.history(archive)
    bound(
        st.toggle,
        _("Keep the searches of {name} from now on").format(name=markdown(who())),
        key="history-kept",
        value=mine.is_kept(),
        changed=lambda on: kept.history(archive).keep(on),
    )
    some = mine.all()
    for place, one in enumerate(some[:AT_ONCE]):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"searched-{place}"):
            st.caption(f"{one.at[:16].replace('T', ' ')}", width="content")
            asked = state_of(archive, one.plan, one.strategy)
            label = markdown(in_words(one.plan))
            if asked is None:
                st.markdown(label, width="content")
            else:
                st.page_link("pages/search.py", label=label, query_params=pairs(write(asked)))
            count = ngettext("{count} record", "{count} records", one.count).format(count=number(one.count))
            st.caption(count, width="content")
    if not some:
        st.caption(_("No searches are kept."))
        return
    if len(some) > AT_ONCE:
        st.caption(_("The last {count} of {of} are shown.").format(count=number(AT_ONCE), of=number(len(some))))
    if st.button(_("Clear for good"), icon=":material/delete_forever:", key="history-clear"):
        st.dialog(_("Clear your history"))(_clear)(archive, len(some))


def _clear(archive: Archive, count: int) -> None:
    said = ngettext(
        "{count} search is removed for good; no undo brings it back.",
        "{count} searches are removed for good; no undo brings them back.",
        count,
    )
    st.write(said.format(count=number(count)))
    if st.button(_("Clear for good"), type="primary", key="history-clear-sure"):
        kept.history(archive).clear()
        st.rerun()
