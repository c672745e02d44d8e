"""The colour of text within charts, which Streamlit's theme does not reach."""

from __future__ import annotations

import streamlit as st


def ink() -> str:
    """The theme's colour of text, in the light or in the dark."""
    kind = "dark" if st.context.theme.type == "dark" else "light"
    return str(st.get_option(f"theme.{kind}.textColor") or "#808080")
