"""A record's metadata as one row of a table: a text, number or truth value in every cell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeAlias

from archive_search.metadata.fields import STANDARD, SYSTEM_FIELDS
from archive_search.metadata.filters import place_of, values_of
from archive_search.metadata.table import OWN
from archive_search.types import Payload

Cell: TypeAlias = str | int | float | bool | None

SEPARATOR = "; "
"""Stands between several values in one cell."""
COLUMNS = ("ingested_from", "image", "file", "width", "height", "modality")
"""What the pipeline writes that is a column as well, beside the fields."""
CALLED = {"width": "picture_width_px", "height": "picture_height_px"}
"""What columns are called whose name in payloads could be taken for a measurement of the object."""
COLLECTED = ("collected_note", "collected_tags", "collected_star", "collected_part", "collected_gone")
"""What people wrote about a record in a collection, as columns beside its metadata."""
INTERNAL = tuple(name for name in SYSTEM_FIELDS if name not in COLUMNS)
"""What the pipeline keeps for itself, and what is a column of its own."""


def flat(payload: Payload) -> dict[str, Cell]:
    """
    The fields of a record by name, then the columns that fill no field, by their own names.

    Several values are joined by "; ", a nested one is written as JSON, a point fills `latitude` and `longitude`. What
    is a field of this archive only is called by its own name; one that is called like another has "own_", a column
    that is called like a field has "extra." before its name.
    """
    row: dict[str, Cell] = {}
    for key, value in payload.items():
        if key not in INTERNAL:
            short = key.removeprefix(OWN)
            name = CALLED.get(key, key if short in payload else short)
            place = place_of(value)
            row |= {name: cell(value)} if place is None else _coordinates(name, *place)
    for key, value in dict(payload.get("extra") or {}).items():
        row[f"extra.{key}" if key in row or key in payload else str(key)] = cell(value)
    return row


def _coordinates(name: str, latitude: float, longitude: float) -> dict[str, Cell]:
    """Two columns for a point, those of the find-spot without its name before them."""
    before = "" if name == "point" else f"{name}_"
    return {f"{before}latitude": latitude, f"{before}longitude": longitude}


def in_order(columns: Iterable[str]) -> list[str]:
    """
    What people wrote in a collection, then the fields in the order of their table.

    What is neither keeps its place behind them.
    """
    names = [*COLLECTED]
    names += [name for key in STANDARD for name in (("latitude", "longitude") if key == "point" else (key,))]
    place = {name: number for number, name in enumerate(names)}
    return sorted(columns, key=lambda name: place.get(name, len(place)))


def cell(value: Any) -> Cell:
    """One value as a cell."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return SEPARATOR.join(str(cell(one)) for one in values_of({"": value}, ""))
    return json.dumps(value, ensure_ascii=False, default=str)
