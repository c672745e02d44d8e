"""A record's metadata as one row of a table: a text, number or truth value in every cell."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from archive_search.metadata.filters import values_of
from archive_search.types import Payload

Cell: TypeAlias = str | int | float | bool | None

SEPARATOR = "; "
"""Stands between several values in one cell."""
INTERNAL = (
    "id",
    "hubness",
    "colour_shares",
    "piece_colours",
    "tile_boxes",
    "languages",
    "thumbnail",
    "content_hash",
    "extra",
)
"""What the pipeline keeps for itself, and what is a column of its own."""


def flat(payload: Payload) -> dict[str, Cell]:
    """
    The fields of a record by name, then the columns that fill no field, by their own names.

    Several values are joined by "; ", a nested one is written as JSON. A column called like a field has "extra." before
    its name.
    """
    row = {name: cell(value) for name, value in payload.items() if name not in INTERNAL}
    for name, value in dict(payload.get("extra") or {}).items():
        row[f"extra.{name}" if name in payload else str(name)] = cell(value)
    return row


def cell(value: Any) -> Cell:
    """One value as a cell."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return SEPARATOR.join(str(cell(one)) for one in values_of({"": value}, ""))
    return json.dumps(value, ensure_ascii=False, default=str)
