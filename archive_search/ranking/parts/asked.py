"""The words that a text asks the catalogue for."""

from __future__ import annotations

from collections.abc import Sequence

from archive_search.metadata.translating import in_english
from archive_search.metadata.vocabularies import mentioned
from archive_search.metadata.words import stems, tokens
from archive_search.types import ReadWord


def asked_words(text: str) -> dict[str, float]:
    """The words to look for: those of the text, and what its known words are called in other languages, each once."""
    return dict.fromkeys((word for words in asked_groups(text).values() for word in words), 1.0)


def asked_groups(text: str, read: Sequence[ReadWord] = ()) -> dict[str, tuple[str, ...]]:
    """
    The same by what was typed: a word with its names in other languages, any of which answers it.

    A phrase of several words that names one thing ("arrow head") stands beside its words, with its other names. A word
    that is read as an English one is looked for as that, and by itself and the names that were told for it as well.
    """
    text = in_english(text, read)
    groups: dict[str, dict[str, None]] = {word: {word: None} for word in tokens(text)}
    for typed, concept in mentioned(text):
        others = [named[0] for phrase in concept.all_words() if len(named := tokens(phrase)) == 1]
        groups.setdefault(" ".join(tokens(typed)) or typed, {}).update(dict.fromkeys(others))
    for one in read:
        english = " ".join(tokens(one.read))
        if english in groups:
            for named in map(tokens, (one.typed, *one.also)):
                known = {stem for word in groups[english] for stem in stems(word)}
                if len(named) == 1 and known.isdisjoint(stems(named[0])):  # no record counts for saying it twice
                    groups[english][named[0]] = None
    return {typed: tuple(words) for typed, words in groups.items() if words}
