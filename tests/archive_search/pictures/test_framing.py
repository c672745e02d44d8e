"""A part of a picture, framed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from archive_search.pictures.framing import LEAST, framed
from archive_search.types import Box, PictureError

SHARES = st.floats(0, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for one picture after the other."""
    return tmp_path_factory.mktemp("framing")


@given(SHARES, SHARES, SHARES, SHARES, st.integers(1, 120), st.integers(1, 120))
def test_the_frame_lies_around_the_part(folder, one, two, three, four, width, height):
    """What differs from the picture lies on the edges of the part, within the picture; its size stays."""
    file = folder / "a.png"
    Image.new("RGB", (width, height), (90, 160, 90)).save(file)
    box = Box(min(one, two), min(three, four), max(one, two), max(three, four))
    made = Image.open(io.BytesIO(framed(file, box))).convert("RGB")
    assert made.size == (width, height)
    changed = (
        ImageChops.difference(made, Image.open(file).convert("RGB")).point(lambda v: 255 if v > 48 else 0).getbbox()
    )
    assert changed is not None
    for first, last, begin, end, size in (
        (box.left, box.right, changed[0], changed[2], width),
        (box.top, box.bottom, changed[1], changed[3], height),
    ):
        assert begin >= min(first * size, size - min(LEAST, size)) - 6
        assert end <= max(last * size, first * size + LEAST) + 6


def test_what_cannot_be_read_is_told(tmp_path):
    """A file that is gone, and one that is no picture, are told by name."""
    (tmp_path / "b.webp").write_bytes(b"no picture")
    for name in ("a.webp", "b.webp"):
        with pytest.raises(PictureError, match=name):
            framed(tmp_path / name, Box(0, 0, 1, 1))
