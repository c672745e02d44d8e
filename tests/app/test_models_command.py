"""`archive-search models`: what a person sees, is asked and is told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from app.commands.models import bytes_of_weights, cli
from app.progress import line, timed
from archive_search.models.checkpoints import KNOWN, Checkpoint, RemoteFile
from archive_search.types import ArchiveSearchError, EmbedderError
from tests.archive_search.models.file_server import serving


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch) -> Path:
    """An empty models directory, and no settings of the machine's own."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", *(one.variable for one in KNOWN.values())):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A known model 'small' on a server, with its published hash."""
    torch.save({"a": torch.arange(9.0)}, tmp_path / "small.pth")
    data = (tmp_path / "small.pth").read_bytes()
    with serving() as served:
        served.files["/small.pth"] = data
        file = RemoteFile("small.pth", f"{served.address}/small.pth", len(data), hashlib.sha256(data).hexdigest())
        checkpoint = Checkpoint("small", "Small", "CC BY-NC-SA 4.0", "Non-commercial use only.", (file,), "no.module")
        monkeypatch.setitem(KNOWN, "small", checkpoint)
        yield served


def run(*arguments: object, given: str | None = None, code: int = 0) -> str:
    """Run the command; what it writes to standard output, or its error raised."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments], input=given)
    if isinstance(result.exception, ArchiveSearchError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def test_the_list_says_size_licence_and_place(models):
    """Every known model is listed with what it costs to have, and where it is."""
    models.mkdir()
    (models / "imagebind_huge.pth").write_bytes(b"x")
    lines = run("list").splitlines()
    assert [row.split()[0] for row in lines[1 : len(KNOWN) + 1]] == list(KNOWN)
    assert lines[1].split(maxsplit=3)[1:3] == ["4.80", "GB"]
    assert lines[1].endswith(str(models / "imagebind_huge.pth"))
    assert lines[2].endswith("not here")
    assert lines[-1].startswith(f"Fetched weights go to {models};")


def test_fetch_shows_the_licence_and_asks(small, models):
    """The licence is shown before anything is fetched; without a yes nothing is."""
    for answer in ("n\n", ""):
        with pytest.raises(EmbedderError, match="the licence was not accepted"):
            run("fetch", "small", given=answer)
    assert not small.asked
    said = run("fetch", "small", given="y\n")
    assert "Licence: CC BY-NC-SA 4.0. Non-commercial use only." in said
    assert (models / "small.pth").is_file()


def test_fetch_with_yes_does_not_ask(small, models):
    """--yes accepts the licence, and the hash is said to be the published one."""
    said = run("fetch", "small", "--yes")
    assert said.splitlines()[-1] == "The SHA-256 is the published one."
    assert (models / "small.pth").is_file()


def test_fetch_says_when_it_trusts_on_first_use(small, monkeypatch, models):
    """Without a published hash it is said that this one is recorded, and later that it is the same."""
    file = RemoteFile("small.pth", KNOWN["small"].weights.url)
    monkeypatch.setitem(KNOWN, "small", Checkpoint("small", "Small", "x", "", (file,), "no.module"))
    assert "this one was recorded" in run("fetch", "small", "--yes")
    (models / "small.pth").unlink()
    assert "it is the one of the first fetch" in run("fetch", "small", "--yes")


def test_fetch_from_elsewhere_is_checked_as_well(small, models):
    """Another address may be named; size and hash are those of the published file."""
    small.files["/mirror"] = small.files["/small.pth"]
    run("fetch", "small", "--yes", "--from", f"{small.address}/mirror")
    (models / "small.pth").unlink()
    small.files["/mirror"] = b"other"
    with pytest.raises(EmbedderError, match="has 5 bytes"):
        run("fetch", "small", "--yes", "--from", f"{small.address}/mirror")


def test_verify_names_good_and_damaged_files(small, models):
    """Verify says 'good' with exit code 0, and 'damaged or wrong' with exit code 1 and why."""
    run("fetch", "small", "--yes")
    said = run("verify")
    assert said.startswith(f"small: good, {models / 'small.pth'}")
    (models / "small.pth").write_bytes(b"<html>Sign in</html>")
    said = run("verify", "small", code=1)
    assert said.startswith("small: damaged or wrong")
    assert "is not a checkpoint: it is a web page" in said


def test_verify_without_weights_says_what_there_is():
    """With nothing here, verify points to the list."""
    assert "'archive-search models list' shows what there is to fetch" in run("verify")


def test_use_and_forget(small, tmp_path):
    """A path of one's own is used until it is forgotten."""
    assert run("use", "small", tmp_path / "small.pth") == f"small: {tmp_path / 'small.pth'}\n"
    assert run("forget", "small") == "small: forgotten, not here\n"
    assert run("forget", "small") == "small: no path was remembered, not here\n"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            ("fetching x.pth", 3 * 10**9, 48 * 10**8),
            "fetching x.pth: 3.00 GB of 4.80 GB, 100 MB/s, 18 s left",
        ),
        (("fetching x.pth", 3 * 10**9, None), "fetching x.pth: 3.00 GB, 100 MB/s"),
        (("checking x.pth", 10**9, 10**9), "checking x.pth: 1.00 GB of 1.00 GB"),
    ],
)
def test_progress_in_one_line(now, said):
    """Progress has what is done, the rate without what was there before, and the time left."""
    assert line(timed(*now, at_start=10**9, seconds=20), bytes_of_weights()) == said
