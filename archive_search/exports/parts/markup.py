"""Texts for formats whose readers may take some of them for markup."""

from __future__ import annotations

import re

JOINER = "\u2060"
"""The word joiner: invisible, of no width; in HTML a < before it is a sign like others."""
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


def no_markup(text: str) -> str:
    """The same text to look at, in which no < begins markup: an invisible word joiner follows each that would."""
    return _MARKUP.sub(f"<{JOINER}", text)
