"""The parts of a picture that are to be seen: which they are, and a picture with a line around each."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TypeAlias

from archive_search.types import Hit
from archive_search.workspace.items import read_item

Frame: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height as shares of the picture's."""


def frames(hit: Hit, by_hand: bool) -> tuple[Frame, ...]:
    """The part of a hit that fits best; of one that people chose every part that they chose."""
    boxes = [hit.box] if hit.box is not None else []
    if by_hand and not boxes:
        parts = dict(hit.payload.get("extra") or {}).get("collected_part", ())
        boxes = [box for one in parts if (box := read_item(f"{one}@{hit.id}").box) is not None]
    return tuple((left, top, right - left, bottom - top) for left, top, right, bottom in boxes)


def shape(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size


def framed(picture: bytes, some: Iterable[Frame]) -> bytes:
    """A picture as a JPEG with a thin line around some of its parts."""
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(picture)) as opened:
        seen = opened.convert("RGB")
    draw, (wide, high) = ImageDraw.Draw(seen), seen.size
    for left, top, width, height in some:
        corners = (left * wide, top * high, (left + width) * wide - 1, (top + height) * high - 1)
        for colour, line in (("white", 4), ("#8a3b1e", 2)):
            draw.rectangle(corners, outline=colour, width=line)
    made = io.BytesIO()
    seen.save(made, "JPEG", quality=88)
    return made.getvalue()
