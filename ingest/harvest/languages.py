"""Which of the languages in which something is said is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Said: TypeAlias = Sequence[tuple[str, str]]
"""Texts that say the same, each with the tag of its language ('' where none is told), in the order of the source."""

_NONE = ("", "none", "und", "zxx", "mul", "x-none")
_SHORT = {
    "eng": "en", "dan": "da", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "dut": "nl", "nld": "nl",
    "swe": "sv", "nor": "no", "nob": "nb", "ita": "it", "spa": "es", "rum": "ro", "ron": "ro", "fin": "fi",
}  # fmt: skip
"""Tags of three letters (ISO 639-2) for those of two."""


def primary(tag: str) -> str:
    """The language itself of a tag: 'en' of 'en-GB', 'EN' and 'eng'; '' of one that names none."""
    first = tag.strip().replace("_", "-").split("-")[0].casefold()
    return "" if tag.strip().casefold() in _NONE else _SHORT.get(first, first)


def in_language(said: Said, languages: Sequence[str], untold: str = "") -> list[str]:
    """
    The texts in the first of these languages in which there is one, else those without a language, else the first's.

    Args:
        untold: the language of texts that tell none.
    """
    told = [(primary(tag) or primary(untold), text.strip()) for tag, text in said if text.strip()]
    kinds = list(dict.fromkeys(tag for tag, _ in told))
    wanted = next((one for one in (*map(primary, languages), "", *kinds) if one in kinds), None)
    return list(dict.fromkeys(text for tag, text in told if tag == wanted))


def one_of(said: Said, languages: Sequence[str], untold: str = "") -> str:
    """The first text that `in_language` takes; '' where there is none."""
    return next(iter(in_language(said, languages, untold)), "")
