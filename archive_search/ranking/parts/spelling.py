"""Words that no record holds, taken for words of the archive that are spelled almost alike."""

from __future__ import annotations

from functools import cache
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive_search.calibration.phrase_bank import neutral_phrases
from archive_search.metadata.vocabularies import concept, vocabularies
from archive_search.metadata.words import tokens
from archive_search.ranking.parts.asked import asked_groups, asked_words
from archive_search.remark import Remark, either
from archive_search.search import SearchContext
from archive_search.types import Store

SHORTEST, LONG = 4, 8
"""Letters of a word from which on one edit is forgiven, and from which on two are."""
ALTERNATIVES = 3
"""Words that a misspelled one is taken for, at most."""
VALUES = 10_000
"""Values of each field that are read for their words, the commonest."""
_WORDS: WeakKeyDictionary[Store, tuple[str, ...]] = WeakKeyDictionary()  # of published stores, to read them once


def looked_for(search: SearchContext, text: str) -> dict[str, float]:
    """The words to look for in the catalogue, those that no record holds replaced: all words of `wanted_groups`."""
    return dict.fromkeys((word for words in wanted_groups(search, text).values() for word in words), 1.0)


def wanted_groups(search: SearchContext, text: str) -> dict[str, tuple[str, ...]]:
    """
    What was typed, each with the words to look for; those that no record holds are replaced, with a remark.

    A word of letters only that no record, no vocabulary and no neutral phrase has is taken for the nearest words of the
    archive's terms and of the vocabularies: one edit away (a letter more, less, other, or two exchanged), from `LONG`
    letters on two. Words that stand elsewhere in the metadata alone are not among them: the index keeps no words. What
    is taken for nothing has no words.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for typed, words in asked_groups(text, search.words(text)).items():
        if len(words) > 1 or not is_strange(search.store, typed):
            groups[typed] = words
            continue
        meant = {one: found for one in alike(search.store, typed) if (found := _held(search.store, one))}
        groups[typed] = tuple(dict.fromkeys(word for found in meant.values() for word in found))
        if meant:
            search.findings.remarks.append(
                Remark("No record says {word}: looked for {meant}.", word=repr(typed), meant=either([*meant]))
            )
    return groups


def is_strange(store: Store, word: str) -> bool:
    """Whether a folded word could be misspelled: of letters, not too short, known to nobody and held by no record."""
    return len(word) >= SHORTEST and word.isalpha() and not is_common(word) and not store.holding(word)


def is_common(word: str) -> bool:
    """Whether a word is no name: a vocabulary has it, or a neutral phrase."""
    return concept(word) is not None or word in _household()


@cache
def _household() -> frozenset[str]:
    return frozenset(word for phrase in neutral_phrases() for word in tokens(phrase))


def _held(store: Store, word: str) -> tuple[str, ...]:
    """What a word asks for, where a record holds any of it."""
    words = tuple(asked_words(word))
    return words if any(map(store.holding, words)) else ()


def alike(store: Store, word: str) -> tuple[str, ...]:
    """The words of the archive's terms and of the vocabularies that are spelled most like a folded word."""
    edits = 2 if len(word) >= LONG else 1
    found = process.extract(word, _words(store), scorer=OSA.distance, score_cutoff=edits, limit=None)
    least = min((distance for _, distance, _ in found), default=0)
    return tuple(one for one, distance, _ in found if distance == least)[:ALTERNATIVES]


def _words(store: Store) -> tuple[str, ...]:
    if store not in _WORDS:
        values = (value for field in store.fields.terms for value in store.facet(field, limit=VALUES))
        named = (word for group in vocabularies().values() for one in group for word in one.all_words())
        every = {
            word for text in (*values, *named) for word in tokens(text) if len(word) >= SHORTEST and word.isalpha()
        }
        _WORDS[store] = tuple(sorted(every))
    return _WORDS[store]
