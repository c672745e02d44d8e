"""Values that mean one thing in several languages or spellings: what belongs together, how it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from archive_search.metadata.vocabularies import LANGUAGES, Concept, every_concept

OF_FIELDS: Mapping[str, tuple[str, ...]] = {
    "object_type": ("objects",),
    "material": ("materials",),
    "technique": ("techniques",),
    "period": ("periods",),
    "colours": ("colours",),
}
"""By whose concepts the values of a field are known."""


def same_things(field: str, values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """
    Those of a field's values that mean one thing ("axe", "Økse", "Axe head"), in their order; of each group the first
    comes first.

    A value that could belong to two groups ("plate" beside "tavle" and "tallerken") is in none.
    """
    values = tuple(values)
    meant: dict[Concept, list[str]] = defaultdict(list)
    for value in values:
        for concept in _concepts(field, value):
            meant[concept].append(value)
    groups = [tuple(group) for group in meant.values() if len(group) > 1]
    groups = [group for at, group in enumerate(groups) if group not in groups[:at]]
    alone = [tuple(value for value in group if sum(value in other for other in groups) == 1) for group in groups]
    return tuple(sorted((group for group in alone if len(group) > 1), key=lambda group: values.index(group[0])))


def shown_as(field: str, values: tuple[str, ...], language: str) -> str:
    """
    What people read for one value or a group: as the archive has it, and what it is called in their language.

    A value that is in their language, or that nobody knows, is shown as it is.
    """
    theirs = next((value for value in values if _is_in(field, value, language)), "")
    called = theirs or next((word for value in values if (word := _called(field, value, language))), "")
    others = [value for value in values if value != called and value.casefold() != called.casefold()]
    if len(values) == 1:
        return f"{values[0]} ({called})" if called and others else values[0]
    return " / ".join([*([called] if called else []), *others[:1]]) + (" …" if len(others) > 1 else "")


def _concepts(field: str, value: str) -> tuple[Concept, ...]:
    return _by_value(field).get(_plain(value), ())


def _is_in(field: str, value: str, language: str) -> bool:
    return any(_plain(value) in map(_plain, one.words.get(language, ())) for one in _concepts(field, value))


def _called(field: str, value: str, language: str) -> str:
    """The one word of a language for a value; '' where it has several meanings, or none."""
    concepts = _concepts(field, value)
    return concepts[0].words[language][0] if len(concepts) == 1 and language in LANGUAGES else ""


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())


@cache
def _by_value(field: str) -> Mapping[str, tuple[Concept, ...]]:
    found: dict[str, tuple[Concept, ...]] = {}
    for one in every_concept():
        if one.vocabulary in OF_FIELDS.get(field, ()):
            for word in {_plain(word) for words in one.words.values() for word in words}:
                found[word] = (*found.get(word, ()), one)
    return found
