"""
Colour as a person names it, measured from pixels: the object is told from its background, its pixels are named.

Distances are taken in OKLab, where equal steps look about equal (Björn Ottosson, "A perceptual color space for image
processing", 2020, https://bottosson.github.io/posts/oklab). The eleven basic terms are those of Brent Berlin and Paul
Kay ("Basic Color Terms", 1969).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array: TypeAlias = NDArray[np.float64]

SIDE = 96
"""Pixels of the longer side that a picture is reduced to before it is measured."""

BASIC = ("black", "white", "grey", "red", "green", "yellow", "blue", "brown", "orange", "pink", "purple")
"""The basic colour terms; their shares of an object, and that of `COLOURLESS`, sum to 1."""
COLOURLESS = "colourless"
"""What shows no colour: an ink drawing, a photograph in shades of grey."""
FINER = ("golden", "patina", "terracotta", "ivory", "beige", "ochre", "turquoise", "navy", "olive", "maroon")
"""Narrower museum terms; their shares and that of everything else sum to 1."""

_BASIC_PROTOTYPES: Mapping[str, tuple[str, ...]] = {
    "black": ("000000", "141414", "26221f", "1b1f26", "302e2d"),
    "white": ("ffffff", "f0f0f0", "f7f1e6", "dedede", "e3e7ee", "e6ddcc", "d2d2d2"),
    "grey": ("a8a8a8", "909090", "787878", "606060", "4c4c4c", "a39e96", "8b929b", "70747c", "6b6660"),
    "red": ("ff0000", "d40f1c", "a31621", "7a1218", "c0392b", "e23a2e", "a83232", "b84a3a"),
    "green": (
        "00a000", "15602d", "4c9a57", "2e8b57", "6b8e3c", "8fce6c", "3f6b4a", "7aa890", "0b3d20", "4f9f86", "b4e3b0",
        "86a83c", "9be04a", "5a6b3a", "2a5a4c",
    ),
    "yellow": ("ffff00", "ffe135", "f2d13c", "e3c23a", "fff38a", "d8c25a", "d2a83c"),
    "blue": (
        "0000ff", "1f4fb4", "152a5e", "4f8fd8", "87b8ea", "2a6f97", "6a86b0", "b4d4f0", "141f3a", "3f5a80", "4a90a4",
        "8fa6c4", "4a5870", "2a3448",
    ),
    "brown": ("6f4423", "4b2f1b", "8a5a34", "9c6a3a", "5e4638", "7d5f4c", "9b7b5c", "3a2416", "8b6b3a", "75503a"),
    "orange": ("ff8000", "f28c28", "e2711d", "ffa940", "d9783f", "f79a5c", "c8662a"),
    "pink": ("ff9ec4", "f06fa5", "e8a6b8", "ff5fa2", "f3c4cf", "d9869b", "e8b4a8"),
    "purple": ("800080", "5a2d82", "8e5bb5", "b48bd1", "4a2545", "7a4a78", "a05aa8"),
}  # fmt: skip
_FINER_PROTOTYPES: Mapping[str, tuple[str, ...]] = {
    "golden": ("d4af37", "c89b3c", "e6c35c", "b8862d", "8f6a22", "f0d682"),
    "patina": ("5a9a80", "7fb59c", "43806b", "6fa58f", "3c6a58"),
    "terracotta": ("c8643c", "b5583a", "a34e34", "d17f58", "8f4630"),
    "ivory": ("f3ead2", "ebe1c8", "e0d5ba", "f8f1de"),
    "beige": ("d8c4a4", "cbb593", "bda585", "e0cfb4"),
    "ochre": ("c68a2e", "b3792b", "cc9a44", "a5702a"),
    "turquoise": ("40c8c0", "2aa6a4", "6fd6cf", "1f8a8a"),
    "navy": ("14213d", "1c2b50", "101a30", "25365f"),
    "olive": ("6b6b2f", "808040", "55562a", "8a8a55"),
    "maroon": ("5e1420", "701c2a", "4a1018", "7a2430"),
}

_SOFT = 0.03
"""Distance in OKLab over which one colour name fades into the next."""
_NARROW = 0.05
"""How far a pixel may be from a finer term's colours to count for it."""
_RING = 0.05
"""Width of the border that is taken for background, as a share of the side."""
_NEAR = 0.035
"""Distance from the background below which a pixel belongs to it, at least."""
_INK = (0.1, 0.2)
"""How much darker than paper a line is at least: a faint one, a plain one."""
_OPEN = (0.25, 0.3)
"""The share of paper between such lines, above which they are a drawing and no solid thing."""
_PRIOR = 0.33
"""Width of the preference for the middle of the picture, as a share of the side."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Shares of an object's surface by basic term (`COLOURLESS` included) and by finer term (`other` included)."""

    basic: Mapping[str, float]
    finer: Mapping[str, float]


def measure(picture: Image.Image) -> Colours:
    """
    The colours of what a picture shows, its background left out.

    The background is what continues the border: paper, card, velvet, gradients and vignettes too. Where the border is
    no background (a swatch, a detail) all of the picture counts, its middle most.
    """
    rgb = _reduced(picture)
    lab = oklab(rgb)
    distance, plain = _from_background(lab)
    weights = _object(lab, distance, plain)
    if _is_drawn(lab, distance, weights):
        return Colours({**dict.fromkeys(BASIC, 0.0), COLOURLESS: 1.0}, {**dict.fromkeys(FINER, 0.0), "other": 1.0})
    cells = rgb.astype(np.intp) >> 3
    index = (cells[..., 0] << 10) + (cells[..., 1] << 5) + cells[..., 2]
    shares = np.bincount(index.ravel(), weights.ravel(), 1 << 15) / weights.sum()
    held = np.flatnonzero(shares)
    basic, finer = (shares[held] @ table[held] for table in _named())
    known = 0.5 if _is_toned(rgb, lab) else 1.0  # of what film without colour shows, half is guessed from its shade
    return Colours(
        {**dict(zip(BASIC, (known * basic).tolist(), strict=True)), COLOURLESS: 1.0 - known},
        dict(zip((*FINER, "other"), finer.tolist(), strict=True)),
    )


def oklab(rgb: NDArray[np.uint8]) -> Array:
    """OKLab of sRGB pixels (..., 3): lightness 0 to 1, and two axes of about -0.4 to 0.4."""
    linear = _LINEAR[rgb]
    mixed: Array = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return mixed


def names(lab: Array) -> tuple[Array, Array]:
    """How much each of n colours is of each basic term, and of each finer term and none: (n, 11); rows sum to 1."""
    near = np.stack([_squared(lab, one).min(axis=1) for one in _BASIC_LAB], axis=1)
    basic = np.exp((near.min(axis=1, keepdims=True) - near) / (2 * _SOFT**2))
    far = np.stack([_squared(lab, one).min(axis=1) for one in _FINER_LAB], axis=1)
    finer = np.exp(-far / (2 * _NARROW**2))
    rest = np.maximum(1 - finer.max(axis=1, keepdims=True), 1e-6)
    finer = np.concatenate([finer, rest], axis=1)
    return basic / basic.sum(axis=1, keepdims=True), finer / finer.sum(axis=1, keepdims=True)


# ------------------------------------------------------------------ object and background


def _reduced(picture: Image.Image) -> NDArray[np.uint8]:
    scale = SIDE / max(picture.size)
    if scale < 1 and picture.mode in ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"):
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        pixels: NDArray[np.uint8] = np.asarray(_rgb(picture))
        return pixels
    picture = _rgb(picture)
    return _reduced(picture) if scale < 1 else np.asarray(picture)


def _rgb(picture: Image.Image) -> Image.Image:
    """A picture of any mode as 8-bit RGB; what is transparent becomes white."""
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0)
        deep = values.max(initial=0) > 255
        return Image.fromarray(np.clip(values / (257 if deep else 1), 0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return picture.convert("RGB")


def _from_background(lab: Array) -> tuple[Array, bool]:
    """How far each pixel is from what the border continues to, and whether the border is one background at all."""
    height, width = lab.shape[:2]
    terms = _surfaces(height, width)
    band = max(1, round(_RING * min(height, width)))
    ring = np.ones((height, width), dtype=bool)
    if height > 2 * band and width > 2 * band:
        ring[band:-band, band:-band] = False
    here, colours = terms[ring], lab[ring]
    # start from the commonest colour of the border, so that an object that touches it is no part of the background
    kept = _length(colours - np.median(colours, axis=0))
    used = kept <= max(np.quantile(kept, 0.7), _NEAR)
    surface = np.zeros((6, 3))
    for _ in range(3):
        surface = _fitted(here[used], colours[used])
        off = _length(colours - here @ surface)
        used = off <= max(3 * float(np.median(off)), _NEAR / 2)
    distance = _length(lab - np.clip(terms @ surface, -0.4, 1.0))
    distance /= max(1.0, 3 * float(np.median(off)) / _NEAR)  # a coarse background: what is as rough as it belongs to it
    return distance, float(np.mean(off <= _NEAR)) > 0.6


@lru_cache(16)
def _surfaces(height: int, width: int) -> Array:
    """What a quadratic surface over the picture is made of: 1, x, y, x², y², xy of each pixel, (height, width, 6)."""
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)
    found = np.ones((height, width, 6))
    for place, one in enumerate((x, y, x * x, y * y, x * y), start=1):
        found[..., place] = one
    found.flags.writeable = False  # kept for the next picture of this size
    return found


def _fitted(terms: Array, values: Array) -> Array:
    """The weights of the terms that come nearest to the values: least squares, by the normal equations."""
    return np.asarray(np.linalg.lstsq(terms.T @ terms, terms.T @ values, rcond=None)[0], dtype=np.float64)


def _length(vectors: Array) -> Array:
    """Those of vectors (..., 3); `norm` takes several times as long over so short an axis."""
    found: Array = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return found


def _object(lab: Array, distance: Array, plain: bool) -> Array:
    """A weight for every pixel: 0 for background, more towards the middle."""
    down, across = (np.exp(-(np.linspace(-0.5, 0.5, length) ** 2) / (2 * _PRIOR**2)) for length in distance.shape)
    prior: Array = down[:, None] * across
    if not plain:
        return prior * _unlike_border(lab, prior)
    shown = distance > _NEAR
    if shown.mean() < 0.01:
        return prior
    inner = _eroded(shown)
    if inner.sum() > 0.4 * shown.sum():  # edges mix the object with what lies behind it
        shown = inner
    return np.where(shown, prior, 0.0)


def _unlike_border(lab: Array, prior: Array) -> Array:
    """For a border of many colours: how much commoner a pixel's colour is in the middle than along the border."""
    cells = np.floor(lab * (10, 25, 25) + (0, 12, 12)).astype(np.int64).clip(0, 24)
    index = (cells[..., 0] * 25 + cells[..., 1]) * 25 + cells[..., 2]
    middle, edge = prior**2, (1 - prior) ** 2
    inside = np.bincount(index.ravel(), middle.ravel(), 25**3) / middle.sum()
    outside = np.bincount(index.ravel(), edge.ravel(), 25**3) / edge.sum()
    share: Array = inside[index] / (inside[index] + outside[index] + 1e-9)
    return np.clip(2 * share - 0.6, 0.0, None) + 1e-3


def _is_toned(rgb: NDArray[np.uint8], lab: Array) -> bool:
    """Whether the picture is in shades of grey throughout, as of a film without colour; one shade alone is a colour."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    if np.count_nonzero(spread > 2) > 0.005 * spread.size + 1 or np.quantile(spread, 0.995) > 2:
        return False
    darkest, lightest = np.quantile(lab[..., 0], (0.02, 0.98))
    return bool(lightest - darkest > 0.1)


def _is_drawn(lab: Array, distance: Array, weights: Array) -> bool:
    """Whether the picture is ink on paper: lines and dots of one tint, with paper between them."""
    ground = distance <= _NEAR
    if ground.mean() < 0.3:
        return False
    lightness, green_red, blue_yellow = lab[..., 0], lab[..., 1], lab[..., 2]
    white = np.median(lightness[ground])
    if white < 0.8:
        return False
    green, blue = np.median(green_red[ground]), np.median(blue_yellow[ground])
    if np.hypot(green, blue) > 0.06:
        return False
    shown = weights > 0
    if np.quantile(np.hypot(green_red[shown] - green, blue_yellow[shown] - blue), 0.9) > 0.05:
        return False
    darker = white - lightness
    return any(_openness(darker > ink) > share for ink, share in zip(_INK, _OPEN, strict=True))


def _openness(shown: NDArray[np.bool_]) -> float:
    """The share of paper between the outermost strokes: high for a drawing, low for a solid object."""
    rows = np.maximum.accumulate(shown, 1) & np.maximum.accumulate(shown[:, ::-1], 1)[:, ::-1]
    columns = np.maximum.accumulate(shown, 0) & np.maximum.accumulate(shown[::-1], 0)[::-1]
    hull = rows & columns
    return float(1 - shown[hull].mean()) if hull.any() else 0.0


def _eroded(shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    inner = shown.copy()
    inner[1:] &= shown[:-1]
    inner[:-1] &= shown[1:]
    inner[:, 1:] &= shown[:, :-1]
    inner[:, :-1] &= shown[:, 1:]
    return inner


# ------------------------------------------------------------------ tables


def _squared(colours: Array, prototypes: Array) -> Array:
    """Squared distances (n, m); lightness counts for less, since light and shade change it on one object."""
    scaled, against = colours * _AXES, prototypes * _AXES
    found: Array = (scaled**2).sum(1)[:, None] + (against**2).sum(1)[None, :] - 2 * scaled @ against.T
    return np.maximum(found, 0.0)


def _table(prototypes: Mapping[str, tuple[str, ...]]) -> list[Array]:
    return [oklab(np.array([list(bytes.fromhex(one)) for one in own], dtype=np.uint8)) for own in prototypes.values()]


@cache
def _named() -> tuple[Array, Array]:
    """`names` of every colour, red, green and blue in 32 steps each: made once, in a moment."""
    steps = np.arange(32, dtype=np.uint8) * 8 + 4
    rgb = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    return names(oklab(rgb))


_AXES = np.array([0.6, 1.0, 1.0])
_steps = np.arange(256) / 255
_LINEAR: Array = np.where(_steps <= 0.04045, _steps / 12.92, ((_steps + 0.055) / 1.055) ** 2.4)
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_BASIC_LAB = _table(_BASIC_PROTOTYPES)
_FINER_LAB = _table(_FINER_PROTOTYPES)
