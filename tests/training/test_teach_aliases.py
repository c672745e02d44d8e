"""Aliases can be added without training."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from archive_search.embedders.demo import WEIGHTS
from archive_search.models.demo import DemoConfig, DemoEncoder
from archive_search.models.demo_words import Vocabulary
from training.captions import FACTS
from training.teach_aliases import teach_aliases
from training.vocabulary import vocabulary


def test_shipped_aliases_are_those_of_the_file() -> None:
    """The weights in the package hold the words and aliases as they stand in `training/aliases.txt`."""
    assert DemoEncoder.from_checkpoint(WEIGHTS).vocabulary == vocabulary(FACTS)


def test_weights_and_remarks_stay(tmp_path: Path) -> None:
    """Teaching aliases changes neither a weight nor what the file says about its training."""
    copy = Path(shutil.copy(WEIGHTS, tmp_path))
    teach_aliases(copy)
    with safe_open(WEIGHTS, framework="np") as before, safe_open(copy, framework="np") as after:
        assert before.metadata()["trained"] == after.metadata()["trained"]
        names = list(before.keys())
        assert all(np.array_equal(before.get_tensor(name), after.get_tensor(name)) for name in names)


def test_new_words_need_training(tmp_path: Path) -> None:
    """Weights that were trained on other words are refused, and the error names them."""
    torch.manual_seed(0)
    other = DemoEncoder(DemoConfig(words=3, widths=(8,)), Vocabulary(("tribrach",), {}))
    other.save(tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="tribrach"):
        teach_aliases(tmp_path / "other.safetensors")
