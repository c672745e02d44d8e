"""The fields that one archive has beside those of all: the sections `[fields.own.NAME]` of its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive_search.knobs import knob
from archive_search.metadata.fields import COORDINATES, LOCATORS, STANDARD, SYSTEM_FIELDS
from archive_search.metadata.table import Field, Fields
from archive_search.types import InvalidInputError


@dataclass(frozen=True)
class OwnField:
    """
    One field of an archive's own.

    `column` is the column, or the columns, of the metadata that fill it; `label` what people call it, one text or one
    by language ("en", "da"), the column's name where it says nothing. `kind` is what it holds, as in the table of
    fields; `facet` offers its values as a filter, unless they are numbers; `words` is what a word in it weighs in a
    search by words, 0: none.
    """

    column: str | tuple[str, ...]
    label: str | Mapping[str, str] = ""
    kind: Literal["term", "text", "year", "number", "place", "link", "id", "flag"] = "term"
    facet: bool = True
    words: float = knob(1.0, "Words", low=0.0, high=100.0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that fill it, in the order in which they are asked."""
        return (self.column,) if isinstance(self.column, str) else tuple(self.column)

    def to_data(self) -> dict[str, Any]:
        """What its section says, all of it, so that whoever reads the file sees what can be changed."""
        data = {**asdict(self), "label": self.label if isinstance(self.label, str) else dict(self.label)}
        return {**data, "column": self.column if isinstance(self.column, str) else list(self.column)}


def fields_of_its_own(own: Mapping[str, OwnField]) -> tuple[Field, ...]:
    """
    The rows that an archive's table of fields has besides.

    Raises:
        InvalidInputError: On a name that no field of its own can have, or a field without a column.
    """
    return tuple(_field(name, one) for name, one in own.items())


def table_with(own: Mapping[str, OwnField]) -> Fields:
    """The table of fields of an archive with these of its own; InvalidInputError where one of them cannot be."""
    return STANDARD.plus(fields_of_its_own(own)) if own else STANDARD


def _field(name: str, own: OwnField) -> Field:
    where = f"[fields.own.{name}]"
    if not re.fullmatch(r"[\w-]+", name):
        raise InvalidInputError(f"{where}: a field is called by letters, digits and _ only.")
    if name in NAMES_OF_OTHERS:
        raise InvalidInputError(
            f"{where}: {name!r} is a field of every archive: say which column fills it under [fields], or call this "
            "one otherwise."
        )
    if not own.columns or not all(own.columns):
        raise InvalidInputError(f"{where}: it needs the name of a column.")
    said = own.label or own.columns[0]
    label = {"en": said} if isinstance(said, str) else dict(said)
    columns = {"": " ".join("_".join(column.split()) for column in own.columns)}
    return Field(
        name, label, own.kind, columns, facet=own.facet and own.kind not in _NUMBERS, words=own.words, own=True
    )


_NUMBERS = ("number", "year")
NAMES_OF_OTHERS = frozenset([*STANDARD, *SYSTEM_FIELDS, *(one.name for one in (*LOCATORS, *COORDINATES))])
"""What fields of its own cannot be called."""
