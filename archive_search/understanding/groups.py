"""A sentence in groups of words that belong together: what leads to each group, and the items in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive_search.metadata.dates.periods import Span
from archive_search.understanding.languages import GRAMMARS, Cue, Grammar
from archive_search.understanding.lexicon import Lexicon, Meaning, known_at
from archive_search.understanding.typed import Word
from archive_search.understanding.when import datings, is_period


@dataclass
class Item:
    """
    One or several words that mean something together, or one that nobody knows.

    `start` and `end` are their own place, `lead` and `tail` that with the words before and after that belong to them.
    `named` tells that `years` are those of a period's name, `open` in which way they are; `joined` that an "and" stands
    before.
    """

    start: int
    end: int
    meanings: tuple[Meaning, ...] = ()
    years: Span | None = None
    named: bool = False
    joined: bool = False
    open: Cue | None = None
    lead: int = 0
    tail: int = 0

    @property
    def is_thing(self) -> bool:
        """Whether it names a kind of object."""
        return any(one.is_thing for one in self.meanings)

    @property
    def is_seen(self) -> bool:
        """Whether it names what pictures can show of one."""
        return any(one.is_seen for one in self.meanings)

    @property
    def is_known(self) -> bool:
        """Whether anybody knows it."""
        return bool(self.meanings) or self.years is not None


@dataclass
class Group:
    """Items behind one cue, up to the next or to a mark."""

    cue: Cue | None = None
    negated: bool = False
    items: list[Item] = field(default_factory=list)


class Reader:
    """Reads one sentence, by the lexicons of the vocabularies and of the archive."""

    def __init__(self, text: str, words: Sequence[Word], lexicons: tuple[Lexicon, Lexicon]) -> None:
        self.text, self.words, self.lexicons = text, words, lexicons
        self.languages = _languages(words, lexicons[0])
        self._cues = {at: found for at in range(len(words)) if (found := self._cue(at))}
        self._datings = datings(words, text, self._cues)
        self.groups: list[Group] = []
        self.empty: list[tuple[int, int]] = []
        """Words that belong to nothing."""
        self._waiting: list[Word] = []
        self._joined = False
        self._read()

    @property
    def nouns_apart(self) -> Grammar | None:
        """The grammar by which nouns before a noun are words of their own, if the sentence is in such a language."""
        return next((GRAMMARS[one] for one in self.languages if GRAMMARS[one].describing), None)

    # ------------------------------------------------------------------ going through

    def _read(self) -> None:
        self._begin(Group())
        at = 0
        while at < len(self.words):
            word = self.words[at]
            if word.apart:
                self._settle()
                self._begin(Group())
            if word.minus or word.plus:
                self._begin(Group(negated=word.minus))
            at += self._take(at)
        self._settle()

    def _take(self, at: int) -> int:
        """Take the words at a place, and tell how many they are."""
        if at in self._datings:
            last, dating = self._datings[at]
            self._add(
                Item(self.words[at].start, self.words[last - 1].end, years=dating.years, named=not dating.written)
            )
            return last - at
        length, meanings = known_at(self.words, at, self.lexicons)
        cue, words = self._cues.get(at, (None, 0))
        name = self._group.cue == "from" and length == 1 and self.words[at].text[:1].isupper()
        place = name and any(one.field for one in meanings) and cue != "from"
        if cue is not None and words >= length and not place:
            self._lead(cue, at, words)
            return words
        if length:
            self._add(Item(self.words[at].start, self.words[at + length - 1].end, meanings))
            return length
        self._unknown(self.words[at])
        return 1

    def _lead(self, cue: Cue, at: int, count: int) -> None:
        last = self._group.items[-1] if self._group.items else None
        if cue in ("later", "earlier"):
            if last is not None and last.years is not None and not self._waiting:
                last.open, last.tail = ("since" if cue == "later" else "until"), self.words[at + count - 1].end
                return
            cue = "skip"
        waiting = self.words[at : at + count]
        if cue == "not":
            self._begin(Group(negated=True))
        elif cue == "but":
            self._begin(Group())
        elif cue == "and":
            self._joined = True
        elif cue != "skip" and not (cue == "of" and self._group.negated and self._group.items):
            self._begin(Group(cue, self._group.negated and not self._group.items))
        self._waiting += waiting

    def _unknown(self, word: Word) -> None:
        parts = self._compound(word)
        for item in parts or [Item(word.start, word.end)]:
            self._add(item)

    def _add(self, item: Item) -> None:
        item.lead = self._waiting[0].start if self._waiting else item.start
        item.tail, item.joined = max(item.end, item.tail), self._joined and bool(self._group.items)
        self._waiting, self._joined = [], False
        self._group.items.append(item)

    def _begin(self, group: Group) -> None:
        if self.groups and not self.groups[-1].items:
            self.groups[-1] = group
        else:
            self.groups.append(group)
        self._joined = False

    def _settle(self) -> None:
        """Give the words that lead to nothing to the item before them."""
        if self._waiting and self._group.items:
            self._group.items[-1].tail = self._waiting[-1].end
        else:
            self.empty += [(word.start, word.end) for word in self._waiting]
        self._waiting = []

    @property
    def _group(self) -> Group:
        return self.groups[-1]

    # ------------------------------------------------------------------ looking up

    def _cue(self, at: int) -> tuple[Cue, int] | None:
        best: tuple[Cue, int] | None = None
        for language in (*self.languages, *(one for one in GRAMMARS if one not in self.languages)):
            grammar = GRAMMARS[language]
            for length in range(min(grammar.longest, len(self.words) - at), best[1] if best else 0, -1):
                some = self.words[at : at + length]
                phrase = tuple(word.folded for word in some)
                if phrase not in grammar.phrases or any(word.apart for word in some[1:]):
                    continue
                if phrase == ("no",) and self.text[some[0].end : some[0].end + 1] == ".":
                    continue
                if language in self.languages or " ".join(phrase) in grammar.sure.split():
                    best = grammar.phrases[phrase], length
                    break
        return best

    def _compound(self, word: Word) -> list[Item]:
        """What a thing is made of or when, and the thing, where a word of Danish or German says both."""
        if len(word.folded) != len(word.text):
            return []
        for at in range(3, len(word.text) - 2):
            things = [one for lexicon in self.lexicons for one in lexicon.meanings((word.folded[at:],)) if one.is_thing]
            if not things or not _has_compounds(things):
                continue
            for join in sorted({join for grammar in GRAMMARS.values() for join in grammar.joins}, key=len):
                first = word.folded[:at].removesuffix(join)
                if not word.folded[:at].endswith(join) or len(first) < 3:
                    continue
                made = tuple(one for one in self.lexicons[0].meanings((first,)) if _composes(one))
                years = is_period(first)
                if made or years is not None:
                    begin = Item(word.start, word.start + len(first), made, None if made else years, not made)
                    begin.tail = word.start + at  # with the letters that join them
                    return [begin, Item(begin.tail, word.end, tuple(things))]
        return []


def _has_compounds(things: Sequence[Meaning]) -> bool:
    """Whether a thing is called by a word of a language that makes compounds."""
    languages = [language for language, grammar in GRAMMARS.items() if grammar.joins]
    return any(one.concept is None or any(one.concept.words[language] for language in languages) for one in things)


def _composes(one: Meaning) -> bool:
    return one.concept is not None and one.concept.vocabulary in ("materials", "colours")


def _languages(words: Sequence[Word], vocabulary: Lexicon) -> tuple[str, ...]:
    """The languages that most of the words are of; all where none is known."""
    scores = {
        language: sum(
            ((word.folded,) in grammar.phrases)
            + vocabulary.knows(word.folded, language)
            + any(letter in word.folded for letter in grammar.letters)
            for word in words
        )
        for language, grammar in GRAMMARS.items()
    }
    return tuple(language for language, score in scores.items() if score == max(scores.values()))
