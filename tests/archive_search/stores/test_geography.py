"""Geographic filters on every store: what is near a place, in a box, in a polygon."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.geometry import is_simple
from archive_search.metadata.filters import passes
from archive_search.types import Filter, Match, Near, Payload, Point, Store, Within

FINDS: dict[str, Payload] = {
    "ribe": {"point": {"lat": 55.33, "lon": 8.77}, "material": "glass"},
    "roskilde": {"point": {"lat": 55.64, "lon": 12.08}, "material": "oak"},
    "two": {"point": [{"lat": 55.33, "lon": 8.77}, {"lat": 57.05, "lon": 9.92}], "material": "bronze"},
    "suva": {"point": {"lat": -18.14, "lon": 178.44}},
    "apia": {"point": {"lat": -13.83, "lon": -171.77}},
    "sea": {"point": {"lat": -45.3246, "lon": 6.4596}},
    "nowhere": {"material": "glass"},
}
JUTLAND = ((54.8, 8.0), (57.9, 8.0), (57.9, 11.0), (54.8, 10.0))
ROW = np.ones(8, dtype=np.float32)


def found(store: Store, *where: Filter) -> set[str]:
    """The ids that pass; counted, scanned and ranked alike."""
    ids = set(store.ids(where))
    assert store.count(where) == len(ids)
    assert {hit.id for hit in store.nearest("a", ROW, 99, where)} == ids
    return ids


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Near("point", 55.33, 8.77, 5), {"ribe", "two"}),
        (Near("point", 55.68, 12.57, 32), {"roskilde"}),
        (Near("point", 55.68, 12.57, 30), set()),
        (Near("point", 55.68, 12.57, 32, unknown="keep"), {"roskilde", "nowhere"}),
        (Near("point", -16, 180, 1200), {"suva", "apia"}),
        (Within("point", (54, 8, 58, 13)), {"ribe", "roskilde", "two"}),
        (Within("point", (-20, 175, -10, -170)), {"suva", "apia"}),
        (Within("point", (-20, -170, -10, 175)), set()),
        (Within("point", polygon=JUTLAND), {"ribe", "two"}),
        (Within("point", polygon=JUTLAND[::-1], unknown="keep"), {"ribe", "two", "nowhere"}),
        (Within("point", (-89, -135.7, 89, -136.7)), {"ribe", "roskilde", "two", "suva", "apia", "sea"}),
        (Near("point", -32.2845, 1.8535, 1578.7), {"sea"}),  # which the index for circles does not find
        (Near("material", 55, 8, 5000), set()),
    ],
)
def test_places(store: Store, one: Filter, expected: set[str]) -> None:
    """A record is found by any of its points, across the date line as well; without one only where that is asked."""
    store.upsert([Point(name, {"a": ROW}, payload) for name, payload in FINDS.items()])
    assert found(store, one) == expected


def test_places_and_other_filters(store: Store) -> None:
    """A place and a material together leave what is both."""
    store.upsert([Point(name, {"a": ROW}, payload) for name, payload in FINDS.items()])
    assert found(store, Near("point", 55.33, 8.77, 5), Match("material", ("glass",))) == {"ribe"}


# points lie on half degrees, corners beside them: what lies on an edge may count as outside (see `on_an_edge`)
PLACES = st.builds(lambda lat, lon: {"lat": lat / 2, "lon": lon / 2}, st.integers(-180, 180), st.integers(-360, 360))
HELD = st.one_of(PLACES, st.lists(PLACES, max_size=3), st.none(), st.sampled_from(["55.67, 12.56", 7, {"lat": 1}]))
LATITUDE = st.integers(-90, 89).map(lambda at: at + 0.3)
LONGITUDE = st.integers(-180, 179).map(lambda at: at + 0.3)
CORNER = st.tuples(LATITUDE, LONGITUDE)
UNKNOWN = st.sampled_from(["keep", "drop"])
KM = st.sampled_from([7.0, 80.0, 900.5, 7000.0, 15_000.0])
FILTER: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Near, st.just("point"), st.integers(-90, 90), st.integers(-180, 180), KM, UNKNOWN),
    st.tuples(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE)
    .filter(lambda box: box[0] < box[2] and box[1] != box[3])
    .flatmap(lambda box: st.builds(Within, st.just("point"), st.just(box), unknown=UNKNOWN)),
    st.lists(CORNER, min_size=3, max_size=6, unique=True)
    .map(tuple)
    .filter(is_simple)
    .flatmap(lambda corners: st.builds(Within, st.just("point"), polygon=st.just(corners), unknown=UNKNOWN)),
)


def on_an_edge(held: object, one: Filter) -> bool:
    """Whether a place lies on an edge of a polygon."""
    if not isinstance(one, Within) or not one.polygon:
        return False
    places = [place for place in (held if isinstance(held, list) else [held]) if isinstance(place, dict)]
    spots = [(place["lat"], place["lon"]) for place in places if "lon" in place]
    edges = list(zip(one.polygon, (*one.polygon[1:], one.polygon[0]), strict=True))
    return any(
        abs((y2 - y1) * (lon - x1) - (lat - y1) * (x2 - x1)) < 1e-6
        for lat, lon in spots
        for (y1, x1), (y2, x2) in edges
    )


@settings(max_examples=60, deadline=None)
@given(held=st.lists(HELD, min_size=10, max_size=10), asked=st.lists(FILTER, min_size=1, max_size=6))
def test_places_like_the_reference(shared: Store, held: list[object], asked: list[Filter]) -> None:
    """Whatever lies where and whatever is asked, a store finds exactly what `filters.passes` lets through."""
    payloads: list[Payload] = [{} if one is None else {"point": one} for one in held]
    shared.delete([point.id for point in shared.scan()])
    shared.upsert([Point(str(number), {"a": ROW}, payload) for number, payload in enumerate(payloads)])
    for one in asked:
        if any(on_an_edge(place, one) for place in held):
            continue
        assert found(shared, one) == {str(n) for n, payload in enumerate(payloads) if passes(payload, [one])}, one
