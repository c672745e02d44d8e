"""Catalogue entries: what the sample museum wrote down about an object, sparse and uneven as such entries are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from archive_search.sample.depiction import SAMPLE_SEEDS_FROM, Depiction
from archive_search.sample.inventory import Pictured
from archive_search.sample.periods import MODERN, dated, period_of, written
from archive_search.sample.places import PLACES
from archive_search.sample.plate import Plate

COLUMNS: tuple[str, ...] = (
    "file", "id", "object_id", "title", "object_type", "material", "period", "date", "date_from", "date_to", "place",
    "latitude", "longitude", "length_mm", "description", "language", "acquired", "licence",
)  # fmt: skip

ENGLISH: Mapping[str, tuple[str, ...]] = {
    "arrowhead": ("arrowhead", "Arrow head", "projectile point"),
    "axe": ("axe", "Axe head", "axehead"),
    "pot": ("pot", "Vessel", "pottery vessel"),
    "bowl": ("bowl", "Bowl", "vessel"),
    "brooch": ("brooch", "Brooch", "fibula"),
    "bead": ("bead", "Bead", "ornament"),
    "comb": ("comb", "Comb"),
    "sword": ("sword", "Sword", "weapon"),
    "coin": ("coin", "Coin"),
    "figurine": ("figurine", "Figurine", "statuette"),
    "car": ("car", "Motor car", "automobile"),
}
DANISH: Mapping[str, tuple[str, ...]] = {
    "arrowhead": ("Pilespids", "pilespids", "Spids"),
    "axe": ("Økse", "økse", "Økseblad"),
    "pot": ("Kar", "Lerkar", "krukke"),
    "bowl": ("Skål", "skål"),
    "brooch": ("Fibel", "Spænde", "fibula"),
    "bead": ("Perle", "perle", "Smykke"),
    "comb": ("Kam", "kam"),
    "sword": ("Sværd", "sværd", "Våben"),
    "coin": ("Mønt", "mønt"),
    "figurine": ("Figur", "Statuette", "figur"),
    "car": ("Bil", "Automobil", "personbil"),
}
DANISH_MATERIALS: Mapping[str, str] = {
    "flint": "flint",
    "stone": "sten",
    "bronze": "bronze",
    "iron": "jern",
    "copper": "kobber",
    "antler": "hjortetak",
    "bone": "ben",
    "clay": "ler",
    "glass": "glas",
    "silver": "sølv",
    "gold": "guld",
    "amber": "rav",
    "wood": "træ",
    "metal": "metal",
}
LENGTHS: Mapping[str, tuple[int, int]] = {
    "arrowhead": (28, 95),
    "axe": (85, 260),
    "pot": (90, 340),
    "bowl": (70, 240),
    "brooch": (28, 120),
    "bead": (6, 34),
    "comb": (60, 170),
    "sword": (480, 980),
    "coin": (12, 34),
    "figurine": (40, 160),
    "car": (3600, 4700),
}
REMARKS = (
    ("Found while ploughing.", "Fundet ved pløjning."),
    ("Detector find.", "Detektorfund."),
    ("From a grave; find context uncertain.", "Fra grav; fundforhold usikre."),
    ("Old collection, no further information.", "Gammel samling, ingen nærmere oplysninger."),
    ("Deposited in a bog.", "Mosefund."),
    ("Conserved 1974.", "Konserveret 1974."),
)
GRAVES = (
    ("Grave goods", "Gravfund"),
    ("Finds from the settlement", "Fund fra bopladsen"),
    ("Hoard", "Depotfund"),
)


def entries(pictured: Pictured, seed: int) -> list[dict[str, str]]:
    """
    Write the rows of one object, one for each of its pictures.

    A third have no period, half no material; dates, find-spots and lengths are missing here and there. Colour,
    decoration and shape are hardly ever mentioned: that is what the pictures are searched for.
    """
    first = pictured.depictions[0]
    if isinstance(first, Plate):
        return [_plate_entry(first, pictured, seed)]
    rng = np.random.default_rng((seed, SAMPLE_SEEDS_FROM, first.seed))
    danish = bool(rng.random() < 0.45)
    car = first.kind == "car"
    names = (DANISH if danish else ENGLISH)[first.kind]
    material = DANISH_MATERIALS[first.material] if danish else first.material
    row = dict.fromkeys(COLUMNS, "")
    row |= {"object_id": pictured.object_id, "licence": "CC0", "title": _title(names, material, pictured, rng)}
    if rng.random() < 0.9:
        row["object_type"] = names[0] if rng.random() < 0.8 else str(rng.choice(names))
    if rng.random() < 0.5:
        row["material"] = material
    row |= _when(first, danish, rng)
    if rng.random() < 0.7:
        place = PLACES[int(rng.integers(len(PLACES)))]
        row["place"] = place.name
        if rng.random() < 0.8:
            row |= {"latitude": f"{place.latitude:.2f}", "longitude": f"{place.longitude:.2f}"}
    if rng.random() < 0.55:
        row["length_mm"] = str(int(rng.integers(*LENGTHS[first.kind])))
    if rng.random() < 0.1 and not car:
        row["description"] = REMARKS[int(rng.integers(len(REMARKS)))][int(danish)]
    if rng.random() < 0.75:
        row["language"] = "da" if danish else "en"
    if rng.random() < 0.6:
        row["acquired"] = str(int(rng.integers(1986 if car else 1845, 2020)))
    ids = pictured.record_ids()
    return [row | {"file": f"pictures/{record}.jpg", "id": record} for record in ids]


def _plate_entry(plate: Plate, pictured: Pictured, seed: int) -> dict[str, str]:
    """The row of a plate: little more than its number, for nobody listed what is on it."""
    rng = np.random.default_rng((seed, SAMPLE_SEEDS_FROM, plate.seed))
    (record,) = pictured.record_ids()
    row = dict.fromkeys(COLUMNS, "")
    row |= {"file": f"pictures/{record}.jpg", "id": record, "object_id": pictured.object_id, "licence": "CC0"}
    row["title"] = plate.title
    if not plate.typology and rng.random() < 0.5:
        row["title"] += f". {GRAVES[int(rng.integers(len(GRAVES)))][int(plate.danish)]}"
    if rng.random() < 0.6:
        row["object_type"] = "tavle" if plate.danish else "plate"
    if rng.random() < 0.3:
        row["period"] = _when(plate.depictions[0], plate.danish, rng).get("period", "")
    if rng.random() < 0.4:
        row["place"] = PLACES[int(rng.integers(len(PLACES)))].name
    if rng.random() < 0.5:
        row["language"] = "da" if plate.danish else "en"
    if rng.random() < 0.3:
        row["acquired"] = str(int(rng.integers(1845, 1960)))
    return row


def _title(names: tuple[str, ...], material: str, pictured: Pictured, rng: np.random.Generator) -> str:
    """A title: the bare word, the word with its material, or hardly anything."""
    name = str(rng.choice(names))
    chance = rng.random()
    if chance < 0.5:
        return name
    if chance < 0.72:
        return f"{name}, {material}"
    if chance < 0.82:
        return f"{name} {pictured.object_id}"
    if chance < 0.92:
        return pictured.object_id
    return ""


def _when(depiction: Depiction, danish: bool, rng: np.random.Generator) -> dict[str, str]:
    """Period and date, each missing for some; what is there agrees."""
    period = period_of(depiction, rng)
    start, end = dated(period, rng)
    row = {}
    if rng.random() < 0.67:
        row["period"] = period.danish if danish else period.english
        if rng.random() < 0.12 and period is not MODERN:
            row["period"] = "Oldtid" if danish else "Prehistoric"
            return row if end <= 0 else row | {"period": period.danish if danish else period.english}
    if rng.random() < 0.6:
        row |= {"date": written(start, end, danish), "date_from": str(start), "date_to": str(end)}
    return row
