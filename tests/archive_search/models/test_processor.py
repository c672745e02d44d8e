"""The choice of number format."""

from __future__ import annotations

import time

from archive_search.models.processor import bf16_is_faster


def test_measured_once() -> None:
    """The processor is measured the first time only."""
    first = bf16_is_faster()
    started = time.perf_counter()
    assert bf16_is_faster() is first
    assert time.perf_counter() - started < 0.001
