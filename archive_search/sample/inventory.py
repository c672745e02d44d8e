"""The inventory of the sample archive: which objects it has and how each of them is pictured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from archive_search.sample.depiction import KINDS, SAMPLE_SEEDS_FROM, Depiction, random_depiction
from archive_search.sample.plate import Plate, random_plate
from archive_search.sample.varieties import VARIETIES
from archive_search.types import InvalidInputError

SHARES: Mapping[str, int] = {
    "axe": 66,
    "arrowhead": 62,
    "pot": 60,
    "brooch": 48,
    "bead": 46,
    "bowl": 40,
    "coin": 40,
    "comb": 30,
    "sword": 28,
    "figurine": 20,
    "car": 10,
}
"""Of 450 objects, how many are of each kind."""

CAR_COLOURS = ("red", "orange", "grey", "blue", "white", "green", "black", "yellow", "grey", "red")
"""The few cars have fixed colours, so that "a red car" always has an orange one to be confused with."""

PLATES = 0.4
"""
The share of records that are plates of several finds.

Much of what museums scan are sheets of drawings and pages of publications. With far fewer plates the pictures of single
finds would fill the head of every ranking, and whether a search finds anything on a plate would hardly be measured.
"""

FEWEST_OBJECTS = len(KINDS) + 2
"""Objects with pictures of their own, at least: one of every kind, and three cars. They come before plates."""

FEWEST = 20
"""Records of the smallest sample archive: `FEWEST_OBJECTS` and a few plates."""


@dataclass(frozen=True)
class Pictured:
    """
    An object of the inventory with what each record of it shows.

    A find has one or two pictures; a plate is an object of its own, since the museum catalogued the sheet.
    """

    object_id: str
    depictions: tuple[Depiction, ...] | tuple[Plate]

    def record_ids(self) -> tuple[str, ...]:
        """The object's number, with a letter where there are several pictures."""
        if len(self.depictions) == 1:
            return (self.object_id,)
        return tuple(f"{self.object_id}{letter}" for letter, _ in zip("abc", self.depictions, strict=False))


def inventory(seed: int, records: int) -> tuple[Pictured, ...]:
    """
    Decide on the objects of an archive: plates, and for every four other records three finds.

    Raises:
        InvalidInputError: If fewer records are asked for than `FEWEST`.
    """
    if records < FEWEST:
        raise InvalidInputError(f"A sample archive has at least {FEWEST} records; {records} were asked for.")
    rng = np.random.default_rng((seed, SAMPLE_SEEDS_FROM))
    plates = min(round(records * PLATES), records - FEWEST_OBJECTS)
    objects = max(FEWEST_OBJECTS, round((records - plates) * 0.75))
    kinds = _kinds(objects)
    seeds = SAMPLE_SEEDS_FROM + rng.choice(2**31, objects, replace=False)
    cars = iter(CAR_COLOURS * (objects // len(CAR_COLOURS) + 1))
    firsts: list[Depiction] = []
    for kind, own in zip(kinds, seeds.tolist(), strict=True):
        first = replace(random_depiction(rng, kind), seed=own, view=0)
        if kind == "car":
            first = replace(first, colour=next(cars), style="photograph")
        elif kind in ("axe", "arrowhead") and all(other.kind != kind for other in firsts):
            first = _flint_drawing(first)
        firsts.append(first)
    twice = set(rng.choice(objects, records - plates - objects, replace=False).tolist())
    shown: list[tuple[Depiction, ...] | tuple[Plate]] = [
        (first, _second(first, rng)) if i in twice else (first,) for i, first in enumerate(firsts)
    ]
    small = {kind: share for kind, share in SHARES.items() if kind != "car"}
    shown += [(random_plate(rng, number, small),) for number in range(1, plates + 1)]
    order = rng.permutation(len(shown)).tolist()
    return tuple(Pictured(number, shown[i]) for number, i in zip(_numbers(rng, len(shown)), order, strict=True))


def _kinds(objects: int) -> list[str]:
    """So many kinds in proportion to their shares, with at least three cars."""
    counts = {kind: max(1, int(share * objects / sum(SHARES.values()))) for kind, share in SHARES.items()}
    counts["car"] = max(3, counts["car"])
    counts["axe"] += objects - sum(counts.values())
    return [kind for kind, count in counts.items() for _ in range(count)]


def _flint_drawing(first: Depiction) -> Depiction:
    """The same kind as a drawing in flint, which even the smallest archive has one of."""
    details = VARIETIES[first.kind].forms["flint"][0]
    return replace(first, material="flint", colour="grey", decoration=None, details=details, style="drawing")


def _second(first: Depiction, rng: np.random.Generator) -> Depiction:
    """Another picture of the same object: the other medium, or the other side."""
    if first.kind != "car" and rng.random() < 0.5:
        return replace(first, style="drawing" if first.style == "photograph" else "photograph")
    return replace(first, view=1)


def _numbers(rng: np.random.Generator, objects: int) -> list[str]:
    """Inventory numbers in the several styles that a museum has had over the years, none twice."""
    series = rng.choice(["A", "B", "C", "MS", "KM"], objects, p=[0.4, 0.2, 0.2, 0.1, 0.1]).tolist()
    serial = 1000 + np.cumsum(rng.integers(1, 40, objects))
    finds = rng.integers(1, 900, objects).tolist()
    return [
        f"{letters}{number}x{find}" if letters == "KM" else f"{letters}{number}"
        for letters, number, find in zip(series, serial.tolist(), finds, strict=True)
    ]
