"""What a sentence was understood to ask for: parts that each name their words, and what was left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.table import Fields
from archive_search.question import question
from archive_search.types import Query

Role: TypeAlias = Literal["category", "more", "less", "filter", "years"]
"""What it is; what it should be more, or less, like; a value that a field must hold; when it was made."""
Source: TypeAlias = Literal["vocabulary", "archive", "dating", "grammar"]
"""Who knows the words: a vocabulary, the archive's own terms, the reading of dates, or only their place."""
Years: TypeAlias = tuple[int | None, int | None]
"""First and last year, BCE negative, None is open."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    Some words of the sentence, and what they were taken for.

    `start` and `end` are their place in the text, with the word that led to them ("not", "from"), so that no part
    overlaps another; `value` is what they say, as it was typed. `field` and `values` are the archive's terms that say
    the same: a filter asks for them; of any other part they are what it could be narrowed to. `years` are those of a
    dating.
    """

    start: int
    end: int
    role: Role
    value: str
    source: Source
    field: str = ""
    values: tuple[str, ...] = ()
    years: Years | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Words that ask for nothing: they say nothing by themselves, nothing here knows them, or no search can ask it."""

    start: int
    end: int
    value: str
    why: Literal["empty", "unknown", "unaskable"]


@dataclass(frozen=True)
class Understood:
    """
    A sentence as stages, for people to look at before it is searched; false where nothing is gained by that.

    `parts` and `left` are in the order of the text; each of its words lies in exactly one of them.
    """

    text: str
    parts: tuple[Part, ...]
    left: tuple[Left, ...] = ()

    def __bool__(self) -> bool:
        """Whether it is more than words that all say what the thing is."""
        return any(part.role != "category" for part in self.parts)

    @property
    def category(self) -> str:
        """What it is, '' where nothing says so."""
        return " ".join(part.value for part in self._of("category"))

    @property
    def refine(self) -> tuple[str, ...]:
        """What sets it apart."""
        return tuple(dict.fromkeys(part.value for part in self._of("more")))

    @property
    def exclude(self) -> tuple[str, ...]:
        """What it should be less like."""
        return tuple(dict.fromkeys(part.value for part in self._of("less")))

    @property
    def where(self) -> dict[str, list[str]]:
        """The terms that each field must hold one of."""
        found: dict[str, list[str]] = {}
        for part in self._of("filter"):
            named = found.setdefault(part.field, [])
            named += [value for value in part.values if value not in named]
        return found

    @property
    def years(self) -> Years | None:
        """All years that are named, or those between two ends that are."""
        spans = [part.years for part in self._of("years") if part.years is not None]
        if not spans:
            return None
        whole = [(first, last) for first, last in spans if first is not None and last is not None]
        firsts = [first for first, last in spans if first is not None and last is None]
        lasts = [last for first, last in spans if last is not None and first is None]
        if whole:
            firsts.append(min(first for first, _ in whole))
            lasts.append(max(last for _, last in whole))
        return max(firsts, default=None), min(lasts, default=None)

    def asked(self) -> dict[str, Any]:
        """What `Archive.search` is told to ask it."""
        where, years = self.where, self.years
        return {
            "text": self.category,
            "refine": self.refine,
            "exclude": self.exclude,
            **({"where": where} if where else {}),
            **({"years": years} if years else {}),
        }

    def query(self, fields: Fields = STANDARD) -> Query:
        """The query that asks it, of an archive with these fields."""
        return question(**self.asked(), fields=fields)

    def _of(self, role: Role) -> Iterator[Part]:
        return (part for part in self.parts if part.role == role)
