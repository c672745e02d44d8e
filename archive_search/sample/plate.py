"""A plate: one picture of several finds, as most of a museum's drawings and many of its photographs are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from archive_search.sample.depiction import KINDS, SAMPLE_SEEDS_FROM, Depiction, random_depiction

FEWEST_FINDS, MOST_FINDS = 4, 12
"""How many finds a plate shows."""


@dataclass(frozen=True)
class Plate:
    """
    A picture of several finds, before it is drawn.

    Attributes:
        depictions: The finds in the order of their numbers, all in the style of the plate.
        rows: How many finds lie in each row, from top to bottom.
        title: Its number as a publication writes it, "Plate XII" or "Tavle 12"; some bear it at the head.
        seed: Decides sizes, places, paper, background and light.
    """

    depictions: tuple[Depiction, ...]
    style: str
    rows: tuple[int, ...]
    title: str
    danish: bool
    seed: int

    @property
    def typology(self) -> bool:
        """Whether all finds are of one kind; the others are the contents of a grave or a pit."""
        return len({depiction.kind for depiction in self.depictions}) == 1


def random_plate(rng: np.random.Generator, number: int, shares: Mapping[str, int]) -> Plate:
    """
    Choose the finds of a plate: half the plates show one kind, 60 % are drawings.

    Args:
        number: The number in its title.
        shares: How common each kind of find is.
    """
    kinds = [kind for kind in KINDS if kind in shares]
    weights = np.array([shares[kind] for kind in kinds], dtype=float)
    weights /= weights.sum()
    style = "drawing" if rng.random() < 0.6 else "photograph"
    finds = int(rng.integers(FEWEST_FINDS, rng.integers(FEWEST_FINDS + 3, MOST_FINDS + 1) + 1))
    typology = rng.random() < 0.5
    chosen = rng.choice(kinds, 1 if typology else finds, p=weights).tolist() * (finds if typology else 1)
    depictions = tuple(
        replace(random_depiction(rng, kind), style=style, view=0, seed=SAMPLE_SEEDS_FROM + int(rng.integers(2**31)))
        for kind in chosen
    )
    danish = bool(rng.random() < 0.45)
    written = roman(number) if rng.random() < 0.5 else str(number)
    title = f"{'Tavle' if danish else 'Plate'} {written}"
    slender = set(chosen) == {"sword"} and style == "drawing"
    return Plate(depictions, style, _rows(finds, 0.3 if slender else 1.0, rng), title, danish, int(rng.integers(2**32)))


def _rows(finds: int, width: float, rng: np.random.Generator) -> tuple[int, ...]:
    """
    Rows of nearly as many finds, in any order; more rows stand upright, fewer lie across.

    Args:
        width: Of a find, as a share of its height.
    """
    rows = round(float(np.sqrt(finds * width * rng.uniform(0.6, 1.5))))
    rows = min(max(rows, 2), finds // 2)
    counts = np.full(rows, finds // rows)
    counts[: finds % rows] += 1
    if rows > 1 and counts[-1] > 2 and rng.random() < 0.6:
        counts[0], counts[-1] = counts[0] + 1, counts[-1] - 1
    return tuple(rng.permutation(counts).tolist())


def roman(number: int) -> str:
    """The number in Roman numerals."""
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for value, sign in signs:
        written += sign * (number // value)
        number %= value
    return written
