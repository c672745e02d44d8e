"""A linear layer that can lay out its weights for this processor and fold the operations after it into the product."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PackedLinear(nn.Linear):
    """
    nn.Linear, with GELU after it or with something added to what comes out.

    Once `pack` is called, oneDNN reads the weights in its own layout, which saves rearranging them for every product,
    and does GELU and addition while the product is still in the cache. The result is the same but for rounding.
    """

    def __init__(self, inside: int, outside: int, bias: bool = True, gelu: bool = False) -> None:
        super().__init__(inside, outside, bias)
        self.gelu = gelu
        self.packed: Tensor | None = None

    def pack(self, rows: int) -> None:
        """Lay out the weights for products with about `rows` rows; they can be used for products only, from then on."""
        if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
            return
        self.packed = torch.ops.mkldnn._reorder_linear_weight(self.weight.detach(), rows)
        self.weight = nn.Parameter(self.weight.new_empty(0), requires_grad=False)

    def forward(self, x: Tensor, added: Tensor | None = None) -> Tensor:
        """Map (..., inside) to (..., outside)."""
        if self.packed is None:
            y: Tensor = super().forward(x)
            y = F.gelu(y) if self.gelu else y
            return y if added is None else added + y
        product = torch.ops.mkldnn._linear_pointwise
        if self.gelu:
            assert added is None
            y = product(x, self.packed, self.bias, "gelu", [], "none")
        elif added is None:
            y = product(x, self.packed, self.bias, "none", [], "")
        else:
            y = product.binary(x, added, self.packed, self.bias, "add")
        return y
