"""Pictures as pixels of a size for a model: as Pillow makes them smaller, in a third of its time."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

_MODES = {Image.Resampling.BICUBIC: "bicubic", Image.Resampling.BILINEAR: "bilinear"}


def resized(picture: Image.Image, size: tuple[int, int], resample: Image.Resampling) -> NDArray[np.uint8]:
    """
    The pixels of an RGB picture brought to a size (width, height), as (height, width, 3).

    The filters are Pillow's. Torch computes them with the processor's vector instructions; a picture that becomes
    smaller then differs by two levels of 256 at most, mostly in no pixel in a hundred. One that becomes larger, or a
    tall one, would differ by more: Pillow makes it.
    """
    width, height = size
    larger, tall = width > picture.width or height > picture.height, picture.height > 2 * picture.width
    if resample not in _MODES or larger or tall:  # of a tall one Pillow shortens the columns first, then the rows
        return np.asarray(picture.resize(size, resample))
    # as Pillow keeps pixels, side by side: the layout that the fast way takes
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]  # (1, 3, H, W)
    made = F.interpolate(pixels, (height, width), mode=_MODES[resample], antialias=True)
    found: NDArray[np.uint8] = made[0].permute(1, 2, 0).numpy()
    return found


def channels_first(pixels: NDArray[np.uint8]) -> Tensor:
    """
    Pixels (height, width, 3) as (3, height, width).

    Copied by numpy: torch would wake its pool of threads for it, one pool for each thread that loads pictures, and they
    would take the cores from the model.
    """
    return torch.from_numpy(np.array(pixels.transpose(2, 0, 1), order="C"))
