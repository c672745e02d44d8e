"""A small histogram with one or two ends that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

_drawn = st.components.v2.component(
    "histogram",
    html='<div class="histogram"></div>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def histogram(
    bars: Sequence[int],
    ends: Sequence[int],
    said: Sequence[str],
    names: Sequence[str],
    changed: Callable[..., object],
    *,
    key: str,
    off: bool = False,
    width: int | str = "stretch",
) -> None:
    """
    Draw a histogram; `changed` is told the ends when a person has moved one.

    Streamlit's sliders know no bars, and its charts no keys: a chart's range cannot be moved without a pointer.

    Args:
        bars: a count for each of n bins.
        ends: where the ends stand, one or two edges of bins, 0 to n; with one, what lies above it is kept.
        said: for each of the n + 1 edges what an end there means, in words.
        names: of the ends, for screen readers.
        changed: called with an edge for each end.
        key: its name on the page.
        off: draw it pale, since it does nothing now.
        width: as Streamlit's containers have it.
    """
    data = {"bars": list(bars), "ends": list(ends), "said": list(said), "names": list(names), "off": off}
    moved = partial(_moved, key, len(bars), len(ends), changed)
    data["moves"] = _sent(key).get("moves")
    _drawn(key=key, data=data, width=width, on_moved_change=moved)  # type: ignore[arg-type]


def _moved(key: str, bins: int, number: int, changed: Callable[..., object]) -> None:
    ends = _sent(key).get("ends")
    if (
        isinstance(ends, list)
        and len(ends) == number
        and all(isinstance(one, int) and 0 <= one <= bins for one in ends)
    ):
        changed(*ends)


def _sent(key: str) -> dict[str, Any]:
    """What the browser sent last: the ends, and the number of the move."""
    moved = (st.session_state.get(key) or {}).get("moved")
    return moved if isinstance(moved, dict) else {}
