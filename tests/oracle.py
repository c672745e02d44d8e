"""The official ImageBind network, from the development-only package `imagebind-packaged`; only to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from archive_search.embedders import imagebind_official
from archive_search.models.imagebind import HUGE, ImageBindConfig
from archive_search.types import NotInstalledError


def package() -> Path:
    """Where the official package lies; the test is skipped where it is not installed."""
    try:
        return imagebind_official.package()
    except NotInstalledError as error:
        pytest.skip(str(error))


def blank(config: ImageBindConfig) -> Any:
    """The official network of this size on the meta device; of small ones, what is not used here is tiny."""
    package()
    sizes = imagebind_official.sizes(config)
    if config != HUGE:
        for tower in ("depth", "thermal", "imu"):
            sizes |= {f"{tower}_embed_dim": 16, f"{tower}_num_blocks": 1, f"{tower}_num_heads": 2}
    return imagebind_official.blank(**sizes)


def network(config: ImageBindConfig, seed: int = 0) -> Any:
    """The official network of this size with random weights, also where training begins with zeros."""
    made = blank(config)
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, value in made.state_dict().items():
        around = 1.0 if value.ndim == 1 and "norm" in name and name.endswith("weight") else 0.0
        spread = 0.02 if value.ndim < 2 else min(0.1, value[:1].numel() ** -0.5)
        state[name] = torch.empty(value.shape).normal_(around, spread, generator=generator)
    state["modality_preprocessors.text.mask"] = torch.full((77, 77), float("-inf")).triu(1)
    made.load_state_dict(state, assign=True)
    return made


def read(path: Path, config: ImageBindConfig) -> Any:
    """The official network with the weights in a file, which is mapped, not copied."""
    made = blank(config)
    made.load_state_dict(torch.load(path, mmap=True, weights_only=True), assign=True)
    return made


def tokenizer() -> Any:
    """The official tokenizer: a text to 77 tokens."""
    vocabulary = package() / imagebind_official.VOCABULARY
    return imagebind_official.official("multimodal_preprocessors").SimpleTokenizer(str(vocabulary))


def encode(official: Any, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Rows of length 1 by modality."""
    with torch.inference_mode():
        return {name: torch.nn.functional.normalize(row, dim=-1) for name, row in official(inputs).items()}
