"""What a source says of a record, by the names of fields, as the fields of its payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive_search.metadata.dates.periods import Periods
from ingest.mapping import fields_of


def metadata_of(
    values: Mapping[str, Any], extra: Mapping[str, Any] | None = None, periods: Periods | None = None
) -> dict[str, Any]:
    """
    The metadata of a record from values by field, read as a metadata file's columns would be: dates, terms, sizes.

    Args:
        values: texts, numbers or lists of them by the name of a field (see `archive_search.metadata.fields`); what is
            empty is left out, numbers without a unit are in the field's.
        extra: what fills no field and may become one of the archive's own, by the source's own names.
        periods: what names of periods mean; the usual ones where none are given.
    """
    said = {name: value for name, value in values.items() if value not in (None, "", [], (), {})}
    found = fields_of(said, {name: (name,) for name in said}, periods, meant=said.keys())
    more = {name: value for name, value in (extra or {}).items() if value not in (None, "", [], (), {})}
    if more:
        found["extra"] = {**found.get("extra", {}), **more}
    return found
