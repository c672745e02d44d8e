"""What an archive holds, counted."""

import os
import sys

import pytest

from archive_search import disk
from archive_search.contents import Column, contents
from archive_search.disk import disk_use
from archive_search.metadata.fields import STANDARD
from archive_search.tally import Tally
from archive_search.testing import MemoryStore
from archive_search.types import Missing, Point

SAID = {
    "a": {
        "object_id": "1",
        "title": "Axe",
        "date": "c. 3000 BC",
        "date_from": -3000,
        "date_to": -3000,
        "licence": "CC0",
    },
    "b": {"object_id": "1", "title": "Axe", "date": "old", "content_hash": "x", "licence": "CC0", "material": []},
    "c": {"date": "old", "date_from": -900, "dated_by": "period", "content_hash": "x", "extra": {"finder": "A. B."}},
    "d": {"date": None, "licence": "CC BY", "extra": {"finder": "C. D.", "room": 7, "empty": " ", "none": None}},
}


def store():
    """Four records of three objects, two of them with the same picture."""
    made = MemoryStore({"made": 2})
    made.upsert([Point(one, {"made": [1.0, 0.0]}, payload) for one, payload in SAID.items()])
    return made


def test_everything_is_counted_in_records():
    """Objects, dated records, pictures met twice, licences, dates without years and columns without a field."""
    found = contents(store())
    assert (found.records, found.objects, found.dated, found.repeated) == (4, 3, 2, 1)
    assert found.licences == {"CC0": 2, "": 1, "CC BY": 1}
    assert dict(found.dates) == {"old": 2}
    assert found.columns == {"finder": Column(2, "A. B."), "room": Column(1, "7")}


def test_what_was_not_understood_is_counted_by_frequency():
    """Dates that gave no years, periods of records without any date, and measurements that gave no size."""
    held = MemoryStore({"made": 2})
    payloads = {
        "a": {"date": "long ago", "period": "Momoyama", "measurements": "as drawn"},
        "b": {"date": "long ago", "measurements": "as drawn"},
        "c": {"period": "Momoyama"},
        "d": {"period": "Bronze Age", "date_from": -1700, "date_to": -500, "dated_by": "period"},
        "e": {"date": "old", "period": "Bronze Age", "date_from": -1700, "date_to": -500, "dated_by": "period"},
        "f": {"date": "c. 1850", "date_from": 1850, "date_to": 1850, "measurements": "L 12 cm", "length_mm": 120.0},
        "g": {"date": "?", "date_from": 1850, "date_to": 1850, "dated_by": "columns"},
    }
    held.upsert([Point(one, {"made": [1.0, 0.0]}, payload) for one, payload in payloads.items()])
    found = contents(held)
    assert list(found.dates.items()) == [("long ago", 2), ("Momoyama", 1), ("old", 1)]
    assert (found.dates.total, found.dates.is_whole) == (4, True)
    assert dict(found.sizes) == {"as drawn": 2}


def test_a_tally_holds_the_most_frequent_in_bounded_memory():
    """However many different texts come, what stands often is counted truly, and what was forgotten is said."""
    tally = Tally(limit=100)
    for number in range(5000):
        tally.add(f"once {number}")
        tally.add(("often", "and often")[number % 3 == 0] if number % 2 else "always")
    assert len(tally) <= 100
    assert list(tally.items())[:3] == [("always", 2500), ("often", 1667), ("and often", 833)]
    assert (tally.total, tally.is_whole) == (10_000, False)
    tally.add("x" * 1000)
    assert max(map(len, tally)) == 200


def test_a_field_counts_as_filled_where_a_filter_finds_it():
    """The numbers of filled fields are those that the store counts."""
    held = store()
    found = contents(held).filled
    for key in STANDARD:
        assert found.get(key, 0) == held.count() - held.count((Missing(key),)), key


def test_disk_use_is_told_by_part_and_counts_a_file_once(tmp_path):
    """Each part has its files and bytes, a file under two names counts once, and what is not known is 'other'."""
    (tmp_path / "index" / "gen-000001").mkdir(parents=True)
    (tmp_path / "index" / "gen-000001" / "data").write_bytes(b"x" * 1_000_000)
    os.link(tmp_path / "index" / "gen-000001" / "data", tmp_path / "index" / "again")
    (tmp_path / "ledger.sqlite").write_bytes(b"x" * 100_000)
    (tmp_path / "ledger.sqlite-wal").write_bytes(b"x" * 100_000)
    (tmp_path / "notes.txt").write_bytes(b"x")
    told = disk_use(tmp_path)
    assert {part: use.files for part, use in told.items()} == {"index": 1, "ledger": 2, "other": 1}
    assert 1_000_000 <= told["index"].bytes < 1_100_000
    assert 200_000 <= told["ledger"].bytes < 300_000
    assert disk_use(tmp_path / "none") == {}


def test_what_very_many_thumbnails_take_is_estimated(tmp_path, monkeypatch):
    """A part of the folders of thumbnails is looked at where they hold many; few are counted one by one."""
    for number in range(64):
        (tmp_path / "thumbnails" / f"{number:02x}").mkdir(parents=True)
        for one in range(2):
            (tmp_path / "thumbnails" / f"{number:02x}" / f"{one}.jpg").write_bytes(b"x" * 5000)
    counted = disk_use(tmp_path)["thumbnails"]
    assert counted.files == 128
    looked: list[str] = []
    real = disk._stats
    monkeypatch.setattr(disk, "_stats", lambda entry: [looked.append(entry.name), real(entry)][1])
    monkeypatch.setattr(disk, "MANY", 16)
    assert disk_use(tmp_path)["thumbnails"] == counted
    assert sum(not one.endswith(".jpg") for one in looked) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells how long a file is, not what it takes")
def test_holes_take_no_disk(tmp_path):
    """A file of the index that is long and mostly empty counts what it takes."""
    with (tmp_path / "index").open("wb") as file:
        file.truncate(50_000_000)
    assert disk_use(tmp_path)["index"].bytes < 1_000_000
