"""Breakage: what is left of an object when a piece of it is lost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from archive_search.sample.canvas import Canvas, Plane
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part

UP, DOWN, RIGHT, LEFT = -np.pi / 2, np.pi / 2, 0.0, np.pi

LOSSES: Mapping[str, tuple[tuple[float, ...], float, float]] = {
    "arrowhead": ((UP,), 0.12, 0.4),
    "axe": ((DOWN,), 0.2, 0.42),
    "pot": ((-0.9, -2.2), 0.2, 0.36),
    "bowl": ((-0.6, -2.5), 0.2, 0.4),
    "brooch": ((RIGHT, DOWN, 0.7, -0.8), 0.12, 0.3),
    "bead": ((RIGHT, UP, 0.6), 0.0, 0.22),
    "comb": ((RIGHT, LEFT), 0.05, 0.36),
    "sword": ((UP,), 0.3, 0.62),
    "coin": ((RIGHT, 0.8, -0.6, LEFT), 0.1, 0.36),
    "figurine": ((DOWN, 2.6), 0.2, 0.4),
}
"""For each kind: directions in which a piece may be lost, and how far from the middle the break runs."""

LOST_ELSEWHERE: Mapping[str, float] = {
    "handle": -2.2,
    "long handle": UP,
    "bearded": RIGHT,
    "broad blade": RIGHT,
}
"""Details that decide the direction, so that what makes the object special is not what is lost."""


def _kept(canvas: Canvas, direction: float, distance: float, jags: np.random.Generator) -> Plane:
    """The side of a jagged break that is kept."""
    c, s = np.float32(np.cos(direction)), np.float32(np.sin(direction))
    out = canvas.x * c + canvas.y * s
    along = canvas.y * c - canvas.x * s
    knots = np.linspace(-1.6, 1.6, 30)
    offsets = jags.normal(0, 0.045, 30) + jags.normal(0, 0.09, 6).repeat(5)
    return canvas.below(out + np.interp(along, knots, offsets).astype(np.float32), distance)


def broken(form: Form, depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """
    Take a piece off a form; a vessel shows the inside of its far wall behind the break.

    A kind that never breaks stays whole.
    """
    if depiction.kind not in LOSSES:
        return form
    directions, near, far = LOSSES[depiction.kind]
    elsewhere = [LOST_ELSEWHERE[detail] for detail in depiction.details if detail in LOST_ELSEWHERE]
    direction = float(rng.choice(elsewhere or directions)) + rng.normal(0, 0.15)
    distance = rng.uniform(near, far)
    seed = int(rng.integers(2**32))
    rest = form.cut(_kept(canvas, direction, distance, np.random.default_rng(seed)))
    if depiction.kind not in ("pot", "bowl") or form.blank is not None:
        return rest
    wall = max((part.mask for part in form.parts if part.paint == "body"), key=lambda m: float(m.sum()))
    behind = wall * _kept(canvas, direction, distance + 0.16, np.random.default_rng(seed + 1))
    inside = Part(behind, canvas.x * np.float32(-0.25), "inside")
    return Form((inside, *rest.parts), rest.u, rest.v, rest.zone, rest.creases, rest.solid, rest.blank, rest.flaked)
