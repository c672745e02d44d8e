"""A part of a picture, framed."""

import base64
import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive_search.pictures.framing import framed
from archive_search.types import Box, PictureError

SHARES = st.floats(0, 1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for one picture after the other."""
    return tmp_path_factory.mktemp("framing")


@given(SHARES, SHARES, SHARES, SHARES, st.integers(1, 500), st.integers(1, 500))
def test_the_frame_lies_around_the_part(folder, one, two, three, four, width, height):
    """The picture is in it byte for byte and in its size, the frame around the part in the picture's pixels."""
    file = folder / "a.webp"
    Image.new("RGB", (width, height), (90, 160, 90)).save(file, method=0)
    box = Box(min(one, two), min(three, four), max(one, two), max(three, four))
    made = ElementTree.fromstring(framed(file, box))
    assert made.get("viewBox") == f"0 0 {width} {height}"
    picture, *frames = made
    data = picture.get("href").removeprefix("data:image/webp;base64,")
    assert base64.b64decode(data) == file.read_bytes()
    assert [frame.tag for frame in frames] == [f"{SVG}rect"] * 2
    for frame in frames:
        left, top, across, down = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
        assert (left, top) == (pytest.approx(box.left * width, abs=0.01), pytest.approx(box.top * height, abs=0.01))
        assert left + across == pytest.approx(box.right * width, abs=0.02)
        assert top + down == pytest.approx(box.bottom * height, abs=0.02)


def test_what_cannot_be_read_is_told(tmp_path):
    """A file that is gone, and one that is no picture, are told by name."""
    (tmp_path / "b.webp").write_bytes(b"no picture")
    for name in ("a.webp", "b.webp"):
        with pytest.raises(PictureError, match=name):
            framed(tmp_path / name, Box(0, 0, 1, 1))


def test_formats_are_named(tmp_path):
    """What kind of picture it is, is said of a JPEG too."""
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "JPEG")
    (tmp_path / "a").write_bytes(made.getvalue())
    assert b"data:image/jpeg;base64," in framed(tmp_path / "a", Box(0, 0, 1, 1))
