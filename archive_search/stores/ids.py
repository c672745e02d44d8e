"""The internal id of a record: the same on every store."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("6f1d9a52-0f6e-5c0b-9a35-6f0e6f6c3b1e")
"""Never changes: the ids of every index depend on it."""


def internal_id(record_id: str) -> str:
    """The uuid5 of a record id, as text; scans go in its order."""
    try:
        return str(uuid5(NAMESPACE, record_id))
    except UnicodeEncodeError:  # half of a surrogate pair: no record has such an id, so it gets one that none has
        return str(uuid5(NAMESPACE, ascii(record_id) + "\0"))


def number_of(internal: str) -> int:
    """An internal id as a number of 128 bits, in the order of their texts."""
    return UUID(internal).int
