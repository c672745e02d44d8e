"""Names of spaces: a space of tiles is called like that of the whole pictures, with an ending."""

from __future__ import annotations

BOXES = "tile_boxes"
"""The payload field with the boxes of a record's tiles: by space, in the order of its vectors there."""
SUFFIX = "-tiles"
"""What the name of a space of tiles ends with."""


def tile_space(space: str) -> str:
    """The name of the space that holds the tiles of the pictures in a space: "demo" has "demo-tiles"."""
    return space + SUFFIX


def is_tiled(space: str) -> bool:
    """Whether a space holds several vectors per record, by its name."""
    return space.endswith(SUFFIX)


def whole_space(space: str) -> str:
    """The space of the whole pictures that a space of tiles belongs to; any other space is its own."""
    return space.removesuffix(SUFFIX)
