"""A page that shows texts through `markdown`: as text, heading, label and the name of a picture; `FOLDER PORT`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import streamlit as st

from app.server import theme
from app.wording import markdown


def page() -> None:
    """Show the texts of the file that the address names."""
    file = Path(os.environ["SHOWN_TEXTS"]) / f"{st.query_params['texts']}.json"
    for number, text in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        with st.container(key=f"text-{number}"):
            st.markdown(markdown(text))
        with st.container(key=f"heading-{number}"):
            st.header(markdown(text), anchor=False)
        with st.container(key=f"label-{number}"):
            st.button(markdown(text), key=f"button-{number}")
        with st.container(key=f"picture-{number}"):
            st.markdown(f"![{markdown(text)}](/app/static/none.png)")
    with st.container(key="done"):
        st.text("done")


if st.runtime.exists():
    page()
elif __name__ == "__main__":
    os.environ["SHOWN_TEXTS"] = sys.argv[1]
    st.App(__file__).run(config={**theme(), "server.address": "127.0.0.1", "server.port": int(sys.argv[2])})
