"""Pictures made smaller as Pillow makes them, without threads of torch's own."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive_search.models.resizing import channels_first, resized

SIZES = [
    ((800, 600), (299, 224)),
    ((3000, 40), (224, 30)),
    ((40, 900), (39, 224)),
    ((225, 225), (224, 224)),
    ((257, 284), (224, 247)),
]


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("resample", [Image.Resampling.BICUBIC, Image.Resampling.BILINEAR])
@pytest.mark.parametrize(("before", "after"), SIZES)
def test_smaller(before: tuple[int, int], after: tuple[int, int], resample: Image.Resampling) -> None:
    """A picture that becomes smaller has Pillow's pixels, but for two levels of 256 here and there."""
    made = resized(noise(*before), after, resample).astype(int)
    difference = np.abs(made - np.asarray(noise(*before).resize(after, resample)))
    assert difference.max() <= 2
    assert (difference != 0).mean() < 0.02


@pytest.mark.parametrize(
    ("after", "resample"),
    [((224, 224), Image.Resampling.BICUBIC), ((20, 90), Image.Resampling.BILINEAR), ((5, 5), Image.Resampling.LANCZOS)],
)
def test_larger_or_in_another_way(after: tuple[int, int], resample: Image.Resampling) -> None:
    """A picture that becomes larger, or by a filter that torch has not, has Pillow's pixels exactly."""
    assert np.array_equal(resized(noise(40, 30), after, resample), np.asarray(noise(40, 30).resize(after, resample)))


def test_one_pixel() -> None:
    """A picture of one pixel is prepared as well; what comes may be written to."""
    made = channels_first(resized(noise(1, 1), (1, 1), Image.Resampling.BICUBIC))
    assert made.shape == (3, 1, 1)
    assert made.is_contiguous()
    made += 1


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted where Linux lists them")
def test_no_threads_of_its_own() -> None:
    """Preparing a picture on a loader thread starts no pool of torch's threads, which would take the model's cores."""

    def prepared() -> int:
        before = len([*Path("/proc/self/task").iterdir()])
        channels_first(resized(noise(800, 600), (299, 224), Image.Resampling.BICUBIC))
        return len([*Path("/proc/self/task").iterdir()]) - before

    with ThreadPoolExecutor(1) as loader:
        assert loader.submit(prepared).result() == 0
