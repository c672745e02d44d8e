"""What Streamlit runs: the frame around every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.address import arrive
from app.opened import archive
from app.pages import PAGES
from app.places import places
from app.titles import tab_title
from app.wording import markdown
from archive_search.types import ArchiveSearchError

HERE = Path(__file__).parent

arrive()
st.set_page_config(page_icon=str(HERE / "static" / "icon.svg"), layout="wide")
st.html(HERE / "style.css")
first = min(PAGES, key=lambda name: PAGES[name].place)
page = st.navigation(
    [
        st.Page(
            HERE / "pages" / f"{name}.py",
            title=one.title,
            icon=one.icon,
            url_path=name,
            default=name == first,
            visibility="visible" if one.offered else "hidden",
        )
        for name, one in sorted(PAGES.items(), key=lambda item: item[1].place)
    ],
    position="top",
)
try:
    st.set_page_config(page_title=tab_title(archive(), page.url_path))
    with st.container(key="archive-name", width="content"):
        st.caption(markdown(archive().settings.name))
    page.run()
except ArchiveSearchError as error:
    st.error(markdown(error), icon=":material/error:")
places()
