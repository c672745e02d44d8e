"""The words that a text asks the catalogue for."""

from __future__ import annotations

from archive_search.metadata.vocabularies import mentioned
from archive_search.metadata.words import tokens


def asked_words(text: str) -> dict[str, float]:
    """The words to look for: those of the text, and what its known words are called in other languages, each once."""
    words = dict.fromkeys(tokens(text), 1.0)
    for _, concept in mentioned(text):
        for phrase in concept.all_words():
            if len(named := tokens(phrase)) == 1:
                words.setdefault(named[0], 1.0)
    return words
