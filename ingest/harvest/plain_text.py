"""HTML in metadata, reduced to the text that it shows."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<!--[^<>]*-->|<(/?)([A-Za-z][A-Za-z0-9]*)\b([^<>]*)>")
_SHOWN = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "body",
        "br",
        "center",
        "cite",
        "code",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "ins",
        "kbd",
        "li",
        "link",
        "mark",
        "meta",
        "nobr",
        "object",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
"""Names of tags; <Büsum> and < 5 cm are none."""
_HIDDEN = frozenset(("script", "style", "head"))
_APART = frozenset(
    [
        "address",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def plain_text(text: str) -> str:
    """
    The same text without tags; paragraphs stand on lines of their own, scripts and styles are left out.

    Only tags of HTML are taken for such, and only entities that end in a semicolon: an address with `&copy=1` and
    "W. Clausen <Büsum>" stay as they are. What comes out is text: pages have to write a `<` in it as such.
    """
    if not _TAG.search(text):
        return _ENTITY.sub(_sign, text).strip()
    parts: list[str] = []
    hidden, last = "", 0
    for found in _TAG.finditer(text):
        name = (found[2] or "").lower()
        if name and name not in _SHOWN:
            continue
        if not hidden:
            parts.append(_ENTITY.sub(_sign, " ".join(text[last : found.start()].split("\n"))))
        last = found.end()
        if name in _HIDDEN:
            hidden = "" if found[1] else hidden or name
        elif name in _APART:
            parts.append("\n")
    if not hidden:
        parts.append(_ENTITY.sub(_sign, text[last:]))
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _sign(found: re.Match[str]) -> str:
    return html.unescape(found[0])
