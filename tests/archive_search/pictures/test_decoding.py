"""Pictures of every kind become upright RGB images, or one readable reason."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from archive_search.pictures.decoding import decode, size
from archive_search.types import PictureError

# Outside this file's own `error` filter, `archive_search.pictures.decoding` silences what Pillow says about odd tags.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The file that Pillow writes."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def near(found: Any, expected: tuple[int, int, int], within: int = 6) -> bool:
    """Whether a pixel is this colour, but for the losses of JPEG."""
    return all(abs(one - other) <= within for one, other in zip(found, expected, strict=True))


def grey_tiff(pixels: np.ndarray[Any, Any], *, white_is_zero: bool = False) -> bytes:
    """A grey TIFF of these pixels, uncompressed."""
    if not white_is_zero:
        return saved(Image.fromarray(pixels), "TIFF")
    return saved(Image.fromarray(pixels), "TIFF", tiffinfo={262: 0})


FORMATS = {
    "jpeg": lambda: saved(halves(), "JPEG", quality=95),
    "progressive": lambda: saved(halves(), "JPEG", progressive=True),
    "png": lambda: saved(halves(), "PNG"),
    "tiff": lambda: saved(halves(), "TIFF"),
    "tiff-lzw": lambda: saved(halves(), "TIFF", compression="tiff_lzw"),
    "tiff-jpeg": lambda: saved(halves(), "TIFF", compression="jpeg"),
    "webp": lambda: saved(halves(), "WEBP", lossless=True),
    "gif": lambda: saved(halves(), "GIF"),
    "bmp": lambda: saved(halves(), "BMP"),
    "jpeg2000": lambda: saved(halves(), "JPEG2000"),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_formats(kind: str) -> None:
    """Every kind of file gives the same RGB picture, and `size` reads its size from the header."""
    data = FORMATS[kind]()
    image = decode(data)
    assert (image.mode, image.size) == ("RGB", (40, 20))
    assert near(image.getpixel((5, 10)), RED)
    assert near(image.getpixel((35, 10)), BLUE)
    assert size(data) == (40, 20)


def test_path(tmp_path: Path) -> None:
    """A path is read as its bytes are, and its file is closed again."""
    path = tmp_path / "a.png"
    path.write_bytes(FORMATS["png"]())
    assert decode(path).tobytes() == decode(path.read_bytes()).tobytes()
    assert size(path) == (40, 20)
    path.unlink()
    with pytest.raises(PictureError, match="axe: the file cannot be read: No such file"):
        decode(path, name="axe")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(kind: str, orientation: int) -> None:
    """The orientation in a file's EXIF is applied once, and none is left in the result."""
    upright = Image.new("RGB", (48, 32), WHITE)
    upright.paste(RED, (0, 0, 24, 16))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright if orientation == 1 else upright.transpose(back[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(stored, kind, exif=exif.tobytes())
    image = decode(data)
    assert image.size == size(data) == (48, 32)
    assert near(image.getpixel((6, 6)), RED, 12)
    assert near(image.getpixel((40, 6)), WHITE, 12)
    assert near(image.getpixel((6, 26)), WHITE, 12)
    assert not image.getexif()
    assert image.info == {}


def test_damaged_exif() -> None:
    """EXIF that cannot be parsed costs the orientation, not the picture."""
    data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert decode(data).size == (40, 20)


def test_sixteen_bits_png() -> None:
    """Sixteen bits of grey are divided, not clipped: 0, half and full become 0, 128 and 255."""
    pixels = np.array([[0, 0x8080, 0xFFFF]], np.uint16)
    image = decode(saved(Image.fromarray(pixels), "PNG"))
    assert [image.getpixel((x, 0)) for x in range(3)] == [(0, 0, 0), (128, 128, 128), WHITE]


def test_sixteen_bits_tiff() -> None:
    """A 16-bit TIFF is divided likewise, whichever end its bytes begin at and whether or not its white is zero."""
    pixels = np.array([[0, 0x8080, 0xFFFF]], np.uint16)
    grey = [(0, 0, 0), (128, 128, 128), WHITE]
    assert [decode(grey_tiff(pixels)).getpixel((x, 0)) for x in range(3)] == grey
    header = b"MM\0*" + struct.pack(">I", 8)
    tags = [(256, 3, 3), (257, 3, 1), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8 + 2 + 9 * 12 + 4), (277, 3, 1)]
    tags += [(278, 3, 1), (279, 4, 6)]
    directory = struct.pack(">H", len(tags))
    for tag, kind, value in tags:
        directory += (
            struct.pack(">HHIHH", tag, kind, 1, value, 0) if kind == 3 else struct.pack(">HHII", tag, kind, 1, value)
        )
    big = header + directory + b"\0\0\0\0" + pixels.astype(">u2").tobytes()
    assert [decode(big).getpixel((x, 0)) for x in range(3)] == grey
    negative = decode(grey_tiff(pixels, white_is_zero=True))
    assert [negative.getpixel((x, 0)) for x in range(3)] == [WHITE, (127, 127, 127), (0, 0, 0)]


def test_sixteen_bits_colour() -> None:
    """A PNG with sixteen bits a colour keeps its colours."""
    row = b"\0" + struct.pack(">6H", 0xFFFF, 0, 0, 0, 0x8000, 0xFFFF)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(row)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        data += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    image = decode(data)
    assert (image.getpixel((0, 0)), image.getpixel((1, 0))) == (RED, (0, 128, 255))


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 128.0, 255.0], [0, 128, 255]),
        ([-10.0, 0.0, 10.0], [0, 128, 255]),
        ([0.0, 500.0, 1000.0], [0, 128, 255]),
        ([float("nan"), 1.0, float("inf")], [0, 255, 0]),
        ([float("nan")] * 3, [0, 0, 0]),
        ([3.0, 3.0, 3.0], [3, 3, 3]),
    ],
)
def test_float_tiff(pixels: list[float], expected: list[int]) -> None:
    """Floating-point pixels in 0..1 or 0..255 are taken so, others stretched; what is no number is black."""
    image = decode(grey_tiff(np.array([pixels], np.float32)))
    found = [image.getpixel((x, 0)) for x in range(3)]
    assert found == [(value, value, value) for value in expected]


@pytest.mark.parametrize("pixels", [[0, 128, 255], [0, 0x8080, 0xFFFF], [-100_000, 0, 100_000]])
def test_whole_number_tiff(pixels: list[int]) -> None:
    """Pixels of 32 bits are taken as 8 or 16 bits where they fit, and stretched otherwise."""
    image = decode(grey_tiff(np.array([pixels], np.int32)))
    assert [image.getpixel((x, 0))[0] for x in range(3)] == [0, 128, 255]  # type: ignore[index]


def test_bilevel() -> None:
    """A line drawing of one bit is black on white."""
    image = Image.new("1", (8, 8), 1)
    image.putpixel((3, 3), 0)
    for kind in ("PNG", "TIFF"):
        decoded = decode(saved(image, kind))
        assert (decoded.getpixel((3, 3)), decoded.getpixel((0, 0))) == ((0, 0, 0), WHITE)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency(mode: str) -> None:
    """What is transparent is white, what is half transparent half white."""
    image = Image.new("RGBA", (4, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image.putpixel((2, 0), (0, 0, 0, 128))
    data = saved(image.convert("LA") if mode == "LA" else image.quantize() if mode == "PA" else image, "PNG")
    decoded = decode(data)
    assert decoded.getpixel((0, 0)) == WHITE
    assert decoded.getpixel((1, 0)) == (0, 0, 0)
    assert near(decoded.getpixel((2, 0)), (127, 127, 127), 1)


def test_transparent_palette() -> None:
    """A palette's transparent colour is white, its others are what they are."""
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    decoded = decode(saved(image, "GIF", transparency=0))
    assert (decoded.getpixel((0, 0)), decoded.getpixel((1, 0))) == (WHITE, BLUE)


def test_first_frame() -> None:
    """Of an animation and of a TIFF with pages the first is taken."""
    first, second = Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)
    for kind in ("GIF", "TIFF", "WEBP", "PNG"):
        assert near(decode(saved(first, kind, save_all=True, append_images=[second])).getpixel((4, 4)), RED, 12)


def test_cmyk() -> None:
    """A picture in the colours of print is turned into those of a screen, in JPEG and TIFF."""
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    for kind in ("JPEG", "TIFF"):
        assert near(decode(saved(ink, kind)).getpixel((8, 8)), RED, 4)


def test_profile() -> None:
    """A profile that is sRGB, damaged or not about RGB changes nothing, and none is left; Lab is converted."""
    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (8, 8), (100, 150, 200))
    for profile in (srgb, b"no profile", other):
        decoded = decode(saved(image, "PNG", icc_profile=profile))
        assert decoded.getpixel((4, 4)) == (100, 150, 200)
        assert "icc_profile" not in decoded.info
    lab = Image.new("LAB", (8, 8), (255, 128, 128))
    assert near(decode(saved(lab, "TIFF")).getpixel((4, 4)), WHITE, 3)


def test_profile_changes_colours() -> None:
    """A profile whose red and green are exchanged exchanges them in the result."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    description = profile.index("sRGB".encode("utf-16-be"))
    profile[description : description + 8] = "swap".encode("utf-16-be")
    decoded = decode(saved(Image.new("RGB", (8, 8), RED), "PNG", icc_profile=bytes(profile)))
    assert near(decoded.getpixel((4, 4)), GREEN, 3)


# ------------------------------------------------------------------ limits


def outcome(data: bytes) -> str:
    """RGB, or the reason why not."""
    try:
        return decode(data, max_megapixels=1, name="a").mode
    except PictureError as error:
        return str(error)


def huge_png(width: int, height: int) -> bytes:
    """A PNG that only claims to be so large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + b"\0\0\0\0IDAT"
    )


def test_limit() -> None:
    """A picture over the limit is refused by its header, with its size and the limit."""
    data = huge_png(20_000, 20_600)
    reason = "it has 412 megapixels; the limit is 300: make it smaller"
    with pytest.raises(PictureError) as caught:
        decode(data)
    assert str(caught.value) == reason
    with pytest.raises(PictureError) as caught:
        size(data, name="a.png")
    assert str(caught.value) == f"a.png: {reason}"
    with pytest.raises(PictureError, match=r"it has 0\.0008 megapixels; the limit is 0\.0005: make it smaller"):
        decode(saved(halves(), "PNG"), max_megapixels=0.0005)


def test_own_limit_only() -> None:
    """Pillow's own limit of 179 megapixels does not stand before ours."""
    assert size(huge_png(15_000, 15_000)) == (15_000, 15_000)


def test_not_pictures() -> None:
    """Whatever is no picture is refused with what it is."""
    said = {
        b"": "the file is empty",
        b"<!DOCTYPE html><html>not found</html>": "it is not a picture but a web page",
        b"%PDF-1.7 ...": "it is not a picture but a PDF document",
        b"\0" * 600: "it is not a picture: it begins with zeros only, as a file does whose copying failed",
        b"\0\0\0\x18ftypheic\0\0\0\0": "it is a HEIC photograph, which cannot be read here; save it as JPEG",
        b"just some words": "it is not a picture, or of a kind that cannot be read",
    }
    for data, reason in said.items():
        with pytest.raises(PictureError) as caught:
            decode(data)
        assert str(caught.value) == reason


def test_no_postscript() -> None:
    """An EPS file is refused: Pillow would hand it to Ghostscript."""
    with pytest.raises(PictureError, match="PostScript"):
        decode(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n")


@pytest.mark.parametrize("kind", FORMATS)
def test_truncated(kind: str) -> None:
    """A file cut anywhere gives a readable reason or, where only its end is lost, a picture; never another error."""
    data = FORMATS[kind]()
    cuts = sorted({*range(1, min(len(data), 60)), *range(60, len(data), max(1, len(data) // 60))})
    refused = 0
    for cut in cuts:
        refused += outcome(data[:cut]).startswith("a: ")
    assert refused > len(cuts) / 3


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif"])
def test_cut_in_half(kind: str) -> None:
    """Half a photograph is refused as cut short, not shown half grey."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8))
    data = saved(noise, kind.upper())
    with pytest.raises(PictureError, match="cut short"):
        decode(data[: len(data) // 2])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", *FORMATS]))
def test_random_bytes(noise: bytes, kind: str) -> None:
    """Random bytes, bare or behind the beginning of a real file, give a picture or a PictureError."""
    data = (FORMATS[kind]()[:64] if kind else b"") + noise
    assert outcome(data)


@pytest.mark.parametrize("kind", FORMATS)
def test_flipped_bytes(kind: str) -> None:
    """A file with a few bytes changed gives a picture or a PictureError."""
    chance = random.Random(kind)
    for _ in range(60):
        data = bytearray(FORMATS[kind]())
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert outcome(bytes(data))


# ------------------------------------------------------------------ reduced


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_at_least(kind: str) -> None:
    """A picture of which less is needed comes reduced, never below what is needed, with its colours in their places."""
    data = saved(halves(1600, 1200), kind)
    for needed in (100, 224, 599, 600, 1199, 1200, 5000):
        image = decode(data, at_least=needed)
        assert min(image.size) >= min(needed, 1200)
        assert abs(image.width / image.height - 4 / 3) < 0.01
        assert near(image.getpixel((0, 0)), RED)
    assert min(decode(data, at_least=224).size) < 600
    assert decode(data, at_least=1200).size == (1600, 1200)


def test_at_least_decodes_no_more_than_needed() -> None:
    """A large JPEG of which 224 pixels are needed is decoded at the smallest eighths that still have them."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (250, 375, 3), dtype=np.uint8))
    data = saved(noise.resize((3000, 2000)), "JPEG")
    assert decode(data, at_least=224).size == (375, 250)
    assert decode(data).size == (3000, 2000)
