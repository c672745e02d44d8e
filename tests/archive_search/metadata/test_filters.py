"""The meaning of filters, checked by hand and by law."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.metadata.filters import passes, values_of, years
from archive_search.types import Filter, InvalidInputError, Match, Missing, Near, Range, Within

ROSKILDE = {"lat": 55.642, "lon": 12.080}  # 31 km from Copenhagen


@pytest.mark.parametrize(
    ("payload", "one", "expected"),
    [
        ({"material": "bone"}, Match("material", ("bone", "antler")), True),
        ({"material": "flint"}, Match("material", ("bone", "antler")), False),
        ({"material": ["flint", "bone"]}, Match("material", ("bone",)), True),
        ({"material": "bone"}, Match("material", ()), False),
        ({"material": 7}, Match("material", ("7",)), False),
        ({}, Match("material", ("bone",)), False),
        ({}, Match("material", ("bone",), unknown="keep"), True),
        ({"material": "flint"}, Match("material", ("bone",), unknown="keep"), False),
        ({"date_from": -500}, Range("date_from", -500, 0), True),
        ({"date_from": 0}, Range("date_from", -500, 0), True),
        ({"date_from": 1}, Range("date_from", -500, 0), False),
        ({"date_from": -9000.5}, Range("date_from", high=0), True),
        ({"date_from": [9, -3]}, Range("date_from", low=5), True),
        ({"date_from": "100"}, Range("date_from", low=5), False),
        ({"date_from": True}, Range("date_from", low=0), False),
        ({}, Range("date_from", low=5), False),
        ({}, Range("date_from", low=5, unknown="keep"), True),
        ({"place": None}, Missing("place"), True),
        ({"place": []}, Missing("place"), True),
        ({}, Missing("place"), True),
        ({"place": ""}, Missing("place"), False),
        ({"place": "Ribe"}, Missing("place"), False),
        ({"point": ROSKILDE}, Near("point", 55.68, 12.57, 32), True),
        ({"point": ROSKILDE}, Near("point", 55.68, 12.57, 30), False),
        ({"point": [{"lat": 0, "lon": 0}, ROSKILDE]}, Near("point", 55.6, 12.1, 10), True),
        ({"point": {"lat": 0, "lon": 179.9}}, Near("point", 0, -179.9, 23), True),
        ({"point": "55.64, 12.08"}, Near("point", 55.64, 12.08, 10), False),
        ({"point": {"lat": True, "lon": 0}}, Near("point", 1, 0, 10), False),
        ({}, Near("point", 0, 0, 10), False),
        ({}, Near("point", 0, 0, 10, unknown="keep"), True),
        ({"point": ROSKILDE}, Within("point", (55, 8, 56, 13)), True),
        ({"point": ROSKILDE}, Within("point", (56, 8, 58, 13)), False),
        ({"point": {"lat": 0, "lon": -179.5}}, Within("point", (-1, 179, 1, -179)), True),
        ({"point": {"lat": 0, "lon": 12}}, Within("point", (-1, 179, 1, -179)), False),
        ({"point": ROSKILDE}, Within("point", polygon=((55, 11), (56, 12), (55, 14))), True),
        ({"point": ROSKILDE}, Within("point", polygon=((55, 11), (56, 11), (56, 12))), False),
        ({}, Within("point", (-1, 0, 1, 2), unknown="keep"), True),
    ],
)
def test_passes(payload: dict[str, Any], one: Filter, expected: bool) -> None:
    """A filter lets through what its docstring says, on single values, lists and nothing."""
    assert passes(payload, [one]) is expected


def test_all_filters_hold() -> None:
    """A payload passes if it satisfies every filter; no filter lets everything through."""
    payload = {"material": "bone", "date_from": 100}
    assert passes(payload, [Match("material", ("bone",)), Range("date_from", low=50)])
    assert not passes(payload, [Match("material", ("bone",)), Range("date_from", low=150)])
    assert passes({}, [])


def test_values_of() -> None:
    """Absent, null and an empty list are no values; a single value is a list of one."""
    assert values_of({}, "a") == values_of({"a": None}, "a") == values_of({"a": []}, "a") == []
    assert values_of({"a": "x"}, "a") == ["x"]
    assert values_of({"a": ("x", "y")}, "a") == ["x", "y"]


@pytest.mark.parametrize(
    ("dated", "overlaps"),
    [
        ((-3900, -3300), True),
        ((-4500, -3900), True),
        ((-1700, -1000), True),
        ((-9000, 2000), True),
        ((-4500, -4001), False),
        ((-1699, -500), False),
    ],
)
def test_years_overlap(dated: tuple[int, int], overlaps: bool) -> None:
    """Filters made from two years find the records whose dating overlaps them, ends included."""
    payload = {"date_from": dated[0], "date_to": dated[1]}
    assert passes(payload, years(-4000, -1700)) is overlaps


def test_years_unknown() -> None:
    """Undated records are kept unless they are to be dropped; no year asks for nothing."""
    assert passes({}, years(-4000, -1700))
    assert not passes({}, years(-4000, -1700, "drop"))
    assert years(None, None) == ()
    assert years(None, 0) == (Range("date_from", high=0, unknown="keep"),)


@pytest.mark.parametrize("year", [float("nan"), float("inf"), float("-inf"), 10**400, -(10**400)])
def test_no_years(year: float) -> None:
    """What is no number, or no number that a year could be, is refused, as an end of any range too."""
    for first, last in ((year, None), (None, year)):
        with pytest.raises(InvalidInputError, match="A year is a number such as 1850"):
            years(first, last)
        with pytest.raises(InvalidInputError, match="weight_g can lie between numbers"):
            Range("weight_g", first, last)


NUMBER = st.integers(-9000, 2000)


@given(dated=st.tuples(NUMBER, NUMBER).map(sorted), asked=st.tuples(NUMBER, NUMBER).map(sorted))
def test_years_are_interval_overlap(dated: list[int], asked: list[int]) -> None:
    """A dating passes exactly where the two intervals share a year."""
    shares = max(dated[0], asked[0]) <= min(dated[1], asked[1])
    assert passes({"date_from": dated[0], "date_to": dated[1]}, years(*asked)) is shares
