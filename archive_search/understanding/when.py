"""Datings in a sentence: which of its words name years, and what a period's name means in an archive."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from weakref import WeakKeyDictionary, proxy

from archive_search.metadata.dates.periods import SOUTHERN_SCANDINAVIA, Span
from archive_search.metadata.dates.reading import Dating, parse_dating
from archive_search.metadata.dates.words import lexicon_of, tokens_of
from archive_search.metadata.fields import YEARS
from archive_search.types import Match, Store
from archive_search.understanding.languages import GRAMMARS, Cue
from archive_search.understanding.typed import Word, folded

LONGEST = 8
"""Words of a dating, at most."""
VALUES = 1000
"""Names of periods that an archive is looked through for, the commonest."""
BARE = (1000, 2100)
"""A number that stands alone, without a word that leads to it, is a year between these."""
_UNITS = frozenset(["mm", "cm", "m", "km", "g", "kg", "mg", "gram", "grams", "pcs", "stk", "stück", "x", "years", "år"])
_NUMBERS = frozenset(["no", "nr", "number", "nummer", "inv", "acc", "inventory", "inventar"])
LEADING: tuple[Cue, ...] = ("from", "before", "after", "until", "since")
_TELLING = ("number", "ordinal", "tens", "unit", "period")


def datings(words: Sequence[Word], text: str, cues: Mapping[int, tuple[Cue, int]]) -> dict[int, tuple[int, Dating]]:
    """
    The datings by the place of their first word: the place behind the last, and the years.

    `cues` are the places of phrases of grammar, each with how many words it has: no dating begins with one.
    """
    led = {at + length for at, (cue, length) in cues.items() if cue in LEADING}
    open_at = {at for at, (cue, _) in cues.items() if cue in ("later", "earlier", "not", "with", "by")}
    found: dict[int, tuple[int, Dating]] = {}
    at = 0
    while at < len(words):
        longest = None if at in cues else _longest(words, text, at, at in led, open_at)
        if longest is None:
            at += 1
        else:
            found[at] = longest
            at = longest[0]
    return found


class Periods:
    """The periods of one generation of an archive, each thing about them asked of it once."""

    def __init__(self, store: Store) -> None:
        self._store = proxy(store)
        self._years: dict[tuple[str, ...], Span | None] = {}
        self.called = tuple(store.facet("period", limit=VALUES)) if "period" in store.fields.keywords else ()
        """What the archive calls its periods."""
        self.dated = store.ends("date_to") is not None
        """Whether any record is dated to years."""

    def named(self, name: str, years: Span) -> tuple[str, ...]:
        """What the archive calls a period of this name, or of these years."""
        said = ((one, one.casefold()) for one in self.called)
        return tuple(one for one, plain in said if plain == folded(name) or SOUTHERN_SCANDINAVIA.get(plain) == years)

    def years(self, called: tuple[str, ...]) -> Span | None:
        """From the first to the last year of the records that these periods date; None where they date none."""
        if called and called not in self._years:
            where = (Match("period", called), Match("dated_by", ("period",)))
            starts, ends = (self._store.ends(field, where) for field in YEARS)
            self._years[called] = None if starts is None or ends is None else (int(starts[0]), int(ends[1]))
        return self._years.get(called)


_PERIODS_OF: WeakKeyDictionary[Store, Periods] = WeakKeyDictionary()


def periods(store: Store) -> Periods:
    """Those of a published store."""
    if store not in _PERIODS_OF:
        _PERIODS_OF[store] = Periods(store)
    return _PERIODS_OF[store]


def is_period(piece: str) -> Span | None:
    """The years of a period's name as the table has it, or of the adjective made of it."""
    for one in _undone(folded(piece)):
        if (span := SOUTHERN_SCANDINAVIA.get(one)) is not None:
            return span
    return None


def _undone(word: str) -> Iterator[str]:
    yield word
    for grammar in GRAMMARS.values():
        yield from (word.removesuffix(ending) for ending in grammar.derived if word.endswith(ending))


def _longest(words: Sequence[Word], text: str, at: int, led: bool, ends: Container[int]) -> tuple[int, Dating] | None:
    """The longest dating that begins with a word, of which every word at the edges counts."""
    first = words[at]
    if first.folded not in SOUTHERN_SCANDINAVIA and (adjective := is_period(first.folded)) is not None:
        return at + 1, Dating(adjective, written=False)
    if not _speaks(first.folded):
        return None
    start = first.start - (text[: first.start][-1:] in ("-", "−") and first.text[0].isdigit())
    end = at + 1
    while end - at < LONGEST and end < len(words) and not words[end].apart and end not in ends:
        if not _speaks(words[end].folded):
            break
        end += 1
    for last in range(end, at, -1):
        piece = text[start : words[last - 1].end]
        dating = parse_dating(piece)
        if dating is None or not _tells(piece):
            continue
        if last > at + 1 and not _tells_era(words[last - 1]) and _reads(text, start, words[last - 2].end) == dating:
            continue  # the last word adds nothing
        after = words[at + 1].start if last > at + 1 else 0
        if after and not _tells_era(first) and _reads(text, after, words[last - 1].end) == dating:
            return None  # the first word adds nothing
        if last == at + 1 and first.text.isdigit() and not _is_year(words, at, led):
            return None
        return last, dating
    return None


def _reads(text: str, start: int, end: int) -> Dating | None:
    return parse_dating(text[start:end])


def _tells_era(word: Word) -> bool:
    """Whether a word is of the date even where it changes nothing: 800 AD is 800."""
    token = lexicon_of(SOUTHERN_SCANDINAVIA).phrases.get(tuple(re.split(r"[-.]+", word.folded.strip("."))))
    return token is not None and token.kind == "era"


def _is_year(words: Sequence[Word], at: int, led: bool) -> bool:
    """Whether a number that stands alone is rather a year than a measure, or the number of a thing."""
    if at + 1 < len(words) and words[at + 1].folded in _UNITS:
        return False
    if at and words[at - 1].folded in _NUMBERS:
        return False
    return led or BARE[0] <= int(words[at].text) <= BARE[1]


def _tells(piece: str) -> bool:
    tokens, _ = tokens_of(folded(piece), lexicon_of(SOUTHERN_SCANDINAVIA))
    return any(token.kind in _TELLING for token in tokens)


def _speaks(word: str) -> bool:
    """Whether a word can be one of a dating."""
    return word[:1].isdigit() or all(one in _date_words() for one in re.split(r"[-.]", word))


_RATHER = frozenset(["fine"])
"""What is a word of dates in another language than those that sentences are typed in."""


@cache
def _date_words() -> frozenset[str]:
    phrases = lexicon_of(SOUTHERN_SCANDINAVIA).phrases
    return frozenset(word for phrase in phrases for one in phrase for word in (one, f"{one}s")) - _RATHER
