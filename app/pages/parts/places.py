"""Where a page is scrolled to when it is shown, left and come back to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from app.cookies import to_be_kept
from app.language import language

_drawn = st.components.v2.component(
    "places", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def places() -> None:
    """Tell the browser that the page which the address tells of is drawn; called when it is."""
    said = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    _drawn(key="places", data={"query": urlencode(said), "cookies": to_be_kept(), "language": language()})
