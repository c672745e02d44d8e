"""Pixels for the vision tower: as resizing the shorter side, cutting out the middle and normalising would make them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from archive_search.models.clip_pixels import MEAN, SIDE, STD, normalised, square, views

SIZES = [
    *[(224, 224), (448, 448), (225, 224), (224, 225), (223, 1000), (1, 1), (2, 3), (7, 500), (640, 480), (481, 640)],
    *[(1600, 1067), (1200, 90), (90, 1201), (333, 257), (500, 499), (61, 61), (1023, 17), (768, 1024)],
]


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def documented(picture: Image.Image) -> np.ndarray:
    """Resize the shorter side to 224 (bicubic), then cut out the middle, both whole."""
    width, height = (SIDE * length // min(picture.size) for length in picture.size)
    left, top = round((width - SIDE) / 2), round((height - SIDE) / 2)
    whole = picture.resize((width, height), Image.Resampling.BICUBIC)
    return np.array(whole.crop((left, top, left + SIDE, top + SIDE))).transpose(2, 0, 1)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_middle_of_the_resized_picture(size: tuple[int, int]) -> None:
    """Pictures of many sizes give the pixels of resizing them whole and cutting out the middle."""
    picture = noise(*size)
    difference = square(picture).numpy().astype(int) - documented(picture)
    assert np.abs(difference).max() <= 1
    assert (difference != 0).mean() < 2e-3


@pytest.mark.parametrize("size", [(30_000, 10), (10, 30_000), (100_000, 1)], ids=str)
def test_a_scroll_is_never_blown_up_whole(size: tuple[int, int]) -> None:
    """A picture of 30,000 x 10 pixels gives the pixels of its middle."""
    picture = noise(*size)
    left, top = ((length - min(size) * 6) // 2 if length > min(size) else 0 for length in size)
    middle = picture.crop((left, top, left + min(size[0], min(size) * 6), top + min(size[1], min(size) * 6)))
    assert np.abs(square(picture).numpy().astype(int) - documented(middle)).max() <= 1


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK", "LA", "I;16"])
def test_pictures_of_any_mode(mode: str) -> None:
    """Every mode of picture becomes three channels."""
    assert square(Image.new(mode, (30, 40))).shape == (3, SIDE, SIDE)


def test_normalised_as_documented() -> None:
    """Each channel is scaled to 0..1, its mean taken away, divided by its deviation; for pictures and for frames."""
    pixels = torch.randint(0, 256, (2, 3, 5, 5), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    expected = (pixels.numpy() / 255 - np.reshape(MEAN, (3, 1, 1))) / np.reshape(STD, (3, 1, 1))
    assert np.allclose(normalised(pixels).numpy(), expected, atol=1e-6)
    frames = pixels[:, :, None].expand(2, 3, 2, 5, 5)
    assert np.allclose(normalised(frames).numpy(), expected[:, :, None], atol=1e-6)


def test_three_views_of_a_wide_frame() -> None:
    """A wide frame is seen at its left, in its middle and at its right; a tall one from top to bottom."""
    wide = torch.zeros(2, 3, 224, 672, dtype=torch.uint8)
    wide[..., 224:448], wide[..., 448:] = 100, 200
    seen = views(wide)
    assert seen.shape == (3, 3, 2, 224, 224)
    assert [int(view.float().mean()) for view in seen] == [0, 100, 200]
    assert torch.equal(views(wide.mT.contiguous()), seen.mT)


def test_one_view_of_a_square_frame() -> None:
    """A square frame is seen once: three times the same would change no mean."""
    assert views(torch.zeros(2, 3, 50, 50, dtype=torch.uint8)).shape == (1, 3, 2, 224, 224)


def test_views_are_scaled_between_pixels() -> None:
    """Frames are scaled bilinearly, the middle of each pixel in its place."""
    frame = torch.tensor([[0, 100], [0, 100]], dtype=torch.uint8).expand(1, 3, 2, 2)
    [view] = views(frame)
    assert view[0, 0, 0, 111:113].tolist() == [50, 50]
    assert view[0, 0, 0, 0] == 0
    assert view[0, 0, 0, -1] == 100
