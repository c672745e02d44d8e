"""A form: the shape of one object on a canvas, before it is photographed or drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, Points, blurred


@dataclass(frozen=True)
class Part:
    """
    A piece of an object.

    Attributes:
        mask: Where it is seen, 0 to 1.
        height: How far it stands up towards the viewer, object units.
        paint: What it is made of: "body" for the object's own material, or a name that `photograph` knows.
    """

    mask: Plane
    height: Plane
    paint: str = "body"


@dataclass(frozen=True)
class Form:
    """
    An object: its parts, later ones in front, and what a photograph and a drawing need to know of its surface.

    Attributes:
        u, v: Coordinates along the surface, object units, on which decoration is laid out.
        zone: Where decoration may be, 0 to 1.
        creases: Thin lines in the surface: inked in a drawing, faint grooves in a photograph.
        solid: What a drawing fills with ink: the section through a wall.
        blank: Where a drawing leaves the surface without shading: the half that is cut away.
        flaked: How strongly the surface is knapped, 0 to 1.
    """

    parts: tuple[Part, ...]
    u: Plane
    v: Plane
    zone: Plane
    creases: Plane | None = None
    solid: Plane | None = None
    blank: Plane | None = None
    flaked: Plane | None = None

    def mask(self) -> Plane:
        """Where any part is seen."""
        whole = self.parts[0].mask
        for part in self.parts[1:]:
            whole = np.maximum(whole, part.mask)
        return whole

    def height(self) -> Plane:
        """The height of whatever part is in front."""
        height = self.parts[0].height * self.parts[0].mask
        for part in self.parts[1:]:
            height = height + (part.height - height) * part.mask
        return height

    def cut(self, keep: Plane) -> Form:
        """What is left where `keep` is 1."""
        parts = tuple(replace(part, mask=part.mask * keep) for part in self.parts)
        creases = None if self.creases is None else self.creases * keep
        solid = None if self.solid is None else self.solid * keep
        return replace(self, parts=parts, creases=creases, solid=solid, zone=self.zone * keep)


def rounded(canvas: Canvas, mask: Plane, radius: float, rise: float = 1.6) -> Plane:
    """A height that rises from the edge of a mask over about `radius` object units, steeper with more `rise`."""
    height: Plane = blurred(mask, radius * canvas.scale / 4) * np.float32(rise * radius)
    return height


def turned(canvas: Canvas, ys: Points, widths: Points, depth: float = 1.0) -> tuple[Plane, Plane, Plane]:
    """
    A body turned on a lathe about the y axis.

    Args:
        ys, widths: The half-width at each y, as `profile` gives it.
        depth: Thickness as a share of the width; less than 1 makes the section an oval.

    Returns:
        mask, height, and t, the place across the body: -1 at the left edge, 1 at the right.
    """
    half = np.interp(canvas.y, ys, widths).astype(np.float32)
    inside = (canvas.y >= np.float32(ys[0])) & (canvas.y <= np.float32(ys[-1]))
    t: Plane = np.clip(canvas.x / np.maximum(half, np.float32(1e-3)), -1, 1)
    height: Plane = half * np.sqrt(np.maximum(1 - t * t, 0)) * np.float32(depth)
    return canvas.below(np.abs(canvas.x), half) * inside, height, t


def dome(canvas: Canvas, x: float, y: float, radius: float, rise: float = 1.0) -> tuple[Plane, Plane]:
    """A hemisphere: its mask and height."""
    r = canvas.radius(x, y, radius)
    return canvas.below(r * np.float32(radius), radius), np.sqrt(np.maximum(1 - r * r, 0)) * np.float32(radius * rise)
