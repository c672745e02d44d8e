"""Opening the index that a place names."""

from __future__ import annotations

from pathlib import Path

from archive_search.metadata.fields import STANDARD
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.generations import Index
from archive_search.stores.precision import Choice
from archive_search.types import FieldTable, InvalidInputError


def open_index(
    place: str | Path, fields: FieldTable = STANDARD, precision: str = "", answers: Path | None = None
) -> Index:
    """
    The index in a directory (a Path), or at an address (text) on a Qdrant server; nothing is created or reached yet.

    Args:
        fields: what its payloads hold.
        precision: how vectors are kept in what is built from now on, by its name; '' goes by their number.
        answers: the file in which it is kept what was counted of what is published in a directory.

    Raises:
        InvalidInputError: If a text is no address `http(s)://host:6333/NAME`, or there is no such precision.
    """
    choice = Choice(precision)
    if isinstance(place, Path):
        return EdgeIndex(place, fields, choice, answers)
    if not place.lower().startswith(("http://", "https://")):
        raise InvalidInputError(
            f"No index can be opened at {place!r}: an address on a Qdrant server is written http(s)://host:6333/NAME, "
            "with a name for the index; without an address it is kept in the archive's own directory."
        )
    from archive_search.stores.server_index import ServerIndex  # its client takes a while to load

    return ServerIndex.at(place, fields, choice)
