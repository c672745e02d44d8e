"""A small archive whose own terms sentences are understood by."""

from __future__ import annotations

import pytest

from archive_search.embedders import EMBEDDERS
from archive_search.testing import MemoryStore
from archive_search.types import Embedder, Payload, Point, Store


def _record(kind: str, material: str | list[str], first: int = 0, last: int = 0, **more: str) -> Payload:
    dated = {"date_from": first, "date_to": last, "dated_by": "period" if "period" in more else "columns"}
    return {"object_type": kind, "material": material, **(dated if first else {}), **more}


RECORDS = (
    _record("Axe", "flint", -3900, -2200, period="Neolithic", place="Viborg, Jutland"),
    _record("axe", "flint", place="Thisted, Jutland", title="hafted axe"),
    _record("Økse", "bronze", -2600, -700, period="Bronze Age", findspot="Skive"),
    _record("Fibel", ["sølv", "guld"], place="Jylland", period="Vikingetid"),
    _record("coin", "silver", 825, 840, place="Ribe", creator="Hedeby mint"),
    _record("pot", "clay", place="Sarup, Fyn", origin="Als", culture="Globular Amphora"),
    _record("comb", "antler", 700, 800, place="Ribe", technique="sawn"),
    _record("Goblet", "glass", -900, -200, period="Early Horizon"),
)


class Shelf:
    """What `understand` sees of an archive."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def default_space(self) -> str:
        """The only one."""
        return "demo"

    def embedder(self, space: str) -> Embedder:
        """The demo encoder, which says which words it does not know."""
        return _DEMO[0]


_DEMO: list[Embedder] = []


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The archive."""
    _DEMO.append(EMBEDDERS["demo"].load())
    store = MemoryStore({"demo": _DEMO[0].dim})
    store.upsert([Point(f"r{at}", {}, record) for at, record in enumerate(RECORDS)])
    return Shelf(store)
