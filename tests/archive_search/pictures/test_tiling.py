"""How a picture is cut into tiles."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive_search.pictures.tiling import AT_MOST, OVERLAP, SMALLEST, boxes, cut, grids
from archive_search.types import Box

SIDES = st.integers(1, 20_000)


def levels(width: int, height: int) -> list[tuple[tuple[int, int], tuple[Box, ...]]]:
    """The tiles of a picture large enough for all of them, grid by grid."""
    found, rest = [], boxes(width, height)
    for columns, rows in grids(width, height):
        found.append(((columns, rows), rest[: columns * rows]))
        rest = rest[columns * rows :]
    assert not rest
    return found


@given(SIDES, SIDES)
def test_tiles_are_few_inside_the_picture_and_not_too_small(width, height):
    """A picture of any size has at most 16 tiles, each inside it and none too small."""
    found = boxes(width, height)
    assert len(found) <= AT_MOST == 16
    for box in found:
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1
        assert min((box.right - box.left) * width, (box.bottom - box.top) * height) >= SMALLEST - 1e-6


@given(st.integers(700, 20_000), st.integers(700, 20_000), st.floats(0, 1), st.floats(0, 1))
def test_every_point_lies_in_a_tile_of_each_grid(width, height, x, y):
    """No part of a picture is left out, however long it is."""
    for _, some in levels(width, height):
        assert any(
            box.left - 1e-9 <= x <= box.right + 1e-9 and box.top - 1e-9 <= y <= box.bottom + 1e-9 for box in some
        )


@given(st.integers(700, 20_000), st.integers(700, 20_000))
def test_a_detail_on_a_border_is_whole_in_one_tile(width, height):
    """Neighbours share as much as the overlap promises, and no tile comes twice."""
    for (columns, rows), some in levels(width, height):
        for along, count in ((0, columns), (1, rows)):
            spans = sorted({(box[along], box[along + 2]) for box in some})
            assert len(spans) == count
            assert all(
                before[1] - after[0] >= OVERLAP / (count - 1) - 1e-9 for before, after in itertools.pairwise(spans)
            )


@given(SIDES, SIDES)
def test_a_picture_turned_has_its_tiles_turned(width, height):
    """Upright and lying pictures are cut alike."""
    turned = sorted(Box(box.top, box.left, box.bottom, box.right) for box in boxes(height, width))
    assert sorted(boxes(width, height)) == [pytest.approx(one) for one in turned]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1000, 1000), ((2, 2), (3, 3))),
        ((1200, 1000), ((2, 2), (3, 3))),
        ((2000, 1500), ((2, 2), (3, 3))),
        ((1500, 2500), ((2, 2), (3, 3))),
        ((2000, 1000), ((2, 1), (4, 2))),
        ((3000, 1000), ((3, 1), (6, 2))),
        ((5000, 1000), ((8, 2),)),
        ((1000, 9000), ((1, 9),)),
        ((90_000, 1000), ((16, 1),)),
    ],
)
def test_grids_follow_the_format(size, expected):
    """The longer a picture, the more columns and the fewer rows."""
    assert grids(*size) == expected


def test_tiles_are_squares_unless_a_picture_is_very_long():
    """Most models look at a square: next to no part of a tile is lost to them."""
    for width, height in ((1000, 1000), (2000, 1500), (1500, 1000), (3000, 1000), (4000, 1000)):
        for box in boxes(width, height):
            across, down = (box.right - box.left) * width, (box.bottom - box.top) * height
            assert down - 1e-6 <= across <= down * (1 + OVERLAP) + 1e-6
    assert {round(box.right - box.left, 6) for box in boxes(32_000, 1000)} == {round((1 + OVERLAP) / 16, 6)}


def test_small_pictures_have_fewer_tiles_or_none():
    """A grid whose tiles would have too few pixels is left out."""
    assert [len(boxes(side, side)) for side in (SMALLEST, SMALLEST * 2, SMALLEST * 3)] == [0, 4, 13]


def test_what_is_cut_is_what_the_box_says():
    """A tile shows its part of the picture, also of one decoded to another size than it has."""
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste("red", (300, 225, 400, 300))
    (corner,) = [box for box in boxes(4000, 3000)[4:] if (box.right, box.bottom) == (1, 1)]
    part = cut(picture, corner)
    assert part.size == (147, 147)  # 400 / 3, and a tenth more
    assert part.getpixel((146, 146)) == (255, 0, 0)
    assert sum(colour == (255, 0, 0) for colour in part.get_flattened_data()) == 100 * 75
