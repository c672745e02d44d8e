"""What a record says, as people read it."""

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.said import said


def test_years_are_one_span_and_say_how_they_were_found():
    """First and last year stand as one span; what no column says is told to be read from the date or the period."""
    years = {"date_from": -490, "date_to": -480}
    assert said({**years, "dated_by": "columns"}, STANDARD) == {"Years": "490–480 BCE"}
    assert said({**years, "dated_by": "date"}, STANDARD) == {"Years": "490–480 BCE (read from the date)"}
    assert said({**years, "dated_by": "period"}, STANDARD, "da") == {"År": "490–480 f.Kr. (af perioden)"}
    assert said({"date_to": 1650}, STANDARD) == {"Years": "1650"}


def test_numbers_have_their_units():
    """A measurement stands with its unit, and without a decimal that says nothing."""
    told = said({"height_mm": 702.0, "weight_g": 12.5}, STANDARD)
    assert list(told.values()) == ["702 mm", "12.5 g"]


def test_several_values_stand_in_one_text_and_what_is_empty_is_left_out():
    """Terms stand side by side, a point as two numbers, columns that fill no field by their own names."""
    payload = {
        "material": ["flint", "bone"],
        "title": "",
        "point": {"lat": 55.5, "lon": 10.25},
        "file": "a.png",
        "width": 640,
        "extra": {"Stil": "A", "Material": "Flint", "Leer": None},
    }
    assert said(payload, STANDARD) == {
        "Material": "flint; bone",
        STANDARD.said("point"): "55.5, 10.25",
        "File": "a.png",
        "Stil": "A",
        "Material (column)": "Flint",
    }
