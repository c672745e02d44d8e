"""Which number format this processor multiplies fastest in; measured, since its name does not tell."""

from __future__ import annotations

import time
from functools import cache

import torch

from archive_search.models.packed_linear import PackedLinear

_ROUNDS = 8


@cache
def bf16_is_faster() -> bool:
    """
    Whether products of large matrices take less time in bfloat16 than in float32; measured once, in some 50 ms.

    The best of several rounds that alternate, in which other work on the machine cannot disturb one format alone.
    """
    layers = {dtype: PackedLinear(1024, 1024).to(dtype) for dtype in (torch.bfloat16, torch.float32)}
    layers[torch.bfloat16].pack(512)
    best = dict.fromkeys(layers, float("inf"))
    with torch.inference_mode():
        for number in range(_ROUNDS):
            for dtype, layer in layers.items():
                x = torch.ones(512, 1024, dtype=dtype)
                started = time.perf_counter()
                layer(x)
                if number:  # the first round prepares the kernels
                    best[dtype] = min(best[dtype], time.perf_counter() - started)
    return best[torch.bfloat16] < 0.9 * best[torch.float32]
