"""What a row of the table of fields says, and what follows from the rows together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as default
from difflib import get_close_matches
from functools import cached_property
from itertools import zip_longest
from typing import Any, Literal, TypeAlias, TypeVar

from archive_search.types import PluginError, UnknownNameError

T = TypeVar("T")

Kind: TypeAlias = Literal["term", "text", "year", "number", "place", "point", "link", "id", "flag"]
"""
What a field holds: terms, or places (a text or a list of them), a text as it is written, a whole year (BCE negative),
a number, a point (`{"lat": 55.6, "lon": 12.5}`), a web address, a number that names something, or "yes" where it holds.
"""

LANGUAGES = ("en", "da", "de", "fr", "nl")
"""The languages in which fields have labels, and columns are known by their names."""


@dataclass(frozen=True, eq=False)
class Field:
    """
    One row of the table.

    `label` is what people call it, `columns` are the names that metadata files give it, the likeliest first, both by
    language. `facet` offers its values as a filter with counts; `words` is what a word in it weighs in a search by
    words, 0 where it is not looked for. `standard` is its place in LIDO (below `lido`), Dublin Core terms (`dc`), IIIF
    Presentation 3 (`iiif`) and CSL (`csl`). `own` marks a field that one archive has beside those of all.
    """

    name: str
    label: Mapping[str, str]
    kind: Kind
    columns: Mapping[str, str] = default(default_factory=dict)
    facet: bool = False
    words: float = 0.0
    standard: Mapping[str, str] = default(default_factory=dict)
    unit: str = ""
    own: bool = False

    @property
    def key(self) -> str:
        """Its name in payloads and filters: that of an archive's own cannot be that of any other field."""
        return f"{OWN}{self.name}" if self.own else self.name

    @property
    def is_terms(self) -> bool:
        """Whether it holds several values side by side: terms or places."""
        return self.kind in ("term", "place")

    def said(self, language: str = "en") -> str:
        """Its label in a language, in English where it has none in that."""
        return self.label.get(language) or self.label.get("en") or self.name

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The names of columns that are taken for it, as `plain` writes them, the likeliest first."""
        by_language = [names.split() for names in self.columns.values()]
        names = [one for ranked in zip_longest(*by_language) for one in ranked if one]
        labels = list(self.label.values()) if self.columns else []
        return tuple(dict.fromkeys(way for one in (*names, *labels) for way in _ways(one)))


OWN = "own_"
"""Begins the names of an archive's own fields in payloads and filters."""


class Fields(Mapping[str, Field]):
    """A table of fields by their key, in order, and what follows from it."""

    def __init__(self, rows: Iterable[Field]) -> None:
        self._rows = {one.key: one for one in rows}
        self._made: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Field:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def plus(self, rows: Iterable[Field]) -> Fields:
        """This table and more rows."""
        return Fields((*self._rows.values(), *rows))

    @contextmanager
    def register(self, *rows: Field) -> Iterator[None]:
        """
        Have more rows for as long as the context lasts; for tests and notebooks.

        Raises:
            PluginError: If a field is there already.
        """
        for one in rows:
            if one.key in self._rows:
                raise PluginError(f"The field {one.key!r} is there already.")
        self._rows |= {one.key: one for one in rows}
        self._made = {}
        try:
            yield
        finally:
            for one in rows:
                del self._rows[one.key]
            self._made = {}

    @property
    def keywords(self) -> tuple[str, ...]:
        """Keys of the fields whose values have an index, and can be counted."""
        kinds = ("term", "place", "id", "flag")
        return tuple(key for key, one in self._rows.items() if one.facet or one.kind in kinds)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Keys of the fields that hold numbers, with an index for ranges."""
        return tuple(key for key, one in self._rows.items() if one.kind in ("year", "number"))

    @property
    def points(self) -> tuple[str, ...]:
        """Keys of the fields that hold geographic points, with an index for what is near."""
        return tuple(key for key, one in self._rows.items() if one.kind == "point")

    @property
    def facets(self) -> tuple[str, ...]:
        """Keys of the fields that are offered as filters with counts."""
        return tuple(key for key, one in self._rows.items() if one.facet)

    @property
    def terms(self) -> tuple[str, ...]:
        """Keys of the fields that the catalogue fills with terms: where its words are looked up."""
        return tuple(key for key, one in self._rows.items() if one.is_terms and one.facet and one.columns)

    @property
    def words(self) -> Mapping[str, float]:
        """What a word weighs in each field whose words are found, by key."""
        return self._once("words", lambda: {key: one.words for key, one in self._rows.items() if one.words > 0})

    @property
    def ids(self) -> tuple[str, ...]:
        """Keys of the fields that hold numbers by which things are known."""
        return self._once("ids", lambda: tuple(key for key, one in self._rows.items() if one.kind == "id"))

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """What follows from the table and every record asks for, made once."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def said(self, key: str, language: str = "en") -> str:
        """The label of a field; of one that is not in the table its name: another archive's own, a column."""
        return self._rows[key].said(language) if key in self._rows else key.removeprefix(OWN)

    def named(self, name: str) -> Field:
        """
        The field that a person means: by its name, by its label in any language, or by a column that is taken for it.

        Raises:
            UnknownNameError: If there is none.
        """
        wanted = plain(name)
        for one in self._rows.values():
            if name in (one.key, one.name):
                return one
        for one in self._rows.values():
            if wanted and wanted in (plain(one.key), plain(one.name), *map(plain, one.label.values())):
                return one
        for one in self._rows.values():
            if wanted and wanted in one.spellings:
                return one
        known = [one.name for one in self._rows.values()]
        like = get_close_matches(name.casefold(), known, 1)
        meant = f": is {like[0]!r} meant?" if like else "."
        raise UnknownNameError(f"There is no field {name!r}{meant} Known: {', '.join(known)}.")


# ------------------------------------------------------------------ names of columns


def plain(name: str) -> str:
    """A column's name without case, spaces and signs: `Inventar-Nr.` is `inventarnr`."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name).casefold())


WITHOUT_ACCENTS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue"})
"""What stands for letters of the five languages where only those of English can be written."""
"""What stands for letters of the five languages where only those of English can be written."""


def _ways(name: str) -> tuple[str, ...]:
    """A name as it may be written: with its letters, with what stands for them elsewhere, without accents."""
    written = plain(name)
    apart = unicodedata.normalize("NFD", written.translate(WITHOUT_ACCENTS))
    return written, written.translate(WITHOUT_ACCENTS), "".join(one for one in apart if not unicodedata.combining(one))
