"""What Streamlit runs: the frame around every page."""

from __future__ import annotations

import contextlib
from pathlib import Path

import streamlit as st

from app.address import arrive
from app.frame import frame
from app.language import _, speak
from app.login import admitted, refuse
from app.opened import archive, warm_up
from app.pages import PAGES
from app.pages.parts.places import places
from app.titles import tab_title
from app.who import may
from app.whole import take_up_whole
from app.wording import markdown
from archive_search.types import ArchiveSearchError

HERE = Path(__file__).parent

take_up_whole()
arrive()
speak()
st.set_page_config(page_icon=str(HERE / "static" / "icon.svg"), layout="wide")
st.html(HERE / "style.css")
ordered = dict(sorted(PAGES.items(), key=lambda item: item[1].place))
pages = {
    name: st.Page(HERE / "pages" / f"{name}.py", title=_(one.title), icon=one.icon, url_path=name, default=number == 0)
    for number, (name, one) in enumerate(ordered.items())
}
page = st.navigation(list(pages.values()), position="hidden")
try:
    if admitted(archive().settings.name):
        here = page.url_path or next(iter(ordered))
        st.set_page_config(page_title=tab_title(archive(), page.url_path))
        frame(
            {name: (pages[name], one) for name, one in ordered.items() if one.offered and may(one.role)},
            ordered[here].under or here,
            archive().settings.name,
        )
        if may(ordered[here].role):
            page.run()
        else:
            refuse(ordered[here].role)
except ArchiveSearchError as error:
    st.error(markdown(error), icon=":material/error:")
places()
with contextlib.suppress(ArchiveSearchError):
    warm_up(archive())
