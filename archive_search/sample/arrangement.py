"""An arrangement: where the finds of a plate lie on it, in rows, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Arrangement:
    """
    Boxes on a sheet.

    Attributes:
        width, height: The whole sheet.
    """

    boxes: tuple[Box, ...]
    width: int
    height: int


NARROWEST = 0.62
"""The shorter side of a sheet as a share of the longer, at least."""

MOST_ENLARGED = 1.3
"""By how much the finds of a short row may be drawn larger than those of the longest, so that no row lies empty."""


def arranged(
    outlines: Sequence[tuple[float, float]],
    rows: Sequence[int],
    longer: int,
    head: float,
    foot: float,
    rng: np.random.Generator,
) -> Arrangement:
    """
    Lay out finds in rows on a sheet that is just large enough for them.

    Args:
        outlines: Width and height of each find, in any unit.
        rows: How many finds lie in each row.
        longer: Pixels on the longer side of the sheet.
        head, foot: Shares of the longer side that stay free above and below the rows.
        rng: Decides the gaps and how high each find lies in its row.
    """
    edge, gap = 0.04 * longer, 0.035 * longer
    firsts = np.cumsum([0, *rows]).tolist()
    lines = [list(outlines[a:b]) for a, b in pairwise(firsts)]
    longest = max(sum(w for w, _ in line) for line in lines)
    lines = [_enlarged(line, min(longest / sum(w for w, _ in line), MOST_ENLARGED)) for line in lines]
    across = max(sum(w for w, _ in line) for line in lines)
    down = sum(max(h for _, h in line) for line in lines)
    wide = 2 * edge + (max(rows) - 1) * gap
    tall = 2 * edge + (len(rows) - 1) * gap + (head + foot) * longer
    scale = min((longer - wide) / across, (longer - tall) / down)
    width = round(max(across * scale + wide, NARROWEST * longer))
    height = round(max(down * scale + tall, NARROWEST * longer))
    spare = height - tall - down * scale
    top = edge + head * longer
    boxes: list[Box] = []
    for line in lines:
        deep = max(h for _, h in line) * scale + spare / len(lines)
        gaps = _gaps(width - 2 * edge - sum(w for w, _ in line) * scale, len(line), gap, rng)
        left = edge
        for (w, h), before in zip(line, gaps, strict=True):
            left += before
            boxes.append(Box(left, top + rng.uniform(0.1, 0.9) * (deep - h * scale), w * scale, h * scale))
            left += w * scale
        top += deep + gap
    return Arrangement(tuple(boxes), width, height)


def _enlarged(outlines: Sequence[tuple[float, float]], by: float) -> list[tuple[float, float]]:
    return [(width * by, height * by) for width, height in outlines]


def _gaps(free: float, finds: int, least: float, rng: np.random.Generator) -> list[float]:
    """The free width before each find of a row: `least` between two, and the rest as it falls."""
    rest = free - least * (finds - 1)
    shares = rng.uniform(0.6, 1.4, finds + 1)
    shares /= shares.sum()
    return [float(share * rest + (least if i else 0)) for i, share in enumerate(shares[:-1])]
