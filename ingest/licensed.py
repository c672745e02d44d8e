"""Which records a source leaves out because no known licence lets their pictures be shown."""

from __future__ import annotations

from archive_search.metadata.licences import may_be_shown
from archive_search.types import Record
from ingest.source import Rejected


def only_shown(record: Record) -> Record | Rejected:
    """A record whose licence is known to let its picture be shown to the public; else why it is left out."""
    said = str(record.metadata.get("licence") or "")
    if may_be_shown(said):
        return record
    why = f"its licence, {said!r}, is none that lets it be shown" if said else "no licence is named"
    return Rejected(record.id, record.image, "record", f"{why} (only what may be shown was asked for)")
