"""Pixels as a preprocessor_config.json of transformers asks for them, made with Pillow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from archive_search.models.channels import channels_first
from archive_search.types import EmbedderError

_LONGEST = 8
"""Pictures longer than this, by their shorter side, are cropped before they are resized."""


@dataclass(frozen=True)
class Pixels:
    """
    How a picture becomes a tensor: resized, cropped in the middle, scaled, normalised.

    With `shortest` the shorter side is brought to that length and the middle of `size` is cut out; else the whole
    picture is brought to `size`, whatever its proportions. Sizes are (width, height).
    """

    size: tuple[int, int]
    shortest: int | None
    resample: Image.Resampling
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def read(cls, folder: Path, square: bool) -> Pixels:
        """
        The settings in a checkpoint's folder.

        Args:
            folder: Where preprocessor_config.json lies.
            square: What a plain number for the size means, as old files have it: both sides, or the shorter one.

        Raises:
            EmbedderError: If the file is missing or asks for what is not done here.
        """
        file = folder / "preprocessor_config.json"
        try:
            config = json.loads(file.read_text(encoding="utf-8"))
            return cls._of(config, square)
        except FileNotFoundError as error:
            raise EmbedderError(
                f"{folder} has no preprocessor_config.json: it says how pictures are prepared."
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EmbedderError(f"{file} cannot be used: {error}.") from error

    @classmethod
    def _of(cls, config: dict[str, Any], square: bool) -> Pixels:
        size = config["size"]
        if isinstance(size, int):
            size = {"height": size, "width": size} if square else {"shortest_edge": size}
        shortest = size.get("shortest_edge")
        if shortest is None:
            target = (int(size["width"]), int(size["height"]))
        else:
            crop = config.get("crop_size", shortest)
            target = (crop, crop) if isinstance(crop, int) else (int(crop["width"]), int(crop["height"]))
            if not config.get("do_center_crop", True) or max(target) > shortest:
                raise ValueError("pictures of differing sizes are not supported")
        normalise = config.get("do_normalize", True)
        return cls(
            size=target,
            shortest=shortest,
            resample=Image.Resampling(config.get("resample", 2 if square else 3)),
            scale=float(config.get("rescale_factor", 1 / 255)) if config.get("do_rescale", True) else 1.0,
            mean=tuple(config["image_mean"]) if normalise else (0.0, 0.0, 0.0),
            std=tuple(config["image_std"]) if normalise else (1.0, 1.0, 1.0),
        )

    def prepare(self, picture: Image.Image) -> Tensor:
        """One picture of any mode and size as (3, height, width) uint8; small enough to wait in a queue."""
        picture = _rgb(picture)
        if self.shortest is None:
            made = picture.resize(self.size, self.resample)
        else:
            made = self._middle(picture, self.shortest)
        return channels_first(np.asarray(made))

    def normalise(self, batch: Tensor) -> Tensor:
        """(n, 3, height, width) uint8 as the network takes it."""
        mean = torch.tensor(self.mean, device=batch.device)[:, None, None]  # (3, 1, 1)
        std = torch.tensor(self.std, device=batch.device)[:, None, None]
        return (batch.float() * self.scale - mean) / std

    def _middle(self, picture: Image.Image, shortest: int) -> Image.Image:
        """The middle of a picture whose shorter side is brought to a length."""
        whole = [int(shortest * length / min(picture.size)) for length in picture.size]
        left, top = ((length - crop) // 2 for length, crop in zip(whole, self.size, strict=True))
        width, height = self.size
        if max(whole) <= _LONGEST * shortest:
            resized = picture.resize((whole[0], whole[1]), self.resample)
            return resized.crop((left, top, left + width, top + height))
        # a strip of 30,000 x 10 would become 450 megabytes: only what is seen is resized, the same but for rounding
        across, down = (length / after for length, after in zip(picture.size, whole, strict=True))
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        return picture.resize(self.size, self.resample, box)


def _rgb(picture: Image.Image) -> Image.Image:
    """A picture as RGB, transparent parts on white, 16 bits a channel brought to 8."""
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.nan_to_num(np.asarray(picture).astype(np.float64))
        return Image.fromarray(np.clip(values / (257 if values.max() > 255 else 1), 0, 255).astype(np.uint8)).convert(
            "RGB"
        )
    if picture.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return picture.convert("RGB")
