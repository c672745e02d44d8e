"""
Small vocabularies that ship with the program: colours, materials, techniques, shapes, conditions, kinds of objects.

One TOML file each. A concept has its words in English, Danish and German; concepts of one group are siblings: what a
thing is instead, when it is not this.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from archive_search.types import Store

LANGUAGES = ("en", "da", "de")
"""The languages that every concept has words in."""


@dataclass(frozen=True, eq=False)
class Concept:
    """
    What several words mean; there is one object for each.

    `words` are those of each language, the usual one first. Of a colour, `basic` says which basic terms it is made of,
    and `finer` names the narrower term that is measured beside them ('' for none).
    """

    name: str
    vocabulary: str
    group: str
    words: Mapping[str, tuple[str, ...]]
    basic: Mapping[str, float] = field(default_factory=dict)
    finer: str = ""

    def all_words(self) -> tuple[str, ...]:
        """Its words in every language, each once."""
        return tuple(dict.fromkeys(word for words in self.words.values() for word in words))


@cache
def vocabularies() -> Mapping[str, tuple[Concept, ...]]:
    """All concepts by vocabulary, in the order of the files."""
    found: dict[str, tuple[Concept, ...]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            found[name] = tuple(
                Concept(
                    concept,
                    name,
                    str(about.get("group", "")),
                    {language: tuple(about[language]) for language in LANGUAGES},
                    dict(about.get("basic", {})),
                    str(about.get("finer", "")),
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


def siblings(word: str, beside: Sequence[str] = ()) -> tuple[str, ...]:
    """
    What a thing may be instead: the usual words of the other concepts of the group, in the word's own language.

    `siblings("red")` are the other basic colours, `siblings("jern")` the other metals in Danish; `()` where the word is
    in no vocabulary. A word of several languages ("flint") is taken for that of most known words of the texts `beside`
    it, for the first of `LANGUAGES` where these do not tell.
    """
    one = concept(word)
    if one is None:
        return ()
    asked = _folded(word)
    spoken = [language for language in LANGUAGES if _has(one, asked, language)] or [LANGUAGES[0]]
    known = [found for text in beside for found in mentioned(text)]
    language = max(spoken, key=lambda one: sum(_has(other, words, one) for words, other in known))
    others = [other for other in vocabularies()[one.vocabulary] if other.group == one.group and other != one]
    words = dict.fromkeys(other.words[language][0] for other in others)
    return tuple(other for other in words if _folded(other) != asked)


def facet_siblings(store: Store, word: str, fields: Sequence[str] = (), limit: int = 12) -> tuple[str, ...]:
    """
    What the archive's own catalogue says instead: the commonest other values of the field that holds this one.

    `()` where none of these fields has the word for a value; all that hold terms are asked where none is named.
    """
    asked = _folded(word)
    for name in fields or store.fields.terms:
        counts = store.facet(name, limit=200)
        if any(_folded(value) == asked for value in counts):
            return tuple(value for value in counts if _folded(value) != asked)[:limit]
    return ()


def _has(one: Concept, folded: str, language: str) -> bool:
    return any(_folded(word) == folded for word in one.words[language])


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
