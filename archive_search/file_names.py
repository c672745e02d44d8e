"""Safe file names from any text: the same on every system, in one folder, telling what they are of."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
"""Bytes of UTF-8 that a name may have with its ending; file systems allow 255, and folders above it need room."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\u2044\u2215\u29f8\uff0f\uff3c]')
"""What some system takes for a sign of its own, and what looks like its separators."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE)
"""Names of devices on Windows, whatever ending follows."""
_JOINERS = "\u200c\u200d"
"""Invisible signs that letters of some scripts, and emoji, need."""


def safe_name(text: str, ending: str = "", longest: int = LONGEST) -> str:
    """
    Make a text the name of a file: letters of every script stay, whatever a system would take for an order goes.

    Names are no longer than `longest` bytes; they hold no separator, no control or invisible character; they begin with
    neither dot nor hyphen and end with neither dot nor space; none is the name of a device. What is left of nothing is
    `_`.

    Args:
        ending: what it ends with, such as `.jpg`; made safe as well.
    """
    last = _clean(ending.removeprefix(".")).strip(". ")
    last = f".{_cut(last, 16)}" if last else ""
    name = _clean(text).lstrip(".-~ ").rstrip(". ")
    name = _cut(name, longest - len(last.encode()) - 1).rstrip(". " + _JOINERS)
    name = name or "_"
    return f"_{name}{last}" if _RESERVED.match(f"{name}{last}") else f"{name}{last}"


class SafeNames:
    """Safe names of one folder: none is given twice, also where a system takes capitals for small letters."""

    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = {_same(name) for name in taken}

    def __call__(self, text: str, ending: str = "") -> str:
        """A name for a text as `safe_name` makes it, with a number behind it where it is taken."""
        name, number = safe_name(text, ending), 1
        while _same(name) in self._taken:
            number += 1
            behind = f" ({number})"
            stem = safe_name(text, ending, LONGEST - len(behind))
            dot = stem.rfind(".") if ending else len(stem)
            name = f"{stem[:dot]}{behind}{stem[dot:]}"
        self._taken.add(_same(name))
        return name


def _clean(text: str) -> str:
    """The text in one line without what has no sign of its own, in composed letters."""
    composed = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", text))
    kept = ("" if _is_invisible(one) else " " if one.isspace() else one for one in composed)
    return " ".join("".join(kept).split())


def _is_invisible(one: str) -> bool:
    if one.isspace():
        return False
    return unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") and one not in _JOINERS


def _cut(text: str, longest: int) -> str:
    """The beginning of a text that has at most so many bytes, without a letter's half or a lone accent's base lost."""
    return text.encode("utf-8", "ignore")[: max(longest, 0)].decode("utf-8", "ignore")


def _same(name: str) -> str:
    """What two names have in common that some system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
