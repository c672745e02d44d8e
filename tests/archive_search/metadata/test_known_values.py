"""Values that no record holds: told with those that are spelled almost alike."""

import pytest

from archive_search.metadata.known_values import unheld
from archive_search.testing import MemoryStore
from archive_search.types import Match, Missing, Point, Range

RECORDS = (
    {"technique": "cast", "material": ["sølv", "guld"]},
    {"technique": "cut", "material": "sølv"},
    {"technique": "cast"},
)


def store() -> MemoryStore:
    """Three records of two techniques."""
    made = MemoryStore()
    made.upsert([Point(f"r{n}", {}, payload) for n, payload in enumerate(RECORDS)])
    return made


NONE = "No record holds {!r} in the field {!r}. {}."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Match("technique", ("castt",)), [NONE.format("castt", "technique", "Spelled like it: cast")]),
        (Match("technique", ("Cast",)), [NONE.format("Cast", "technique", "Spelled like it: cast")]),
        (Match("material", ("sølvv",)), [NONE.format("sølvv", "material", "Spelled like it: sølv")]),
        (Match("technique", ("engraved",)), [NONE.format("engraved", "technique", "Values there: cast, cut")]),
        (Match("period", ("cast",)), ["No record holds anything in the field 'period'."]),
        (Match("technique", ("cast",)), []),
        (Match("title", ("castt",)), []),
        (Missing("technique"), []),
        (Range("date_from", low=5000), []),
    ],
)
def test_a_value_that_no_record_holds_is_told(asked, said):
    """Values that are spelled like it are named, else the commonest; values that records hold are none of it."""
    assert list(unheld(store(), (asked,))) == said
