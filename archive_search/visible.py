"""Text from outside made fit to be shown: what has no sign of its own stands as an escape that can be read."""

from __future__ import annotations

import re

_LINES = "\t\n"
_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: the escapes of terminals, line ends
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they turn round what stands beside them
    "\ud800-\udfff]"  # lone halves of a surrogate pair, which no encoding can write
)
_NAMED = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def visible(text: str, lines: bool = False) -> str:
    r"""
    Text with every control character, directional override and lone surrogate as its escape: `\x1b`, `\u202e`.

    All other characters stay. With `lines` tabs and line ends stay too, every line end as a line feed.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")

    def escape(found: re.Match[str]) -> str:
        one = found[0]
        if lines and one in _LINES:
            return one
        return _NAMED.get(one) or (f"\\x{ord(one):02x}" if ord(one) < 0x100 else f"\\u{ord(one):04x}")

    return _UNSHOWABLE.sub(escape, text)
