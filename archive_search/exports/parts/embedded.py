"""JSON inside a web page: it cannot end the element that it stands in, and comes out as it was written."""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\\(u003[ce]|u0026|.)", re.DOTALL)
_ESCAPED = {"u003c": "<", "u003e": ">", "u0026": "&"}


def in_page(text: str) -> str:
    """JSON without <, > and &, which only its texts hold: written as escapes."""
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def from_page(text: str) -> str:
    """The JSON that `in_page` made it of, letter by letter."""
    return _ESCAPES.sub(lambda found: _ESCAPED.get(found[1], found[0]), text)
