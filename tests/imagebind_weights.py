"""Random weights in the format of the official checkpoint, made without the official network."""

from __future__ import annotations

from pathlib import Path

import torch

from archive_search.models.imagebind import TOWERS, ImageBindConfig, TowerConfig, shapes_of

SMALL = ImageBindConfig(TowerConfig(64, 3, 4), TowerConfig(48, 3, 4), TowerConfig(32, 3, 4), dim=40)


def write_weights(path: Path, config: ImageBindConfig = SMALL, seed: int = 0) -> Path:
    """Write a checkpoint of this size: every tensor random, normalisations around 1."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, shape in shapes_of(config, TOWERS).items():
        around = 1.0 if len(shape) == 1 and "norm" in name and name.endswith("weight") else 0.0
        spread = 0.02 if len(shape) == 1 else min(0.1, torch.Size(shape[1:]).numel() ** -0.5)
        state[name] = torch.empty(shape).normal_(around, spread, generator=generator)
    torch.save(state, path)
    return path
