"""Facets: counts on what is left, and what every filter keeps away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.answers import Answers
from archive_search.metadata.facets import facets, without_each, year_span
from archive_search.metadata.filters import years
from archive_search.testing import MemoryStore
from archive_search.types import Filter, Match, Missing, Payload, Point, Range

PAYLOADS = {
    "axe": {"material": "flint", "period": "Neolithic", "date_from": -3900, "date_to": -3300},
    "dagger": {"material": "flint", "period": "Late Neolithic", "date_from": -2300, "date_to": -1700},
    "sword": {"material": ["bronze", "antler"], "period": "Bronze Age", "date_from": -1500, "date_to": -1300},
    "lump": {"period": "Bronze Age"},
}


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore({"hash": 4})
    made.upsert([Point(one, {"hash": np.ones(4, np.float32)}, payload) for one, payload in PAYLOADS.items()])
    return made


def test_facets_count_unknown(store: MemoryStore) -> None:
    """A facet counts every value, each item of a list, and the records that hold none."""
    found = facets(store)["material"]
    assert dict(found.counts) == {"flint": 2, "antler": 1, "bronze": 1}
    assert found.unknown == 1


def test_colours_seen_are_a_facet(store: MemoryStore) -> None:
    """The colours that were measured are counted as terms of the catalogue are; where none was measured: unknown."""
    store.set_payload(["axe", "sword"], [{"colours": ["grey", "brown"]}, {"colours": ["grey"]}])
    found = facets(store)["colours"]
    assert dict(found.counts) == {"grey": 2, "brown": 1}
    assert found.unknown == 2
    assert facets(store, (Match("colours", ("brown",)),))["colours"].counts["grey"] == 2


def test_facets_are_recounted(store: MemoryStore) -> None:
    """A filter narrows the counts of the other fields, and leaves its own field open to a second choice."""
    found = facets(store, (Match("material", ("flint",)),))
    assert dict(found["period"].counts) == {"Late Neolithic": 1, "Neolithic": 1}
    assert found["period"].unknown == 0
    assert found["material"].counts["bronze"] == 1


def test_without_each(store: MemoryStore) -> None:
    """Every field's filters are dropped in turn; the two that make a span of years are dropped together."""
    where = (Missing("material"), Range("date_to", low=-2000), Range("date_from", high=-1000))
    assert without_each(store, where) == {"material": 2, "years": 1}


def test_year_span(store: MemoryStore) -> None:
    """The years reach from the earliest beginning to the latest end of what is left."""
    assert year_span(store) == (-3900, -1300)
    assert year_span(store, (Match("material", ("flint",)),)) == (-3900, -1700)
    assert year_span(store, (Missing("material"),)) is None


def test_sample(store: MemoryStore) -> None:
    """A record drawn at random passes the filters; from nothing none is drawn."""
    assert store.sample((Missing("material"),)) == "lump"
    assert store.sample((Match("material", ("iron",)),)) is None
    assert {store.sample() for _ in range(200)} == set(PAYLOADS)


SAID = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "object_type": st.sampled_from(["axe", "Økse", "bowl"]),
            "material": st.lists(st.sampled_from(["flint", "Flint", "bone"]), max_size=2),
            "period": st.sampled_from(["", "Iron Age"]),
            "date_from": st.integers(-10, 10),
        },
    ),
    max_size=12,
)
FILTERS = st.lists(
    st.sampled_from(
        [Match("object_type", ("axe", "bowl")), Match("material", ("bone",)), *years(-5, 5, "drop"), *years(-5, 5)]
    ),
    max_size=3,
)


@given(SAID, FILTERS, st.integers(1, 4))
def test_what_is_counted_once_changes_no_count(payloads: list[Payload], where: list[Filter], limit: int) -> None:
    """A store that keeps what it counted of all, and so asks for less, has the facets of one that counts each."""
    plain, keeping = MemoryStore({"a": 2}), MemoryStore({"a": 2})
    keeping.answers = Answers()  # type: ignore[attr-defined]
    for store in (plain, keeping):
        store.upsert([Point(str(number), {}, payload) for number, payload in enumerate(payloads)])
    assert facets(keeping, where, limit=limit) == facets(plain, where, limit=limit)
