"""An ingest on a disk that gets full ends with a sentence, loses nothing, and goes on when there is room again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.testing import picture
from tests import mounts

PROGRAM = """
import json, shutil, sys
from pathlib import Path
import ingest
from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.testing import HashEmbedder
from archive_search.types import ArchiveSearchError, EmbedderInfo

pictures, disk, left, after = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
full = disk / "full"

def fill():
    with full.open("wb") as file:
        while (room := shutil.disk_usage(disk).free - left * 1_000_000) > 0:
            file.write(bytes(min(room, 1 << 20)))
            file.flush()

def watch(now):
    if now.phase == "reading" and now.done >= after and not full.exists():
        fill()

def run():
    options = ingest.Options(batch=16, keep_s=0.0)
    source = ingest.Folder(pictures)
    summary = ingest.run(disk / "archive", source, embedders=["hash"], options=options, on_progress=watch)
    return {"added": summary.added, "changed": summary.changed, "unchanged": summary.unchanged}

info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder)
with EMBEDDERS.register("hash", info):
    told = {}
    if after < 0:  # full before a second ingest begins
        after = 10**9
        run()
        for file in sorted(pictures.iterdir())[:5]:
            file.write_bytes(file.read_bytes() + b" ")
        fill()
    try:
        run()
    except ArchiveSearchError as error:
        told["error"] = f"{type(error).__name__}: {error}"
    store = Archive.open(disk / "archive").index
    told["published"] = store.generation()
    full.unlink(missing_ok=True)
    after = 10**9
    told["again"] = run()
    archive = Archive.open(disk / "archive")
    told["records"] = archive.store.count()
    told["found"] = len(archive.search(like=next(archive.store.ids()), limit=10))
print(json.dumps(told))
"""


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of pictures, and where the disk will be."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "disk").mkdir()
    for number in range(300):
        (tmp_path / "pictures" / f"{number:03}.png").write_bytes(picture(number))
    return tmp_path / "pictures", tmp_path / "disk"


def told(places: tuple[Path, Path], left: int, after: int) -> dict[str, object]:
    """What happened on a disk in memory of which, after so many records, so many megabytes are left."""
    pictures, disk = places
    made = f"mount -t tmpfs -o size=1g none '{disk}'"
    done = mounts.run_with([made], ["-c", PROGRAM, str(pictures), str(disk), str(left), str(after)])
    assert done.returncode == 0, f"ended by {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(("left", "kept"), [(0, 0), (20, 90)])
def test_the_disk_gets_full_while_pictures_are_read(places, left, kept):
    """The message names the disk, what is free and what is needed; what there was room to note is not done again."""
    happened = told(places, left, after=100)
    error = str(happened["error"])
    assert error.startswith(f"StoreError: The disk of the index in {places[1]}/archive/index is too full to be written")
    assert " MB are free and " in error
    assert "nothing is lost, and it goes on where it stopped" in error
    again = happened["again"]
    assert isinstance(again, dict)
    assert again["added"] + again["unchanged"] == 300
    assert again["unchanged"] >= kept
    assert (happened["published"], happened["records"]) == (None, 300)
    assert happened["found"] == 10


def test_the_disk_is_full_before_a_generation_is_copied(places):
    """A second ingest is refused before it copies anything; the published generation stays, and later it goes on."""
    happened = told(places, left=30, after=-1)
    assert "is too full to be written safely" in str(happened["error"])
    assert happened["published"] == "gen-000001"
    assert happened["again"] == {"added": 0, "changed": 5, "unchanged": 295}
    assert happened["records"] == 300
