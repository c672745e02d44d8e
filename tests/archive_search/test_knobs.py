"""Settings are dataclass fields with types and ranges."""

from dataclasses import dataclass

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


def test_a_wrong_type_is_refused_by_name():
    """A value of the wrong type is refused with the field's name."""
    with pytest.raises(InvalidInputError, match="lamp: watts: .*'bright'"):
        from_data(Lamp, {"watts": "bright"}, "lamp")


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
