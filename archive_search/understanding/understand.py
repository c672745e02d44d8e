"""What a sentence asks for, as the stages of a search: by vocabularies, the archive's own terms, plain grammar."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Protocol

from archive_search.metadata.words import tokens
from archive_search.ranking.parts.spelling import alike
from archive_search.types import ArchiveSearchError, Embedder, Store
from archive_search.understanding.groups import Group, Item, Reader
from archive_search.understanding.languages import Cue
from archive_search.understanding.lexicon import PLACES, Meaning, lexicons, values_for
from archive_search.understanding.typed import words_of
from archive_search.understanding.understood import Left, Part, Role, Source, Understood, Years
from archive_search.understanding.when import periods

MOST_WORDS = 60
"""What is longer is no question."""
MOST_VALUES = 50
"""Values that one filter asks for, at most; of a word that names more the catalogue's words must tell."""
CREATORS = ("creator",)


class Sentences(Protocol):
    """What a sentence is understood in: an archive."""

    @property
    def store(self) -> Store:
        """The published generation."""
        ...

    def default_space(self) -> str:
        """The space searched when none is named."""
        ...

    def embedder(self, space: str) -> Embedder:
        """The loaded embedder of a space."""
        ...


def understand(text: str, archive: Sentences) -> Understood:
    """
    A sentence as stages: "polished flint axe from Jutland, not a drawing" is an axe, polished, of flint, no drawing,
    from there.

    It may be in English, Danish or German. Only words of the sentence are asked for; a filter asks for the archive's
    own terms, and only where it has them. Nothing is searched, and whoever shows it shows what was taken for what.

    Raises:
        ArchiveError: If nothing was published yet.
    """
    words = words_of(text)
    if not words or len(words) > MOST_WORDS or not _can_be_written(text):
        return Understood(text, (), tuple(Left(one.start, one.end, one.text, "empty") for one in words))
    sentence = Reader(text, words, lexicons(archive.store))
    return _Offer(sentence, archive).understood()


def _can_be_written(text: str) -> bool:
    """Whether it holds no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Offer:
    """The groups of one sentence, made parts."""

    def __init__(self, sentence: Reader, archive: Sentences) -> None:
        self.sentence, self.archive, self.store = sentence, archive, archive.store
        self.parts: list[Part] = []
        self.left = [Left(*place, sentence.text[slice(*place)], "empty") for place in sentence.empty]

    def understood(self) -> Understood:
        """Head first, then all others in their order."""
        groups = [group for group in self.sentence.groups if group.items]
        head = _head(groups)
        for group in groups:
            if group is head:
                self._head(group)
            elif group.negated:
                self._negated(group)
            else:
                self._beside(group)
        self._promote()
        parts = sorted(self.parts, key=lambda part: part.start)
        return Understood(self.sentence.text, tuple(parts), tuple(sorted(self.left, key=lambda one: one.start)))

    # ------------------------------------------------------------------ groups

    def _head(self, group: Group) -> None:
        """The group that says what the thing is: what comes before that, what it is, what comes after."""
        items = group.items
        if group.negated:
            self._one(items[0], "less")
            items = items[1:]
        first, last = self._category(items)
        for item in items[:first]:
            self._alone(item, group.cue)
        if first < last:
            self._phrase(items[first:last], "category")
        for item in items[last:]:
            self._alone(item, group.cue)

    def _category(self, items: Sequence[Item]) -> tuple[int, int]:
        """From where to where items say what the thing is."""
        english = self.sentence.nouns_apart
        things = [at for at, item in enumerate(items) if item.is_thing and not _is_modifier(items, at)]
        if things:
            first = last = things[-1]
            while first and (first - 1 in things or (items[first].joined and items[first - 1].is_thing)):
                first -= 1
        else:
            said = [at for at, item in enumerate(items) if item.is_seen or not item.is_known]
            if not said:
                return 0, 0
            first = last = next((at for at in reversed(said) if self._names(items[at])), said[-1])
        if english is not None:
            while last + 1 < len(items) and self._is_noun(items[last + 1]) and not items[last + 1].joined:
                last += 1
            while first and self._is_noun(items[first - 1]) and not items[first].joined:
                first -= 1
        return first, last + 1

    def _names(self, item: Item) -> bool:
        """Whether a word is rather the name of a thing, of what it is made of, or a number, than what describes one."""
        made_of = any(one.field == "material" or _is_of(one, "materials") for one in item.meanings)
        return made_of or self._is_noun(item) or any(one.isdigit() for one in self.sentence.text[item.start : item.end])

    def _is_noun(self, item: Item) -> bool:
        """Whether an unknown word of English is rather the name of a thing than what describes one, or a place."""
        english, word = self.sentence.nouns_apart, self.sentence.text[item.start : item.end]
        if english is None or item.is_known or not word.isalpha() or word[:1].isupper():
            return False
        folded = word.casefold()
        return folded not in english.describing.split() and not folded.endswith(english.describing_endings)

    def _negated(self, group: Group) -> None:
        for items in _conjuncts(group.items):
            self._phrase(items, "less")

    def _beside(self, group: Group) -> None:
        """A group that says more of the thing."""
        for items in _conjuncts(group.items):
            for some in _runs(items, group.cue):
                if len(some) == 1:
                    self._alone(some[0], group.cue)
                else:
                    self._phrase(some, "more")

    # ------------------------------------------------------------------ items

    def _alone(self, item: Item, cue: Cue | None) -> None:
        """One item by what it means."""
        if item.years is not None:
            self._dated(item, cue)
            return
        meaning = _chosen(item.meanings, cue)
        if meaning is None or meaning.is_seen or meaning.is_thing:
            self._one(item, "more")
        elif meaning.field == "period" and (years := periods(self.store).years(meaning.values)) is not None:
            self._add(item, "years", "archive", meaning.field, meaning.values, _opened(years, item.open or cue))
        elif len(meaning.values) > MOST_VALUES:
            self._one(item, "more")
        else:
            self._add(item, "filter", "archive", meaning.field, meaning.values)

    def _dated(self, item: Item, cue: Cue | None) -> None:
        assert item.years is not None
        here, years, named = periods(self.store), item.years, tuple[str, ...]()
        if item.named:
            named = here.named(self.sentence.text[item.start : item.end], item.years)
            years = here.years(named) or item.years
        if here.dated:
            field = "period" if named else ""
            self._add(item, "years", "dating", field, named, _opened(years, item.open or cue))
        elif named:
            self._add(item, "filter", "archive", "period", named)
        else:
            self._one(item, "more")

    def _one(self, item: Item, role: Role) -> None:
        self._phrase([item], role)

    def _phrase(self, items: Sequence[Item], role: Role) -> None:
        """Items as one part, by their words; what nobody knows asks for nothing beside what is known."""
        start, end = items[0].start, items[-1].end
        value = self.sentence.text[start:end]
        known = [item for item in items if item.is_known]
        if not known and role != "category" and not self._means_something(value):
            self.left.append(Left(items[0].lead, items[-1].tail, value, "unknown"))
            return
        field, values = self._terms(items[0], role) if len(items) == 1 else ("", ())
        self._add(Item(start, end, lead=items[0].lead, tail=items[-1].tail), role, _source(known), field, values)

    def _terms(self, item: Item, role: Role) -> tuple[str, tuple[str, ...]]:
        """The archive's own terms for what an item says, and their field."""
        wanted = ("object_type",) if role == "category" else ("material", "technique", "object_type")
        words = [word for one in item.meanings if one.concept is not None for word in one.concept.all_words()]
        for field in wanted:
            own = [value for one in item.meanings if one.field == field for value in one.values]
            values = tuple(dict.fromkeys([*own, *values_for(self.sentence.lexicons[1], field, words)]))
            if values:
                return (field, values) if len(values) <= MOST_VALUES else ("", ())
        return "", ()

    def _means_something(self, words: str) -> bool:
        """Whether a record says one of the words, or some word is spelled almost alike, or the embedder reads it."""
        folded = [word for word in tokens(words) if not word.isdigit()]
        if any(self.store.holding(word) or alike(self.store, word) for word in folded):
            return True
        try:
            embedder = self.archive.embedder(self.archive.default_space())
        except ArchiveSearchError:
            return False
        return "text" in embedder.modalities and any(not embedder.remarks(word) for word in folded)

    def _add(
        self,
        item: Item,
        role: Role,
        source: Source,
        field: str = "",
        values: tuple[str, ...] = (),
        years: Years | None = None,
    ) -> None:
        value = self.sentence.text[item.start : item.end]
        if years is not None and not self._goes_with(years):
            self.left.append(Left(item.lead, item.tail, value, "unaskable"))
            return
        self.parts.append(Part(item.lead, item.tail, role, value, source, field, values, years))

    def _goes_with(self, years: Years) -> bool:
        """Whether there is a time that these years and those before leave."""
        more = Part(0, 0, "years", "", "dating", years=years)
        first, last = Understood("", (*self.parts, more)).years or (None, None)
        return first is None or last is None or first <= last

    def _promote(self) -> None:
        """Where nothing says what the thing is, the first that sets it apart does."""
        if not any(part.role == "category" for part in self.parts):
            more = next((at for at, part in enumerate(self.parts) if part.role == "more"), None)
            if more is not None:
                self.parts[more] = dataclasses.replace(self.parts[more], role="category")


# ------------------------------------------------------------------ which group, which items


def _head(groups: Sequence[Group]) -> Group | None:
    """The group that says what the thing is: of "drawing of an axe", the one behind the "of"."""
    plain = [group for group in groups if group.cue is None and not group.negated]
    led = [group for group in groups if group.cue is not None and not group.negated]
    for group in plain:
        at = groups.index(group)
        following = groups[at + 1] if at + 1 < len(groups) else None
        if following is None or following.cue != "of" or following.negated:
            continue
        if following.items[-1].is_thing and all(item.is_seen and not item.is_thing for item in group.items):
            return following
    for some in (plain, led):
        if found := next((one for one in some if any(item.is_thing for item in one.items)), None):
            return found
    others = (one for one in groups if one.negated and _begins_with_what_is_not(one.items))
    if not plain:
        return next(others, None)
    return next((one for one in plain if not all(map(_is_fact, one.items))), None)


def _begins_with_what_is_not(items: Sequence[Item]) -> bool:
    """Whether a thing is named behind what it is not to be: "not polished axe", but no "ikke flintøkse"."""
    return len(items) > 1 and items[-1].is_thing and items[0].tail < items[1].start


def _is_fact(item: Item) -> bool:
    """Whether an item says what only the catalogue knows."""
    return item.is_known and not item.is_thing and not item.is_seen


def _is_modifier(items: Sequence[Item], at: int) -> bool:
    """Whether a word that may name a thing sets apart the thing behind it: "spids økse", a pointed axe."""
    return items[at].is_seen and at + 1 < len(items) and items[at + 1].is_thing and not items[at + 1].joined


def _conjuncts(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items between one "and" and the next."""
    found: list[Item] = []
    for item in items:
        if item.joined and found:
            yield found
            found = []
        found.append(item)
    if found:
        yield found


def _runs(items: Sequence[Item], cue: Cue | None) -> Iterator[list[Item]]:
    """Items that make one phrase: what is known by itself stands alone, unless it describes what is not, or a part."""
    whole: list[Item] = []
    for item in items:
        if item.years is not None or _is_fact(item):
            if whole:
                yield from _apart(whole, cue)
            yield [item]
            whole = []
        else:
            whole.append(item)
    if whole:
        yield from _apart(whole, cue)


def _apart(items: list[Item], cue: Cue | None) -> Iterator[list[Item]]:
    if cue == "with" or not all(item.is_known for item in items):
        yield items
    else:
        yield from ([item] for item in items)


# ------------------------------------------------------------------ which meaning


def _chosen(meanings: Sequence[Meaning], cue: Cue | None) -> Meaning | None:
    """The meaning that a word most likely has behind a cue; None of one that nobody knows."""
    order = _ORDER.get(cue or "", "TSOPW")
    return min(meanings, key=lambda one: (order.index(_sort(one)), _place(one)), default=None)


_ORDER = {"from": "POSTW", "of": "STPWO", "by": "WOSPT", "with": "STOPW"}
"""Which sort of meaning comes first behind each cue: things, what is seen, other terms, places, who made it."""


def _is_of(one: Meaning, vocabulary: str) -> bool:
    return one.concept is not None and one.concept.vocabulary == vocabulary


def _sort(one: Meaning) -> str:
    if one.is_thing:
        return "T"
    if one.is_seen:
        return "S"
    return "P" if one.field in PLACES else "W" if one.field in CREATORS else "O"


def _place(one: Meaning) -> int:
    return PLACES.index(one.field) if one.field in PLACES else 0


def _source(known: Sequence[Item]) -> Source:
    if any(one.concept is not None for item in known for one in item.meanings):
        return "vocabulary"
    return "archive" if any(item.meanings for item in known) else "dating" if known else "grammar"


def _opened(years: Years, cue: Cue | None) -> Years:
    """Years as they are open: "before 1200" has no first."""
    first, last = years
    return {
        "before": (None, first),
        "until": (None, last),
        "after": (last, None),
        "since": (first, None),
    }.get(cue or "", years)
