"""Weights: where they lie, fetching them over a network that fails, and naming what is wrong with a file."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from archive_search.models import checkpoints
from archive_search.models.checkpoints import Checkpoint, Progress, RemoteFile
from archive_search.models.checkpoints.known import KNOWN
from archive_search.types import EmbedderError, NotInstalledError, UnknownNameError
from tests.archive_search.models.file_server import Served, serving

DATA = bytes(np.random.default_rng(3).integers(0, 256, 3_000_000, dtype=np.uint8))
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch) -> Path:
    """An empty models directory, no settings of the machine's own, and no proxy before loopback."""
    for name in ("HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for one in KNOWN.values():
        monkeypatch.delenv(one.variable, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def server():
    """A server that has /weights.bin."""
    with serving() as served:
        served.files["/weights.bin"] = DATA
        yield served


def small(served: Served, size: int | None = len(DATA), sha256: str | None = DIGEST, path="/weights.bin") -> Checkpoint:
    """A checkpoint of one file on the server."""
    file = RemoteFile("weights.bin", served.address + path, size, sha256)
    return Checkpoint("small", "Small", "a licence", "", (file,), "no.such.module")


def fetch(checkpoint: Checkpoint, **options):
    """Fetch without waiting between tries."""
    return checkpoints.fetch(checkpoint, waits_s=options.pop("waits_s", ()), **{"timeout_s": 5, **options})


# ------------------------------------------------------------------ what is known


@pytest.mark.parametrize("checkpoint", KNOWN.values(), ids=KNOWN)
def test_known_checkpoints_are_complete(checkpoint):
    """Every known checkpoint has an address, a size, a licence, and a hash of 64 hex digits or none."""
    weights = checkpoint.weights
    assert weights.url.startswith("https://")
    assert weights.url.endswith(weights.name)
    assert weights.size > 10**8
    assert weights.sha256 is None or len(bytes.fromhex(weights.sha256)) == 32
    assert checkpoint.licence
    assert checkpoint.terms.endswith(".")


def test_an_unknown_model_is_named_with_those_that_are_known():
    """An unknown name lists what is known."""
    with pytest.raises(UnknownNameError, match=r"No model is called 'nope'. Known: imagebind, clip-vit-b-32"):
        checkpoints.find("nope")


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (None, "size not known"),
        (999, "999 bytes"),
        (12_000, "12 kB"),
        (605_247_071, "605 MB"),
        (4_803_584_173, "4.80 GB"),
    ],
)
def test_sizes_are_said_as_download_pages_say_them(size, said):
    """Sizes are in powers of ten."""
    assert checkpoints.size_label(size) == said


# ------------------------------------------------------------------ where weights lie


def folder(path: Path, weights: str = "model.safetensors") -> Path:
    """A folder that looks like a checkpoint of transformers."""
    path.mkdir(parents=True)
    (path / "config.json").write_text("{}")
    (path / weights).write_bytes(b"x")
    return path


def test_without_weights_the_sentence_says_what_to_run_and_how_large_it_is():
    """What is missing names the command, the size, the licence, and what works without."""
    assert checkpoints.find("imagebind") is None
    said = checkpoints.missing("imagebind")
    for part in ("models fetch imagebind", "4.80 GB", "CC BY-NC-SA 4.0", "models use imagebind FILE", "'demo'"):
        assert part in said
    with pytest.raises(EmbedderError, match="models fetch imagebind"):
        checkpoints.require("imagebind")


def test_a_fetched_file_is_found(models):
    """A file in the models directory is found, and nothing is missing."""
    models.mkdir()
    (models / "imagebind_huge.pth").write_bytes(b"x")
    assert checkpoints.require("imagebind") == models / "imagebind_huge.pth"
    assert checkpoints.missing("imagebind") == ""


def test_the_default_directory_is_the_users_cache(monkeypatch):
    """Without a setting the weights lie in the user's cache directory."""
    import platformdirs

    monkeypatch.delenv("ARCHIVE_SEARCH_MODELS")
    assert checkpoints.directory() == platformdirs.user_cache_path("archive-search", appauthor=False) / "models"


def test_a_path_in_the_environment_comes_first(models, tmp_path, monkeypatch):
    """The path in the environment is used before the fetched file."""
    models.mkdir()
    (models / "imagebind_huge.pth").write_bytes(b"x")
    (tmp_path / "other.pth").write_bytes(b"y")
    monkeypatch.setenv("ARCHIVE_SEARCH_IMAGEBIND", str(tmp_path / "other.pth"))
    assert checkpoints.find("imagebind") == tmp_path / "other.pth"


def test_a_named_path_that_is_gone_is_not_replaced_by_another(models, tmp_path, monkeypatch):
    """A path that was named and is not there is said so, even where fetched weights are."""
    models.mkdir()
    (models / "imagebind_huge.pth").write_bytes(b"x")
    monkeypatch.setenv("ARCHIVE_SEARCH_IMAGEBIND", str(tmp_path / "gone.pth"))
    assert checkpoints.find("imagebind") is None
    assert "gone.pth, the path that ARCHIVE_SEARCH_IMAGEBIND names: there is no such file" in checkpoints.missing(
        "imagebind"
    )


def test_use_remembers_a_path_until_it_is_forgotten(tmp_path):
    """A path given once is used from then on, and forgetting it undoes that."""
    pytest.importorskip("transformers")
    path = folder(tmp_path / "mine")
    assert checkpoints.use("clip-vit-b-32", path) == path.resolve()
    assert checkpoints.find("clip-vit-b-32") == path.resolve()
    assert checkpoints.missing("clip-vit-b-32") == ""
    shutil.rmtree(path)
    assert "'archive-search models use' names: there is no such folder" in checkpoints.missing("clip-vit-b-32")
    assert checkpoints.forget("clip-vit-b-32")
    assert not checkpoints.forget("clip-vit-b-32")
    assert "models fetch" in checkpoints.missing("clip-vit-b-32")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "there is no such folder"),
        (lambda path: path.write_bytes(b"x"), "it is a file, not a folder"),
        (lambda path: path.mkdir(), "the folder has no config.json"),
        (lambda path: (path.mkdir(), (path / "config.json").write_text("{}")), "the folder has no model.safetensors"),
    ],
)
def test_use_refuses_what_is_no_checkpoint_folder(tmp_path, make, why):
    """A path that cannot be the checkpoint is refused with what it lacks."""
    make(tmp_path / "mine")
    with pytest.raises(EmbedderError, match=why):
        checkpoints.use("clip-vit-b-32", tmp_path / "mine")


def test_use_refuses_a_directory_for_a_file(tmp_path):
    """Where one file is asked for, a directory is refused."""
    with pytest.raises(EmbedderError, match="it is a directory, not a file"):
        checkpoints.use("imagebind", tmp_path)


@pytest.mark.parametrize("by", ["revision", "main"])
def test_the_cache_of_the_hub_is_looked_into(tmp_path, by):
    """What another program fetched from the hub is found: at our revision, else at the main one."""
    repository = tmp_path / "hub" / "hub" / "models--openai--clip-vit-base-patch32"
    commit = KNOWN["clip-vit-b-32"].revision if by == "revision" else "0" * 40
    path = folder(repository / "snapshots" / commit, "pytorch_model.bin")
    if by == "main":
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(commit)
    assert checkpoints.find("clip-vit-b-32") == path
    assert checkpoints.weights_file("clip-vit-b-32") == path / "pytorch_model.bin"


def test_a_missing_package_is_said_before_missing_weights(monkeypatch):
    """Without transformers the sentence names the install command, then the fetch; loading raises it."""
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "transformers" else real(name))
    said = checkpoints.missing("clip-vit-b-32")
    assert "pip install 'archive-search[clip]', then 'archive-search models fetch clip-vit-b-32'" in said
    from archive_search.models.transformers_towers import CLIP, TransformersEmbedder

    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[clip\]'"):
        TransformersEmbedder.load("clip-vit-b-32", 512, CLIP)


def test_a_damaged_file_of_notes_counts_as_empty(models):
    """Notes that cannot be read do not stop anything."""
    models.mkdir()
    (models / "used.json").write_text("{")
    (models / "hashes.json").write_text("[]")
    assert checkpoints.find("imagebind") is None
    file = models / "x"
    file.write_bytes(DATA)
    assert checkpoints.sha256(file) == DIGEST


def test_a_hash_is_read_once_until_the_file_changes(tmp_path):
    """An unchanged file is not read again; a changed one is."""
    file = tmp_path / "weights"
    file.write_bytes(DATA)
    seen = []
    assert checkpoints.sha256(file, on_progress=lambda done, total: seen.append((done, total))) == DIGEST
    assert seen[-1] == (len(DATA), len(DATA))
    again = []
    assert checkpoints.sha256(file, on_progress=lambda done, total: again.append(done)) == DIGEST
    assert not again
    file.write_bytes(b"other")
    assert checkpoints.sha256(file) == hashlib.sha256(b"other").hexdigest()


def test_a_hash_of_nothing_is_an_error(tmp_path):
    """A file that is not there has no hash."""
    with pytest.raises(EmbedderError, match="cannot be read"):
        checkpoints.sha256(tmp_path / "none")


# ------------------------------------------------------------------ fetching


def test_a_file_is_fetched_checked_and_named(server, models):
    """A fetched file is whole, has its name only when it is, and its hash was held against the published one."""
    seen: list[Progress] = []
    (fetched,) = fetch(small(server), on_progress=seen.append)
    assert fetched.path.read_bytes() == DATA
    assert (fetched.size, fetched.sha256, fetched.published, fetched.first) == (len(DATA), DIGEST, True, False)
    assert not list(models.glob("*.part*"))
    assert {now.phase for now in seen} == {"fetching", "checking"}
    assert seen[-1] == Progress("checking", "weights.bin", len(DATA), len(DATA))


def test_what_is_here_is_not_fetched_again(server):
    """A second fetch asks the server for nothing."""
    fetch(small(server))
    fetch(small(server))
    assert server.times("/weights.bin") == 1


def test_a_cut_connection_goes_on_where_it_stopped(server):
    """After a cut the rest is asked for, and the file is whole."""
    server.cut_after = 1_000_000
    with pytest.raises(EmbedderError, match=r"broke off.*1 MB are kept: the same command goes on"):
        fetch(small(server))
    server.cut_after = None
    fetch(small(server))
    assert server.asked[-1] == ("/weights.bin", "bytes=1000000-", '"1"')


def test_a_connection_that_keeps_breaking_is_tried_again_while_it_advances(server):
    """Within one call a transfer goes on after each cut; only tries that bring nothing are counted."""
    server.cut_after = 400_000
    (fetched,) = fetch(small(server), waits_s=(0.0,))
    assert fetched.sha256 == DIGEST
    assert server.times("/weights.bin") == 8


def test_a_file_that_changed_in_between_is_not_glued(server):
    """If the file is another one by now, it is fetched anew from its beginning."""
    server.cut_after = 1_000_000
    unpublished = small(server, None, None)
    with pytest.raises(EmbedderError):
        fetch(unpublished)
    server.cut_after = None
    server.files["/weights.bin"], server.etag = DATA[::-1], '"2"'
    (fetched,) = fetch(unpublished)
    assert fetched.path.read_bytes() == DATA[::-1]


@pytest.mark.parametrize(("etag", "modified"), [("", ""), ('W/"1"', "")])
def test_without_a_mark_to_know_the_version_by_it_starts_anew(server, etag, modified):
    """A server that gives no strong mark is not asked for ranges."""
    server.etag, server.modified, server.cut_after = etag, modified, 1_000_000
    with pytest.raises(EmbedderError):
        fetch(small(server))
    server.cut_after = None
    fetch(small(server))
    assert [asked[1] for asked in server.asked] == ["", ""]


def test_the_date_of_the_last_change_is_a_mark_too(server):
    """A server without ETag but with a date can be asked for the rest."""
    server.etag, server.modified, server.cut_after = "", "Tue, 09 May 2023 10:00:00 GMT", 1_000_000
    with pytest.raises(EmbedderError):
        fetch(small(server))
    server.cut_after = None
    fetch(small(server))
    assert server.asked[-1][1:] == ("bytes=1000000-", "Tue, 09 May 2023 10:00:00 GMT")


def test_a_server_without_ranges_sends_the_whole_again(server):
    """Where ranges are not supported the file is fetched from its beginning."""
    server.cut_after, server.ranges = 1_000_000, False
    with pytest.raises(EmbedderError):
        fetch(small(server))
    server.cut_after = None
    (fetched,) = fetch(small(server))
    assert fetched.sha256 == DIGEST


def test_a_part_that_is_whole_already_is_checked_and_named(server, models):
    """If only the last step was missing, the server's 416 is the sign that nothing else is."""
    server.cut_after = len(DATA) - 1
    unpublished = small(server, None, None)
    with pytest.raises(EmbedderError):
        fetch(unpublished)
    with (models / "weights.bin.part").open("ab") as part:
        part.write(DATA[-1:])
    server.cut_after = None
    (fetched,) = fetch(unpublished)
    assert fetched.sha256 == DIGEST
    assert server.asked[-1][1] == f"bytes={len(DATA)}-"


def test_a_part_longer_than_the_file_is_thrown_away(server, models):
    """A part that cannot be of this file is deleted, and the next try starts anew."""
    server.cut_after = 1_000_000
    unpublished = small(server, None, None)
    with pytest.raises(EmbedderError):
        fetch(unpublished)
    with (models / "weights.bin.part").open("ab") as part:
        part.write(DATA)
    server.cut_after = None
    (fetched,) = fetch(unpublished, waits_s=(0.0,))
    assert fetched.sha256 == DIGEST


def test_another_size_is_refused_before_anything_is_fetched(server, models):
    """A server that announces another size than the published one has another file."""
    with pytest.raises(EmbedderError, match=r"has 3000000 bytes, but weights.bin should have 2999999: .* nothing was"):
        fetch(small(server, len(DATA) - 1))
    assert not list(models.glob("weights*"))


def test_a_wrong_hash_is_deleted_and_said(server, models):
    """A file of the right size with the wrong content does not stay."""
    with pytest.raises(
        EmbedderError, match=r"damaged or another file: its SHA-256 is .*, its published hash 00.*deleted"
    ):
        fetch(small(server, sha256="0" * 64))
    assert not list(models.glob("weights*"))


def test_the_first_hash_is_recorded_and_held_against_later_fetches(server, models):
    """Without a published hash the first one is trusted and recorded; another one later is refused."""
    unpublished = small(server, None, None)
    (fetched,) = fetch(unpublished)
    assert (fetched.published, fetched.first) == (False, True)
    assert json.loads((models / "first-seen.json").read_text()) == {unpublished.weights.url: DIGEST}
    fetched.path.unlink()
    (again,) = fetch(unpublished)
    assert (again.published, again.first) == (False, False)
    again.path.unlink()
    server.files["/weights.bin"], server.etag = DATA[::-1], '"2"'
    with pytest.raises(EmbedderError, match="the hash of the first fetch from there"):
        fetch(unpublished)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, r"does not exist \(404\): it may have moved"),
        (403, r"the server refused it \(403 Forbidden\)"),
        (407, r"the proxy refused it \(407"),
        (500, r"the server answered 500"),
        (418, r"the server answered 418"),
    ],
)
def test_a_refusal_is_said_plainly(server, status, why):
    """What the server answers instead of the file is said in words."""
    server.status = status
    with pytest.raises(EmbedderError, match=why):
        fetch(small(server))


def test_a_busy_server_is_asked_again(server):
    """A server that is busy for a moment is asked again."""
    server.status = 503
    tries = []

    def recover(now: Progress) -> None:
        tries.append(now)

    with pytest.raises(EmbedderError, match="503"):
        fetch(small(server), waits_s=(0.0, 0.0), on_progress=recover)
    assert server.times("/weights.bin") == 3


def test_a_web_page_instead_of_the_file_is_named(server):
    """A sign-in page is not saved as weights."""
    server.content_type = "text/html; charset=utf-8"
    with pytest.raises(EmbedderError, match="a web page instead of the file"):
        fetch(small(server))


def test_a_server_that_goes_silent_is_given_up(server):
    """A server that stops sending is not waited for without end, and what came is kept."""
    server.stall_after = 500_000
    with pytest.raises(EmbedderError, match=r"the server went silent. 500 kB are kept"):
        fetch(small(server), timeout_s=0.3)


def test_no_server_at_all_is_said(server):
    """An address where nobody listens is said so."""
    checkpoint = small(server)
    away = RemoteFile("weights.bin", "http://127.0.0.1:9/weights.bin", len(DATA), DIGEST)
    with pytest.raises(EmbedderError, match="cannot be reached"):
        fetch(Checkpoint("small", "Small", "", "", (away,), checkpoint.family), timeout_s=2)


def test_a_redirect_is_followed(server):
    """A file that moved is fetched from where it is now."""
    server.redirects["/old"] = "/weights.bin"
    (fetched,) = fetch(small(server, path="/old"))
    assert fetched.sha256 == DIGEST


def test_redirects_in_circles_end(server):
    """A server that redirects to itself is given up."""
    server.redirects["/old"] = "/old"
    with pytest.raises(EmbedderError, match="leads in circles"):
        fetch(small(server, path="/old"))


def test_an_address_that_is_none_is_said(server):
    """A malformed address is no crash."""
    with pytest.raises(EmbedderError, match="is not an address to fetch from"):
        fetch(small(server), source="ftp://example.org/weights.bin")


def test_without_announced_size_the_published_one_is_held_to(server):
    """A server that does not say how much comes cannot end early unnoticed."""
    server.length, server.cut_after = False, 1_000_000
    with pytest.raises(EmbedderError, match="broke off after 1 MB of 3 MB"):
        fetch(small(server))


def test_a_full_disk_is_said_before(server, monkeypatch):
    """Without enough room nothing is fetched."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 10**6, 10**6))
    with pytest.raises(EmbedderError, match=r"has 1 MB free, 67 MB are needed"):
        fetch(small(server))


def test_two_fetches_of_one_model_do_not_meet(server, models):
    """While one process fetches, another is refused."""
    from archive_search.stores.lock import BuilderLock

    models.mkdir()
    lock = BuilderLock(models / ".small.lock", "Small")
    with pytest.raises(EmbedderError, match="being fetched by another process"):
        fetch(small(server))
    lock.release()
    fetch(small(server))


def test_a_folder_is_fetched_weights_last(server, models):
    """A folder's weights come last, so that an interrupted fetch does not look like a checkpoint."""
    names = ("model.safetensors", "config.json")
    server.files = {"/model.safetensors": DATA, "/config.json": b"{}"}
    files = tuple(RemoteFile(name, f"{server.address}/{name}") for name in names)
    checkpoint = Checkpoint("clip-vit-b-32", "CLIP", "", "", files, "none", repository="openai/x")
    fetched = fetch(checkpoint)
    assert [one.path for one in fetched] == [models / "clip-vit-b-32" / name for name in reversed(names)]
    assert checkpoints.find("clip-vit-b-32") == models / "clip-vit-b-32"


def test_a_mirror_is_used_where_one_is_named(server, monkeypatch):
    """The hub's address can be replaced, and a folder fetched from anywhere."""
    path = "/openai/clip-vit-large-patch14/resolve/32bd64288804d66eefd0ccbe215aa642df71cc41/config.json"
    server.files = {path: b"{}", "/mirror/config.json": b"{}"}
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    for source in ("", server.address + "/mirror/"):
        with pytest.raises(EmbedderError, match="preprocessor_config.json does not exist"):
            fetch(KNOWN["clip-vit-l-14"], source=source)
        shutil.rmtree(checkpoints.home(KNOWN["clip-vit-l-14"]))
    assert server.times(path) == server.times("/mirror/config.json") == 1


def test_a_directory_that_cannot_be_made_is_said(server, tmp_path, monkeypatch):
    """A models directory below a file is refused in words."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(EmbedderError, match="cannot be made"):
        fetch(small(server))


# ------------------------------------------------------------------ verifying


def state() -> dict[str, torch.Tensor]:
    """A table of two tensors."""
    return {"a.weight": torch.arange(20_000.0).reshape(200, 100), "b": torch.tensor(1.0)}


@pytest.fixture
def pth(tmp_path) -> Path:
    """A PyTorch checkpoint."""
    torch.save(state(), tmp_path / "x.pth")
    return tmp_path / "x.pth"


@pytest.fixture
def safetensors(tmp_path) -> Path:
    """A safetensors checkpoint."""
    save_file({key: value.numpy() for key, value in state().items()}, tmp_path / "x.safetensors")
    return tmp_path / "x.safetensors"


@pytest.mark.parametrize("kind", ["pth", "safetensors"])
def test_shapes_are_read_from_the_index(kind, request):
    """The keys and shapes of either kind of file are read without its data."""
    assert checkpoints.shapes(request.getfixturevalue(kind)) == {"a.weight": (200, 100), "b": ()}


@pytest.mark.parametrize("kind", ["pth", "safetensors"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_truncated_file_is_named_so(kind, share, request):
    """A file whose end is missing is said to be cut short."""
    file = request.getfixturevalue(kind)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(EmbedderError, match="cut short"):
        checkpoints.shapes(file)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"\0" * 4000, "zeros only"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
        (b"\n<html><body>404</body></html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "a Git LFS pointer"),
        (b'{"error": "not found"}', "it is text"),
        (b"not here", "it is text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "neither a PyTorch nor a safetensors file"),
    ],
)
def test_what_is_no_checkpoint_is_named(tmp_path, data, why):
    """Pages, pointers, text and zeros saved in place of weights are named as what they are."""
    file = tmp_path / "x.pth"
    file.write_bytes(data)
    with pytest.raises(EmbedderError, match=why):
        checkpoints.shapes(file)


def test_a_zip_of_other_things_is_named(tmp_path):
    """A ZIP archive without tensors is no checkpoint."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "readme.txt").write_text("hello")
    file = Path(shutil.make_archive(str(tmp_path / "x"), "zip", tmp_path / "in"))
    with pytest.raises(EmbedderError, match="a ZIP archive of other things"):
        checkpoints.shapes(file)


class _Other:
    """Something that is not a tensor."""


def test_a_file_that_would_run_code_is_refused(tmp_path):
    """A pickle of anything but tensors is not loaded."""
    torch.save({"a": _Other()}, tmp_path / "x.pth")
    with pytest.raises(EmbedderError, match="more than tensors, which is not safe"):
        checkpoints.shapes(tmp_path / "x.pth")


def test_damage_in_the_index_is_named(pth):
    """A file whose index is overwritten is said to be damaged."""
    data = bytearray(pth.read_bytes())
    at = data.index(b"data.pkl") + 60
    data[at : at + 40] = b"\xff" * 40
    pth.write_bytes(data)
    with pytest.raises(EmbedderError, match=r"damaged|more than tensors"):
        checkpoints.shapes(pth)


def test_missing_and_misshapen_keys_are_listed():
    """Differences name the first keys and count the rest; keys too many are no fault."""
    expected = {f"k{i}": (2,) for i in range(8)}
    assert checkpoints.differences({**expected, "more": (1,)}, expected) == []
    said = checkpoints.differences({"k0": (3, 1)}, expected)
    assert said == [
        "7 of 8 keys are missing: k1, k2, k3, k4, k5 and 2 more.",
        "1 keys have another shape: k0 is 3 x 1, not 2.",
    ]


def known_small(monkeypatch, file: Path, **changes) -> Checkpoint:
    """A known checkpoint 'small', at this path."""
    remote = RemoteFile(
        changes.get("name", file.name), "https://example.org/x", changes.get("size"), changes.get("sha256")
    )
    checkpoint = Checkpoint("small", "Small", "", "", (remote,), "no.such.module")
    monkeypatch.setitem(KNOWN, "small", checkpoint)
    checkpoints.use("small", file)
    return checkpoint


def test_verify_says_when_the_hash_is_the_published_one(pth, monkeypatch):
    """A good file has no problems, and its hash is said to be the published one."""
    digest = hashlib.sha256(pth.read_bytes()).hexdigest()
    verdict = checkpoints.verify(known_small(monkeypatch, pth, sha256=digest))
    assert verdict.problems == ()
    assert verdict.sha256 == digest
    assert "The SHA-256 is the published hash." in verdict.remarks


def test_verify_finds_one_wrong_byte(pth, monkeypatch):
    """A file of the published size with another hash is damaged, even if its index can be read."""
    digest = hashlib.sha256(pth.read_bytes()).hexdigest()
    data = bytearray(pth.read_bytes())
    data[5000] ^= 1
    pth.write_bytes(data)
    verdict = checkpoints.verify(known_small(monkeypatch, pth, sha256=digest, size=len(data)))
    assert len(verdict.problems) == 1
    assert "not the published hash" in verdict.problems[0]


def test_verify_takes_another_version_for_what_it_is(pth, monkeypatch):
    """A file of one's own with another size and hash is a remark, not a fault."""
    verdict = checkpoints.verify(known_small(monkeypatch, pth, sha256="0" * 64, size=5))
    assert verdict.problems == ()
    assert "another version" in verdict.remarks[-1]


def test_verify_says_how_much_of_a_truncated_file_there_is(pth, monkeypatch):
    """A truncated file is named with its size and the published one."""
    whole = pth.stat().st_size
    checkpoint = known_small(monkeypatch, pth, size=whole)
    pth.write_bytes(pth.read_bytes()[: whole // 2])
    verdict = checkpoints.verify(checkpoint)
    assert "cut short" in verdict.problems[0]
    half, all_of_it = checkpoints.size_label(whole // 2), checkpoints.size_label(whole)
    assert verdict.problems[1] == f"It has {half} of the {all_of_it} published."


def test_verify_without_weights_says_what_to_run():
    """What is not here cannot be verified."""
    with pytest.raises(EmbedderError, match="models fetch imagebind"):
        checkpoints.verify(KNOWN["imagebind"])
