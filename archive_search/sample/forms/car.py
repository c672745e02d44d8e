"""Cars seen from the side: saloons, coupes, estates and convertibles."""

from __future__ import annotations

import numpy as np

from archive_search.sample.canvas import Canvas, Plane, Points
from archive_search.sample.curves import points, smooth
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form, Part, rounded

ROOFS: dict[str, tuple[Points, list[Points]]] = {
    "saloon": (
        points((-0.52, -0.08), (-0.34, -0.32), (-0.2, -0.36), (0.14, -0.36), (0.26, -0.32), (0.42, -0.08)),
        [
            points((-0.43, -0.09), (-0.3, -0.29), (-0.09, -0.31), (-0.09, -0.09)),
            points((-0.03, -0.09), (-0.03, -0.31), (0.15, -0.31), (0.22, -0.28), (0.34, -0.09)),
        ],
    ),
    "coupe": (
        points((-0.6, -0.08), (-0.32, -0.28), (-0.12, -0.34), (0.06, -0.33), (0.16, -0.28), (0.36, -0.08)),
        [points((-0.42, -0.1), (-0.24, -0.27), (-0.06, -0.3), (0.08, -0.28), (0.26, -0.1))],
    ),
    "estate": (
        points((-0.74, -0.08), (-0.68, -0.34), (-0.56, -0.38), (0.12, -0.38), (0.24, -0.33), (0.4, -0.08)),
        [
            points((-0.67, -0.1), (-0.62, -0.32), (-0.38, -0.33), (-0.38, -0.1)),
            points((-0.33, -0.1), (-0.33, -0.33), (-0.06, -0.33), (-0.06, -0.1)),
            points((-0.01, -0.1), (-0.01, -0.33), (0.12, -0.33), (0.2, -0.29), (0.33, -0.1)),
        ],
    ),
    "convertible": (
        points((0.16, -0.08), (0.08, -0.3), (0.12, -0.31), (0.3, -0.08)),
        [points((0.18, -0.09), (0.12, -0.25), (0.25, -0.09))],
    ),
}


def car(depiction: Depiction, canvas: Canvas, rng: np.random.Generator) -> Form:
    """Shape a car that faces right, standing on its wheels."""
    tall = rng.uniform(0.94, 1.16)
    roof, windows = ROOFS[next(name for name in ROOFS if name in depiction.details)]
    roof, windows = roof * (1.0, tall), [w * (1.0, tall) for w in windows]
    nose = rng.uniform(0.76, 0.84)
    body = smooth(
        points(
            (-0.82, 0.1), (-0.8, -0.06), (-0.6, -0.11), (-0.2, -0.11), (0.36, -0.11), (0.62, -0.06), (nose, 0.02),
            (nose + 0.02, 0.14), (nose - 0.02, 0.23), (0.3, 0.25), (-0.3, 0.25), (-0.78, 0.23),
        )
    )  # fmt: skip
    shell = canvas.fill(body)
    cabin = canvas.fill(smooth(roof, closed=False))
    height = rounded(canvas, np.maximum(shell, cabin), 0.3, 0.8) + np.clip(0.17 - canvas.y, 0, 0.3) * np.float32(-0.45)
    parts = [Part(shell, height)]
    if "convertible" in depiction.details:
        for x in (-0.36, -0.1):
            seat = canvas.fill(smooth(points((x - 0.06, -0.06), (x - 0.1, -0.24), (x, -0.26), (x + 0.06, -0.06))))
            parts.insert(0, Part(seat, rounded(canvas, seat, 0.06), "leather"))
    parts.append(Part(cabin * (1 - shell * (canvas.y > -0.1)), height))
    for window in windows:
        glass = canvas.fill(window)
        parts.append(Part(glass, canvas.x * np.float32(0.2) + canvas.y * np.float32(0.5), "window"))
    parts.append(Part(canvas.disc(nose - 0.07, 0.05, 0.05, 0.04), rounded(canvas, shell, 0.1), "lamp"))
    parts.append(
        Part(canvas.fill(points((-0.82, 0.0), (-0.77, 0.0), (-0.77, 0.08), (-0.82, 0.08))), height, "tail lamp")
    )
    for x in (-0.84, nose - 0.06):
        bumper = canvas.fill(points((x, 0.15), (x + 0.09, 0.15), (x + 0.09, 0.2), (x, 0.2)))
        parts.append(Part(bumper, rounded(canvas, bumper, 0.04, 2), "chrome"))
    wheel = rng.uniform(0.15, 0.172)
    for x in (-0.5, 0.5):
        parts += _wheel(canvas, x, 0.24, wheel)
    creases = _seams(canvas, np.maximum(shell, cabin), wheel)
    return Form(tuple(parts), canvas.x, canvas.y, np.zeros_like(shell), creases)


def _wheel(canvas: Canvas, x: float, y: float, size: float) -> list[Part]:
    """Arch, tyre, rim and hub."""
    flat = np.zeros_like(canvas.x)
    arch = canvas.disc(x, y, size * 1.14) * (canvas.y < 0.23)
    tyre = canvas.disc(x, y + 0.02, size)
    rim = canvas.disc(x, y + 0.02, size * 0.62)
    hub = canvas.disc(x, y + 0.02, size * 0.17)
    r = canvas.radius(x, y + 0.02, size)
    return [
        Part(arch, flat, "gap"),
        Part(tyre, np.sqrt(np.maximum(1 - (r - 0.8) ** 2 * 9, 0)) * np.float32(0.05), "tyre"),
        Part(rim, (1 - r) * np.float32(0.03), "chrome"),
        Part(hub, flat + np.float32(0.03), "tyre"),
    ]


def _seams(canvas: Canvas, shell: Plane, wheel: float) -> Plane:
    """Door seams, handles and the line along the side."""
    seams = canvas.stroke(points((-0.06, -0.1), (-0.06, 0.2)), 0.01)
    for line in (
        points((0.3, -0.08), (0.27, 0.2)),
        points((-0.42, -0.1), (-0.5 + wheel * 1.3, 0.1)),
        points((-0.74, 0.02), (0.7, 0.02)),
        points((-0.16, -0.04), (-0.09, -0.04)),
    ):
        seams = np.maximum(seams, canvas.stroke(line, 0.01))
    wheels = np.maximum(canvas.disc(-0.5, 0.24, wheel * 1.18), canvas.disc(0.5, 0.24, wheel * 1.18))
    seen: Plane = seams * shell * (1 - wheels)
    return seen
