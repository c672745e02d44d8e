"""The canvas: object coordinates at every pixel, and the few operations on planes that drawing needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Plane = NDArray[np.float32]
"""One float32 value per pixel, (n, n)."""

Points = NDArray[np.float64]
"""Corners or curve points in object coordinates, (k, 2): x to the right, y down; an object fits in [-0.8, 0.8]."""


@dataclass(frozen=True)
class Canvas:
    """A square of n x n pixels on which an object lies turned, scaled and moved."""

    n: int
    angle: float
    scale: float
    shift: tuple[float, float]
    squeeze: float
    x: Plane
    y: Plane

    @property
    def pixel(self) -> float:
        """The side of one pixel in object units."""
        return 2 / (self.n * self.scale)

    def _corners(self, points: Points) -> list[tuple[float, float]]:
        c, s = cos(self.angle) * self.scale, sin(self.angle) * self.scale
        across = points[:, 0] * self.squeeze
        x = across * c - points[:, 1] * s + self.shift[0]
        y = across * s + points[:, 1] * c + self.shift[1]
        half = self.n / 2
        return list(zip(((x + 1) * half - 0.5).tolist(), ((y + 1) * half - 0.5).tolist(), strict=True))

    def fill(self, points: Points) -> Plane:
        """The inside of a polygon: 1 inside, 0 outside."""
        image = Image.new("L", (self.n, self.n))
        ImageDraw.Draw(image).polygon(self._corners(points), fill=1)
        return np.asarray(image, dtype=np.float32)

    def stroke(self, points: Points, width: float) -> Plane:
        """A line of the given width (object units, at least one pixel) through the points, with round ends."""
        image = Image.new("L", (self.n, self.n))
        pen = ImageDraw.Draw(image)
        corners = self._corners(points)
        pixels = max(1, round(width / self.pixel))
        pen.line(corners, fill=1, width=pixels, joint="curve")
        if pixels > 2:
            r = pixels / 2 - 0.5
            for x, y in (corners[0], corners[-1]):
                pen.ellipse((x - r, y - r, x + r, y + r), fill=1)
        return np.asarray(image, dtype=np.float32)

    def below(self, values: Plane, limit: float | Plane = 0.0) -> Plane:
        """Where the values (object units) are below the limit, with a soft edge of one pixel."""
        edge: Plane = np.clip((limit - values) / np.float32(self.pixel) + np.float32(0.5), 0, 1)
        return edge

    def disc(self, x: float, y: float, rx: float, ry: float | None = None) -> Plane:
        """A filled ellipse."""
        return self.below(self.radius(x, y, rx, ry) * np.float32(rx), rx)

    def moved(self, dx: float, dy: float) -> Canvas:
        """The same canvas with the origin of the object moved by (dx, dy), in object units."""
        c, s = cos(self.angle) * self.scale, sin(self.angle) * self.scale
        across = dx * self.squeeze
        shift = (self.shift[0] + across * c - dy * s, self.shift[1] + across * s + dy * c)
        return replace(self, shift=shift, x=self.x - np.float32(dx), y=self.y - np.float32(dy))

    def radius(self, x: float, y: float, rx: float, ry: float | None = None) -> Plane:
        """Distance from a centre, 1 on the ellipse with half axes `rx` and `ry`."""
        dx = (self.x - np.float32(x)) * np.float32(1 / rx)
        dy = (self.y - np.float32(y)) * np.float32(1 / (ry or rx))
        distance: Plane = np.sqrt(dx * dx + dy * dy)
        return distance


def canvas(
    n: int, angle: float = 0.0, scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0), squeeze: float = 1.0
) -> Canvas:
    """
    Lay out a canvas.

    Args:
        n: Pixels on a side.
        angle: How far the object is turned, radians, clockwise as seen.
        scale: Size of the object; 1 lets object coordinates -1 to 1 fill the canvas.
        shift: Where the object's origin lies, -1 to 1.
        squeeze: Width as it appears; less than 1 for an object seen obliquely, negative for its mirror image.
    """
    axis = (np.arange(n, dtype=np.float32) + np.float32(0.5)) * np.float32(2 / n) - np.float32(1)
    across = axis[None, :] - np.float32(shift[0])
    down = axis[:, None] - np.float32(shift[1])
    c, s = np.float32(cos(angle) / scale), np.float32(sin(angle) / scale)
    x = (across * c + down * s) * np.float32(1 / squeeze)
    return Canvas(n, angle, scale, shift, squeeze, x=x, y=down * c - across * s)


def resized(plane: Plane, n: int, how: Image.Resampling = Image.Resampling.BICUBIC) -> Plane:
    """Sample a plane again at n x n pixels."""
    return np.asarray(Image.fromarray(plane).resize((n, n), how), dtype=np.float32)


def blurred(plane: Plane, radius: float) -> Plane:
    """
    Smooth a plane.

    Args:
        radius: Standard deviation as a share of the canvas (0.05 is a twentieth of its side).
    """
    n = plane.shape[0]
    small = int(np.clip(round(2.2 / radius), 12, n))
    little = resized(plane, small, Image.Resampling.BOX) if small < n else plane
    sigma = radius * small
    reach = max(1, int(2.5 * sigma + 0.5))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-3)) ** 2)
    weights = (taps / taps.sum()).astype(np.float32)
    padded = np.pad(little, reach, mode="edge")
    rows = sum(w * padded[i : i + small, :] for i, w in enumerate(weights))
    assert isinstance(rows, np.ndarray)
    smooth = sum(w * rows[:, i : i + small] for i, w in enumerate(weights))
    assert isinstance(smooth, np.ndarray)
    return resized(smooth, n) if small < n else smooth


def noise(rng: np.random.Generator, n: int, cells: int, stretch: float = 1.0) -> Plane:
    """
    Smooth random values around 0 with a spread of about 1.

    Args:
        cells: How many independent values lie across the canvas.
        stretch: More than 1 makes the values change more slowly downwards than across, as fibres do.
    """
    rows = max(2, round(cells / stretch))
    values = rng.standard_normal((min(rows, n), min(cells, n)), dtype=np.float32)
    return np.asarray(Image.fromarray(values).resize((n, n), Image.Resampling.BICUBIC), dtype=np.float32)
