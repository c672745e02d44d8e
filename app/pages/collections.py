"""Collections: what people keep of an archive, put in order and exported; saved searches, their history, reruns."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.kept import all_collections
from app.language import N_, _, ngettext, number
from app.page import Page
from app.pages.parts.keep import notice
from app.wording import markdown


def page() -> None:
    """Draw the page."""
    archive = opened.archive()
    st.title(_("Collections"), anchor=False)
    notice(archive)
    for one in all_collections(archive):
        count = len(one.members)
        said = ngettext("{count} record", "{count} records", count).format(count=number(count))
        st.markdown(f"**{markdown(one.name)}** · {said}")


PAGES = {"collections": Page(N_("Collections"), ":material/folder_special:", 6)}

if __name__ == "__main__":
    page()
