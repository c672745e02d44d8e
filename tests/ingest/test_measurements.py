"""Sizes and weights as catalogues write them."""

from __future__ import annotations

import csv
import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mapping import field_map, fields_of, parse_pairs
from ingest.measurements import LENGTHS, NAMES, WEIGHTS, Size, read_size, read_sizes, unit_of

SHARED = Path(os.environ.get("ARCHIVE_SEARCH_DATA", Path(__file__).resolve().parents[2].parent / "shared"))
CATALOGUE = SHARED / "data" / "met-thumbs-64" / "metadata.csv"
SIZES: tuple[Size, ...] = ("height_mm", "length_mm", "width_mm", "depth_mm", "diameter_mm")
TENTHS = st.integers(1, 9999)  # of a millimetre, up to a metre


def names_of(size: str) -> list[str]:
    """The words that mean a size whatever stands beside them."""
    return [name for name, meant in NAMES.items() if meant == size]


def number(tenths: int, per_unit: float, comma: bool) -> str:
    """A length in a unit, as a decimal number."""
    text = f"{tenths / 10 / per_unit:.4f}".rstrip("0").rstrip(".")
    return (
        text.replace(".", ",")
        if comma and text.partition(".")[2] not in ("",) and len(text.partition(".")[2]) != 3
        else text
    )


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("H. 12,5 cm", {"height_mm": 125}),
        ("L: 3 1/2 in.", {"length_mm": 88.9}),
        ("Ø 4 cm", {"diameter_mm": 40}),
        ("H 12 x B 5 x T 3 cm", {"height_mm": 120, "width_mm": 50, "depth_mm": 30}),
        ("height 3.2 cm; diam. 10 mm", {"height_mm": 32, "diameter_mm": 10}),
        ("125 g", {"weight_g": 125}),
        ("Vægt: 1,2 kg; længde 30 cm", {"weight_g": 1200, "length_mm": 300}),
        ("H. 2 5/8 x W. 3 in. (6.7 x 7.6 cm)", {"height_mm": 67, "width_mm": 76}),
        ("H x W x D: 2 1/8 x 1 1/8 x 1/2in. (5.4 x 2.8 x 1.3cm)", {"height_mm": 54, "width_mm": 28, "depth_mm": 13}),
        ("12 x 5 x 3 cm (L x W x H)", {"length_mm": 120, "width_mm": 50, "height_mm": 30}),
        ("20 x 9 cm", {"height_mm": 200, "width_mm": 90}),
        ("H. 22.9 (9 in); W. 52.1 (20 1/2 in); Th. 3.8 cm", {"height_mm": 229, "width_mm": 521, "depth_mm": 38}),
        ("L. (4.5 cm)\n \n W. (2 cm)\n \n Wt.", {"length_mm": 45, "width_mm": 20}),
        ("L. 4 (cm)\n W. 3 (cm)", {"length_mm": 40, "width_mm": 30}),
        ("72 x 80 in., 14 lb. (182.9 x 203.2 cm, 6.35kg)", {"height_mm": 1829, "width_mm": 2032, "weight_g": 6350}),
        ("10 cm high, 5 cm wide", {"height_mm": 100, "width_mm": 50}),
        ("8,3 cm hoch, 4 cm breit", {"height_mm": 83, "width_mm": 40}),
        ("23 cm in diameter", {"diameter_mm": 230}),
        ("L. 12 cm; l. 5 cm; ép. 2 cm", {"length_mm": 120, "width_mm": 50, "depth_mm": 20}),
        ("l. 1.3 × w. 0.4 cm", {"length_mm": 13, "width_mm": 4}),
        ("Max. H. 18 in. (45.7 cm)", {"height_mm": 457}),
        ("10-12 cm lang", {"length_mm": 120}),
        ("Diam. 3½ in.", {"diameter_mm": 88.9}),
        ("5 ft. 3 in.", {}),
        ("H. 5 ft. 3 in. × W. 2 ft.", {"height_mm": 1600.2, "width_mm": 609.6}),
        ("Weight: 3.6&#160;g", {"weight_g": 3.6}),
        ("H 12 cm, B 6 cm, D 8 cm", {"height_mm": 120, "width_mm": 60, "depth_mm": 80}),
        ("Unframed: 65.6 x 81.5 cm; Framed: 95.5 x 113 x 7 cm", {"height_mm": 656, "width_mm": 815}),
        ("Framed: 95.5 x 113 x 7 cm; Unframed: 65.6 x 81.5 cm", {"height_mm": 656, "width_mm": 815}),
        ("Chest: 37 × 61.9 cm; stand: 50 × 45.7 cm", {"height_mm": 370, "width_mm": 619}),
        ("Height (i.e., length along major axis): 70 mm; width: 43 mm", {"height_mm": 70, "width_mm": 43}),
        ("Height 35 cm; diam. of rim 30 cm; width with handles 34 cm", {"height_mm": 350}),
        ("Rim diam. 30 cm", {}),
        ("H 12 cm, D 8 cm", {"height_mm": 120}),
        ("16.5 x 16 x 9.3", {}),
        ("12 cm", {}),
        ("1,250 g", {}),
        ("H. 1/0 cm", {}),
        ("H. 900 m", {}),
        ("various", {}),
        ("", {}),
    ],
)
def test_wordings(text: str, sizes: dict[str, float]) -> None:
    """What catalogues write, and what tells no size of the object: parts, no unit, no name, two readings."""
    assert read_sizes(text) == pytest.approx(sizes)


@given(
    st.dictionaries(st.sampled_from(SIZES), TENTHS, min_size=1),
    st.sampled_from(["mm", "cm", "m", "in", "inches", "Zoll", "ft"]),
    st.sampled_from(["; ", ", ", " x ", " × ", "\n"]),
    st.sampled_from([". ", ": ", " ", ".: ", " = "]),
    st.booleans(),
    st.data(),
)
def test_named_sizes(
    sizes: dict[Size, int], unit: str, between: str, behind: str, comma: bool, data: st.DataObject
) -> None:
    """Named sizes are read in every language, with every unit, mark and separator, in any order."""
    per_unit = LENGTHS[unit.casefold()]
    parts = []
    for size, tenths in sizes.items():
        name = data.draw(st.sampled_from(names_of(size)))
        name = data.draw(st.sampled_from([name, name.capitalize(), name.upper()]))
        parts.append(f"{name}{behind}{number(tenths, per_unit, comma)} {unit}")
    expected = {size: float(number(tenths, per_unit, False)) * per_unit for size, tenths in sizes.items()}
    assert read_sizes(between.join(parts)) == pytest.approx(expected, abs=0.006)


@given(
    st.lists(TENTHS, min_size=2, max_size=3),
    st.sampled_from(["mm", "cm", "in."]),
    st.sampled_from([" x ", "x", " × ", " X ", " by "]),
)
def test_sizes_in_order(tenths: list[int], unit: str, times: str) -> None:
    """Two or three numbers without names, the unit behind the last, are height, width and depth."""
    per_unit = LENGTHS[unit.strip(".")]
    text = f"{times.join(number(one, per_unit, False) for one in tenths)} {unit}"
    order = ("height_mm", "width_mm", "depth_mm")
    expected = {size: float(number(one, per_unit, False)) * per_unit for size, one in zip(order, tenths, strict=False)}
    assert read_sizes(text) == pytest.approx(expected, abs=0.006)


@given(
    st.integers(0, 30), st.integers(1, 15), st.sampled_from(["{w} {f} in.", "{w}-{f} in", '{w} {f}"']), st.booleans()
)
def test_fractions_of_an_inch(whole: int, sixteenths: int, written: str, metric: bool) -> None:
    """Inches with fractions are read; where the text tells centimetres as well, those are taken."""
    size = (whole + Fraction(sixteenths, 16)) * 254 / 10
    fraction = Fraction(sixteenths, 16)
    text = written.format(w=whole, f=f"{fraction.numerator}/{fraction.denominator}") if whole else f"{fraction} in."
    if metric:
        text += f" ({float(size) / 10:.1f} cm)"
    assert read_sizes(f"H. {text}")["height_mm"] == pytest.approx(float(size), abs=0.51 if metric else 0.006)


@given(
    TENTHS, st.sampled_from(sorted(WEIGHTS)), st.sampled_from(["{} {}", "Weight: {} {}", "Wt. {} {}.", "Gewicht {} {}"])
)
def test_weights(tenths: int, unit: str, written: str) -> None:
    """A weight is known by its unit, with a name or without."""
    text = written.format(tenths / 10, unit)
    assert (
        read_sizes(text).get("weight_g") == pytest.approx(round(tenths / 10 * WEIGHTS[unit], 2))
        or tenths * WEIGHTS[unit] < 0.05
    )


@given(st.text(alphabet="HWLDBTØ x×:;.,()0123456789/½cmin\"'-", max_size=40))
def test_whatever_is_written(text: str) -> None:
    """Whatever a text says, it tells sizes of objects or none; nothing else comes of it."""
    assert all(0 < value <= 1e8 for value in read_sizes(text).values())


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("Højde (mm)", ("Højde", "mm")),
        ("height_cm", ("height", "cm")),
        ("dimensionsCm", ("dimensions", "cm")),
        ("Gewicht [kg]", ("Gewicht", "kg")),
        ("Længde i cm", ("Længde", "cm")),
        ("height", ("height", "")),
        ("mm", ("mm", "")),
        ("Materiale", ("Materiale", "")),
    ],
)
def test_units_of_columns(column: str, expected: tuple[str, str]) -> None:
    """A column's name may end in the unit of its numbers."""
    assert unit_of(column) == expected


def test_one_size_to_a_cell() -> None:
    """A cell of its own column tells one size, with or without its unit and name."""
    assert read_size("12,5 cm", "height_mm") == 125
    assert read_size("12.5", "height_mm", "cm") == 125
    assert read_size("H. 12 cm (4 3/4 in.)", "height_mm") == 120
    assert read_size("12", "height_mm") is None
    assert read_size("12 g", "height_mm") is None
    assert read_size("W. 12 cm", "height_mm") is None
    assert read_size("", "height_mm", "cm") is None


def test_rows_with_sizes() -> None:
    """Columns of sizes go before the text of the measurements, which is kept; without a unit nothing is guessed."""

    def made(cells: dict[str, str], *pairs: str) -> dict[str, object]:
        mapped = parse_pairs(pairs)
        return fields_of(cells, field_map(tuple(cells), mapped), meant=mapped)

    assert made({"Mål": "H. 12,5 cm, Br. 3 cm", "Højde (mm)": "124"}) == {
        "measurements": "H. 12,5 cm, Br. 3 cm",
        "height_mm": 124,
        "width_mm": 30,
    }
    assert made({"dimensions_cm": "147.3 x 146"})["width_mm"] == 1460
    assert made({"height": "64", "width": "48"}) == {"extra": {"height": "64", "width": "48"}}
    assert made({"height": "64"}, "height_mm=height") == {"height_mm": 64}


def test_columns_of_sizes_stay_as_they_are_written() -> None:
    """What a column of sizes says is a measurement with its heading; beside a text of measurements, a column."""

    def made(cells: dict[str, str]) -> dict[str, object]:
        return fields_of(cells, field_map(tuple(cells)))

    assert made({"Længde": "12,5 cm", "Bredde": "ca. 3 1/2 in."}) == {
        "length_mm": 125,
        "width_mm": 88.9,
        "measurements": "Længde 12,5 cm; Bredde ca. 3 1/2 in.",
    }
    assert made({"Højde (cm)": "12,5"}) == {"height_mm": 125, "measurements": "Højde (cm) 12,5"}
    assert made({"Højde (mm)": "125"}) == {"height_mm": 125}
    assert made({"Mål": "Kranie", "Længde": "12,5 cm"}) == {
        "measurements": "Kranie",
        "length_mm": 125,
        "extra": {"Længde": "12,5 cm"},
    }


@pytest.mark.skipif(not CATALOGUE.is_file(), reason=f"there is no {CATALOGUE} (set ARCHIVE_SEARCH_DATA)")
def test_a_real_catalogue() -> None:
    """Of what a museum wrote as the dimensions of eight thousand objects nineteen in twenty are read."""
    with CATALOGUE.open(encoding="utf-8-sig") as file:
        texts = [row["dimensions"] for row in csv.DictReader(file) if row["dimensions"]]
    assert sum(bool(read_sizes(text)) for text in texts) > 0.95 * len(texts)
