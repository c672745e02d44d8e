"""Things put in order: tiles that are dragged with the pointer, or moved with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.language import _

_HERE = Path(__file__)
_drawn = st.components.v2.component(
    "order",
    html='<ul class="order"></ul><span class="order-said" role="status"></span>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def order(tiles: Sequence[Mapping[str, str]], key: str, moved: Callable[[str, str | None], object]) -> None:
    """
    Draw tiles to be put in order.

    Args:
        tiles: each with its `item`, `title`, address of a `picture` and a `note`.
        key: its name on the page.
        moved: told which item was put before which other, or at the end (None).
    """
    known = {one["item"] for one in tiles}

    def told() -> None:
        wanted: Any = (st.session_state.get(key) or {}).get("moved")
        if not isinstance(wanted, dict) or wanted.get("item") not in known:
            return
        before = wanted.get("before")
        if before is None or (before in known and before != wanted["item"]):
            moved(wanted["item"], before)

    texts = {
        "list": _("In this order; drag, or move with the arrow keys"),
        "keys": _("Arrow keys move it."),
        "placed": _("Place {place} of {of}"),
    }
    _drawn(key=key, data={"items": list(map(dict, tiles)), "texts": texts}, on_moved_change=told)
