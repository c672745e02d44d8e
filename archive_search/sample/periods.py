"""Periods: when each kind of object was made, and how a catalogue writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from archive_search.sample.depiction import Depiction


@dataclass(frozen=True)
class Period:
    """A period of Danish prehistory and history; years, BCE negative."""

    english: str
    danish: str
    start: int
    end: int


MESOLITHIC = Period("Mesolithic", "Ældre stenalder", -9000, -3950)
NEOLITHIC = Period("Neolithic", "Yngre stenalder", -3950, -1700)
LATE_NEOLITHIC = Period("Late Neolithic", "Senneolitikum", -2350, -1700)
BRONZE_AGE = Period("Bronze Age", "Bronzealder", -1700, -500)
LATE_BRONZE_AGE = Period("Late Bronze Age", "Yngre bronzealder", -1100, -500)
IRON_AGE = Period("Iron Age", "Jernalder", -500, 750)
ROMAN_IRON_AGE = Period("Roman Iron Age", "Romersk jernalder", 1, 375)
GERMANIC_IRON_AGE = Period("Germanic Iron Age", "Germansk jernalder", 375, 750)
VIKING_AGE = Period("Viking Age", "Vikingetid", 750, 1050)
MEDIEVAL = Period("Medieval", "Middelalder", 1050, 1536)
MODERN = Period("Modern", "Nyere tid", 1950, 1985)

MADE: Mapping[tuple[str, str], tuple[Period, ...]] = {
    ("arrowhead", "flint"): (NEOLITHIC, LATE_NEOLITHIC, BRONZE_AGE),
    ("arrowhead", "bone"): (MESOLITHIC, IRON_AGE),
    ("axe", "antler"): (MESOLITHIC, NEOLITHIC),
    ("bead", "amber"): (MESOLITHIC, NEOLITHIC, ROMAN_IRON_AGE),
    ("bead", "glass"): (ROMAN_IRON_AGE, GERMANIC_IRON_AGE, VIKING_AGE),
    ("bead", "clay"): (NEOLITHIC, IRON_AGE),
    ("bowl", "glass"): (ROMAN_IRON_AGE, GERMANIC_IRON_AGE),
    ("pot", "glass"): (ROMAN_IRON_AGE, GERMANIC_IRON_AGE),
    ("pot", "clay"): (NEOLITHIC, BRONZE_AGE, LATE_BRONZE_AGE, IRON_AGE),
    ("bowl", "clay"): (NEOLITHIC, LATE_BRONZE_AGE, IRON_AGE),
    ("brooch", "bronze"): (IRON_AGE, ROMAN_IRON_AGE, VIKING_AGE),
    ("coin", "copper"): (MEDIEVAL,),
    ("coin", "bronze"): (ROMAN_IRON_AGE,),
    ("coin", "silver"): (ROMAN_IRON_AGE, VIKING_AGE, MEDIEVAL),
    ("coin", "gold"): (ROMAN_IRON_AGE, MEDIEVAL),
    ("comb", "bronze"): (BRONZE_AGE, LATE_BRONZE_AGE),
    ("figurine", "amber"): (MESOLITHIC,),
    ("car", "metal"): (MODERN,),
}
"""Periods of a kind in a material, where the material alone does not say."""

BY_MATERIAL: Mapping[str, tuple[Period, ...]] = {
    "flint": (NEOLITHIC, LATE_NEOLITHIC),
    "stone": (NEOLITHIC,),
    "copper": (NEOLITHIC,),
    "bronze": (BRONZE_AGE, LATE_BRONZE_AGE),
    "iron": (IRON_AGE, VIKING_AGE, MEDIEVAL),
    "gold": (LATE_BRONZE_AGE, GERMANIC_IRON_AGE, VIKING_AGE),
    "silver": (ROMAN_IRON_AGE, VIKING_AGE),
    "antler": (GERMANIC_IRON_AGE, VIKING_AGE, MEDIEVAL),
    "bone": (IRON_AGE, VIKING_AGE, MEDIEVAL),
    "amber": (NEOLITHIC,),
    "clay": (NEOLITHIC, IRON_AGE),
    "glass": (ROMAN_IRON_AGE, VIKING_AGE),
    "wood": (IRON_AGE, VIKING_AGE),
}


def period_of(depiction: Depiction, rng: np.random.Generator) -> Period:
    """A period in which such an object was made."""
    known = MADE.get((depiction.kind, depiction.material)) or BY_MATERIAL[depiction.material]
    return known[int(rng.integers(len(known)))]


def dated(period: Period, rng: np.random.Generator) -> tuple[int, int]:
    """A narrower date within a period: first and last year, in round numbers."""
    if period is MODERN:
        year = int(rng.integers(period.start, period.end - 4))
        return year, year + int(rng.integers(1, 5))
    step = 100 if period.end - period.start >= 300 else 25
    steps = (period.end - period.start) // step
    first = int(rng.integers(0, max(1, steps - 1)))
    last = min(steps, first + int(rng.integers(1, max(2, steps // 2))))
    base = round(period.start / step) * step
    start, end = max(base + first * step, period.start), min(base + last * step, period.end)
    return (start, end) if start < end else (period.start, period.end)


def written(start: int, end: int, danish: bool) -> str:
    """A date as a catalogue writes it; years before 1 are BC."""
    if end <= 0:
        return f"ca. {-start}-{-end} f.Kr." if danish else f"c. {-start}-{-end} BC"
    if start < 0:
        return f"{-start} f.Kr.-{end} e.Kr." if danish else f"{-start} BC-AD {end}"
    if start >= 1900:
        return f"{start}-{end}"
    if end - start == 100 and start % 100 == 0:
        century = start // 100 + 1
        if danish:
            return f"{century}. årh. e.Kr."
        ending = "th" if 10 <= century % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(century % 10, "th")
        return f"{century}{ending} century AD"
    return f"{start}-{end} e.Kr." if danish else f"AD {start}-{end}"
