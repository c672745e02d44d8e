"""The pictures that the demo encoder learns from: drawn once into a file, changed a little each time they are shown."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch import Tensor
from torch.nn import functional as F

import archive_search.sample
from archive_search.embedders.demo import fit_square
from archive_search.sample.depiction import Depiction, random_depiction
from archive_search.sample.draw import draw

Pool: TypeAlias = NDArray[np.uint8]
"""Stored pictures, (n, POOL_SIDE, POOL_SIDE, 3)."""

HELD_OUT_EVERY = 16
"""Every sixteenth seed is never trained on: the measures are taken on those."""
POOL_SIDE = 128
"""Pixels on a side of a stored picture; more than the network sees, so that it can be turned and enlarged."""


def training_depictions(count: int, seed: int) -> list[Depiction]:
    """Choose depictions to learn from; none has a held-out seed."""
    rng = np.random.default_rng(seed)
    chosen = [random_depiction(rng) for _ in range(count)]
    return [replace(d, seed=d.seed + 1) if d.seed % HELD_OUT_EVERY == 0 else d for d in chosen]


def held_out_depictions(count: int, seed: int) -> list[Depiction]:
    """Choose depictions to judge by; each has a seed that training never drew."""
    rng = np.random.default_rng(seed)
    chosen = [random_depiction(rng) for _ in range(count)]
    return [replace(d, seed=d.seed - d.seed % HELD_OUT_EVERY) for d in chosen]


def draw_pool(depictions: list[Depiction], cache: Path, processes: int = 2) -> Pool:
    """Draw into a file of the cache directory, or find there what was drawn of the same depictions by the same code."""
    drawn_by = sorted(Path(archive_search.sample.__file__).parent.rglob("*.py"))
    made_of = repr(depictions).encode() + b"".join(file.read_bytes() for file in (*drawn_by, Path(__file__)))
    path = cache / f"pool-{hashlib.sha256(made_of).hexdigest()[:16]}.bytes"
    shape = (len(depictions), POOL_SIDE, POOL_SIDE, 3)
    if path.exists():
        return np.memmap(path, np.uint8, "r", shape=shape)
    partial = path.with_suffix(".partial")
    pool = np.memmap(partial, np.uint8, "w+", shape=shape)
    with multiprocessing.get_context("spawn").Pool(processes) as workers:
        for i, picture in enumerate(workers.imap(_stored, depictions, chunksize=32)):
            pool[i] = picture
            if i % 2000 == 1999:
                print(f"drew {i + 1} of {len(depictions)}", flush=True)
    pool.flush()
    partial.rename(path)
    return np.memmap(path, np.uint8, "r", shape=shape)


def _stored(depiction: Depiction) -> NDArray[np.uint8]:
    """Draw one picture as a museum might hold it: at some size, now and then soft or compressed."""
    rng = np.random.default_rng(depiction.seed)
    picture = draw(depiction, size=256 if rng.random() < 0.2 else POOL_SIDE)
    if rng.random() < 0.25:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.2)) * picture.width / 256))
    if rng.random() < 0.4:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=int(rng.integers(30, 90)))
        picture = Image.open(file)
    return np.asarray(fit_square(picture, POOL_SIDE))


@dataclass(frozen=True)
class Augment:
    """How far a picture is changed when it is shown: shares of its size, radians, shares of its light."""

    zoom: tuple[float, float] = (0.8, 1.12)
    stretch: float = 0.08
    move: float = 0.07
    turn: float = 0.15
    light: float = 0.15
    tint: float = 0.04
    noise: float = 0.015


def augmented(pictures: Tensor, side: int, generator: torch.Generator, how: Augment) -> Tensor:
    """Show (B, 3, S, S) uint8 pictures a little differently, as (B, 3, side, side) uint8."""
    B = len(pictures)

    def spread(amount: float, *shape: int) -> Tensor:
        return (torch.rand(B, *shape, generator=generator) * 2 - 1) * amount

    zoom = how.zoom[0] + (how.zoom[1] - how.zoom[0]) * torch.rand(B, generator=generator)
    sx, sy = 1 / (zoom * (1 + spread(how.stretch))), 1 / (zoom * (1 + spread(how.stretch)))
    sx = sx * torch.where(torch.rand(B, generator=generator) < 0.5, -1.0, 1.0)
    angle = spread(how.turn)
    c, s = angle.cos(), angle.sin()
    theta = torch.stack(
        [torch.stack([sx * c, -sy * s, spread(how.move)], 1), torch.stack([sx * s, sy * c, spread(how.move)], 1)], 1
    )  # (B, 2, 3)
    grid = F.affine_grid(theta, [B, 3, side, side], align_corners=False)
    shown = F.grid_sample(pictures.float(), grid, padding_mode="border", align_corners=False)
    contrast = (1 + spread(how.light, 1, 1, 1)) * (1 + spread(how.tint, 3, 1, 1))
    shown.sub_(128).mul_(contrast).add_(128 + spread(255 * how.light / 2, 1, 1, 1))
    grain = torch.randn(16, 3, side, side, generator=generator).mul_(255 * how.noise)
    shown.add_(grain[torch.randint(16, (B,), generator=generator)])
    return shown.clamp_(0, 255).to(torch.uint8)


def batches(kinds: list[str], size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """
    Choose pictures for one batch after another, for ever.

    Half of each batch is drawn from three kinds only, so that a caption must be told from many others of its kind.
    """
    of = {kind: np.flatnonzero(np.array(kinds) == kind) for kind in sorted(set(kinds))}
    everything = np.arange(len(kinds))
    while True:
        some = np.concatenate([of[str(kind)] for kind in rng.choice(list(of), min(3, len(of)), replace=False)])
        half = size // 2
        anything = rng.choice(everything, size - half, replace=False)
        yield np.concatenate([anything, rng.choice(some, half, replace=False)])
