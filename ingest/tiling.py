"""The spaces of tiles that an ingest fills beside those of the whole pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from PIL import Image

from archive_search.embedders import auxiliary_embedders, palette
from archive_search.models.colour import COLOURLESS
from archive_search.pictures.pieces import pieces, squared
from archive_search.pictures.pieces import way as way_of_pieces
from archive_search.pictures.tiling import boxes, cut
from archive_search.pictures.tiling import way as way_of_grid
from archive_search.spaces import tile_space
from archive_search.types import Box, Embedder

ENOUGH = 768
"""Pixels of the shorter side that a picture is decoded to at least: 256 for each of the smallest tiles."""
RECORDS = 4
"""With tiles a batch has one record for so many pictures of it: each brings up to 33 inputs, mostly fewer than 17."""


@dataclass(frozen=True)
class Tiles:
    """The tiles of one picture: the embedder's inputs, their boxes, and the colours that pieces of a plate show."""

    inputs: list[Any]
    boxes: tuple[Box, ...]
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tiled:
    """The space of the tiles that an embedder sees: what makes its vectors, by name and mark."""

    embedder: Embedder

    @property
    def name(self) -> str:
        """The space that it fills."""
        return tile_space(self.embedder.name)

    @property
    def dim(self) -> int:
        """Dimensions of its vectors."""
        return self.embedder.dim

    @property
    def checkpoint(self) -> str:
        """What a tile's vector depends on besides its picture: the embedder's weights and the way of cutting."""
        return f"{self.embedder.checkpoint} {way_of_pieces()}, else {way_of_grid()}"

    def prepare(self, picture: Image.Image, width: int, height: int) -> Tiles:
        """
        The tiles of a picture that has so many pixels, decoded to fewer perhaps.

        Tiles are the pieces on a plate, each on a square; a picture that is no plate is cut by a grid.
        """
        if plate := pieces(picture):
            found = [cut(picture, box) for box in plate]
            inputs = [self.embedder.preprocess(squared(one), "image") for one in found]
            return Tiles(inputs, plate, tuple(dict.fromkeys(colour for one in found for colour in _colours(one))))
        grid = boxes(width, height)
        return Tiles([self.embedder.preprocess(cut(picture, box), "image") for box in grid], grid)


def _colours(piece: Image.Image) -> list[str]:
    """The hues that a piece shows; black, white and grey, those of scale bars and labels as well, do not count."""
    found: list[str] = palette.payload(palette.PaletteEmbedder().preprocess(piece, "image"))["colours"]
    return [colour for colour in found if colour not in ("black", "white", "grey", COLOURLESS)]


Filler: TypeAlias = Embedder | Tiled
"""What fills a space."""


def tiled(embedders: Sequence[Embedder]) -> list[Tiled]:
    """The spaces of tiles beside those of these embedders; the auxiliary ones get none."""
    beside = auxiliary_embedders()
    return [Tiled(one) for one in embedders if one.name not in beside]
