"""
Words of other languages read as English ones, for embedders that read only English.

By the vocabularies and the archive's own terms: words, phrases, forms of them, and compounds taken apart
(`flintøkse`: flint axe). A word of which a part is unknown stays as it is, and so does one that is English as well,
unless the words beside it tell that the text is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from archive_search.metadata.vocabularies import LANGUAGES, LOOKED_UP, Concept, every_concept
from archive_search.remark import Remark
from archive_search.types import ReadWord

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("es", "s"),
    "da": ("erne", "ene", "ers", "ens", "ets", "er", "en", "et", "ne", "es", "e", "r", "n", "t", "s"),
    "no": ("ene", "ers", "ens", "ets", "er", "en", "et", "es", "e", "r", "n", "t", "a", "s"),
    "sv": ("orna", "arna", "erna", "or", "ar", "er", "en", "et", "an", "na", "ns", "ts", "a", "n", "t", "s"),
    "de": ("ern", "en", "er", "es", "em", "e", "n", "s"),
    "nl": ("en", "jes", "je", "s", "e", "n"),
    "fr": ("es", "s", "x", "e"),
}
"""By which forms of one word differ from each other, in each language, the longest first."""
LINKS: Mapping[str, tuple[str, ...]] = {
    "da": ("", "s", "e", "er"),
    "no": ("", "s", "e", "er"),
    "sv": ("", "s", "e", "o", "u"),
    "de": ("", "s", "es", "n", "en", "er", "e"),
    "nl": ("", "s", "en", "e", "n", "er"),
}
"""What may stand between the parts of a compound, in the languages that have them."""
SHORTEST = 3
"""Letters of a part of a compound, and of what is left of a word without its ending."""
LONGEST = 60
"""Letters of the longest word that is taken apart."""
SMALL: Mapping[str, Mapping[str, str]] = {
    "da": {"med": "with", "uden": "without", "af": "of", "og": "and", "eller": "or", "på": "on", "i": "in",
           "fra": "from", "en": "a", "et": "a", "den": "the", "det": "the", "til": "for"},
    "no": {"med": "with", "uten": "without", "av": "of", "og": "and", "eller": "or", "på": "on", "i": "in",
           "fra": "from", "en": "a", "ei": "a", "et": "a", "til": "for"},
    "sv": {"med": "with", "utan": "without", "av": "of", "och": "and", "eller": "or", "på": "on", "i": "in",
           "från": "from", "en": "a", "ett": "a", "den": "the", "det": "the", "till": "for"},
    "de": {"mit": "with", "ohne": "without", "aus": "of", "von": "of", "und": "and", "oder": "or", "auf": "on",
           "im": "in", "ein": "a", "eine": "a", "einer": "a", "einem": "a", "der": "the", "die": "the", "das": "the",
           "für": "for"},
    "nl": {"met": "with", "zonder": "without", "van": "of", "en": "and", "op": "on", "uit": "from", "een": "a",
           "de": "the", "het": "the", "voor": "for"},
    "fr": {"avec": "with", "sans": "without", "de": "of", "d": "of", "du": "of", "des": "of", "en": "of", "et": "and",
           "ou": "or", "sur": "on", "dans": "in", "un": "a", "une": "a", "le": "the", "la": "the", "l": "the",
           "les": "the", "pour": "for"},
}  # fmt: skip
"""Small words, which are read as English ones beside a word of their language."""
SURE = {
    "da": "med uden af og eller på fra",
    "no": "med uten av og eller på fra",
    "sv": "med utan av och eller på från ett",
    "de": "mit ohne aus und oder eine einer für",
    "nl": "met zonder uit een het",
    "fr": "avec sans une dans sur pour",
}
"""Small words that are none of English: beside one of them, a word that may be English is not."""
_ENGLISH = frozenset(("a", "an", "the", "of", "with", "without", "and", "or", "from", "to", "by", "not", "is", "that"))
_WORD = re.compile(r"\w+(?:-\w+)*")
_Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A local term of an archive: what it is called there, in which language ('' for any), English words for it."""

    term: str
    language: str
    prompt: str
    aat: str = ""


def read_words(
    texts: Iterable[str], reads: Iterable[str] = ("en",), prefer: Sequence[str] = (), terms: Sequence[Term] = ()
) -> tuple[ReadWord, ...]:
    """
    The words of texts that belong together which are to be read as English ones, each once.

    Args:
        texts: those of one question.
        reads: the languages that the embedder reads; their words stay as they are, but are looked for in the catalogue
            by their English names too where those are not looked up anyway.
        prefer: languages, the likeliest first, where a word is of several.
        terms: the archive's own, which go before the vocabularies.
    """
    reading = _Reading([list(map(_folded, _WORD.findall(text))) for text in texts], tuple(reads), prefer, terms)
    return reading.words()


def in_english(text: str, words: Sequence[ReadWord]) -> str:
    """A text with what was read as English replaced; all else stays as it is written."""
    said = {tuple(one.typed.split()): one.read for one in words if one.read != one.typed}
    if not said:
        return text
    longest, found, at, done = max(map(len, said)), [""], 0, 0
    places = [(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(text)]
    while at < len(places):
        for length in range(min(longest, len(places) - at), 0, -1):
            phrase = tuple(word for _, _, word in places[at : at + length])
            if phrase in said:
                end = places[at + length - 1][1]
                joins = text[end : end + 1] in ("'", "’")  # "l'âge"
                found += [text[done : places[at][0]], said[phrase], " " if joins else ""]
                done, at = end + joins, at + length
                break
        else:
            at += 1
    return "".join([*found, text[done:]])


def remarks(words: Sequence[ReadWord]) -> tuple[str, ...]:
    """What people are told: which words were read as which."""
    small = {word for one in SMALL.values() for word in one}
    return tuple(
        Remark("“{typed}” was read as “{read}”.", typed=one.typed, read=one.read)
        for one in words
        if one.read != one.typed and one.typed not in small
    )


# ------------------------------------------------------------------ within


@dataclass
class _Reading:
    """The words of one question; who asks a language says it only once."""

    texts: Sequence[Sequence[str]]
    reads: tuple[str, ...]
    prefer: Sequence[str]
    terms: Sequence[Term]
    own: dict[_Phrase, Term] = field(default_factory=dict)
    prompts: set[_Phrase] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.own = {_phrase(one.term): one for one in self.terms}
        self.prompts = {_phrase(one.prompt) for one in self.terms}

    def words(self) -> tuple[ReadWord, ...]:
        every = [word for text in self.texts for word in text]
        said = {language: self._said(every, language) for language in LANGUAGES if language != "en"}
        told = [language for language in said if said[language]]
        order = sorted(told or said, key=lambda one: (-said[one], self._place(one)))
        english = (word for word in every if self._may_be_english(word) and _is_english(word))
        theirs = bool(told) and all(self._is_of(word, order[0]) for word in english)
        found: dict[str, ReadWord] = {}
        for text in self.texts:
            at = 0
            while at < len(text):
                length, one = self._at(text, at, order, order[0] if theirs else "")
                if one is not None:
                    found.setdefault(one.typed, one)
                at += length
        return tuple(found.values())

    def _place(self, language: str) -> int:
        order = [*self.prefer, *LANGUAGES]
        return order.index(language)

    def _said(self, words: Sequence[str], language: str) -> int:
        """How plainly words are of a language: those that are not English tell it, beside what they may mean there."""
        content = sum(not self._may_be_english(word) and bool(_meaning((word,), language)) for word in words)
        sure = sum(word in SURE[language].split() for word in words)
        meant = any(_meaning((word,), language) for word in words)
        return 10 * content + sure if content or (sure and meant) else 0

    def _may_be_english(self, word: str) -> bool:
        """Whether a word is one of English, whatever else it is, where English is asked in at all."""
        return (not self.prefer or "en" in self.prefer) and (word in _also_english() or _is_english(word))

    def _is_of(self, word: str, language: str) -> bool:
        return word in SMALL[language] or bool(_meaning((word,), language))

    def _at(self, text: Sequence[str], at: int, order: Sequence[str], theirs: str) -> tuple[int, ReadWord | None]:
        """How many words from here are read together, and as what."""
        own = max(map(len, (*self.own, *self.prompts)), default=0)
        for length in range(min(max(_longest(), own), len(text) - at), 0, -1):
            phrase = tuple(text[at : at + length])
            typed = " ".join(phrase)
            if (term := self.own.get(phrase)) is not None:
                kept = term.language in self.reads and term.language != "en"
                return length, self._read(typed, term.prompt, kept=kept)
            if phrase in self.prompts:
                return length, ReadWord(typed, typed, self._names(typed))
            english = length == 1 and self._may_be_english(phrase[0])
            if (english and not theirs) or (length > 1 and _meaning(phrase, "en")):
                if length == 1 and (names := self._names(typed)):
                    return 1, ReadWord(typed, typed, names)
                continue
            for language in (theirs,) if english else order:
                if length == 1 and language == theirs and phrase[0] in SMALL[language]:
                    return 1, None if language in self.reads else ReadWord(typed, SMALL[language][phrase[0]])
                if meaning := _meaning(phrase, language):
                    return length, self._translated(typed, meaning, language)
        typed = text[at]
        names = self._names(typed)
        return 1, ReadWord(typed, typed, names) if names else None

    def _translated(self, typed: str, meaning: str, language: str) -> ReadWord | None:
        if language in self.reads and language in LOOKED_UP:
            return self._named(typed, self._names(meaning))
        return self._read(typed, meaning, kept=language in self.reads)

    def _read(self, typed: str, english: str, kept: bool) -> ReadWord | None:
        names = self._names(english, typed)
        if kept:
            return self._named(typed, tuple(dict.fromkeys((english, *names))))
        return self._named(typed, names) if english == typed else ReadWord(typed, english, names)

    def _named(self, typed: str, names: tuple[str, ...]) -> ReadWord | None:
        return ReadWord(typed, typed, names) if names else None

    def _names(self, english: str, typed: str = "") -> tuple[str, ...]:
        """What else an English word is called in this archive's own terms and in languages that are not looked up."""
        own = [one.term for one in self.terms if _folded(one.prompt) == _folded(english)]
        wanted = [one for one in self.prefer if one not in LOOKED_UP and one in LANGUAGES]
        others = [word for one in _named_so(english) for language in wanted for word in one.words[language]]
        return tuple(dict.fromkeys(_folded(one) for one in (*own, *others) if _folded(one) != typed))


def _phrase(text: str) -> _Phrase:
    return tuple(map(_folded, _WORD.findall(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _bare(word: str) -> str:
    """A word without marks over its letters: German plurals have an umlaut ("Äxte")."""
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(one for one in apart if one != "\u0308"))


@lru_cache(maxsize=50_000)
def _meaning(phrase: _Phrase, language: str) -> str:
    """The English words for a phrase of a language; '' where it is none."""
    words = _words(language)
    for bare in (False, True) if language == "de" else (False,):
        *first, last = map(_bare, phrase) if bare else phrase
        for form in _forms(last, language):
            if (found := words[bare].get((*first, form))) is not None:
                return found
    return "" if len(phrase) > 1 else _apart(phrase[0], language)


def _forms(word: str, language: str) -> list[str]:
    """The word, then what is left without an ending, and with the letters that stand for another there."""
    found = [word]
    for ending in ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            base = word[: -len(ending)]
            found += [base, base + "e", base + "a"] if language in ("sv", "de", "da", "no") else [base]
            if base[-1] == base[-2]:
                found.append(base[:-1])  # kamme: kam
    return list(dict.fromkeys(found))


@lru_cache(maxsize=50_000)
def _apart(word: str, language: str) -> str:
    """The English words for the parts of a compound, the last as long as can be; '' where a part is unknown."""
    if language not in LINKS or not word.isalpha() or len(word) > LONGEST:
        return ""
    words = _words(language)[0]
    for at in range(SHORTEST, len(word) - SHORTEST + 1):
        head = next((words[(form,)] for form in _forms(word[at:], language) if (form,) in words), "")
        if not head:
            continue
        for first in _firsts(word[:at], language):
            if max(len(first), len(word) - at) > SHORTEST and (made := words.get((first,)) or _apart(first, language)):
                return f"{made} {head}"
    return ""


def _firsts(beginning: str, language: str) -> Iterator[str]:
    """What the first part of a compound may be, without what joins it to the next."""
    for link in LINKS[language]:
        first = beginning[: len(beginning) - len(link)]
        if beginning.endswith(link) and len(first) >= SHORTEST:
            yield from (first, f"{first}e") if link else (first,)


@cache
def _words(language: str) -> tuple[Mapping[_Phrase, str], Mapping[_Phrase, str]]:
    """The English word for each word and phrase of a language, as it is written and without marks."""
    found: dict[_Phrase, str] = {}
    for concept in every_concept():
        for word in concept.words[language]:
            found.setdefault(_phrase(word), concept.words["en"][0])
    return found, {tuple(map(_bare, phrase)): word for phrase, word in reversed(found.items())}


@cache
def _longest() -> int:
    return max(len(phrase) for language in LANGUAGES for phrase in _words(language)[0])


@cache
def _named_so(english: str) -> tuple[Concept, ...]:
    return tuple(one for one in every_concept() if english in one.words["en"])


@cache
def _also_english() -> frozenset[str]:
    file = files("archive_search.metadata.vocabularies") / "also-english.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


def _is_english(word: str) -> bool:
    return word in _ENGLISH or any((form,) in _words("en")[0] for form in _forms(word, "en"))
