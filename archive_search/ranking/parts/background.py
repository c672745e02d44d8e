"""A fixed sample of an archive's records: what is near is measured against it."""

from __future__ import annotations

from itertools import islice
from weakref import WeakKeyDictionary

from archive_search.types import Filter, Store

SIZE = 200
_SAMPLES: WeakKeyDictionary[Store, tuple[str, ...]] = WeakKeyDictionary()  # of published stores, to read them once


def sample(store: Store, where: tuple[Filter, ...] = ()) -> tuple[str, ...]:
    """The ids of some records, the same every time: internal ids are hashes, so the first of a scan are a sample."""
    if not where and store in _SAMPLES:
        return _SAMPLES[store]
    found = tuple(islice(store.ids(where), SIZE))
    if not where:
        _SAMPLES[store] = found
    return found
