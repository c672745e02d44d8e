"""
Small vocabularies that ship with the program: colours, materials, techniques, shapes, conditions, kinds of objects.

One TOML file each. A concept has its words in seven languages. Those below `read/` (more kinds of things, what is
depicted, sizes, periods) are only for reading words of other languages as English ones (see
`archive_search.metadata.translating`): no step reasons by them, so that they change nothing for English questions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

LANGUAGES = ("en", "da", "de", "sv", "no", "nl", "fr")
"""The languages that every concept has words in."""
LOOKED_UP = ("en", "da", "de")
"""Those by whose words steps find concepts, and whose names for one thing are looked for together."""


@dataclass(frozen=True, eq=False)
class Concept:
    """
    What several words mean; there is one object for each.

    `words` are those of each language, the usual one first. Of a colour, `basic` says which basic terms it is made of,
    and `finer` names the narrower term that is measured beside them ('' for none). `aat` is its number in Getty's Art &
    Architecture Thesaurus, '' where nobody has looked it up.
    """

    name: str
    vocabulary: str
    words: Mapping[str, tuple[str, ...]]
    basic: Mapping[str, float] = field(default_factory=dict)
    finer: str = ""
    aat: str = ""

    def all_words(self) -> tuple[str, ...]:
        """Its words in the languages that are looked up, each once."""
        return tuple(dict.fromkeys(word for language in LOOKED_UP for word in self.words[language]))


@cache
def vocabularies() -> Mapping[str, tuple[Concept, ...]]:
    """The concepts that steps reason by, by vocabulary, in the order of the files."""
    return _read(files(__name__))


@cache
def every_concept() -> tuple[Concept, ...]:
    """All concepts: those of the vocabularies, then those that are only read in other languages."""
    more = _read(files(__name__) / "read")
    return tuple(one for group in (*vocabularies().values(), *more.values()) for one in group)


def _read(folder: Traversable) -> dict[str, tuple[Concept, ...]]:
    found: dict[str, tuple[Concept, ...]] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            found[name] = tuple(
                Concept(
                    concept,
                    name,
                    {language: tuple(about[language]) for language in LANGUAGES},
                    dict(about.get("basic", {})),
                    str(about.get("finer", "")),
                    str(about.get("aat", "")),
                )
                for concept, about in data.items()
            )
    return found


def concepts(word: str, vocabulary: str = "") -> tuple[Concept, ...]:
    """Every concept that a word or phrase names, of one vocabulary or of all; `()` where it is in none."""
    found = _by_word().get(_folded(word), ())
    return tuple(one for one in found if vocabulary in ("", one.vocabulary))


def concept(word: str, vocabulary: str = "") -> Concept | None:
    """The concept that a word or phrase names, the first of several; None where it is in no vocabulary."""
    return next(iter(concepts(word, vocabulary)), None)


def mentioned(text: str, vocabulary: str = "") -> tuple[tuple[str, Concept], ...]:
    """The words and phrases of a text that name a concept, each with it, in order; of overlapping ones the longest."""
    tokens = _folded(text).split()
    found: list[tuple[str, Concept]] = []
    at = 0
    while at < len(tokens):
        for length in range(min(_longest(), len(tokens) - at), 0, -1):
            words = " ".join(tokens[at : at + length])
            one = concept(words, vocabulary)
            if one is not None:
                found.append((words, one))
                at += length
                break
        else:
            at += 1
    return tuple(found)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[\w-]+", text.casefold())).replace("_", " ")


@cache
def _by_word() -> Mapping[str, tuple[Concept, ...]]:
    found: dict[str, tuple[Concept, ...]] = {}
    for group in vocabularies().values():
        for one in group:
            for word in dict.fromkeys(map(_folded, (one.name, *one.all_words()))):
                found[word] = (*found.get(word, ()), one)
    return found


@cache
def _longest() -> int:
    return max(len(word.split()) for word in _by_word())
