"""
The demo encoder: a small text-image dual encoder that knows only drawings like those of the sample archive.

Two towers as in CLIP (Radford et al. 2021, https://arxiv.org/abs/2103.00020): a residual convolutional network
(He et al. 2016, https://arxiv.org/abs/1512.03385) for pictures and a transformer over a few hundred words for text.
Trained by `python -m training.train_demo`; see docs/explanation/demo-encoder.md for what it can and cannot do.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from archive_search.models.demo_words import Vocabulary
from archive_search.types import EmbedderError

PAD, START = 0, 1
"""Rows of the word table before the first word: no word, and the start of every text."""


@dataclass(frozen=True)
class DemoConfig:
    """Sizes of the network; stored in the checkpoint."""

    words: int
    image_size: int = 96
    stem: int = 24
    widths: tuple[int, ...] = (32, 64, 128, 256)
    text_width: int = 128
    text_length: int = 24
    text_layers: int = 2
    text_heads: int = 4
    dim: int = 256


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around which the input also passes."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outside)
        same = (inside, 1) == (outside, stride)
        self.skip = nn.Identity() if same else nn.Conv2d(inside, outside, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, inside, H, W) to (B, outside, H/stride, W/stride)."""
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.skip(x) + self.norm2(self.conv2(y)))


class ImageTower(nn.Module):
    """A picture to a vector: residual blocks, then the mean and the maximum over the picture."""

    def __init__(self, config: DemoConfig) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, config.stem, 3, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(config.stem)
        widths = (config.stem, *config.widths)
        self.blocks = nn.Sequential(
            *(ResidualBlock(a, b, 1 if i == 0 else 2) for i, (a, b) in enumerate(pairwise(widths)))
        )
        # centred, since rectified features share a large mean, in which training would collapse
        self.centre = nn.BatchNorm1d(2 * config.widths[-1])
        self.project = nn.Linear(2 * config.widths[-1], config.dim)

    def forward(self, pixels: Tensor) -> Tensor:
        """Map (B, 3, S, S) with values -1 to 1 to (B, dim)."""
        x = self.blocks(F.relu(self.norm(self.conv(pixels))))  # (B, C, S/16, S/16)
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)  # (B, 2C)
        projected: Tensor = self.project(self.centre(pooled))
        return projected


class TextBlock(nn.Module):
    """Self-attention and a two-layer network, each with its input added and normalised before."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (B, L, D) to (B, L, D); `mask` (B, 1, 1, L) is True at words."""
        B, L, D = x.shape
        qkv = self.qkv(self.norm1(x)).view(B, L, 3, self.heads, D // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (B, h, L, d) each
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.out(attended.transpose(1, 2).reshape(B, L, D))
        added: Tensor = x + self.mlp(self.norm2(x))
        return added


class TextTower(nn.Module):
    """Words to a vector: a transformer, then the mean over the words."""

    def __init__(self, config: DemoConfig) -> None:
        super().__init__()
        # not nn.Embedding: its normal_ imports 800 modules on the meta device, which is most of a second
        self.words = nn.Parameter(torch.empty(config.words, config.text_width).uniform_(-1.7, 1.7))
        self.places = nn.Parameter(torch.empty(config.text_length, config.text_width).uniform_(-1.7, 1.7))
        self.blocks = nn.ModuleList(TextBlock(config.text_width, config.text_heads) for _ in range(config.text_layers))
        self.norm = nn.LayerNorm(config.text_width)
        self.project = nn.Linear(config.text_width, config.dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (B, L) rows of the word table to (B, dim)."""
        real = tokens != PAD  # (B, L)
        x = F.embedding(tokens, self.words) + self.places[: tokens.shape[1]]  # (B, L, D)
        for block in self.blocks:
            x = block(x, real[:, None, None])
        x = self.norm(x) * real[..., None]
        projected: Tensor = self.project(x.sum(1) / real.sum(1, keepdim=True))
        return projected


class DemoEncoder(nn.Module):
    """Both towers, with the vocabulary that the text tower was trained on."""

    def __init__(self, config: DemoConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.config = config
        self.vocabulary = vocabulary
        self.image = ImageTower(config)
        self.text = TextTower(config)
        self._row = {word: row for row, word in enumerate(vocabulary.words, START + 1)}

    def tokens(self, text: str) -> Tensor:
        """Read a text as (L,) rows of the word table; words it does not know are left out, so are those too many."""
        rows = [self._row[word] for word in self.vocabulary.read(text).known][: self.config.text_length - 1]
        return torch.tensor([START, *rows, *[PAD] * (self.config.text_length - 1 - len(rows))], dtype=torch.int64)

    def encode_image(self, pictures: Tensor) -> Tensor:
        """Map (B, 3, S, S) uint8 pictures to (B, dim) rows of length 1."""
        pixels = pictures.float().div_(127.5).sub_(1).contiguous(memory_format=torch.channels_last)
        return F.normalize(self.image(pixels).float(), dim=1)

    def encode_text(self, tokens: Tensor) -> Tensor:
        """Map (B, L) rows of the word table to (B, dim) rows of length 1."""
        return F.normalize(self.text(tokens).float(), dim=1)

    def save(self, path: Path, **remarks: str) -> None:
        """Write one file with everything that `from_checkpoint` needs: 16-bit weights, sizes, vocabulary."""
        weights = {name: value for name, value in self.state_dict().items() if value.is_floating_point()}
        state = {name: value.half().contiguous() for name, value in weights.items()}
        vocabulary = {"words": self.vocabulary.words, "aliases": dict(self.vocabulary.aliases)}
        about = {"config": json.dumps(asdict(self.config)), "vocabulary": json.dumps(vocabulary, ensure_ascii=False)}
        save_file(state, path, about | remarks)

    @classmethod
    def from_checkpoint(cls, path: Path) -> DemoEncoder:
        """
        Read a network that `save` wrote; it computes in 32-bit.

        Raises:
            EmbedderError: If the file is missing or is no checkpoint of the demo encoder.
        """
        try:
            with safe_open(path, framework="pt") as file:
                about = file.metadata()
                sizes, language = json.loads(about["config"]), json.loads(about["vocabulary"])
                config = DemoConfig(**{**sizes, "widths": tuple(sizes["widths"])})
                vocabulary = Vocabulary(tuple(language["words"]), language["aliases"])
                state: dict[str, Tensor] = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
            with torch.device("meta"):
                model = cls(config, vocabulary)
            counters = (name for name, _ in model.named_buffers() if name.endswith("num_batches_tracked"))
            state |= {name: torch.tensor(0) for name in counters}  # they count in training and are not stored
            model.load_state_dict(state, strict=True, assign=True)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise EmbedderError(f"{path} is not a checkpoint of the demo encoder: {error}") from error
        return model.eval().requires_grad_(False)
