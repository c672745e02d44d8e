"""An archive that is damaged, read-only or on a full disk, as the command line tells it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command import cli
from archive_search.stores.file_copy import copy_tree
from archive_search.types import ArchiveError, StoreError
from tests import mounts

COMMAND = "import sys; from app.command import main; sys.argv = ['archive-search', *sys.argv[1:]]; main()"


def command(*arguments: object) -> str:
    """Run a command in this process; what it said, or its error raised."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    if isinstance(result.exception, Exception):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample; only read."""
    folder = tmp_path_factory.mktemp("sample") / "sample"
    command("sample", folder, "--records", 20)
    return folder / "pictures"


@pytest.fixture(scope="module")
def ingested(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of it that was ingested twice; only copied."""
    folder = tmp_path_factory.mktemp("ingested")
    first = sorted(pictures.iterdir())[0]
    shutil.move(first, folder / first.name)
    command("ingest", "folder", pictures, "--archive", folder / "archive", "--quiet")
    shutil.move(folder / first.name, first)
    command("ingest", "folder", pictures, "--archive", folder / "archive", "--quiet")
    return folder / "archive"


@pytest.fixture
def archive(ingested: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    copy_tree(ingested, tmp_path / "archive")
    return tmp_path / "archive"


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


@pytest.mark.parametrize("spoilt", [None, "name = ", "nome = 'x'"])
def test_lost_settings_and_their_remedy(archive: Path, pictures: Path, spoilt: str | None) -> None:
    """Where archive.toml is lost or spoilt, every command names the copy that the ingest kept, and that mends it."""
    file = archive / "archive.toml"
    before, status = file.read_text(encoding="utf-8"), command("status", "--archive", archive, "--json")
    if spoilt is None:
        file.unlink()
    else:
        file.write_text(spoilt, encoding="utf-8")
    for arguments in (("status",), ("search", "car"), ("ingest", "folder", pictures)):
        with pytest.raises(ArchiveError, match=r"[Cc]opy archive\.toml\.bak"):
            command(*arguments, "--archive", archive)
    shutil.copy(archive / "archive.toml.bak", file)
    assert file.read_text(encoding="utf-8") == before
    assert command("status", "--archive", archive, "--json") == status


def test_lost_settings_without_a_copy(archive: Path, pictures: Path) -> None:
    """Where the copy is lost too, two lines that the message gives make the archive whole: nothing is encoded again."""
    for name in ("archive.toml", "archive.toml.bak"):
        (archive / name).unlink()
    with pytest.raises(ArchiveError, match=r"has lost its settings") as caught:
        command("ingest", "folder", pictures, "--archive", archive)
    lines = re.search(r'(name = "[^"]+") and (embedders = \["demo"\])', str(caught.value))
    assert lines is not None
    (archive / "archive.toml").write_text("\n".join(lines.groups()), encoding="utf-8")
    count = len(list(pictures.iterdir()))
    assert f"{count} unchanged" in command("ingest", "folder", pictures, "--archive", archive)
    assert json.loads(command("status", "--archive", archive, "--json"))["records"] == count
    assert (archive / "archive.toml.bak").is_file()


def test_a_persons_settings_are_in_the_copy(archive: Path, pictures: Path) -> None:
    """What a person has written in archive.toml is in the copy after the next ingest."""
    file = archive / "archive.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('name = "archive"', 'name = "Søby"'), encoding="utf-8")
    command("ingest", "folder", pictures, "--archive", archive, "--quiet")
    assert 'name = "Søby"' in (archive / "archive.toml.bak").read_text(encoding="utf-8")


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
