"""Geographic points as catalogues write them: decimal degrees, degrees with minutes and seconds, one column or two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archive_search.types import InvalidInputError

_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_SIDES = {"N": 1, "S": -1, "Z": -1, "E": 1, "Ø": 1, "W": -1, "V": -1}
"""Letters of the sides of the world in English, Danish, German, French and Dutch; O is the east or the west."""
_LATITUDE, _LONGITUDE = "NSZ", "EØWV"
_ANGLE = re.compile(
    rf"""
    (?P<before>[NSZEØWV])?\s*
    (?P<sign>[-+−])?\s*
    (?P<degrees>{_NUMBER})\s*(?:°|º|˚|deg\.?|\s(?=\d)|:(?=\d))?\s*
    (?:(?P<minutes>{_NUMBER})\s*(?:['’′‘]|min\.?|\s(?=\d)|:(?=\d)|(?=\s*[NSZEØWV])))?\s*
    (?:(?P<seconds>{_NUMBER})\s*(?:["”″“]|''|’’|′′|s(?:ec)?\b\.?|(?=\s*[NSZEØWV])))?\s*
    (?P<after>[NSZEØWV])?
    """,
    re.VERBOSE,
)
_WKT = re.compile(r"(?:SRID=4326;)?POINT\s*Z?\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)(?:\s+-?[\d.]+)?\s*\)", re.IGNORECASE)


def read_point(value: Any) -> dict[str, float] | None:
    """
    The point that one cell holds: "55.67, 12.56", "55°40'N 12°34'E", "POINT(12.56 55.67)", an object with lat and lon.

    Two numbers without letters are latitude and longitude. None where the cell holds no point; 0, 0 is none: it stands
    in many databases for "unknown".

    Raises:
        InvalidInputError: If it is out of range.
    """
    if isinstance(value, Mapping):
        return _of_object(value)
    text = str(value).strip().upper()
    if known := _WKT.fullmatch(text):
        return _point(float(known[2]), float(known[1]))
    for first, second in _halves(text):
        one, other = _angle(first), _angle(second)
        if one is None or other is None:
            continue
        if one[1] in ("", "latitude") and other[1] in ("", "longitude"):
            return _point(one[0], other[0])
        if one[1] in ("", "longitude") and other[1] in ("", "latitude"):
            return _point(other[0], one[0])
    return None


def read_pair(latitude: Any, longitude: Any) -> dict[str, float] | None:
    """The point that two cells hold; None where one of them holds no angle, or both are 0. Raises as `read_point`."""
    one, other = _angle(str(latitude).strip().upper()), _angle(str(longitude).strip().upper())
    if one is None or other is None or one[1] == "longitude" or other[1] == "latitude":
        return None
    return _point(one[0], other[0])


def _of_object(value: Mapping[str, Any]) -> dict[str, float] | None:
    names = {str(name).casefold(): held for name, held in value.items()}
    if isinstance(names.get("coordinates"), list | tuple) and str(names.get("type", "")).casefold() == "point":
        coordinates: Sequence[Any] = names["coordinates"]  # GeoJSON: the longitude first
        return read_pair(coordinates[1], coordinates[0]) if len(coordinates) >= 2 else None
    for north, east in (("lat", "lon"), ("lat", "lng"), ("latitude", "longitude")):
        if north in names and east in names:
            return read_pair(names[north], names[east])
    return None


def _halves(text: str) -> list[tuple[str, str]]:
    """Where a text may be divided into two angles, the likeliest first."""
    for separator in (";", "/", "|", ", ", ",\t"):
        if text.count(separator) == 1:
            first, _, second = text.partition(separator)
            return [(first.strip(), second.strip())]
    if text.count(",") == 1 and "." in text and not re.search(r"\s", text):  # "55,67" may be one number
        first, _, second = text.partition(",")
        return [(first, second)]
    places = [found.start() for found in re.finditer(r"\s", text)]
    places += [found.end() for found in re.finditer(r"(?<=[\d°'’′\"”″])\s*[NSZEØWV](?=\s*\d)", text)]
    return [(text[:at].strip(" ,"), text[at:].strip(" ,")) for at in places]


def _angle(text: str) -> tuple[float, str] | None:
    """Degrees, and whether letters say that they are of latitude or of longitude."""
    found = _ANGLE.fullmatch(text.strip())
    if not found or (found["before"] and found["after"]) or (found["sign"] and (found["before"] or found["after"])):
        return None
    degrees, minutes, seconds = (
        float((found[part] or "0").replace(",", ".")) for part in ("degrees", "minutes", "seconds")
    )
    if minutes >= 60 or seconds >= 60:
        return None
    side = found["before"] or found["after"] or ""
    size = degrees + minutes / 60 + seconds / 3600
    sign = -1 if found["sign"] in ("-", "−") else _SIDES.get(side, 1)
    return sign * size, "latitude" if side and side in _LATITUDE else "longitude" if side else ""


def _point(latitude: float, longitude: float) -> dict[str, float] | None:
    if not abs(latitude) <= 90:
        raise InvalidInputError(f"latitude {latitude:g} does not lie between -90 and 90")
    if not abs(longitude) <= 180:
        raise InvalidInputError(f"longitude {longitude:g} does not lie between -180 and 180")
    if not latitude and not longitude:
        return None
    return {"lat": round(latitude, 7), "lon": round(longitude, 7)}
