"""Pixels of a picture as a model takes them, without threads of torch's own."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def channels_first(pixels: NDArray[np.uint8]) -> Tensor:
    """
    Pixels (height, width, 3) as (3, height, width).

    Copied by numpy: torch would wake its pool of threads for it, one pool for each thread that loads pictures, and they
    would take the cores from the model.
    """
    return torch.from_numpy(np.array(pixels.transpose(2, 0, 1), order="C"))
