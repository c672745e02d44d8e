"""An archive that is damaged, read-only or on a full disk, as the command line tells it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command import cli
from archive_search.types import StoreError
from tests import mounts

COMMAND = "import sys; from app.command import main; sys.argv = ['archive-search', *sys.argv[1:]]; main()"


def command(*arguments: object) -> str:
    """Run a command in this process; what it said, or its error raised."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    if isinstance(result.exception, Exception):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A small sample."""
    command("sample", tmp_path / "sample", "--records", 20)
    return tmp_path / "sample" / "pictures"


@pytest.fixture
def archive(pictures: Path, tmp_path: Path) -> Path:
    """An archive that was ingested twice."""
    folder = tmp_path / "archive"
    first = sorted(pictures.iterdir())[0]
    shutil.move(first, tmp_path / first.name)
    command("ingest", "folder", pictures, "--archive", folder, "--quiet")
    shutil.move(tmp_path / first.name, first)
    command("ingest", "folder", pictures, "--archive", folder, "--quiet")
    return folder


def test_damage_and_its_remedy(archive: Path, pictures: Path) -> None:
    """A search and the status of a damaged archive say what to do; the same ingest again mends it, and says so."""
    shutil.rmtree(archive / "index" / "gen-000002" / "segments")
    for arguments in (("search", "car"), ("status",)):
        with pytest.raises(StoreError, match="Run the ingest again: it goes on from gen-000001"):
            command(*arguments, "--archive", archive)
    said = command("ingest", "folder", pictures, "--archive", archive)
    assert "this ingest goes on from gen-000001" in said
    assert "1 added" in said
    assert json.loads(command("status", "--archive", archive, "--json"))["records"] == len(list(pictures.iterdir()))


def test_lost_current_is_told(archive: Path, pictures: Path) -> None:
    """Where the name of the published generation is lost, search and status work and say so; an ingest mends it."""
    (archive / "index" / "CURRENT").write_bytes(b"\xff\n")
    assert "gen-000002 is read, the newest generation" in command("search", "car", "--archive", archive)
    assert "gen-000002 is read" in command("status", "--archive", archive)
    assert "it names gen-000002 again" in command("ingest", "folder", pictures, "--archive", archive)
    assert "gen-000002 is read" not in command("status", "--archive", archive)


@pytest.mark.parametrize("disk", ["read-only", "full"])
def test_searched_where_nothing_can_be_written(archive: Path, tmp_path: Path, disk: str) -> None:
    """An archive on a disk that is read-only, or full, is searched, and tells its status."""
    place, mounted = archive, [mounts.read_only(archive)]
    if disk == "full":
        place = tmp_path / "disk"
        place.mkdir()
        copied = f"mount -t tmpfs -o size=64m none '{place}' && cp -r --sparse=always '{archive}/.' '{place}'"
        mounted = [copied, mounts.fill(place)]
    for arguments in (["search", "car", "--json"], ["status", "--json"]):
        done = mounts.run_with(mounted, ["-c", COMMAND, *arguments, "--archive", str(place)])
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)
