"""What a collection is made of: whole records, and parts of their pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from archive_search.types import Box, InvalidInputError, check_text

_SHARE = r"\s*([0-9.eE+-]+)\s*"
_PART = re.compile(rf"{_SHARE},{_SHARE},{_SHARE},{_SHARE}@(.+)", re.DOTALL)
_PLACES = 6


class Item(NamedTuple):
    """A record, or the part of its picture that a box tells."""

    record: str
    box: Box | None = None

    @property
    def text(self) -> str:
        """As people write it and queries do: `ID`, or `LEFT,TOP,RIGHT,BOTTOM@ID`."""
        if self.box is None:
            return self.record
        return f"{box_text(self.box)}@{self.record}"

    def data(self) -> dict[str, Any]:
        """As JSON data; `item_from_data` gives the same item back."""
        return {"record": self.record} if self.box is None else {"record": self.record, "box": list(self.box)}


def item_from_data(data: Mapping[str, Any]) -> Item:
    """The item of JSON data that `Item.data` made."""
    return Item(data["record"], Box(*data["box"]) if "box" in data else None)


def item(record: str, box: tuple[float, float, float, float] | None = None) -> Item:
    """
    An item; shares are rounded, so that the same box is the same item wherever it was drawn.

    Raises:
        InvalidInputError: On an empty id, or a box that is no part of a picture.
    """
    check_text(record, "The id of a record")
    if not record:
        raise InvalidInputError("A record is named by its id; this one is empty.")
    if box is None:
        return Item(record)
    left, top, right, bottom = (round(float(share), _PLACES) for share in box)
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise InvalidInputError(
            "A part of a picture is left, top, right, bottom as shares from 0 to 1, left < right and top < bottom; "
            f"got {', '.join(map(str, box))}."
        )
    return Item(record, Box(left, top, right, bottom))


def read_item(text: str) -> Item:
    """
    The item that `Item.text` wrote, or a person.

    Raises:
        InvalidInputError: As `item` does.
    """
    found = _PART.fullmatch(text)
    if found is None:
        return item(text)
    try:
        left, top, right, bottom = (float(share) for share in found.groups()[:4])
    except ValueError:
        return item(text)
    return item(found[5], (left, top, right, bottom))


def box_text(box: Box) -> str:
    """The shares of a box, with commas between."""
    return ",".join(format(share, f".{_PLACES}g") for share in box)
