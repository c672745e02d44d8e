"""What words and phrases mean here: concepts of the vocabularies, and the archive's own terms, however inflected."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias
from weakref import WeakKeyDictionary

from archive_search.metadata.vocabularies import LOOKED_UP, Concept, vocabularies
from archive_search.types import FieldTable, Store
from archive_search.understanding.languages import GRAMMARS
from archive_search.understanding.typed import Word, folded, words_of

VALUES = 10_000
"""Values of a field that are read for their terms, the commonest."""
SHORTEST = 3
"""Letters that forms of one word share, at least."""
PLACES = ("findspot", "place", "origin", "location")
"""Fields of places, in the order in which a sentence most likely means them."""

Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """A concept, or the values of one of the archive's fields that a phrase names."""

    concept: Concept | None = None
    field: str = ""
    values: tuple[str, ...] = ()

    @property
    def is_thing(self) -> bool:
        """Whether it is a kind of object."""
        return self.field == "object_type" or (self.concept is not None and self.concept.vocabulary == "objects")

    @property
    def is_seen(self) -> bool:
        """Whether pictures can show it, and it is no kind of object."""
        if self.concept is not None:
            return self.concept.vocabulary != "objects"
        return self.field in ("material", "technique")


class Lexicon:
    """Meanings by phrase; words that differ in an ending of one language only are forms of each other."""

    def __init__(self, entries: Iterable[tuple[Phrase, Meaning, Sequence[str]]]) -> None:
        exact: dict[Phrase, list[Meaning]] = defaultdict(list)
        forms: dict[tuple[str, Phrase], list[Meaning]] = defaultdict(list)
        for phrase, meaning, languages in entries:
            if meaning in exact[phrase]:
                continue
            exact[phrase].append(meaning)
            for language in languages:
                for base in _bases(phrase[-1], language):
                    forms[language, (*phrase[:-1], base)].append(meaning)
        self._exact: Mapping[Phrase, list[Meaning]] = dict(exact)
        self._forms: Mapping[tuple[str, Phrase], list[Meaning]] = dict(forms)
        self.longest = max(map(len, self._exact), default=0)

    def knows(self, word: str, language: str) -> bool:
        """Whether a word is a form of one of a language."""
        return any((language, (base,)) in self._forms for base in _bases(word, language))

    def meanings(self, phrase: Phrase) -> tuple[Meaning, ...]:
        """What a phrase means, as it is written; else what the phrase does of which it is the nearest form."""
        if phrase in self._exact:
            return tuple(self._exact[phrase])
        found: dict[int, list[Meaning]] = defaultdict(list)
        for language in GRAMMARS:
            for base in _bases(phrase[-1], language):
                if some := self._forms.get((language, (*phrase[:-1], base))):
                    found[len(base)] += some
        return tuple(dict.fromkeys(found[max(found)])) if found else ()


def lexicons(store: Store) -> tuple[Lexicon, Lexicon]:
    """That of the vocabularies, and that of the archive's own terms, which is made once for a published store."""
    if store not in _LEXICONS:
        _LEXICONS[store] = Lexicon(_terms(store))
    return _vocabulary(), _LEXICONS[store]


_LEXICONS: WeakKeyDictionary[Store, Lexicon] = WeakKeyDictionary()


def known_at(words: Sequence[Word], at: int, lexicons: Sequence[Lexicon]) -> tuple[int, tuple[Meaning, ...]]:
    """How many words from here mean something together, at most, and what; 0 where not even one does."""
    longest = max(lexicon.longest for lexicon in lexicons)
    end = at + 1
    while end < len(words) and end - at < longest and not words[end].apart:
        end += 1
    for last in range(end, at, -1):
        phrase = phrase_of(" ".join(word.folded for word in words[at:last]))
        meanings = [one for lexicon in lexicons for one in lexicon.meanings(phrase)] if phrase else []
        if meanings:
            return last - at, tuple(meanings)
    return 0, ()


def named_in(text: str, lexicons: Sequence[Lexicon]) -> tuple[Meaning, ...]:
    """All that the words and phrases of a text mean, of overlapping ones the longest."""
    words, found, at = words_of(text), dict[Meaning, None](), 0
    while at < len(words):
        length, meanings = known_at(words, at, lexicons)
        found |= dict.fromkeys(meanings)
        at += length or 1
    return tuple(found)


def values_for(lexicon: Lexicon, field: str, words: Iterable[str]) -> tuple[str, ...]:
    """The values of a field that any of these words and phrases name."""
    phrases = sorted(filter(None, {phrase_of(word) for word in words}))
    meanings = (one for phrase in phrases for one in lexicon.meanings(phrase) if one.field == field)
    return tuple(dict.fromkeys(value for one in meanings for value in one.values))


def phrase_of(text: str) -> Phrase:
    """The words of a term as it is looked up; a hyphen joins no more than a space does."""
    return tuple(re.findall(r"[\w'.]+", folded(text)))


@cache
def _vocabulary() -> Lexicon:
    return Lexicon(
        (phrase_of(word), Meaning(one), (language,))
        for group in vocabularies().values()
        for one in group
        for language in LOOKED_UP
        for word in one.words[language]
    )


def _terms(store: Store) -> Iterator[tuple[Phrase, Meaning, Sequence[str]]]:
    """Every phrase that names values of a field, with all values that it names."""
    fields: FieldTable = store.fields
    for field in fields.terms:
        named: dict[Phrase, dict[str, None]] = defaultdict(dict)
        for value in store.facet(field, limit=VALUES):
            for one in (value, *(places_in(value) if field in PLACES else ())):
                phrase = phrase_of(one)
                if any(len(word) > 1 and not word.isdigit() for word in phrase):
                    named[phrase][value] = None
        for phrase, values in named.items():
            yield phrase, Meaning(field=field, values=tuple(values)), () if field in PLACES else tuple(GRAMMARS)


def places_in(value: str) -> tuple[str, ...]:
    """The places that a value names side by side: "Sarup, Fyn" is in Sarup, and on Fyn."""
    return tuple(one.strip() for one in re.split(r"[,/;()]|\s[-–>]\s", value) if one.strip())


@lru_cache(maxsize=100_000)
def _bases(word: str, language: str) -> tuple[str, ...]:
    """What is left of a word without one of the endings of a language, the longest first."""
    grammar = GRAMMARS[language]
    if grammar.umlauts:
        apart = unicodedata.normalize("NFD", word)
        word = "".join(one for one in apart if not unicodedata.combining(one))
    bases = [word, *(word[: -len(ending)] for ending in grammar.endings if word.endswith(ending))]
    return tuple(sorted({base for base in bases if len(base) >= SHORTEST}, key=len, reverse=True))
