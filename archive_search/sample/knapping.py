"""Knapping: the scars that flakes leave when a stone is worked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, noise


@dataclass(frozen=True)
class Scars:
    """
    A flaked surface.

    Attributes:
        height: Shallow bowls that meet in sharp ridges, object units.
        ridges: 1 on the ridges.
        ripples: Phase of the waves that run out from where each flake was struck, in waves: 0 at that point.
    """

    height: Plane
    ridges: Plane
    ripples: Plane


def scars(canvas: Canvas, mask: Plane, rng: np.random.Generator, flakes: int = 34) -> Scars:
    """Strike flakes all over a mask, most of them from its edges."""
    inside = np.argwhere(mask[::4, ::4] > 0.5) * 4
    if len(inside) == 0:
        inside = np.array([[canvas.n // 2, canvas.n // 2]])
    chosen = inside[rng.choice(len(inside), flakes)]
    cx = canvas.x[chosen[:, 0], chosen[:, 1]]
    cy = canvas.y[chosen[:, 0], chosen[:, 1]]
    cx = np.sign(cx) * np.maximum(np.abs(cx) * np.float32(1.25), np.float32(0.07))  # struck from the edges inwards
    sizes = rng.uniform(0, 0.02, flakes).astype(np.float32)
    bend = noise(rng, canvas.n, 9) * np.float32(0.02)
    x, y = canvas.x + bend, canvas.y - bend
    nearest = np.full_like(x, 9.0)
    second = np.full_like(x, 9.0)
    for i in range(flakes):
        dx, dy = x - cx[i], y - cy[i]
        bowl = np.float32(0.55) * dx * dx + np.float32(1.9) * dy * dy + sizes[i]
        np.minimum(second, np.maximum(nearest, bowl), out=second)
        np.minimum(nearest, bowl, out=nearest)
    gap = second - nearest
    down, across = np.gradient(gap)
    pixels = gap / np.maximum(np.hypot(down, across), np.float32(1e-6))  # distance from the ridge
    thick = max(0.9, 0.0045 / canvas.pixel)
    ridges: Plane = np.clip(np.float32(thick + 0.5) - pixels, 0, 1)
    return Scars(height=nearest * np.float32(1.5), ridges=ridges, ripples=np.sqrt(nearest) * np.float32(18))
