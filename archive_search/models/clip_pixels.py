"""Pictures and frames as the vision towers of CLIP and ImageBind see them: 224 x 224 pixels, in the colours of CLIP."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from archive_search.models.channels import channels_first

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
    x, y = (_Span.of(length, min(picture.size), side) for length in picture.size)
    # the box is relative to a part, since Pillow keeps it in 32 bits, too few for the far end of a scroll
    part = picture.crop((x.left, y.left, x.right, y.right))
    box = (x.low - x.left, y.low - y.left, x.high - x.left, y.high - y.left)
    seen = part.resize((x.pixels, y.pixels), Image.Resampling.BICUBIC, box)
    middle = seen.crop((x.start, y.start, x.start + side, y.start + side))
    return channels_first(np.asarray(middle))


class _Span(NamedTuple):
    """Of one axis: from `low` to `high` is resized to `pixels`, of which the middle begins at `start`."""

    low: float
    high: float
    left: int
    right: int
    pixels: int
    start: int

    @classmethod
    def of(cls, length: int, shorter: int, side: int) -> _Span:
        scaled = side * length // shorter
        first = round((scaled - side) / 2)
        # the filter looks at four pixels, of the scaled picture or of the original, whichever are larger
        margin = 2 + math.ceil(2 * max(1, scaled / length))
        begin, end = max(first - margin, 0), min(first + side + margin, scaled)
        low, high = begin * length / scaled, end * length / scaled
        return cls(low, high, math.floor(low), min(math.ceil(high), length), end - begin, first - begin)


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
