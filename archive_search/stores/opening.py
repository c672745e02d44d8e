"""Opening the index that a place names."""

from __future__ import annotations

from pathlib import Path

from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.generations import Index
from archive_search.types import InvalidInputError


def open_index(place: str | Path) -> Index:
    """
    The index at a directory, or at `http(s)://host:6333/NAME` on a Qdrant server; nothing is created or reached yet.

    Raises:
        InvalidInputError: If an address names no collection.
    """
    text = str(place)
    if text.startswith(("http://", "https://")):
        from archive_search.stores.server_index import ServerIndex  # its client takes a while to load

        return ServerIndex.at(text)
    if "://" in text:
        raise InvalidInputError(f"No index can be opened at {text!r}: name a directory, or http(s)://host:6333/NAME.")
    return EdgeIndex(Path(place))
