"""Settings are dataclass fields with types and ranges."""

from dataclasses import dataclass
from typing import Literal

import pytest

from archive_search.knobs import from_data, from_texts, knob, knobs, to_data
from archive_search.types import InvalidInputError


@dataclass(frozen=True)
class Lamp:
    """A plug-in to try knobs on."""

    watts: float = knob(40.0, "Watts", low=1, high=100, help="How bright.")
    colour: str = knob("white", "Colour")
    serial: int = 7


def test_knobs_lists_settings_only():
    """A plain field is no knob; a knob knows its label, range and help, and its default or present value."""
    assert list(knobs(Lamp)) == ["watts", "colour"]
    settings, value = knobs(Lamp(watts=5))["watts"]
    assert (settings.label, settings.low, settings.high, settings.help, value) == ("Watts", 1, 100, "How bright.", 5)
    assert knobs(Lamp)["watts"][1] == 40.0


def test_data_and_back():
    """A plug-in written as data and read again is the same plug-in; defaults are left out."""
    assert to_data(Lamp(watts=60)) == {"watts": 60}
    assert from_data(Lamp, to_data(Lamp(watts=60)), "lamp") == Lamp(watts=60)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"wats": 3}, "lamp has no field 'wats'. Known: watts, colour, serial."),
        ({"watts": 0}, "lamp: watts must be between 1 and 100, got 0."),
        ({"watts": float("nan")}, "lamp: watts is not a number."),
        ([], "lamp must be an object with named fields, not []."),
    ],
)
def test_bad_data_is_refused_by_name(data, message):
    """Bad data is refused with the field's name and what was possible."""
    with pytest.raises(InvalidInputError) as caught:
        from_data(Lamp, data, "lamp")
    assert str(caught.value) == message


@dataclass(frozen=True)
class Shop:
    """A plug-in with a setting of each kind."""

    number: int = knob(1, "Number", low=1)
    price: float = knob(1.0, "Price", low=0, high=9.5)
    most: float = knob(1.0, "Most", high=9)
    free: float = knob(1.0, "Free")
    is_open: bool = knob(True, "Open")
    kind: Literal["red", "green", "blue"] = knob("red", "Kind")
    names: tuple[str, ...] = knob((), "Names")
    title: str = knob("", "Title")
    years: tuple[int, ...] = knob((), "Years")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"number": "many"}, "number must be a whole number at least 1, got 'many'."),
        ({"number": 1.5}, "number must be a whole number at least 1, got 1.5."),
        ({"number": None}, "number must be a whole number at least 1, got None."),
        ({"price": "cheap"}, "price must be a number between 0 and 9.5, got 'cheap'."),
        ({"most": []}, "most must be a number at most 9, got []."),
        ({"free": "air"}, "free must be a number, got 'air'."),
        ({"is_open": "perhaps"}, "is_open must be true or false, got 'perhaps'."),
        ({"is_open": None}, "is_open must be true or false, got None."),
        ({"kind": "pink"}, "kind must be 'red', 'green' or 'blue', got 'pink'."),
        ({"names": 3}, "names must be a list, got 3."),
        ({"title": 3}, "title must be a text, got 3."),
        ({"years": ["1850", "soon"]}, "years.1 must be a whole number, got 'soon'."),
    ],
)
def test_a_wrong_type_is_refused_in_a_sentence(data, message):
    """A value of the wrong type is refused with the field's name, what it must be, and its range."""
    with pytest.raises(InvalidInputError) as caught:
        from_data(Shop, data, "The shop")
    assert str(caught.value) == f"The shop: {message}"


def test_settings_can_be_typed():
    """Texts become what the fields hold; what is no setting is refused by its name."""

    @dataclass(frozen=True)
    class Typed:
        """Some settings."""

        many: tuple[str, ...] = knob((), "Many")
        on: bool = knob(True, "On")
        count: int = knob(1, "Count", low=0, high=9)

    given = from_texts(Typed, ["many = a, b,", "on=false", "count=3"], "The settings")
    assert from_data(Typed, given, "The settings") == Typed(("a", "b"), False, 3)
    with pytest.raises(InvalidInputError, match="given as NAME=VALUE, got 'count'"):
        from_texts(Typed, ["count"], "The settings")
    with pytest.raises(InvalidInputError, match="none called 'size'. Known: many, on, count"):
        from_texts(Typed, ["size=1"], "The settings")
