"""The words of a sentence with their places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_ENDS = re.compile(r"[,;:()\[\]\n!?]|(?<=[^\W\d]{4})\.(?=\s)|\s[-–—]\s")
"""What ends a group of words: a mark, a full stop after a word that is no abbreviation, a dash."""
_SIGN = re.compile(r"(?:^|(?<=\s))[-−+]$")


@dataclass(frozen=True, slots=True)
class Word:
    """
    A word, or a part of a compound, and its place in the text.

    `apart` tells that a mark stands between it and the word before, `minus` and `plus` that a sign of its own does.
    """

    start: int
    end: int
    text: str
    folded: str
    apart: bool = False
    minus: bool = False
    plus: bool = False


def words_of(text: str) -> tuple[Word, ...]:
    """The words in order; marks between them are none."""
    found: list[Word] = []
    before = 0
    for match in _WORD.finditer(text):
        between = text[before : match.start()]
        sign = "" if match[0][0].isdigit() else "".join(_SIGN.findall(between))
        apart = bool(found) and bool(_ENDS.search(text[max(before - 4, 0) : before] + between, min(before, 4)))
        found.append(
            Word(match.start(), match.end(), match[0], folded(match[0]), apart, sign in ("-", "−"), sign == "+")
        )
        before = match.end()
    return tuple(found)


def folded(text: str) -> str:
    """A word as it is looked up."""
    return unicodedata.normalize("NFC", text).casefold().replace("’", "'")
