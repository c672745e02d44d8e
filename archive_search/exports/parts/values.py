"""What stands in a column of a record in words: its label, numbers with their unit, years with their era."""

from __future__ import annotations

from collections.abc import Iterator

from archive_search.exports.parts.words import quantity
from archive_search.metadata.filters import values_of
from archive_search.metadata.rows import flat
from archive_search.metadata.table import OWN, Field, Fields
from archive_search.metadata.wording import year_label
from archive_search.types import Payload


def field_of(column: str, fields: Fields) -> Field | None:
    """The field that a column of a table holds; None of one that is no field."""
    return fields.get(column) or fields.get(f"{OWN}{column}")


def label_of(column: str, fields: Fields, language: str) -> str:
    """What people call a column; its name where it is no field."""
    field = field_of(column, fields)
    return column if field is None else field.said(language)


def values(payload: Payload, column: str, fields: Fields, language: str) -> Iterator[str]:
    """Each value of a record in a column, in words."""
    field = field_of(column, fields)
    for value in [flat(payload).get(column)] if field is None else values_of(payload, field.key):
        if value in (None, ""):
            continue
        if field is not None and field.kind == "year" and isinstance(value, int):
            yield year_label(value, language)
        elif field is not None and field.kind == "number" and isinstance(value, int | float):
            yield quantity(value, field.unit, language)
        else:
            yield str(value)
