"""What a dry run shows: what an ingest would take, while nothing is written."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from app.command import cli
from ingest.preview import preview
from ingest.source import Rejected
from ingest.sources.folder import Folder
from ingest.testing import picture
from tests.ingest.shelf import Shelf, stock


@pytest.fixture
def folder(tmp_path):
    """Three pictures and a catalogue of which one row is in vain."""
    place = tmp_path / "pictures"
    place.mkdir()
    for number in range(3):
        (place / f"a{number}.png").write_bytes(picture(number))
    (place / "records.csv").write_text("id,file,title\nA0,a0.png,Axe\nA1,a1.png,Bowl\nA7,no.png,None\n")
    return place


def test_a_dry_run_shows_records_field_by_field(folder, tmp_path):
    """Ids, pictures and fields by their labels are printed, rejections with their reasons; there is no archive then."""
    asked = ["ingest", "folder", str(folder), "--metadata", str(folder / "records.csv")]
    done = CliRunner().invoke(cli, [*asked, "--archive", str(tmp_path / "archive"), "--dry-run", "--limit", "2"])
    assert done.exit_code == 0, done.output
    assert "A0: a0.png\n    Title: Axe\n" in done.stdout
    assert "A1: a1.png" in done.stdout
    assert "2 would be taken, 0 rejected" in done.output
    assert not (tmp_path / "archive").exists()
    done = CliRunner(env={"ARCHIVE_SEARCH_ARCHIVE": ""}).invoke(cli, [*asked, "--dry-run"])
    assert "A7: rejected" in done.stdout
    done = CliRunner(env={"ARCHIVE_SEARCH_ARCHIVE": ""}).invoke(cli, asked)
    assert done.exit_code == 2
    assert "name the archive's directory" in done.output


def test_a_dry_run_of_a_service_asks_for_no_more_than_it_shows(server):
    """One page is asked for where it is enough, no picture, and what came is kept nowhere."""
    stock(server, 30)
    found = list(preview(Shelf(url=server.url), 3))
    assert [one.id for one in found] == ["o00000", "o00001", "o00002"]
    assert server.paths() == ["/list?page=1"]


def test_rejections_do_not_count_as_shown(folder):
    """A limit is of records; what is rejected before them is shown too."""
    found = list(preview(Folder(folder, folder / "records.csv"), 3))
    assert sum(isinstance(one, Rejected) for one in found) == 1
    assert len(found) == 4


def test_a_dry_run_says_nothing_twice_and_breaks_no_line(tmp_path):
    """A link is written once, lines of a text stand below each other, and only links are counted as links."""
    (tmp_path / "links.csv").write_text('image,note\nhttps://m.example/axe.jpg,"found\nin 1912"\n')
    (tmp_path / "links.txt").write_text("https://m.example/axe.jpg\nno link\n")
    done = CliRunner().invoke(cli, ["ingest", "urls", str(tmp_path / "links.csv"), "--dry-run"])
    assert done.stdout == (
        "https://m.example/axe.jpg\n    Title: axe\n    File: axe.jpg\n    note: found\n        in 1912\n"
    )
    done = CliRunner().invoke(cli, ["ingest", "urls", str(tmp_path / "links.txt"), "--dry-run"])
    assert done.stdout.endswith(
        "rejected: line 2: no link is no address of the web: it should begin with https:// or http://.\n"
    )
    assert "1 link in links.txt, and 1 line that is none" in done.output
