"""Pictures pasted from the clipboard, anywhere on a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

KEY = "paste"
LARGEST = 40 * 10**6
"""So many bytes can be pasted; larger pictures are uploaded."""
_drawn = st.components.v2.component(
    "paste", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"), isolate_styles=False
)


def paste(brought: Callable[[bytes], object], too_large: Callable[[], object]) -> None:
    """
    Listen for pictures that are pasted; nothing is drawn.

    Streamlit's uploader takes files that are dropped or chosen, not the clipboard.

    Args:
        brought: told the bytes of a picture.
        too_large: called where there are more than `LARGEST`.
    """
    with st.container(key="paste-place", width="content"):
        _drawn(key=KEY, on_picture_change=lambda: _pasted(brought, too_large))


def _pasted(brought: Callable[[bytes], object], too_large: Callable[[], object]) -> None:
    said: dict[str, Any] = dict(st.session_state.get(KEY) or {}).get("picture") or {}
    data = said.get("data")
    if not isinstance(data, str) or len(data) > LARGEST * 4 // 3 + 4:
        too_large()
        return
    try:
        brought(base64.b64decode(data, validate=True))
    except binascii.Error:
        too_large()
