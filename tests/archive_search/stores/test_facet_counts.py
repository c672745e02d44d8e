"""Values are counted exactly, whatever was written, replaced, removed and packed before."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.metadata.filters import passes, values_of
from archive_search.stores.edge import EdgeStore
from archive_search.stores.file_copy import copy_tree
from archive_search.types import Filter, Match, Missing, Payload, Point

DIM, COUNT = 1024, 2800
"""So many numbers are more than the 10 MB from which Edge packs points into segments that never change."""
IDS = st.integers(0, 2 * COUNT).map(str)
PAYLOADS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "material": st.lists(st.sampled_from(["amber", "bone", "clay"]), max_size=3),  # with one named twice
        "period": st.sampled_from(["Iron Age", "Stone Age"]),
        "place": st.just("Ribe"),
    },
)
WRITES: st.SearchStrategy[list[tuple[str, dict[str, Payload]]]] = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["put", "set", "delete"]), st.dictionaries(IDS, PAYLOADS, min_size=1, max_size=20)),
        st.tuples(st.sampled_from(["pack", "delete many"]), st.just({})),
    ),
    min_size=1,
    max_size=6,
)
FILTERS: tuple[tuple[Filter, ...], ...] = (
    (),
    (Match("period", ("Iron Age",)),),
    (Match("period", ("Iron Age", "Stone Age"), unknown="keep"),),
    (Missing("place"),),
)


def _begun() -> dict[str, Payload]:
    """What the packed points hold before anything is written."""
    periods = ("Iron Age", "Stone Age", "Viking Age")
    held = {str(n): {"material": ["amber", "bone"][: n % 3], "period": periods[n % 3]} for n in range(COUNT)}
    return {**held, "found": {"place": "Ribe"}}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shard whose points are packed."""
    path, held = tmp_path_factory.mktemp("packed") / "shard", _begun()
    rows = np.random.default_rng(1).standard_normal((len(held), DIM), dtype=np.float32)
    store = EdgeStore.create(path, {"a": DIM})
    store.upsert([Point(one, {"a": row}, payload) for (one, payload), row in zip(held.items(), rows, strict=True)])
    store.optimize()
    store.close()
    yield path
    assert list(path.glob("segments/*/id_tracker.i2e")), "nothing was packed: the test says nothing of what is"


@settings(max_examples=12, deadline=None)
@given(WRITES)
def test_facets_count_what_is_held(packed: Path, writes: list[tuple[str, dict[str, Payload]]]) -> None:
    """Each value has as many points as hold it and pass, among few and among most."""
    held = _begun()
    with tempfile.TemporaryDirectory() as folder:
        copy_tree(packed, Path(folder) / "shard")
        store = EdgeStore.open(Path(folder) / "shard", writable=True)
        for what, said in writes:
            _write(store, what, said, held)
        for where in FILTERS:
            left = [payload for payload in held.values() if passes(payload, where)]
            for field in ("material", "period", "place"):
                wanted = Counter(value for payload in left for value in set(values_of(payload, field)))
                assert store.facet(field, where) == wanted
        store.close()


def _write(store: EdgeStore, what: str, said: dict[str, Payload], held: dict[str, Payload]) -> None:
    if what == "put":
        store.upsert([Point(one, {}, payload) for one, payload in said.items()])
        held.update(said)
    elif what == "set":
        known = {one: payload for one, payload in said.items() if one in held}
        store.set_payload([*known], [*known.values()])
        held.update(known)
    elif what == "pack":
        store.optimize()
    else:
        gone = [*said] if what == "delete" else [*held][::4]  # of a segment of which so much is gone the rest is packed
        store.delete(gone)
        for one in gone:
            held.pop(one, None)
