"""From one result to the next, as quickly as the keys are pressed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from app.language import _, language

KEY = "steps"
_HTML = """<nav class="steps">
<button type="button" aria-keyshortcuts="ArrowLeft"></button><span role="status"></span>
<button type="button" aria-keyshortcuts="ArrowRight"></button>
</nav>"""
_drawn = st.components.v2.component(
    "steps", html=_HTML, js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def steps(rank: int, of: int, go: Callable[[int], object]) -> None:
    """
    Draw the way from the result of this rank, from 1, to the one before and the one after; `go` is told a rank.

    Streamlit's own buttons do not do: a press that comes while the page is drawn leads from where the page was, and of
    two that come together one is lost.
    """
    said: dict[str, Any] = dict(st.session_state.get(KEY) or {})
    pressed = (said.get("wanted") or {}).get("pressed")
    texts = {
        "steps": _("Results"),
        "back": _("Previous"),
        "on": _("Next"),
        "place": _("{rank} of {of}"),
        "language": language(),
    }
    data = {"rank": rank, "of": of, "pressed": pressed, "texts": texts}
    _drawn(key=KEY, data=data, width="content", on_wanted_change=lambda: _gone(of, go))


def _gone(of: int, go: Callable[[int], object]) -> None:
    wanted = st.session_state[KEY].get("wanted") or {}
    rank = wanted.get("rank")
    if isinstance(rank, int) and 1 <= rank <= of:
        go(rank)
