"""Which columns of a table fill which fields."""

from __future__ import annotations

from ingest.mapping import FieldMap, field_map, text_of
from ingest.tables import Table

_UNIQUE_SHARE = 0.9


def columns_by_field(table: Table, explicit: FieldMap) -> dict[str, tuple[str, ...]]:
    """
    Columns by field; an id column that only its name suggests, and whose values repeat, becomes the object's.

    Args:
        explicit: what a person mapped, which holds.

    Raises:
        MetadataError, UnknownNameError: As `field_map` does.
    """
    mapping = field_map(table.columns, explicit)
    if "id" in mapping and "id" not in explicit:
        column = mapping["id"][0]
        values = [text_of(row.cells[column]) for row in table.sound() if column in row.cells]
        if len(set(values)) < _UNIQUE_SHARE * len(values):
            del mapping["id"]
            if "object_id" not in explicit:
                mapping["object_id"] = (*mapping.get("object_id", ()), column)
    return mapping
