"""Ids that nobody has: refused, with those that are spelled almost alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.metadata import known_ids
from archive_search.metadata.known_ids import almost_alike, require_records
from archive_search.metadata.numbers import spelled
from archive_search.testing import MemoryStore
from archive_search.types import Point, UnknownNameError

IDS = ("A1001", "A1002", "B7", "Kat. 12 a")


def store() -> MemoryStore:
    """Four records, one of them with a number of its object."""
    made = MemoryStore()
    made.upsert([Point(one, {}, {"object_id": "86.AE.205"} if one == "B7" else {}) for one in IDS])
    return made


def test_of_very_many_ids_the_first_are_looked_through(monkeypatch):
    """Where there are more ids than are looked through, that is said."""
    monkeypatch.setattr(known_ids, "LOOKED", 3)
    with pytest.raises(UnknownNameError, match="None of the first 3 is spelled like it; ids here look like"):
        require_records(store(), ["somewhere"])


def test_known_ids_pass():
    """Ids that there are, and none at all, are no error."""
    require_records(store(), IDS)
    require_records(store(), [])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("A100l", "No record has the id 'A100l' in this archive. Spelled like it: A1001, A1002."),
        ("a1002 ", "Spelled like it: A1002"),
        ("A1020", "Spelled like it: A1002"),
        ("KAT12A", "Spelled like it: Kat. 12 a"),
        ("somewhere", "None is spelled like it; ids here look like"),
    ],
)
def test_a_wrong_id_is_told_what_is_spelled_like_it(wrong, said):
    """The error names the records that were meant; where none is near, what ids look like here."""
    with pytest.raises(UnknownNameError) as caught:
        require_records(store(), ["A1001", wrong])
    assert said in str(caught.value)


def test_the_number_of_an_object_is_told_to_be_one():
    """Who types the number of an object instead of the record's id is told the id."""
    made = store()
    made.set_payload(["B7"], [{"object_id": "86.AE.205", "numbers": ["b7", "86ae205"]}])
    with pytest.raises(UnknownNameError, match="The number stands in the record 'B7'"):
        require_records(made, ["86.ae.205"])


def test_an_empty_archive_and_many_wrong_ids():
    """Nothing is made up about an archive without records; of many wrong ids the first five are told of."""
    with pytest.raises(UnknownNameError, match=r"in this archive\.$"):
        require_records(MemoryStore(), ["x"])
    with pytest.raises(UnknownNameError, match="there 2 more of these ids"):
        require_records(store(), [f"x{n}" for n in range(7)])


@given(st.lists(st.text(min_size=1), unique=True))
def test_a_name_is_most_like_itself(names):
    """Among names that differ in letters or digits each is the first answer to itself, in capitals and spaced too."""
    kept = {spelled(one): one for one in names if spelled(one)}
    for compared, one in kept.items():
        assert almost_alike(one, kept.values())[0] == one
        assert almost_alike(" ".join(compared), kept.values())[0] == one
