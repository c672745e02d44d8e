"""
The words of a record as a sparse vector, the same on every store: tokens, compounds, stems, BM25F weights.

BM25F is that of Stephen Robertson and Hugo Zaragoza ("The Probabilistic Relevance Framework", 2009): every field, and
every column that no field was mapped to, has a length of its own, so that a painter's name in one column counts,
however long an essay stands in another. The mean length is fixed; how rare a word is in the archive is counted when it
is asked for. Qdrant's IDF modifier has the same formula, but the counts must be had anyway: to share a word's weight
among those of its stems that are held, and to weigh rare words in the step `text`. Stems are Snowball's (Martin Porter,
https://snowballstem.org), in the languages of the record, in all of them where nobody says.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.vocabularies import vocabularies
from archive_search.types import FieldTable, Payload

SPACE = "words"
"""The name of the sparse vectors; no space of dense ones may have it."""
STEMMERS = {"en": "english", "da": "danish", "de": "german"}
"""The languages whose words have stems; texts in others are stemmed in all of these."""
LANGUAGE, LANGUAGES = "language", "languages"
"""The payload's fields for the language that a record's metadata says, and for those of its archive."""
K1, B, MEAN_LENGTH = 0.6, 0.3, 8.0
"""Saturation, correction for a field's length, and the length that is not corrected: catalogue entries are short."""
UNMAPPED = 1.0
"""What a word weighs in a column that no field was mapped to; in fields, see the table of fields."""
COUNTED = 10_000
"""Records that hold a word are counted up to here: what is commoner weighs no less."""
_LINKS = ("", "s", "e", "er", "en", "n")
_SHORT = 3


def tokens(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _STOPPED]


def stems(word: str, languages: tuple[str, ...] = tuple(STEMMERS)) -> tuple[str, ...]:
    """What a folded word is looked up by: its different stems in these languages."""
    if _NUMBER.fullmatch(word):  # it has no ending, and every record has one of its own: not worth keeping
        return (word,)
    return _stems(word, languages)


@lru_cache(maxsize=100_000)
def _stems(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_stemmer(STEMMERS[language]).stemWord(word) for language in languages))


def stemmed(value: Any) -> tuple[str, ...]:
    """The languages with stems that a text or a list names ("da", "Danish", "en-GB; da"), as `STEMMERS` has them."""
    if value is None:
        return ()
    said = {_NAMED.get(word) for text in _texts(value) for word in re.findall(r"[^\W\d_]+", text.casefold())}
    return tuple(language for language in STEMMERS if language in said)


@lru_cache(maxsize=100_000)
def parts(word: str) -> tuple[str, ...]:
    """The known words that a compound is made of ("flintøkse": flint, økse); () where it is none."""
    known = _known()
    if word in known or len(word) < 2 * _SHORT:
        return ()
    for at in range(_SHORT, len(word) - _SHORT + 1):  # the longest known ending
        if word[at:] in known:
            first = next((word[: at - len(link)] for link in _LINKS if word[:at].endswith(link)
                          and word[: at - len(link)] in known), None)  # fmt: skip
            return (word[at:],) if first is None else (first, word[at:])
    return ()


def document(payload: Payload, fields: FieldTable = STANDARD) -> dict[int, float]:
    """The sparse vector of a record: BM25F's weight of each word in it, before the word's rarity."""
    languages = _languages(payload)
    counts: dict[int, float] = defaultdict(float)
    for value, weight in _columns(payload, fields):
        words = [word for text in _texts(value) for word in tokens(text)]
        length = 1 - B + B * len(words) / MEAN_LENGTH
        for word in words:
            for index in _indexes(word, languages):
                counts[index] += weight / length
    return {index: count * (K1 + 1) / (count + K1) for index, count in counts.items()}


def _indexes(word: str, languages: tuple[str, ...]) -> tuple[int, ...]:
    """The dimensions of the stems of a word and its parts."""
    return (number(word),) if _NUMBER.fullmatch(word) else _indexes_of(word, languages)


@lru_cache(maxsize=20_000)
def _indexes_of(word: str, languages: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(map(number, {stem for one in (word, *parts(word)) for stem in stems(one, languages)}))


def written(payload: Payload, words: Iterable[str], fields: FieldTable = STANDARD) -> list[str]:
    """
    The words by which a record answers to these, as it writes them: "Ornaments" to "ornamented".

    Of a compound, the part that answers.
    """
    languages = _languages(payload)
    asked = {stem for word in words for stem in stems(word)}
    texts = [text for value, _ in _columns(payload, fields) for text in _texts(value)]
    said = [one for text in texts for one in _said(text, languages)]
    return list(dict.fromkeys(word for word, found_by in said if not asked.isdisjoint(found_by)))


@lru_cache(maxsize=10_000)  # a collection says the same of many records
def _said(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The words of a text as it writes them, and the known parts of those that are compounds, each with its stems."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for word in re.findall(r"\w+", text):
        folded = word.casefold()
        if folded not in _STOPPED:
            found += [(word if one == folded else one, stems(one, languages)) for one in (folded, *parts(folded))]
    return tuple(found)


def question(words: Mapping[str, float], holding: Callable[[int], int], among: int) -> dict[int, float]:
    """
    The sparse vector of a question: each word's weight times its rarity, shared by those of its stems that are held.

    Args:
        words: folded words with their weights.
        holding: how many records hold a number.
        among: how many records there are.
    """
    found: dict[int, float] = {}
    for word, weight in words.items():
        counts = {index: count for stem in stems(word) if (count := holding(index := number(stem)))}
        for index, count in counts.items():
            rarity = math.log(1 + (max(among - count, 0) + 0.5) / (count + 0.5))
            found[index] = found.get(index, 0.0) + weight * rarity / len(counts)
    return found


def number(stem: str) -> int:
    """The dimension of a stem."""
    return zlib.crc32(stem.encode())


def _languages(payload: Payload) -> tuple[str, ...]:
    """Those in which a record's words have stems."""
    return stemmed(payload.get(LANGUAGE)) or stemmed(payload.get(LANGUAGES)) or tuple(STEMMERS)


def _columns(payload: Payload, fields: FieldTable) -> list[tuple[Any, float]]:
    """What stands in each field and column, and what a word weighs there."""
    extra = payload.get("extra")
    columns = [(value, UNMAPPED) for value in extra.values()] if isinstance(extra, Mapping) else []
    return [*((payload.get(field), weight) for field, weight in fields.words.items()), *columns]


def _texts(value: Any) -> Iterator[str]:
    """The texts and numbers in a value of any shape; addresses are no words."""
    if isinstance(value, str):
        if not _ADDRESS.match(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


_NUMBER = re.compile("[a-z]?[0-9]+")
_ADDRESS = re.compile(r"\s*https?://\S+\s*$", re.IGNORECASE)


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(language)


@cache
def _known() -> frozenset[str]:
    """Words of one piece, of materials and kinds of objects."""
    named = [word for name in ("materials", "objects") for one in vocabularies()[name] for word in one.all_words()]
    return frozenset(word.casefold() for word in named if word.isalpha() and len(word) >= _SHORT)


_NAMED = {
    name: language
    for language, names in {
        "en": "en eng english engelsk englisch",
        "da": "da dan danish dansk dänisch",
        "de": "de deu ger german tysk deutsch",
    }.items()
    for name in names.split()
}
_STOPPED = frozenset(
    [
        *("a", "an", "the", "of", "with", "and", "or", "in", "on", "from", "for", "to", "by", "at"),
        *("en", "et", "den", "det", "de", "af", "med", "og", "i", "på", "fra", "til", "som"),
        *("ein", "eine", "der", "die", "das", "mit", "und", "im", "aus", "von", "zu"),
    ]
)
