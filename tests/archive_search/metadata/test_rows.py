"""Records as rows of a table."""

from __future__ import annotations

from archive_search.metadata.fields import STANDARD
from archive_search.metadata.rows import flat, in_order


def test_cells() -> None:
    """Several values are joined, a point fills two columns, what the pipeline keeps for itself is left out."""
    payload = {
        "id": "A1",
        "material": ["flint", "bone"],
        "point": {"lat": 55.67, "lon": 12.56},
        "hubness": {"hash": 0.1},
        "extra": {"shelf": 7, "material": "stone?"},
    }
    assert flat(payload) == {
        "material": "flint; bone",
        "latitude": 55.67,
        "longitude": 12.56,
        "shelf": 7,
        "extra.material": "stone?",
    }


def test_what_an_archive_adds() -> None:
    """A field of an archive only is a column of its own name, with its mark before it where that name is taken."""
    assert flat({"own_style": "Ribe"}) == {"style": "Ribe"}
    assert flat({"own_style": "Ribe", "style": "other"}) == {"own_style": "Ribe", "style": "other"}
    assert flat({"own_style": "Ribe", "extra": {"style": "?"}}) == {"style": "Ribe", "extra.style": "?"}
    assert flat({"own_kiln": {"lat": 1, "lon": 2}}) == {"kiln_latitude": 1, "kiln_longitude": 2}


def test_order() -> None:
    """Columns come in the order of the table of fields, the others behind them as they came."""
    assert in_order(["shelf", "longitude", "title", "latitude", "style", "object_id"]) == [
        *("object_id", "title", "latitude", "longitude", "shelf", "style"),
    ]
    assert in_order(reversed(list(STANDARD)))[:3] == list(STANDARD)[:3]


def test_pixels_are_called_pixels() -> None:
    """Width and height of the picture cannot be taken for those of the object."""
    payload = {"width": 800, "height": 600, "width_mm": 41.5, "extra": {"width": "4 cm"}}
    assert flat(payload) == {
        "picture_width_px": 800,
        "picture_height_px": 600,
        "width_mm": 41.5,
        "extra.width": "4 cm",
    }


def test_what_people_wrote_stands_together() -> None:
    """Columns of a collection come first, side by side, whichever record fills them first."""
    columns = ["shelf", "collected_tags", "title", "collected_gone", "hand", "collected_note"]
    assert in_order(columns) == ["collected_note", "collected_tags", "collected_gone", "title", "shelf", "hand"]
