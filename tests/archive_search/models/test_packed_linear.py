"""Linear layers: what comes after the product is the same before and after the weights are laid out."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from archive_search.models.packed_linear import PackedLinear


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("rows", [1, 7, 300])
def test_gelu_and_addition(packed: bool, dtype: torch.dtype, rows: int) -> None:
    """A layer is the product with its bias, with GELU after it or with something added."""
    torch.manual_seed(0)
    x, added = torch.randn(2, rows, 64, dtype=dtype), torch.randn(2, rows, 96, dtype=dtype)
    plain, gelu = (PackedLinear(64, 96, gelu=gelu).to(dtype).requires_grad_(False) for gelu in (False, True))
    product = x.float() @ plain.weight.float().T + plain.bias.float()
    product_before_gelu = x.float() @ gelu.weight.float().T + gelu.bias.float()
    if packed:
        plain.pack(64)
        gelu.pack(64)
    tolerance = 1e-5 if dtype == torch.float32 else 0.05
    assert torch.allclose(plain(x).float(), product, atol=tolerance)
    assert torch.allclose(plain(x, added).float(), product + added.float(), atol=tolerance)
    assert torch.allclose(gelu(x).float(), F.gelu(product_before_gelu), atol=tolerance)


def test_packing_keeps_nothing_twice() -> None:
    """Once the weights are laid out anew, they are no longer held as they were."""
    layer = PackedLinear(64, 96)
    layer.pack(8)
    assert layer.weight.numel() == 0
