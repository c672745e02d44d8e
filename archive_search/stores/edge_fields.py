"""
The indexes on fields of a shard: which fields get one, of which kind, and what is said of a field that nobody holds.

They lie on the disk and are read where they are needed: read into memory whenever a shard is opened, they would take
most of the time that opening takes. Each is a dozen files a segment, so a field gets its index when the first point
holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import qdrant_edge as edge

from archive_search.stores import checks
from archive_search.types import FieldTable, Filter, Missing

KINDS: Mapping[str, tuple[Any, Any]] = {
    "keyword": (edge.PayloadSchemaType.Keyword, edge.KeywordIndexParams),
    "number": (edge.PayloadSchemaType.Float, edge.FloatIndexParams),  # holds whole years as well
    "point": (edge.PayloadSchemaType.Geo, edge.GeoIndexParams),
}
"""What is kept of a field's values, as Edge calls it and is told it."""


def kinds(fields: FieldTable) -> dict[str, str]:
    """The kind of index that each field of a table has where a point holds it."""
    named = {"keyword": checks.keywords(fields), "number": fields.numbers, "point": fields.points}
    return {field: kind for kind, names in named.items() for field in names}


def is_right(there: Any, kind: str) -> bool:
    """Whether an index is of this kind and lies on the disk."""
    return bool(there.data_type == KINDS[kind][0] and getattr(there.params, "memory", None) == edge.Memory.Cold)


def make(field: str, kind: str) -> Any:
    """The operation that makes the index on a field."""
    return edge.UpdateOperation.create_field_index(checks.field_path(field), KINDS[kind][1](memory=edge.Memory.Cold))


def drop(field: str) -> Any:
    """The operation that removes the index on a field."""
    return edge.UpdateOperation.delete_field_index(checks.field_path(field))


def among_held(where: Iterable[Filter], unheld: Mapping[str, str]) -> list[Filter] | None:
    """
    The filters that say something where no point holds the fields of `unheld`; None where no point passes.

    Without an index every payload would be read to find that out.
    """
    told = []
    for one in where:
        if one.field not in unheld:
            told.append(one)
        elif not isinstance(one, Missing) and one.unknown != "keep":
            return None
    return told
