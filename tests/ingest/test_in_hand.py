"""What is measured of records before they are written is what would be measured of them at the end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive_search.calibration.hubness import FIELD, update
from archive_search.spaces import BOXES
from archive_search.testing import HashEmbedder, MemoryStore
from ingest.clear_tiles import clear_in_hand, clear_tiles, drop_unclear
from ingest.hub_correction import Banks, hub_correction, hubs_in_hand
from ingest.progress import Summary
from ingest.testing import Desk, Pictures, picture

EMBEDDER = HashEmbedder()


def take(desk: Desk, source: Pictures, **options: bool) -> Summary:
    """Ingest with tiles, measuring what can be in hand, and the rest at the end."""
    with desk.ledger() as ledger:
        banks = Banks(desk.directory / "banks", ledger)
        return desk.run(
            source,
            EMBEDDER,
            options={"tiles": True, **options},
            in_hand=[clear_in_hand(EMBEDDER, banks), hubs_in_hand(EMBEDDER, banks)],
            finish=[clear_tiles(EMBEDDER, banks), hub_correction(EMBEDDER, banks)],
        )


def museum(count: int) -> Pictures:
    """So many pictures, every second large enough for tiles."""
    source = Pictures.of(count)
    for number in range(0, count, 2):
        source.put(f"r{number:03}", picture(number, (700, 520)), "1")
    return source


def part(source: Pictures, count: int) -> Pictures:
    """The first pictures of a source."""
    names = sorted(source.files)[:count]
    return replace(source, files={name: source.files[name] for name in names})


def held(desk: Desk) -> dict[str, Any]:
    """All that is published of each record."""
    store: MemoryStore = desk.index.open()
    vectors = {space: {one.id: one.vectors.get(space) for one in store.scan((), space)} for space in store.spaces}
    return {
        one.id: (dict(one.payload), {space: np.asarray(rows[one.id]).tolist() for space, rows in vectors.items()})
        for one in store.scan()
    }


def desk_of(folder: Path) -> Desk:
    """An archive in a folder."""
    folder.mkdir()
    return Desk(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Eight pictures, ingested in one go."""
    desk = desk_of(tmp_path_factory.mktemp("in_hand") / "whole")
    assert take(desk, museum(8)).added == 8
    return desk


def test_in_two_goes_as_in_one(whole: Desk, tmp_path: Path) -> None:
    """With the same phrases, records measured in hand hold to the last bit what they hold measured together."""
    desk = desk_of(tmp_path / "parts")
    shutil.copytree(whole.directory / "banks", desk.directory / "banks")
    source = museum(8)
    take(desk, part(source, 3))
    take(desk, source)
    assert held(desk) == held(whole)
    tiles = [len(payload[BOXES]["hash-tiles"]) for payload, _ in held(desk).values() if BOXES in payload]
    assert len(tiles) == 4
    assert any(count < 13 for count in tiles)  # some were dropped


def test_nothing_is_left_to_measure(whole: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New, changed and relabelled records are written once; measuring all of them again changes nothing."""
    desk = desk_of(tmp_path / "more")
    shutil.copytree(whole.directory / "banks", desk.directory / "banks")
    source = museum(8)
    take(desk, source)
    source.put("r100", picture(100, (700, 520)), "1")
    source.put("r001", picture(101, (700, 520)), "2")
    source.metadata["r003"] = {"title": "Another"}
    monkeypatch.setattr(MemoryStore, "scan", lambda *_, **__: pytest.fail("every record is looked at"))
    monkeypatch.setattr(MemoryStore, "set_vectors", lambda *_: pytest.fail("a record is written again"))
    summary = take(desk, source)
    monkeypatch.undo()
    assert (summary.added, summary.changed, summary.relabelled) == (1, 1, 1)
    with desk.ledger() as ledger:
        bank = Banks(desk.directory / "banks", ledger).kept(EMBEDDER)
        assert bank is not None
        assert {tuple(row.measured.items()) for row in ledger.rows()} == {
            (("hash", bank.version), ("hash-tiles", bank.version))
        }
    store = desk.index.open()
    assert update(store, "hash", bank.vectors) == 0
    assert drop_unclear(store, "hash", bank.vectors) == 0


def test_a_doubled_archive_is_measured_in_one_pass(tmp_path: Path) -> None:
    """Once an archive has doubled, all its records are measured by new phrases, and the ledger says so."""
    desk = desk_of(tmp_path / "doubled")
    source = museum(8)
    take(desk, part(source, 2))
    before = held(desk)
    source.metadata = {name: {"title": f"{one['title']} of flint"} for name, one in source.metadata.items()}
    take(desk, source)
    after = held(desk)
    assert all(after[name][0][FIELD] != before[name][0][FIELD] for name in before)
    with desk.ledger() as ledger:
        bank = Banks(desk.directory / "banks", ledger).kept(EMBEDDER)
        assert bank is not None
        assert bank.records == 8
        assert list(ledger.unmeasured("hash", bank.version)) == []
    assert update(desk.index.open(), "hash", bank.vectors) == 0
