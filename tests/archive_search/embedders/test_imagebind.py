"""ImageBind as an embedder: unit rows, towers read when needed, and inputs that nobody expects."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from archive_search.embedders import EMBEDDERS
from archive_search.embedders import imagebind as family
from archive_search.embedders.imagebind import ImageBindEmbedder
from archive_search.types import EmbedderError, InvalidInputError
from tests.archive_search.models.test_clips import tone, write_film, write_recording
from tests.imagebind_weights import SMALL, write_weights


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_weights(tmp_path_factory.mktemp("weights") / "imagebind_huge.pth")


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def embedder(request, file: Path) -> ImageBindEmbedder:
    made = ImageBindEmbedder(file, device="cpu", config=SMALL)
    made._dtype = lambda: getattr(torch, request.param)  # type: ignore[method-assign]
    return made


def vectors(embedder: ImageBindEmbedder, modality, *items) -> np.ndarray:
    return embedder.encode([embedder.preprocess(item, modality) for item in items], modality)


def pictures() -> list[Image.Image]:
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)) for _ in range(9)]


# ------------------------------------------------------------------ vectors


@pytest.mark.parametrize("count", [1, 8, 9])
def test_rows_of_length_one_whatever_the_batch(embedder: ImageBindEmbedder, count: int) -> None:
    """Rows are of length 1, and the same in a batch of one, eight or nine."""
    some = pictures()[:count]
    rows = vectors(embedder, "image", *some)
    assert rows.shape == (count, SMALL.dim)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    alone = np.concatenate([vectors(embedder, "image", one) for one in some])
    assert (rows * alone).sum(1).min() > 0.9999


def test_texts_keep_their_order(embedder: ImageBindEmbedder) -> None:
    """Texts of any length come back in the order in which they were given."""
    texts = ["a car " * length for length in (9, 1, 30, 3, 100, 2)] * 7
    rows = vectors(embedder, "text", *texts)
    alone = np.concatenate([vectors(embedder, "text", text) for text in texts])
    assert (rows * alone).sum(1).min() > 0.9999


def test_no_input_gives_no_rows(embedder: ImageBindEmbedder) -> None:
    """An empty batch gives no row, and reads no tower."""
    for modality in family.MODALITIES:
        assert embedder.encode([], modality).shape == (0, SMALL.dim)


def test_what_waits_is_small(embedder: ImageBindEmbedder) -> None:
    """A prepared picture takes 150 kB however large it was."""
    prepared = embedder.preprocess(Image.new("RGB", (4000, 3000)), "image")
    assert prepared.nbytes == 3 * 224 * 224


def test_films_and_recordings(embedder: ImageBindEmbedder, tmp_path: Path) -> None:
    """Films and recordings of any length have one row each, the mean of their clips."""
    pytest.importorskip("av")
    pytest.importorskip("kaldi_native_fbank")
    films = [write_film(tmp_path / f"{frames}.mp4", frames) for frames in (1, 15, 60)]
    rows = vectors(embedder, "video", *films)
    assert rows.shape == (3, SMALL.dim)
    assert (rows[2] * vectors(embedder, "video", films[2])[0]).sum() > 0.9999
    recordings = [write_recording(tmp_path / f"{s}.wav", tone(s, 16_000), 16_000) for s in (0.1, 2, 9)]
    rows = np.concatenate([rows, vectors(embedder, "audio", *recordings)])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize("size", [(1, 1), (30_000, 10), (1, 5000), (2, 2)], ids=str)
def test_pictures_of_odd_sizes(embedder: ImageBindEmbedder, size: tuple[int, int]) -> None:
    """A picture of 1 x 1 or 30,000 x 10 pixels has a vector."""
    [row] = vectors(embedder, "image", Image.new("RGB", size, "teal"))
    assert np.isfinite(row).all()


@pytest.mark.parametrize(
    "text", ["", "   ", "antler hammer " * 800, "x" * 10_000, "\0", "😀" * 3000, "\ud800"], ids=range(7)
)
def test_texts_that_nobody_expects(embedder: ImageBindEmbedder, text: str) -> None:
    """An empty text, ten thousand characters and broken ones have a vector."""
    [row] = vectors(embedder, "text", text)
    assert np.isfinite(row).all()


def test_silence_and_what_is_too_short(embedder: ImageBindEmbedder, tmp_path: Path) -> None:
    """A silent recording has a vector; one shorter than 25 ms is refused with its length."""
    pytest.importorskip("av")
    pytest.importorskip("kaldi_native_fbank")
    silent = write_recording(tmp_path / "silent.wav", np.zeros((1, 32_000)), 16_000)
    assert np.isfinite(vectors(embedder, "audio", silent)).all()
    click = write_recording(tmp_path / "click.wav", tone(0.01, 16_000), 16_000)
    with pytest.raises(InvalidInputError, match=r"too short: 0\.010 s"):
        embedder.preprocess(click, "audio")


def test_a_modality_without_a_tower(embedder: ImageBindEmbedder) -> None:
    """Another modality is refused, and those that there are named."""
    with pytest.raises(EmbedderError, match="no tower for smell here. Known: audio, image, text, video"):
        embedder.preprocess("roses", "smell")  # type: ignore[arg-type]
    with pytest.raises(EmbedderError, match="no tower for depth"):
        embedder.encode([], "depth")  # type: ignore[arg-type]


# ------------------------------------------------------------------ remarks


def test_remarks_tell_what_was_not_read(embedder: ImageBindEmbedder) -> None:
    """A text over 77 tokens is remarked on with the words that had no part; one that fits is not."""
    assert embedder.remarks("antler hammer with an off-centre shaft hole") == ()
    [remark] = embedder.remarks("axe " * 75 + "with a broken edge")
    assert "first 75 word pieces" in remark
    assert "“with a broken edge”" in remark
    [remark] = embedder.remarks("axe " * 10_000)
    assert len(remark) < 200
    [remark] = embedder.remarks("  ")
    assert "empty" in remark


# ------------------------------------------------------------------ weights


def test_only_the_tower_that_is_used_is_read(file: Path) -> None:
    """Encoding texts reads the text tower and no other."""
    embedder = ImageBindEmbedder(file, device="cpu", config=SMALL)
    assert not embedder._towers
    vectors(embedder, "text", "a car")
    assert set(embedder._towers) == {"text"}
    vectors(embedder, "image", pictures()[0])
    assert set(embedder._towers) == {"text", "vision"}


def test_the_checkpoint_is_the_hash_of_the_file(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a result names is the SHA-256 of the weights."""
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path))
    embedder = ImageBindEmbedder(file, device="cpu", config=SMALL)
    assert embedder.checkpoint == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_wrong_file_is_refused_at_once(tmp_path: Path) -> None:
    """A damaged file is refused when the embedder is loaded, not when the first picture is encoded."""
    (tmp_path / "a.pth").write_bytes(b"PK\x03\x04\x00\xff and then nothing")
    with pytest.raises(EmbedderError, match="cut short"):
        ImageBindEmbedder(tmp_path / "a.pth")


def test_loading_from_where_the_weights_lie(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without weights the description says what to run; with a file named by the variable it is used."""
    monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(tmp_path))
    monkeypatch.delenv("ARCHIVE_SEARCH_IMAGEBIND", raising=False)
    info = EMBEDDERS["imagebind"]
    assert "archive-search models fetch imagebind" in info.missing()
    assert "4.80 GB" in info.missing()
    with pytest.raises(EmbedderError, match="models fetch imagebind"):
        info.load()
    monkeypatch.setenv("ARCHIVE_SEARCH_IMAGEBIND", str(file))
    assert info.missing() == ""
    with pytest.raises(EmbedderError, match="not 1280"):  # the small file is found, and not of this size
        info.load()
    assert (info.dim, info.modalities) == (1024, family.MODALITIES)
    assert "non-commercial" in info.licence


def test_describing_it_loads_nothing_heavy() -> None:
    """Importing the description loads neither torch nor what reads texts and films."""
    code = (
        "import sys, archive_search.embedders.imagebind; print({'torch', 'ftfy', 'av', 'numpy.fft'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("set()", "{'numpy.fft'}")
