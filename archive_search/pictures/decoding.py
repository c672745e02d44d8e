"""Pictures from bytes: whatever a museum keeps becomes an upright RGB image, or one readable reason why not."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from archive_search.types import PictureError, TooLargeError

EXTENSIONS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp", ".jp2", ".avif")
"""Endings of the files that are taken for pictures; what a file really is, its first bytes decide."""

# Only these: Pillow would also run Ghostscript on an EPS, and reads formats that no archive holds.
_FORMATS = ("JPEG", "MPO", "PNG", "TIFF", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF")

_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
)
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript file"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"<svg", "an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
    (b"{", "a JSON or text file"),
)

# The guard below reads the same header against the caller's own limit, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None
# Odd EXIF and TIFF tags are everyday matters in scans; what cannot be read raises.
warnings.filterwarnings("ignore", module=r"PIL\.")


def decode(data: bytes | Path, max_megapixels: float = 300, name: str = "", at_least: int | None = None) -> Image.Image:
    """
    Decode a picture to RGB, upright, transparent parts on white; of several frames or pages the first.

    Sixteen bits a channel become eight by dividing the whole range; floating-point pixels are taken as they are where
    they lie in 0..1 or 0..255 and stretched from their lowest to their highest otherwise. Colours with an ICC profile
    are converted to sRGB. The returned image carries no EXIF and no profile.

    Args:
        data: the file's bytes, or its path.
        max_megapixels: refuse what its header says is larger, before decoding.
        name: how errors name the picture.
        at_least: the shorter side still needed, in pixels. The result may then be a reduced picture, never smaller
            than this (unless the picture is); a large JPEG is read several times faster.

    Raises:
        PictureError: If it is empty, not a picture, cut short or damaged; TooLargeError if it is over the limit.
    """
    with _opened(data, max_megapixels, name) as image:
        try:
            if at_least is not None and image.format in ("JPEG", "MPO"):
                image.draft(None, (max(at_least, 1), max(at_least, 1)))
            image.load()
            orientation = _orientation(image)
            factor = min(image.size) // max(at_least, 1) if at_least is not None else 1
            small = image.reduce(factor) if factor > 1 and image.mode in ("L", "RGB", "CMYK", "YCbCr") else image
            small.info = image.info
            upright = _turned(_rgb(small), orientation)
        except Exception as error:  # decoders raise anything on hostile input: OSError, SyntaxError, struct.error ...
            raise PictureError(_said(name, _damage(image.format or "picture", error))) from error
    if upright is image:
        upright = upright.copy()
    upright.info = {}
    return upright


def size(data: bytes | Path, max_megapixels: float = 300, name: str = "") -> tuple[int, int]:
    """
    Width and height of a picture in pixels, once upright; reads the header only.

    Raises:
        PictureError: If the header cannot be read; TooLargeError if it tells of more than `max_megapixels`.
    """
    with _opened(data, max_megapixels, name) as image:
        width, height = image.size
        # Pillow has swapped the sides of a TIFF already.
        turned = image.format != "TIFF" and _orientation(image) in (5, 6, 7, 8)
        return (height, width) if turned else (width, height)


# ------------------------------------------------------------------ opening


def _opened(data: bytes | Path, max_megapixels: float, name: str) -> Image.Image:
    """Open a picture without decoding it, and hold it to the limit."""
    Image.init()
    try:
        formats = [one for one in _FORMATS if one in Image.OPEN]
        image = Image.open(data if isinstance(data, Path) else io.BytesIO(data), formats=formats)
    except Exception as error:  # header parsers raise anything on hostile input
        raise PictureError(_said(name, _unopened(data, error))) from error
    width, height = image.size
    megapixels = width * height / 1e6
    if 0 < megapixels <= max_megapixels:
        return image
    image.close()
    if not megapixels:
        raise PictureError(_said(name, f"it has no pixels ({width} x {height})"))
    limit = f"the limit is {_number(max_megapixels)}: make it smaller"
    raise TooLargeError(_said(name, f"it has {_number(megapixels)} megapixels; {limit}"))


def _unopened(data: bytes | Path, error: Exception) -> str:
    try:
        start = data[:512] if isinstance(data, bytes) else _first_bytes(data)
    except OSError as unread:
        return f"the file cannot be read: {unread.strerror or unread}"
    if not start:
        return "the file is empty"
    if isinstance(error, MemoryError):
        return "there is not enough memory to open it"
    return _unidentified(start)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _unidentified(start: bytes) -> str:
    kind = next((kind for magic, kind in _BEGINNINGS if start.startswith(magic)), None)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        kind = "WebP"
    if kind is not None:
        return f"it begins as a {kind} picture, but its header is cut short, damaged or of a kind that cannot be read"
    if start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif"):
        return "it is a HEIC photograph, which cannot be read here; save it as JPEG"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, kind in _OTHERS:
        if start.startswith(magic) or text.startswith(magic.lower()):
            return f"it is not a picture but {kind}"
    if not start.strip(b"\0"):
        return "it is not a picture: it begins with zeros only, as a file does whose copying failed"
    return "it is not a picture, or of a kind that cannot be read"


def _damage(kind: str, error: Exception) -> str:
    detail = str(error).strip().rstrip(".") or type(error).__name__
    if isinstance(error, MemoryError):
        return "there is not enough memory to decode it"
    if isinstance(error, EOFError) or "truncated" in detail.lower():
        return f"the {kind} picture is cut short: {detail}"
    return f"the {kind} picture is damaged and cannot be decoded: {detail}"


def _said(name: str, reason: str) -> str:
    return f"{name}: {reason}" if name else reason


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value >= 1 else f"{value:.2g}"


# ------------------------------------------------------------------ orientation and colour


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # EXIF that cannot be parsed says nothing; the picture itself may be fine
        return 1


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_numbers(image).convert("RGB")
    if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
        return _on_white(image.convert("RGBA"))
    if image.mode in ("RGB", "CMYK", "LAB"):
        converted = _through_profile(image)
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    colours = image.convert("RGB")
    colours.info = image.info
    converted = _through_profile(colours)
    white.paste(colours if converted is None else converted, mask=image.getchannel("A"))
    return white


def _from_numbers(image: Image.Image) -> Image.Image:
    """Grey of eight bits from 16-bit, 32-bit and floating-point pixels; Pillow's own conversion clips them to white."""
    pixels = np.asarray(image)
    if image.mode.startswith("I;16"):
        grey = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
        white_is_zero = getattr(image, "tag_v2", {}).get(262) == 0
        return Image.fromarray(255 - grey if white_is_zero else grey)
    return Image.fromarray(_stretched(pixels.astype(np.float64), whole=image.mode == "I"))


def _stretched(pixels: NDArray[np.float64], whole: bool) -> NDArray[np.uint8]:
    known = np.isfinite(pixels)
    if not known.any():
        return np.zeros(pixels.shape, np.uint8)
    low, high = float(pixels[known].min()), float(pixels[known].max())
    scale = (1.0, 255.0) if not whole else (255.0, 65535.0)
    if low >= 0 and high <= scale[0]:
        low, high = 0.0, scale[0]
    elif low >= 0 and high <= scale[1]:
        low, high = 0.0, scale[1]
    span = high - low or 1.0
    filled = np.where(known, pixels, low)
    return np.rint((filled - low) / span * 255).astype(np.uint8)


def _through_profile(image: Image.Image) -> Image.Image | None:
    """The picture in sRGB by its ICC profile; None where it has none, needs none, or has one that cannot be used."""
    icc = image.info.get("icc_profile")
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif icc:
            source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if image.mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
                return None
        else:
            return None
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
