"""The pieces on a plate, on plates drawn by hand: small enough to say where each of them lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from archive_search.pictures.pieces import AT_MOST, pieces, squared
from archive_search.pictures.tiling import cut

PAPER = (240, 235, 220)


def plate(*bounds: tuple[int, int, int, int], size: tuple[int, int] = (800, 600), paper=PAPER) -> Image.Image:
    """Dark rectangles on paper."""
    sheet = Image.new("RGB", size, paper)
    for one in bounds:
        ImageDraw.Draw(sheet).rectangle(one, fill=(60, 40, 30))
    return sheet


def holds(box, bounds, size=(800, 600)) -> bool:
    """Whether a box holds a rectangle whole."""
    left, top, right, bottom = bounds
    width, height = size
    across = box.left * width <= left and box.right * width >= right
    return across and box.top * height <= top and box.bottom * height >= bottom


def test_every_piece_has_its_box_the_largest_first():
    """Three things on paper are three pieces, whole, from large to small."""
    large, middle, small = (50, 50, 350, 250), (450, 300, 600, 420), (100, 450, 180, 520)
    found = pieces(plate(small, large, middle))
    assert len(found) == 3
    assert all(holds(box, bounds) for box, bounds in zip(found, (large, middle, small), strict=True))
    assert found[1].right * 800 < 650, "a box is little larger than its piece"


@settings(deadline=None, max_examples=30)
@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2))
def test_whatever_lies_apart_is_found(places):
    """Things on any two or more places of a sheet are so many pieces, each in a box of its own within the sheet."""
    bounds = [(60 + 180 * x, 60 + 180 * y, 160 + 180 * x, 160 + 180 * y) for x, y in places]
    found = pieces(plate(*bounds))
    assert len(found) == len(bounds)
    assert all(sum(holds(box, one) for box in found) == 1 for one in bounds)
    assert all(0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1 for box in found)


def test_one_thing_is_no_plate():
    """A picture of one object has no pieces, nor has an empty sheet."""
    assert pieces(plate((200, 100, 600, 500))) == ()
    assert pieces(plate()) == ()


def test_strokes_near_each_other_are_one_piece():
    """What lies within a hundredth of the sheet's length hangs together; find numbers are too small to be pieces."""
    strokes = [(100 + 8 * i, 100, 103 + 8 * i, 300) for i in range(12)]
    assert len(pieces(plate(*strokes, (500, 200, 600, 300), (540, 330, 552, 345)))) == 2


def test_a_frame_is_no_piece():
    """A thin line around a plate hides nothing within it."""
    sheet = plate((100, 100, 300, 300), (450, 200, 600, 400))
    ImageDraw.Draw(sheet).rectangle((15, 15, 785, 585), outline=(30, 30, 30), width=4)
    assert len(pieces(sheet)) == 2


def test_what_lies_within_a_piece_belongs_to_it():
    """An outline and what is drawn inside it are one piece."""
    sheet = plate((550, 200, 700, 400))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((50, 100, 450, 500), outline=(20, 20, 20), width=5)
    draw.rectangle((200, 250, 300, 350), fill=(20, 20, 20))
    assert len(pieces(sheet)) == 2


def test_a_scene_is_no_plate():
    """Where the border has no usual colour, nothing is said."""
    noise = np.random.default_rng(1).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    assert pieces(Image.fromarray(noise).resize((800, 600), Image.Resampling.NEAREST)) == ()


def test_a_small_picture_is_no_plate():
    """A thumbnail is not cut into pieces of a few pixels."""
    assert pieces(plate((50, 50, 350, 250), (450, 300, 600, 420)).resize((200, 150))) == ()


def test_a_plate_of_beads_gives_the_largest():
    """Of very many pieces so many are taken as stated."""
    beads = [(20 + 97 * x, 20 + 97 * y, 70 + x + 97 * x, 70 + 97 * y) for x in range(8) for y in range(6)]
    assert len(pieces(plate(*beads))) == AT_MOST


@pytest.mark.parametrize("size", [(90, 30), (30, 90), (50, 50)])
def test_a_piece_is_put_on_a_square_of_its_paper(size):
    """The piece lies whole in the middle of a square, and the paper around goes on."""
    piece = plate((size[0] // 2, size[1] // 2, size[0] // 2, size[1] // 2), size=size)
    square = squared(piece)
    side = max(size)
    assert square.size == (side, side)
    assert square.getpixel((0, 0)) == PAPER
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    assert square.crop((left, top, left + size[0], top + size[1])).tobytes() == piece.tobytes()


def test_a_box_cuts_its_piece_out():
    """What a box cuts out of the plate shows its piece."""
    sheet = plate((50, 50, 350, 250), (450, 300, 600, 420))
    dark = np.asarray(cut(sheet, pieces(sheet)[1])).min(axis=2) < 100
    assert 0.3 < dark.mean() < 0.9
