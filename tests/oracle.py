"""The official ImageBind network, from the development-only package `imagebind-packaged`; only to compare with."""

from __future__ import annotations

import importlib.metadata
import sys
import types
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch

from archive_search.models.imagebind import HUGE, ImageBindConfig


class _Identity(torch.nn.Module):
    """What DropPath does once training is over."""

    def __init__(self, *_: object) -> None:
        super().__init__()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Nothing."""
        return x


def package() -> Path:
    """Where the official package lies; the test is skipped where it is not installed."""
    try:
        distribution = importlib.metadata.distribution("imagebind-packaged")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the oracle is not installed: pip install --no-deps imagebind-packaged==0.1.2")
    return Path(str(distribution.locate_file("imagebind")))


def _import(name: str) -> Any:
    """Import a module of the package, whose own beginning needs packages that no longer exist."""
    if "imagebind" not in sys.modules:
        stubs = {one: types.ModuleType(one) for one in ("imagebind", "timm", "timm.models", "timm.models.layers")}
        stubs["imagebind"].__path__ = [str(package())]
        stubs["timm"].__path__ = stubs["timm.models"].__path__ = []
        stubs["timm.models.layers"].trunc_normal_ = torch.nn.init.trunc_normal_  # type: ignore[attr-defined]
        stubs["timm.models.layers"].DropPath = _Identity  # type: ignore[attr-defined]
        sys.modules.update(stubs)
    return importlib.import_module(name)


def blank(config: ImageBindConfig) -> Any:
    """The official network of this size on the meta device; of small ones, what is not used here is tiny."""
    package()
    sizes = {
        f"{tower}_{theirs}": getattr(getattr(config, tower), ours)
        for tower in ("vision", "text", "audio")
        for theirs, ours in (("embed_dim", "width"), ("num_blocks", "layers"), ("num_heads", "heads"))
    }
    if config != HUGE:
        for tower in ("depth", "thermal", "imu"):
            sizes |= {f"{tower}_embed_dim": 16, f"{tower}_num_blocks": 1, f"{tower}_num_heads": 2}
    linspace = partial(torch.linspace, device="cpu")  # whose values the official constructor looks at
    with patch("torch.linspace", linspace), torch.device("meta"):
        made = _import("imagebind.models.imagebind_model").ImageBindModel(**sizes, out_embed_dim=config.dim)
    return made.eval()


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
    vocabulary = package() / "bpe" / "bpe_simple_vocab_16e6.txt.gz"
    return _import("imagebind.models.multimodal_preprocessors").SimpleTokenizer(str(vocabulary))


def encode(official: Any, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Rows of length 1 by modality."""
    with torch.inference_mode():
        return {name: torch.nn.functional.normalize(row, dim=-1) for name, row in official(inputs).items()}
