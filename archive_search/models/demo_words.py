"""Reads text as the words that the demo encoder knows, and says which words it does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_ENDINGS = ("erne", "ene", "ies", "es", "er", "en", "et", "s", "e", "r", "n", "t")
"""Plural and definite endings, English and Danish, the longest first."""
_LINKS = ("", "s", "e")
"""What may stand between the parts of a Danish compound: `hjorte-tak`, `krigs-økse`."""
_LONGEST_PHRASE = 4


def fold(text: str) -> str:
    """Write text in small letters a to z as far as possible: `Økse` and `oekse` become the same word."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Reading:
    """A text as the encoder reads it: known words in their order, and unknown ones as they were written."""

    known: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """
    The words of the demo encoder.

    `words` are those that the network has a row for; `aliases` are other words and phrases, English and Danish,
    each standing for one or more of them ("" for none: articles, "picture", "museum").
    """

    words: tuple[str, ...]
    aliases: Mapping[str, str]

    @cached_property
    def _lexicon(self) -> dict[str, tuple[str, ...]]:
        """What every known word and phrase, folded, stands for."""
        lexicon: dict[str, tuple[str, ...]] = {word: (word,) for word in self.words}
        for alias, meaning in self.aliases.items():
            lexicon[" ".join(_WORD.findall(fold(alias)))] = tuple(meaning.split())
        return lexicon

    def read(self, text: str) -> Reading:
        """Read a text: phrases before words, inflected forms as their stem, Danish compounds as their parts."""
        written = [word.removesuffix("'s").removesuffix("’s") for word in text.split()]
        pieces = [piece for word in written for piece in _WORD.findall(unicodedata.normalize("NFKC", word))]
        folded = [fold(piece) for piece in pieces]
        known: list[str] = []
        unknown: list[str] = []
        at = 0
        while at < len(folded):
            for length in range(min(_LONGEST_PHRASE, len(folded) - at), 0, -1):
                meaning = self._phrase(folded[at : at + length])
                if meaning is not None:
                    known.extend(meaning)
                    at += length
                    break
            else:
                if not folded[at].isdigit():  # numbers are rarely words that a person misses
                    unknown.append(pieces[at].lower())
                at += 1
        return Reading(tuple(known), tuple(dict.fromkeys(unknown)))

    def _phrase(self, words: list[str]) -> tuple[str, ...] | None:
        """What these folded words stand for together, the last in any of its forms; None if nothing."""
        *first, last = words
        for form in _stems(last):
            meaning = self._lexicon.get(" ".join([*first, form]))
            if meaning is not None:
                return meaning
        return None if first else self._compound(last)

    def _compound(self, word: str) -> tuple[str, ...] | None:
        """The parts of a compound such as `bronzesværd`, None if it is none; both parts must be known."""
        for cut in range(len(word) - 3, 2, -1):
            head = self._head(word[cut:])
            if not head:
                continue
            for link in _LINKS:
                meaning = self._lexicon.get(word[:cut].removesuffix(link)) if word[:cut].endswith(link) else None
                if meaning:
                    return (*meaning, *head)
        return None

    def _head(self, word: str) -> tuple[str, ...] | None:
        """What the last part of a compound stands for, in any of its forms."""
        return next((self._lexicon[form] for form in _stems(word) if form in self._lexicon), None)


def _stems(word: str) -> Iterator[str]:
    """The word itself, then what remains without an ending, never fewer than three letters."""
    yield word
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3:
            yield stem
            if ending == "ies":
                yield stem + "y"
            if len(ending) > 1 and ending[0] == "e":
                yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]  # kamme -> kam
