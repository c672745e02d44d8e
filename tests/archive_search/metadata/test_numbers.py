"""Numbers of records, however they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive_search.metadata.numbers import FIELD, numbered, numbers_of, spelled
from archive_search.stores.edge import EdgeStore
from archive_search.testing import MemoryStore
from archive_search.types import Point

KRATER = {
    "object_id": "cva10-1",
    "title": "Krater 7",
    "extra": {
        "accession_number": "86.AE.205",
        "Inv.-Nr.": "A 1426; A 1427",
        "Number of handles": "2",
        "beazley_url": "https://www.beazley.ox.ac.uk/record/79981DC1",
        "museum_no": 4711,
        "note": "see 86.AE.206",
    },
}


def store(**payloads: dict[str, object]) -> MemoryStore:
    """A store of records with these payloads, their numbers as an ingest writes them."""
    made = MemoryStore({"a": 1})
    made.upsert([Point(id, {}, {**one, FIELD: numbers_of({**one, "id": id})}) for id, one in payloads.items()])
    return made


def found(made: MemoryStore, typed: str) -> list[str]:
    """The ids of the records that have a number."""
    return [point.id for point in numbered(made, typed)]


@pytest.mark.parametrize(
    "typed",
    ["86.AE.205", "86ae205", "86 AE 205", "86-ae-205 ", "８６.AE.205", "inv. no. 86.AE.205", "Inv.-Nr. 86 AE 205",
     "#86.AE.205", "cva10-1", "CVA10 1", "A1426", "a 1427", "A 1426; A 1427", "4711", "front", "FRONT"],
)  # fmt: skip
def test_every_number_is_found_however_it_is_typed(typed: str) -> None:
    """A record is found by each of its numbers, without regard to case, marks, spaces and what is said before it."""
    assert found(store(front=KRATER, other={"object_id": "X1"}), typed) == ["front"]


@pytest.mark.parametrize(
    "typed", ["2", "86.AE.206", "7", "Krater", "", " ", "...", "86.AE", "no. ", "79981DC1", "\ud800"]
)
def test_what_is_no_number_finds_nothing(typed: str) -> None:
    """Counts, titles, addresses, remarks and parts of numbers are no numbers of a record."""
    assert found(store(front=KRATER), typed) == []


@given(some.text(max_size=100))
def test_a_number_is_found_as_it_is_written(number: str) -> None:
    """Whatever the object's number is, it finds its record as it is written and in capitals, where it has a letter."""
    made = store(one={"object_id": number}, two={"object_id": "other"})
    wanted = ["one"] if spelled(number) and len(number.strip()) <= 80 else []
    assert [one for one in found(made, number) if one == "one"] == wanted or number.strip() == "one"
    if wanted and spelled(number.upper()) == spelled(number):
        assert "one" in found(made, number.upper())


def test_whose_it_is_comes_first() -> None:
    """The record that has the number as its id comes first, then those that write it just so, then by id."""
    made = store(
        a={"object_id": "1.23"}, b={"object_id": "12.3"}, c={"extra": {"inv": "12.3"}}, **{"12.3": {"object_id": "z"}}
    )
    assert found(made, "12.3") == ["12.3", "b", "c", "a"]


def test_an_index_finds_numbers(tmp_path: Path) -> None:
    """The index of an archive keeps numbers as what is counted, so that none is looked for record by record."""
    made = EdgeStore.create(tmp_path / "index", {"a": 1})
    made.upsert([Point("front", {}, {**KRATER, FIELD: numbers_of({**KRATER, "id": "front"})})])
    assert [point.id for point in numbered(made, "86 ae 205")] == ["front"]
    assert numbered(made, "\ud800") == []
    assert made.facet(FIELD)["86ae205"] == 1  # only what has an index is counted
    made.close()


def test_no_more_than_asked_for() -> None:
    """A number that thousands share gives as many as are asked for."""
    made = store(**{f"r{n:04}": {"object_id": "hoard 1"} for n in range(300)})
    assert len(numbered(made, "hoard 1", limit=5)) == 5


def test_numbers_are_those_of_columns_named_so() -> None:
    """Columns named as numbers in several languages count, those that count things do not."""
    columns = ["Inventarnummer", "inventarisnummer", "numéro d'inventaire", "museumNumber", "Journalnr", "N° inv."]
    others = ["Number of beads", "page no", "note", "attribution", "invoice"]
    extra = {column: f"{place}x" for place, column in enumerate([*columns, *others])}
    assert numbers_of({"extra": extra}) == [f"{place}x" for place in range(len(columns))]
