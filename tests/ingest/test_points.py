"""Points as catalogues write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.types import InvalidInputError
from ingest.mapping import field_map, fields_of, refused_point
from ingest.points import read_pair, read_point

LATITUDES = st.integers(-90 * 3600, 90 * 3600)
LONGITUDES = st.integers(-180 * 3600, 180 * 3600)


def degrees(seconds: int, letters: str, written: str) -> str:
    """An angle of so many seconds of arc, with the letter of its side: 55°40'12"N."""
    size = abs(seconds)
    side = letters[seconds < 0]
    return written.format(d=size // 3600, m=size // 60 % 60, s=size % 60, side=side)


@pytest.mark.parametrize(
    "written",
    [
        "{d}°{m:02}'{s:02}\"{side}",
        "{side} {d}° {m}′ {s}″",
        "{d} {m} {s} {side}",
        "{d}:{m:02}:{s:02}{side}",
        "{d}°{m}'{s}''{side}",
    ],
)
@pytest.mark.parametrize("between", [" ", ", ", "; ", " / "])
@given(LATITUDES, LONGITUDES)
def test_degrees_minutes_seconds(written: str, between: str, north: int, east: int) -> None:
    """Degrees, minutes and seconds with the letters of the sides are read, the longitude first or last."""
    parts = degrees(north, "NS", written), degrees(east, "EW", written)
    expected = {"lat": round(north / 3600, 7), "lon": round(east / 3600, 7)} if north or east else None
    assert read_point(between.join(parts)) == pytest.approx(expected)
    assert read_point(between.join(reversed(parts))) == pytest.approx(expected)
    assert read_pair(*parts) == pytest.approx(expected)


@given(
    st.integers(-9000, 9000), st.integers(-18000, 18000), st.sampled_from([", ", " ", "; ", "/", " , "]), st.booleans()
)
def test_decimal_degrees(north: int, east: int, between: str, comma: bool) -> None:
    """Two decimal numbers are latitude and longitude, with point or comma."""
    parts = [f"{one / 100:.2f}".replace(".", "," if comma else ".") for one in (north, east)]
    expected = {"lat": north / 100, "lon": east / 100} if north or east else None
    assert read_point(between.join(parts)) == expected
    assert read_pair(*parts) == expected


@pytest.mark.parametrize(
    ("value", "point"),
    [
        ("55.67,12.56", (55.67, 12.56)),
        ("12°34'E 55°40'N", (55.6666667, 12.5666667)),
        ("N55.67 E12.56", (55.67, 12.56)),
        ("55°40'N 12°34'Ø", (55.6666667, 12.5666667)),
        ("51°30'Z 3°34'V", (-51.5, -3.5666667)),
        ("N 55° 40.123' E 012° 34.567'", (55.6687167, 12.5761167)),
        ("POINT(12.56 55.67)", (55.67, 12.56)),
        ({"lat": "55.67", "lng": 12.56}, (55.67, 12.56)),
        ({"type": "Point", "coordinates": [12.56, 55.67]}, (55.67, 12.56)),
        ("55,67", None),
        ("55.67", None),
        ("0, 0", None),
        ("55°40'O 12°34'N", None),
        ("55°61'N 12°34'E", None),
        ("1,2,3", None),
        ("Gallery 5, case 3", None),
        ("NA", None),
        ("", None),
        ({"type": "Point", "coordinates": [12.56]}, None),
        ({"name": "Ribe"}, None),
    ],
)
def test_points(value: Any, point: tuple[float, float] | None) -> None:
    """What else is read, and what is no point: one number, no numbers, letters that do not fit, 0, 0."""
    assert read_point(value) == (None if point is None else {"lat": point[0], "lon": point[1]})


def test_out_of_range() -> None:
    """Numbers that are no place on the globe are refused with the range."""
    with pytest.raises(InvalidInputError, match=r"latitude 95\.2 does not lie between -90 and 90"):
        read_point("95.2, 12.5")
    with pytest.raises(InvalidInputError, match="longitude 195 does not lie between -180 and 180"):
        read_pair("12", "195")


@given(st.text(alphabet="0123456789.,;:°'\"NSEWØ+- ", max_size=24))
def test_whatever_is_written(text: str) -> None:
    """Whatever a cell holds, it is a point on the globe, none, or out of range; nothing else comes of it."""
    try:
        point = read_point(text)
    except InvalidInputError:
        return
    assert point is None or (abs(point["lat"]) <= 90 and abs(point["lon"]) <= 180)


def test_rows_with_points() -> None:
    """A point is read from one column or from two; what is out of range stays as it is written, with the reason."""
    for cells in (
        {"Coordinates": "55.67, 12.56"},
        {"Latitude": "55,67", "lon": "12,56"},
        {"koordinater": "", "Breddegrad": "55.67", "Længdegrad": "12.56"},
    ):
        filled = {column: cell for column, cell in cells.items() if cell}
        assert fields_of(filled, field_map(tuple(filled)))["point"] == {"lat": 55.67, "lon": 12.56}
        assert "extra" not in fields_of(filled, field_map(tuple(filled)))
    wrong = {"Latitude": "95", "Longitude": "12"}
    assert fields_of(wrong, field_map(tuple(wrong))) == {"extra": wrong}
    assert refused_point(wrong, field_map(tuple(wrong))) == "latitude 95 does not lie between -90 and 90"
    assert (
        refused_point(
            {"title": "Axe", "Latitude": "NA", "Longitude": "NA"}, field_map(("title", "Latitude", "Longitude"))
        )
        == ""
    )
