"""Pixels for a model, without threads of torch's own."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from archive_search.models.channels import channels_first


def test_channels_come_first() -> None:
    """Height, width, channels become channels, height, width, in one piece that may be written to."""
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    pixels.flags.writeable = False
    made = channels_first(pixels)
    assert made.is_contiguous()
    assert np.array_equal(made.numpy(), pixels.transpose(2, 0, 1))
    made += 1


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted where Linux lists them")
def test_no_threads_of_its_own() -> None:
    """Preparing a picture on a loader thread starts no pool of torch's threads, which would take the model's cores."""

    def prepared() -> int:
        before = len([*Path("/proc/self/task").iterdir()])
        channels_first(np.zeros((600, 800, 3), np.uint8))
        return len([*Path("/proc/self/task").iterdir()]) - before

    with ThreadPoolExecutor(1) as loader:
        assert loader.submit(prepared).result() == 0
