"""What a filter means, on one payload: the reference that every store is held to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archive_search.geometry import Place, distance_km, in_box, in_polygon
from archive_search.types import Filter, InvalidInputError, Match, Missing, Near, Payload, Range, Within

FARTHEST_YEAR = 10_000_000_000
"""No year lies farther from the turn of the era than the beginning of the universe."""


def passes(payload: Payload, where: Iterable[Filter]) -> bool:
    """Whether a payload satisfies every filter; a list field satisfies one if any of its items does."""
    return all(_passes(payload, one) for one in where)


def _passes(payload: Payload, one: Filter) -> bool:
    values = values_of(payload, one.field)
    if isinstance(one, Missing):
        return not values
    if not values:
        return one.unknown == "keep"
    if isinstance(one, Match):
        return any(value in one.values for value in values if isinstance(value, str))
    if isinstance(one, Near | Within):
        return any(_lies(place, one) for value in values if (place := place_of(value)) is not None)
    return any(_within(value, one) for value in values)


def _within(value: Any, one: Range) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (one.low is None or value >= one.low) and (one.high is None or value <= one.high)


def _lies(place: Place, one: Near | Within) -> bool:
    if isinstance(one, Near):
        return distance_km(place, (one.latitude, one.longitude)) < one.km
    return in_box(place, one.box) if one.box is not None else in_polygon(place, one.polygon)


def place_of(value: Any) -> Place | None:
    """Latitude and longitude of a point as payloads hold it; None of anything else."""
    if not isinstance(value, Mapping):
        return None
    place = (value.get("lat"), value.get("lon"))
    numbers = [one for one in place if isinstance(one, int | float) and not isinstance(one, bool)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def values_of(payload: Payload, field: str) -> list[Any]:
    """The values a payload holds in a field, as a list; absent, null and an empty list are nothing."""
    value = payload.get(field)
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def years(first: float | None, last: float | None, unknown: str = "keep") -> tuple[Range, ...]:
    """
    Filters for records whose dating overlaps the years from `first` to `last`.

    Years BCE are negative, None is open; `unknown` keeps or drops the undated.

    Raises:
        InvalidInputError: If one of them is no year.
    """
    for year in (first, last):
        if year is not None and not abs(year) <= FARTHEST_YEAR:
            raise InvalidInputError(
                f"A year is a number such as 1850, or -4000 for 4000 BC; got {str(year)[:20]}. "
                "Leave it out where the years are open at that end."
            )
    keep = "keep" if unknown == "keep" else "drop"
    found: list[Range] = []
    if first is not None:
        found.append(Range("date_to", low=first, unknown=keep))  # type: ignore[arg-type]
    if last is not None:
        found.append(Range("date_from", high=last, unknown=keep))  # type: ignore[arg-type]
    return tuple(found)
