"""The official network as an embedder: the vectors of our own, and what it says where it is not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from archive_search.embedders import EMBEDDERS
from archive_search.embedders.imagebind import ImageBindEmbedder
from archive_search.embedders.imagebind_official import OfficialImageBind
from archive_search.types import EmbedderError, NotInstalledError
from tests import oracle
from tests.archive_search.models.test_clips import tone, write_film, write_recording
from tests.imagebind_weights import SMALL, write_weights


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small checkpoint with all that the official one holds."""
    path = tmp_path_factory.mktemp("weights") / "imagebind_huge.pth"
    torch.save(oracle.network(SMALL).state_dict(), path)
    return path


@pytest.fixture(scope="module")
def embedder(file: Path) -> OfficialImageBind:
    return OfficialImageBind(file, "cpu", SMALL)


@pytest.fixture(scope="module")
def ours(file: Path) -> ImageBindEmbedder:
    made = ImageBindEmbedder(file, "cpu", SMALL)
    made._dtype = lambda: torch.float32  # type: ignore[method-assign]
    return made


def vectors(embedder, modality, *items) -> np.ndarray:
    return embedder.encode([embedder.preprocess(item, modality) for item in items], modality)


def pictures(number: int) -> list[Image.Image]:
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (60 + i, 80, 3), dtype=np.uint8)) for i in range(number)]


def test_pictures_and_texts_as_our_own(embedder: OfficialImageBind, ours: ImageBindEmbedder) -> None:
    """Pictures of any shape and texts that fit have the vectors of our own network, within 1e-5."""
    some = [*pictures(9), Image.new("RGB", (3000, 10), "teal"), Image.new("L", (1, 1))]
    assert np.abs(vectors(embedder, "image", *some) - vectors(ours, "image", *some)).max() < 1e-5
    texts = ["", "a car", "En flækkeskraber af flint, fundet på Ærø", "an axe with a polished edge " * 10]
    assert np.abs(vectors(embedder, "text", *texts) - vectors(ours, "text", *texts)).max() < 1e-5


def test_films_and_recordings_as_our_own(embedder: OfficialImageBind, ours: ImageBindEmbedder, tmp_path: Path) -> None:
    """Films and recordings, of any number of clips in one batch, have the vectors of our own network."""
    pytest.importorskip("av")
    pytest.importorskip("kaldi_native_fbank")
    films = [write_film(tmp_path / f"{frames}.mp4", frames) for frames in (1, 60)]
    assert np.abs(vectors(embedder, "video", *films) - vectors(ours, "video", *films)).max() < 1e-5
    recordings = [write_recording(tmp_path / f"{s}.wav", tone(s, 16_000), 16_000) for s in (1, 9)]
    assert np.abs(vectors(embedder, "audio", *recordings) - vectors(ours, "audio", *recordings)).max() < 1e-5


def test_rows_do_not_depend_on_the_batch(embedder: OfficialImageBind) -> None:
    """A picture has the same row of length 1 alone and among others; no pictures have no rows."""
    some = pictures(9)
    rows = vectors(embedder, "image", *some)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.allclose(rows, np.concatenate([vectors(embedder, "image", one) for one in some]), atol=1e-6)
    assert vectors(embedder, "image").shape == (0, SMALL.dim)


def test_other_modalities_are_refused(embedder: OfficialImageBind) -> None:
    """What has no tower here is refused in preparing as in encoding."""
    for call in (lambda: embedder.preprocess("roses", "smell"), lambda: embedder.encode([torch.ones(1)], "depth")):  # type: ignore[arg-type]
        with pytest.raises(EmbedderError, match=r"no tower for (smell|depth) here. Known: audio, image, text, video"):
            call()


def test_the_space_is_its_own_and_the_weights_are_shared(embedder: OfficialImageBind, ours, monkeypatch) -> None:
    """Its space has another name than ours; the checkpoint, and where it is looked for, are the same."""
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(embedder._ours.path.parent))
    assert (embedder.name, embedder.checkpoint) == ("imagebind-official", ours.checkpoint)
    assert EMBEDDERS[embedder.name].missing() == EMBEDDERS["imagebind"].missing() == ""


def test_imports_are_left_as_they_were(embedder: OfficialImageBind) -> None:
    """Nothing that stood in for the package's own beginning, or for timm, stays behind for others to import."""
    vectors(embedder, "text", "a car")
    assert not {name for name in sys.modules if name.split(".")[0] in ("imagebind", "timm")}


@pytest.mark.parametrize(
    ("absent", "install"),
    [
        (("imagebind",), "pip install --no-deps imagebind-packaged"),
        (("imagebind", "einops"), "pip install --no-deps imagebind-packaged, then pip install einops"),
        (("einops", "iopath"), "pip install einops iopath"),
    ],
)
def test_what_is_not_installed_is_named(absent, install, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, or what its network imports, the description and loading say what to install."""
    for name in absent:
        monkeypatch.setitem(sys.modules, name, None)
    info = EMBEDDERS["imagebind-official"]
    assert info.missing() == f"The official ImageBind network is not installed: {install}."
    with pytest.raises(NotInstalledError, match=install):
        info.load()


def test_weights_that_are_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without weights it says how to have those of imagebind."""
    oracle.package()
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path))
    monkeypatch.delenv("ARCHIVE_SEARCH_IMAGEBIND", raising=False)
    assert "'archive-search models fetch imagebind'" in EMBEDDERS["imagebind-official"].missing()
    with pytest.raises(EmbedderError, match="models fetch imagebind"):
        EMBEDDERS["imagebind-official"].load()


def test_weights_that_do_not_fit(file: Path, tmp_path: Path) -> None:
    """A file of another size, or without what only the official network holds, is refused by name."""
    with pytest.raises(EmbedderError, match="not 1280"):
        OfficialImageBind(file)
    part = OfficialImageBind(write_weights(tmp_path / "part.pth"), "cpu", SMALL)
    oracle.package()
    with pytest.raises(EmbedderError, match=r"part\.pth lacks 3 keys of ImageBind: .*text\.mask"):
        vectors(part, "text", "a car")
