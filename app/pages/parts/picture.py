"""A picture to be looked at closely: zoomed, with its parts as boxes to search by, and a part drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from app.language import _, number
from app.wording import alternative, picture_address
from archive_search.types import Box, Hit

_HERE = Path(__file__)
_HTML = """<div class="picture">
<div class="frame" tabindex="0" role="group"><div class="stage"><img class="large" draggable="false"><div class="drawn" hidden></div></div></div>
<div class="drawn-bar" hidden>
<button type="button" data-act="search" data-said="1"></button>
<button type="button" data-act="collect" data-said="1"></button>
<button type="button" data-act="drop" data-said="1"></button>
</div>
<div class="tools" role="toolbar">
<button type="button" data-act="in">+</button><button type="button" data-act="out">−</button>
<button type="button" data-act="whole" data-said="1"></button>
<button type="button" data-act="draw" data-said="1"></button>
<button type="button" data-act="parts" data-said="1"></button>
<a data-act="alone" data-said="1" target="_blank"></a>
</div>
<span class="said" role="status"></span>
</div>"""  # noqa: E501
_drawn = st.components.v2.component(
    "picture",
    html=_HTML,
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Part:
    """What a person wants of a part of the picture: search by it, or collect it."""

    box: Box
    act: Literal["search", "collect"]


def picture(hit: Hit, boxes: Sequence[Box], best: Box | None = None, collects: bool = True) -> Part | None:
    """
    Draw a record's picture large.

    Args:
        hit: the record, with its payload.
        boxes: its parts, each to be searched by.
        best: the one that fits the question best, which is marked.
        collects: whether a part can be collected.

    Returns:
        The part that was wanted by the click that led to this run, if any.
    """
    payload = hit.payload
    known = [*boxes, *([best] if best and best not in boxes else [])]
    data = {
        "source": picture_address(hit.id),
        "small": f"/thumbnail/{payload['thumbnail']}" if payload.get("thumbnail") else "",
        "alternative": alternative(payload),
        "width": payload.get("width") or 0,
        "height": payload.get("height") or 0,
        "boxes": [_box(one, place, one == best) for place, one in enumerate(known, 1)],
        "collects": collects,
        "texts": {
            "frame": _("The picture: plus and minus zoom, 0 shows the whole, D marks a part, P shows its parts"),
            "in": _("Zoom in"),
            "out": _("Zoom out"),
            "whole": _("Whole"),
            "draw": _("Mark a part"),
            "drawing": _("Draw a rectangle, or move one with the arrow keys and Shift for its size"),
            "parts": _("Parts ({count})").format(count=number(len(known))),
            "alone": _("Open alone"),
            "search": _("Search by this part"),
            "collect": _("Collect this part"),
            "drop": _("Drop it"),
        },
    }
    told = _drawn(key="picture", data=data, on_wanted_change=lambda: None)
    wanted: Any = getattr(told, "wanted", None)
    return _read(wanted)


def _box(box: Box, place: int, best: bool) -> dict[str, Any]:
    said = _("Part {number}: search by it").format(number=number(place))
    return {"box": list(box), "best": best, "said": f"{_('This part fits best')}. {said}" if best else said}


def _read(wanted: Any) -> Part | None:
    """What the browser sent, if it is a part of a picture."""
    if not isinstance(wanted, dict) or wanted.get("act") not in ("search", "collect"):
        return None
    try:
        left, top, right, bottom = (round(float(one), 3) for one in wanted["box"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        return None
    return Part(Box(left, top, right, bottom), wanted["act"])
