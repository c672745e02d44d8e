"""Two embedders compared: cosines as computed by hand, rates that are rates, and inputs that cannot be compared."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from archive_search.embedders.imagebind import ImageBindEmbedder
from archive_search.embedders.imagebind_official import OfficialImageBind
from archive_search.embedders.palette import PaletteEmbedder
from archive_search.evaluation.embedders import BATCH, compare_embedders
from archive_search.testing import HashEmbedder
from archive_search.types import InvalidInputError, PictureError
from tests import oracle
from tests.imagebind_weights import SMALL


class Turned(HashEmbedder):
    """The hash embedder with its vectors turned by an angle that a test can compute, and slow."""

    name = "turned"
    seconds = 0.0

    def encode(self, batch, modality):
        """Wait, then encode."""
        time.sleep(self.seconds * len(batch))
        rows = super().encode(batch, modality)
        return np.roll(rows, 1, axis=1)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """More than a batch of pictures, all different."""
    rng = np.random.default_rng(3)
    files = [tmp_path / f"{number}.png" for number in range(BATCH + 3)]
    for file in files:
        Image.fromarray(rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)).save(file)
    return files


def test_cosines_are_those_of_the_vectors(pictures: list[Path]) -> None:
    """Every input has the cosine of its two vectors, in the order in which the inputs were given, pictures first."""
    embedder = HashEmbedder()
    found = compare_embedders(embedder, Turned(), pictures, ["a car", "an axe"])
    assert [one.item for one in found.alike] == [*map(str, pictures), "a car", "an axe"]
    assert [one.modality for one in found.alike] == ["image"] * len(pictures) + ["text"] * 2
    items = [(Image.open(file), "image") for file in pictures] + [("a car", "text"), ("an axe", "text")]
    for one, (item, modality) in zip(found.alike, items, strict=True):
        [row] = embedder.encode([embedder.preprocess(item, modality)], modality)
        assert one.cosine == pytest.approx(float(row @ np.roll(row, 1)), abs=1e-6)


def test_rates_are_of_the_model_alone(pictures: list[Path]) -> None:
    """An embedder that needs a hundredth of a second for a picture makes at most a hundred a second, the other more."""
    slow = Turned()
    slow.seconds = 0.01
    done = []
    found = compare_embedders(HashEmbedder(), slow, pictures, progress=lambda *now: done.append(now))
    quick, slowly = found.rates["image"]
    assert slowly <= 100
    assert quick > slowly
    assert done == [(BATCH, BATCH + 3), (BATCH + 3, BATCH + 3)]


def test_our_imagebind_is_the_official_one(pictures: list[Path], tmp_path: Path) -> None:
    """Ours and the official network have cosines of at least 0.999 on the same weights, whatever ours computes in."""
    torch.save(oracle.network(SMALL).state_dict(), tmp_path / "small.pth")
    ours, official = (made(tmp_path / "small.pth", "cpu", SMALL) for made in (ImageBindEmbedder, OfficialImageBind))
    found = compare_embedders(ours, official, pictures, ["a flint axe", "økse"])
    assert min(one.cosine for one in found.alike) >= 0.999
    assert set(found.rates) == {"image", "text"}


def test_what_cannot_be_compared(pictures: list[Path], tmp_path: Path) -> None:
    """Other dimensions, nothing at all, what one does not read and a picture that is none are refused by name."""
    with pytest.raises(
        InvalidInputError, match=r"hash has 64 dimensions and palette \d+: only vectors of equal length"
    ):
        compare_embedders(HashEmbedder(), PaletteEmbedder(), pictures)
    with pytest.raises(InvalidInputError, match="nothing to compare: name pictures or texts"):
        compare_embedders(HashEmbedder(), HashEmbedder(), [])
    with pytest.raises(InvalidInputError, match=r"hash reads image, text, not video: leave out a\.mp4\."):
        compare_embedders(HashEmbedder(), Turned(), [*pictures, Path("a.mp4")])
    (tmp_path / "odd.jpg").write_text("no picture")
    with pytest.raises(PictureError, match=r"odd\.jpg"):
        compare_embedders(HashEmbedder(), HashEmbedder(), [*pictures, tmp_path / "odd.jpg"])
