"""What Streamlit runs: the frame around every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.address import arrive
from app.opened import archive
from app.wording import markdown
from archive_search.types import ArchiveSearchError

HERE = Path(__file__).parent

arrive()
st.set_page_config(page_title="archive-search", page_icon=str(HERE / "static" / "icon.svg"), layout="wide")
st.html(HERE / "style.css")
page = st.navigation(
    [
        st.Page(HERE / "pages" / "search.py", title="Search", icon=":material/search:", default=True),
        st.Page(HERE / "pages" / "record.py", title="Record", url_path="record", visibility="hidden"),
    ],
    position="top",
)
try:
    with st.container(key="archive-name", width="content"):
        st.caption(markdown(archive().settings.name))
    page.run()
except ArchiveSearchError as error:
    st.error(markdown(error), icon=":material/error:")
