"""`archive-search models`: what a person sees, is asked and is told."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from app.commands.models import bytes_of_weights, cli
from app.commands.parts.progress import line, timed
from app.testing import register_hash_embedder
from archive_search.embedders import EMBEDDERS
from archive_search.models import checkpoints
from archive_search.models.checkpoints import KNOWN, Checkpoint, RemoteFile
from archive_search.testing import HashEmbedder
from archive_search.types import ArchiveSearchError, EmbedderError, EmbedderInfo, UnknownNameError
from tests.archive_search.models.file_server import serving


class Turned(HashEmbedder):
    """The hash embedder with its vectors turned."""

    name = "turned"

    def encode(self, batch, modality):
        """Encode, then turn."""
        return np.roll(super().encode(batch, modality), 1, axis=1)


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


@pytest.mark.parametrize("name", KNOWN)
def test_the_licence_is_told_in_one_way(name):
    """The list of models, that of embedders, what is missing, and the docs give the licence in the same words."""
    licence = KNOWN[name].licence
    assert f" {licence} " in next(row for row in run("list").splitlines() if row.startswith(name))
    assert EMBEDDERS[name].licence == licence
    assert f"licence {licence})" in checkpoints.missing(name)
    docs = (Path(__file__).parents[2] / "docs" / "explanation" / "models.md").read_text(encoding="utf-8")
    row = next(row for row in docs.splitlines() if row.startswith(f"| `{name}` |"))
    assert row.split("|")[5].strip().startswith(licence)


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


def test_compare_prints_cosines_and_rates(tmp_path, monkeypatch):
    """Two models on the same pictures: the cosines, least alike first, their least and mean, and how fast each is."""
    register_hash_embedder()
    info = EmbedderInfo("turned", 64, HashEmbedder.modalities, "turns", "none", Turned)
    monkeypatch.setitem(EMBEDDERS._found, "turned", info)
    files = [tmp_path / f"{number}.png" for number in range(22)]
    for number, file in enumerate(files):
        Image.new("RGB", (8, 8), (9 * number, 0, 255 - 9 * number)).save(file)
    lines = run("compare", "hash", "turned", *files, "--text", "a car", "--quiet").splitlines()
    cosines = [float(one.split()[0]) for one in lines[1:21]]
    assert cosines == sorted(cosines)
    assert {one.split(maxsplit=1)[1] for one in lines[1:21]} <= {*map(str, files), "a car"}
    assert lines[21] == "(3 more are at least as alike)"
    assert lines[22].startswith(f"cosine of hash and turned: at least {cosines[0]:.5f}, ")
    rates = [
        re.fullmatch(r"(image|text): hash (\S+)/s, turned (\S+)/s, (\S+) times as fast", one) for one in lines[23:]
    ]
    assert [one[1] for one in rates if one] == ["image", "text"]


def test_compare_says_what_is_missing(models):
    """A model that cannot be loaded says what to do; one that does not exist, which there are."""
    with pytest.raises(EmbedderError, match="'archive-search models fetch imagebind'"):
        run("compare", "imagebind", "imagebind-official", "x.jpg")
    with pytest.raises(UnknownNameError, match="No embedder is called 'clap'. Known: .*imagebind-official"):
        run("compare", "demo", "clap", "x.jpg")


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
