"""Which number format this processor multiplies fastest in; measured, since its name does not tell."""

from __future__ import annotations

import time
from functools import cache

import torch


@cache
def bf16_is_faster() -> bool:
    """Whether products of large matrices take less time in bfloat16 than in float32; measured once, in some 30 ms."""
    return _seconds(torch.bfloat16) < 0.8 * _seconds(torch.float32)


def _seconds(dtype: torch.dtype) -> float:
    """The best of a few products as they occur in a transformer."""
    x, weight = torch.ones(256, 1024, dtype=dtype), torch.ones(2048, 1024, dtype=dtype)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(5):
            started = time.perf_counter()
            torch.nn.functional.linear(x, weight)
            best = min(best, time.perf_counter() - started)
    return best
