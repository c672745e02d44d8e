"""A fixed sample of an archive's records: what is near is measured against it."""

from __future__ import annotations

from itertools import islice
from weakref import WeakKeyDictionary

from archive_search.types import Filter, Store

SIZE = 200
_SAMPLES: WeakKeyDictionary[Store, dict[int, tuple[str, ...]]] = WeakKeyDictionary()  # of published stores, read once


def sample(store: Store, where: tuple[Filter, ...] = (), size: int = SIZE) -> tuple[str, ...]:
    """
    The ids of some records, the same every time: internal ids are hashes, so the first of a scan are a sample.

    A smaller sample is the beginning of a larger one.
    """
    if where:
        return tuple(islice(store.ids(where), size))
    known = _SAMPLES.setdefault(store, {})
    if size not in known:
        known[size] = tuple(islice(store.ids(), size))
    return known[size]
