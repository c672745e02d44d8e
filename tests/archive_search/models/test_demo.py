"""The demo encoder: sizes, reading and writing of its one file, and what it has learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from archive_search.embedders.demo import WEIGHTS
from archive_search.models.demo import PAD, START, DemoConfig, DemoEncoder
from archive_search.models.demo_words import Vocabulary
from archive_search.types import EmbedderError

TINY = DemoConfig(words=4, image_size=32, stem=4, widths=(4, 8), text_width=8, text_length=5, text_heads=2, dim=6)


@pytest.fixture
def tiny() -> DemoEncoder:
    """An untrained network of a few weights that knows two words."""
    torch.manual_seed(0)
    return DemoEncoder(TINY, Vocabulary(("axe", "pot"), {"økse": "axe"})).eval()


def test_text_becomes_rows_of_the_word_table(tiny: DemoEncoder) -> None:
    """A text is the start row, then its known words, padded or cut to the length of the network."""
    assert tiny.tokens("pot økse").tolist() == [START, 3, 2, PAD, PAD]
    assert tiny.tokens("axe axe axe axe axe axe").tolist() == [START, 2, 2, 2, 2]
    assert tiny.tokens("hafted").tolist() == [START, PAD, PAD, PAD, PAD]


def test_padding_does_not_change_a_text(tiny: DemoEncoder) -> None:
    """The vector of a text is the same however much padding follows."""
    short, long = torch.tensor([[START, 2]]), torch.tensor([[START, 2, PAD, PAD]])
    assert torch.allclose(tiny.encode_text(short), tiny.encode_text(long), atol=1e-6)


def test_order_of_words_counts(tiny: DemoEncoder) -> None:
    """The text tower sees where a word stands."""
    assert not torch.allclose(
        tiny.encode_text(tiny.tokens("axe pot")[None]), tiny.encode_text(tiny.tokens("pot axe")[None])
    )


def test_a_saved_network_reads_back(tiny: DemoEncoder, tmp_path: Path) -> None:
    """What `save` writes, `from_checkpoint` reads: the same sizes, words and, to 16 bits, the same vectors."""
    tiny.save(tmp_path / "tiny.safetensors", licence="MIT")
    again = DemoEncoder.from_checkpoint(tmp_path / "tiny.safetensors")
    assert again.config == TINY
    assert again.vocabulary == tiny.vocabulary
    assert not again.training
    pictures = torch.arange(2 * 3 * 32 * 32).remainder(256).to(torch.uint8).view(2, 3, 32, 32)
    assert torch.allclose(again.encode_image(pictures), tiny.encode_image(pictures), atol=5e-3)


def test_weights_of_another_size_are_refused(tiny: DemoEncoder, tmp_path: Path) -> None:
    """A file whose weights do not fit the sizes that it states is an error that names the file."""
    tiny.config = replace(TINY, dim=7)
    tiny.save(tmp_path / "odd.safetensors")
    with pytest.raises(EmbedderError, match=r"odd\.safetensors"):
        DemoEncoder.from_checkpoint(tmp_path / "odd.safetensors")


def test_other_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    """A missing file, and a file that is something else, raise an error that names the file."""
    (tmp_path / "other.safetensors").write_bytes(b"not weights")
    for name in ("other.safetensors", "none.safetensors"):
        with pytest.raises(EmbedderError, match=name):
            DemoEncoder.from_checkpoint(tmp_path / name)


def test_the_shipped_file_is_small_and_says_how_it_was_trained() -> None:
    """The weights in the package stay under 10 MB, are stored in 16 bits and carry settings and licence."""
    assert WEIGHTS.stat().st_size < 10_000_000
    with safe_open(WEIGHTS, framework="np") as file:
        assert {"config", "vocabulary", "trained", "licence"} <= set(file.metadata())
        assert all(file.get_tensor(name).dtype == np.float16 for name in file.keys())  # noqa: SIM118
