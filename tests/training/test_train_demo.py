"""The demo encoder can be trained again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch

from archive_search.models.demo import DemoEncoder
from training.drawings import HELD_OUT_EVERY, Augment, augmented, held_out_depictions, training_depictions
from training.train_demo import contrast


def test_contrast_counts_only_false_pairs_against_a_true_one() -> None:
    """A caption true of two pictures is compared with the third alone; one that is true of all teaches nothing."""
    logits = torch.tensor([[2.0, 3.0, 1.0], [5.0, 0.0, 0.0]])
    true = torch.tensor([[True, True, False], [True, True, True]])
    first = (torch.nn.functional.softplus(torch.tensor([1.0 - 2.0, 1.0 - 3.0]))).mean()
    assert torch.isclose(contrast(logits, true), first / 2)


def test_held_out_seeds_are_never_trained_on() -> None:
    """Training and measuring draw from seeds that have nothing in common."""
    assert all(depiction.seed % HELD_OUT_EVERY for depiction in training_depictions(300, 1))
    assert not any(depiction.seed % HELD_OUT_EVERY for depiction in held_out_depictions(300, 1))


def test_pictures_are_shown_differently_but_repeatably() -> None:
    """The same generator state shows the same pictures the same way, another one differently."""
    pictures = torch.arange(4 * 3 * 32 * 32).remainder(251).to(torch.uint8).view(4, 3, 32, 32)
    one, same, other = (augmented(pictures, 24, torch.Generator().manual_seed(seed), Augment()) for seed in (1, 1, 2))
    assert one.shape == (4, 3, 24, 24)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_command_writes_weights_that_load(tmp_path: Path) -> None:
    """A very short training run ends with a file that the embedder can read."""
    few = ["--steps", "2", "--pictures", "80", "--batch", "8", "--threads", "1"]
    where = ["--cache", str(tmp_path), "--output", str(tmp_path / "demo.safetensors")]
    command = [sys.executable, "-m", "training.train_demo", *few, *where]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert DemoEncoder.from_checkpoint(tmp_path / "demo.safetensors").config.dim == 256
