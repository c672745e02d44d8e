"""Pictures and frames as the vision towers of CLIP and ImageBind see them: 224 x 224 pixels, in the colours of CLIP."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

SIDE = 224
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def square(picture: Image.Image, side: int = SIDE) -> Tensor:
    """
    The middle of a picture whose shorter side was scaled to `side` (bicubic), as (3, side, side) uint8.

    The same pixels as scaling it whole and cropping it then, but only what will be seen is computed: a scroll of
    30,000 x 10 pixels would become one of 672,000 x 224.
    """
    picture = picture if picture.mode == "RGB" else picture.convert("RGB")
    lengths = [side * length // min(picture.size) for length in picture.size]  # of the scaled picture
    box: list[tuple[float, float]] = []
    sizes: list[int] = []
    starts: list[int] = []
    for length, scaled in zip(picture.size, lengths, strict=True):
        first = round((scaled - side) / 2)
        # the filter looks at four pixels, of the scaled picture or of the original, whichever are larger
        margin = 2 + math.ceil(2 * max(1, scaled / length))
        low, high = max(first - margin, 0), min(first + side + margin, scaled)
        box.append((low * length / scaled, high * length / scaled))
        sizes.append(high - low)
        starts.append(first - low)
    (left, right), (top, bottom) = box
    seen = picture.resize((sizes[0], sizes[1]), Image.Resampling.BICUBIC, (left, top, right, bottom))
    middle = seen.crop((starts[0], starts[1], starts[0] + side, starts[1] + side))
    return torch.from_numpy(np.array(middle)).permute(2, 0, 1).contiguous()


def views(frames: Tensor, side: int = SIDE) -> Tensor:
    """
    Three squares that cover each frame, or one of a square frame, its shorter side scaled to `side` (bilinear).

    Args:
        frames: (T, 3, H, W) uint8.

    Returns:
        (1 or 3, 3, T, side, side) uint8.
    """
    height, width = (side * length // min(frames.shape[2:]) for length in frames.shape[2:])
    scaled = F.interpolate(frames.float(), (height, width), mode="bilinear").round_().clamp_(0, 255).byte()
    spare = max(height, width) - side
    starts = (0, math.ceil(spare / 2), spare) if spare else (0,)
    squares = [
        scaled[:, :, start : start + side] if height > width else scaled[..., start : start + side] for start in starts
    ]
    return torch.stack(squares).transpose(1, 2).contiguous()


def normalised(pixels: Tensor) -> Tensor:
    """Map (B, 3, ...) uint8 to float32 of mean 0 and deviation 1 over the pictures that CLIP was trained on."""
    shape = (3, *[1] * (pixels.ndim - 2))
    mean = torch.tensor(MEAN, device=pixels.device).view(shape)
    std = torch.tensor(STD, device=pixels.device).view(shape)
    return pixels.float().div_(255).sub_(mean).div_(std)
