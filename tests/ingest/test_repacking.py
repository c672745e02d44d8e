"""An ingest that takes an index past a border packs it anew before it publishes, and tells how far that is."""

from __future__ import annotations

import dataclasses
from contextlib import closing

import pytest

import ingest.progress
from archive_search.stores.edge_index import EdgeIndex
from archive_search.stores.precision import PRECISIONS, Choice
from archive_search.stores.recast import Tell
from ingest.progress import Meter, Progress
from ingest.testing import Desk, Encoder, Pictures
from tests.archive_search.stores.conftest import in_memory

LOW = Choice(table=(PRECISIONS[0], dataclasses.replace(PRECISIONS[1], above=6)))


def test_an_ingest_past_a_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ingest that brings the sixth record keeps all with four bits, holds them all, and says what it does."""
    monkeypatch.setattr(ingest.progress, "_PAUSE_S", 0.0)
    with in_memory() as place:
        desk = Desk(place, EdgeIndex(place / "index", choice=LOW))
        desk.run(Pictures.of(4), Encoder())
        with closing(desk.index.open()) as few:
            assert few.precision == "float32"
        seen: list[Progress] = []
        assert desk.run(Pictures.of(8), Encoder(), on_progress=seen.append).added == 4
        store = desk.index.open()
        assert (store.precision, store.count()) == ("4-bit", 8)
        phases = [one.phase for one in seen if one.phase != "reading"]
        assert phases[0] == phases[-2] == "publishing"
        assert phases[-1] == "done"


def test_progress_of_packing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """While an index is packed anew its points are counted, with a rate and the time left; then publishing goes on."""
    monkeypatch.setattr(ingest.progress, "_PAUSE_S", 0.0)
    seen: list[Progress] = []
    meter = Meter(lambda: 5, seen.append)
    meter.add("added")
    meter.phase("publishing")
    tell: Tell = meter.repacking
    for done in (100, 200, 300):
        tell(done, 300)
    meter.phase("done")
    assert [one.phase for one in seen] == ["reading", "publishing", "repacking", "repacking", "publishing", "done"]
    assert [(one.done, one.total) for one in seen[2:4]] == [(100, 300), (200, 300)]
    assert seen[3].rate > 0
    assert seen[3].left_s is not None
    assert (seen[-1].done, seen[-1].written) == (1, 1)
