"""
Whether two pictures are the same one: saved again, smaller, brighter, with a border, or upside down.

Fingerprints, which are perceptual hashes (Zauner 2010, the DCT variant), find who is to be compared. What decides is
the comparison of the pixels: 64 bits take two potsherds for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn
from scipy.ndimage import uniform_filter

BITS = 7
"""So many of 64 bits two fingerprints may differ in for their pictures to be compared."""
ALIKE = 0.75
"""Likeness from which two pictures are the same one; measured: docs/explanation/same-picture.md."""
_SIDE = 64
"""Pixels of either side at which pictures are compared."""
_PROPORTION = 0.03
"""How far width by height may differ, as a share, beside a pixel: a smaller copy rounds its sides."""
_GROUND = 24
"""Levels of grey that a plain ground may stray by."""
_LEVELS = np.arange(256)
_WINDOW = 9
"""Pixels of either side of the windows that are compared one by one."""
_OVERALL = 0.95
"""Correlation of all pixels that there must be at least: windows do not see a slow change of light."""
_FLAT = 5.0
"""Levels of grey that the pixels of a picture, or of a window, must spread by for it to show anything."""
_SHOWN = 0.25
"""Of how the pixels of the whole picture spread, so much is in a window that shows anything."""
TURNED = sum(1 << (63 - 8 * row - column) for row in range(8) for column in range(8) if (row + column) % 2)
"""The bits of a fingerprint that are others where the picture is upside down: every other coefficient's sign."""


@dataclass(frozen=True, slots=True)
class Look:
    """A small picture in grey, and the box (left, top, right, bottom) in its pixels of what lies within its ground."""

    grey: Image.Image
    inside: tuple[int, int, int, int]

    @property
    def fingerprint(self) -> tuple[int, int]:
        """That of the whole picture, and that of what lies within its ground: 64 bits each, signed."""
        whole = _fingerprint(self._square((0, 0, *self.grey.size)))
        all_of_it = self.inside == (0, 0, *self.grey.size)
        return whole, whole if all_of_it else _fingerprint(self._square(self.inside))

    @property
    def turned(self) -> Look:
        """The picture upside down."""
        (left, top, right, bottom), (width, height) = self.inside, self.grey.size
        box = width - right, height - bottom, width - left, height - top
        return Look(self.grey.transpose(Image.Transpose.ROTATE_180), box)

    def _square(self, box: Sequence[float]) -> NDArray[np.float32]:
        left, top, right, bottom = box
        small = self.grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, (left, top, right, bottom))
        return np.asarray(small, dtype=np.float32)

    def _shares(self) -> list[float]:
        return [edge / size for edge, size in zip(self.inside, 2 * self.grey.size, strict=True)]

    def _within(self, shares: Iterable[float]) -> NDArray[np.float32]:
        return self._square([edge * size for edge, size in zip(shares, 2 * self.grey.size, strict=True)])


def look(picture: Image.Image) -> Look | None:
    """
    How a picture is compared; None where it shows nothing but one tone.

    Args:
        picture: a small one, such as a thumbnail.
    """
    grey = picture.convert("L")
    return Look(grey, _inside(np.asarray(grey))) if _spread(grey) >= _FLAT else None


def likeness(one: Look, other: Look) -> float:
    """
    How well the pixels of two pictures correlate where they do so least, -1 to 1: the better of two comparisons.

    The whole pictures are laid one on the other, and what lies within the ground of both together is compared: a plain
    ground is like any other. Then what lies within the ground of each is, which finds one with a border. It is the
    weakest window that counts: two finds beside one scale bar correlate by 0.98 over all.
    """
    found = -1.0
    if _fit(one.grey.size, other.grey.size):
        (left, top, right, bottom), (a, b, c, d) = one._shares(), other._shares()
        both = min(left, a), min(top, b), max(right, c), max(bottom, d)
        found = _weakest(one._within(both), other._within(both))
    if _fit(_size(one.inside), _size(other.inside)):
        found = max(found, _weakest(one._square(one.inside), other._square(other.inside)))
    return found


def same(one: Look, other: Look) -> bool:
    """Whether two pictures are the same one, either of them upside down or not."""
    return likeness(one, other) >= ALIKE or likeness(one, other.turned) >= ALIKE


def _spread(grey: Image.Image) -> float:
    """The standard deviation of the pixels."""
    counts = np.array(grey.histogram(), dtype=np.float64)
    mean = counts @ _LEVELS / counts.sum()
    return float(np.sqrt(counts @ (_LEVELS - mean) ** 2 / counts.sum()))


def _size(box: tuple[int, int, int, int]) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _fit(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two rectangles have one proportion."""
    return abs(log(one[0] * other[1] / (one[1] * other[0]))) <= _PROPORTION + 1 / min(*one, *other)


def _fingerprint(grey: NDArray[np.float32]) -> int:
    # signs, not what is above the median: so that those of the picture upside down follow from them
    half = grey.reshape(32, 2, 64).sum(axis=1).reshape(32, 32, 2).sum(axis=2)  # exact, and quicker than their means
    low = dctn(half)[:8, :8].ravel()
    return _signed(int(np.packbits(low > 0).view(">u8")[0]))


def _signed(bits: int) -> int:
    return bits - (1 << 64) if bits >> 63 else bits


def _weakest(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """The lowest correlation in any window where either shows anything; -1 where they do not correlate over all."""
    a, b = one - one.mean(), other - other.mean()
    if float((a * b).sum()) < _OVERALL * float(np.sqrt((a * a).sum() * (b * b).sum())):
        return -1.0
    mean_a, mean_b, aa, bb, ab = (uniform_filter(x, _WINDOW) for x in (a, b, a * a, b * b, a * b))
    spread_a, spread_b = np.maximum(aa - mean_a**2, 1), np.maximum(bb - mean_b**2, 1)
    least = max(_FLAT, _SHOWN * float(max(a.std(), b.std())))
    shown = np.maximum(spread_a, spread_b) > least**2
    correlation = (ab - mean_a * mean_b) / np.sqrt(spread_a * spread_b)
    return float(correlation[shown].min(initial=1.0))


def _inside(pixels: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The box within a plain ground or frame, of one tone along all four sides; several may lie one in the other."""
    left, top, right, bottom = 0, 0, pixels.shape[1], pixels.shape[0]
    rim = 0
    for _ in range(3):
        part = pixels[top + rim : bottom - rim, left + rim : right - rim]
        sides = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]]).astype(np.int16)
        middle = (len(sides) - 1) // 2, len(sides) // 2
        ground = int(np.partition(sides, middle)[[*middle]].sum()) // 2  # the median
        if (np.abs(sides - ground) > _GROUND).mean() > 0.02:
            break
        other = (part > min(ground + _GROUND, 255)) | (part < max(ground - _GROUND, 0))
        rows, columns = (
            np.flatnonzero(np.count_nonzero(other, axis=1 - axis) > 0.005 * part.shape[1 - axis]) for axis in (0, 1)
        )
        if len(rows) < 8 or len(columns) < 8 or (len(columns), len(rows)) == part.shape[::-1]:
            break
        left, right = left + rim + int(columns[0]), left + rim + int(columns[-1]) + 1
        top, bottom = top + rim + int(rows[0]), top + rim + int(rows[-1]) + 1
        rim = 2  # where a frame meets a ground, a smaller copy has a tone of neither
    return left, top, right, bottom
