"""Words that were typed and that nobody knows, with those of the archive that are spelled almost alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive_search.metadata.translating import read_words
from archive_search.metadata.words import tokens
from archive_search.ranking.parts.spelling import alike, is_strange
from archive_search.types import Store
from archive_search.understanding.typed import words_of


@dataclass(frozen=True, slots=True)
class Misspelled:
    """A word of a text by its place, and what it may have meant, the likeliest first."""

    start: int
    end: int
    word: str
    meant: tuple[str, ...]

    def corrected(self, text: str, meant: str = "") -> str:
        """The text with the word replaced, by the likeliest where none is named; capitals at its beginning stay."""
        word = meant or self.meant[0]
        if self.word[:1].isupper():
            word = word[:1].upper() + word[1:]
        return text[: self.start] + word + text[self.end :]


def misspelled(text: str, store: Store) -> tuple[Misspelled, ...]:
    """
    The words of a text that no record, no vocabulary and no neutral phrase has, and that some word here is almost like.

    That is said of a word that the embedder may know as well: an archive that holds nothing of it is better asked for
    what it holds. Words that the archive's records hold come first, the commonest of them before others.
    """
    return tuple(_misspelled(text, store))


def _misspelled(text: str, store: Store) -> Iterator[Misspelled]:
    known = {word for one in read_words([text]) for word in one.typed.split()}
    for word in words_of(text):
        if word.folded in known or not word.text.isalpha() or not tokens(word.folded):
            continue
        if not is_strange(store, word.folded):
            continue
        meant = sorted(alike(store, word.folded), key=lambda one: -store.holding(one))
        if meant:
            yield Misspelled(word.start, word.end, word.text, tuple(meant))
