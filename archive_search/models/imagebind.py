"""
ImageBind: pictures, video, text and sound in one space of vectors.

Girdhar et al. 2023, https://arxiv.org/abs/2305.05665: a vision transformer for pictures and video (as in CLIP), the
text transformer of CLIP, and an audio transformer over mel spectrograms (AST, https://arxiv.org/abs/2104.01778).
Written from the papers and the names and shapes in the official checkpoint, whose parameters keep their names here.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from archive_search.models.checkpoints import Shapes, differences, shapes
from archive_search.models.memory import release, trim
from archive_search.models.packed_linear import PackedLinear
from archive_search.types import EmbedderError

Tower: TypeAlias = Literal["vision", "text", "audio"]
TOWERS: tuple[Tower, ...] = ("vision", "text", "audio")


@dataclass(frozen=True)
class TowerConfig:
    """Sizes of one transformer."""

    width: int
    layers: int
    heads: int


@dataclass(frozen=True)
class ImageBindConfig:
    """Sizes of the network; the defaults are those of `imagebind_huge`, the only one whose weights are public."""

    vision: TowerConfig = TowerConfig(1280, 32, 16)
    text: TowerConfig = TowerConfig(1024, 24, 16)
    audio: TowerConfig = TowerConfig(768, 12, 12)
    dim: int = 1024
    side: int = 224
    patch: int = 14
    frames: int = 2
    words: int = 49408
    text_length: int = 77
    mel_bins: int = 128
    mel_frames: int = 204
    audio_patch: int = 16
    audio_stride: int = 10


HUGE = ImageBindConfig()


# ------------------------------------------------------------------ the transformer


class Attention(nn.Module):
    """Self-attention; with `bias_kv` every token may also attend to one learnt key and value."""

    def __init__(self, width: int, heads: int, bias_kv: bool) -> None:
        super().__init__()
        self.heads = heads
        self.in_proj = PackedLinear(width, 3 * width)
        self.out_proj = PackedLinear(width, width)
        self.bias_k = nn.Parameter(torch.zeros(1, 1, width)) if bias_kv else None
        self.bias_v = nn.Parameter(torch.zeros(1, 1, width)) if bias_kv else None

    def forward(self, x: Tensor, added: Tensor, causal: bool, read: Tensor | None) -> Tensor:
        """Map (B, L, D) to (B, L, D), or to (B, 1, D) for the tokens at `read` (B,), and add `added`."""
        B, L, D = x.shape
        q, k, v = self.in_proj(x).chunk(3, dim=-1)  # (B, L, D) each
        mask = None
        if read is not None:
            q = at(q, read)
            if causal:
                mask = (torch.arange(L, device=x.device) <= read[:, None])[:, None, None]  # (B, 1, 1, L)
        if self.bias_k is not None and self.bias_v is not None:
            k = torch.cat([k, self.bias_k.expand(B, 1, D)], 1)
            v = torch.cat([v, self.bias_v.expand(B, 1, D)], 1)
        q, k, v = (one.unflatten(-1, (self.heads, -1)).transpose(1, 2) for one in (q, k, v))  # (B, h, L, d)
        attended = attend(q, k, v, mask, causal and read is None).transpose(1, 2).flatten(2)  # (B, L, D)
        projected: Tensor = self.out_proj(attended, added)
        return projected


class Mlp(nn.Module):
    """Two layers, four times as wide between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = PackedLinear(width, 4 * width, gelu=True)
        self.fc2 = PackedLinear(4 * width, width)

    def forward(self, x: Tensor, added: Tensor) -> Tensor:
        """Map (B, L, D) to (B, L, D) and add `added`."""
        projected: Tensor = self.fc2(self.fc1(x), added)
        return projected


class Block(nn.Module):
    """Attention and a two-layer network, each with its input normalised before and added after."""

    def __init__(self, tower: TowerConfig, bias_kv: bool) -> None:
        super().__init__()
        self.norm_1 = nn.LayerNorm(tower.width, eps=1e-6)
        self.attn = Attention(tower.width, tower.heads, bias_kv)
        self.norm_2 = nn.LayerNorm(tower.width, eps=1e-6)
        self.mlp = Mlp(tower.width)

    def forward(self, x: Tensor, causal: bool, read: Tensor | None = None) -> Tensor:
        """Map (B, L, D) to (B, L, D), or to (B, 1, D) for the tokens at `read`."""
        x = self.attn(self.norm_1(x), x if read is None else at(x, read), causal, read)
        mapped: Tensor = self.mlp(self.norm_2(x), x)
        return mapped


class Trunk(nn.Module):
    """The blocks of one tower."""

    def __init__(self, tower: TowerConfig, norm_before: bool = False, bias_kv: bool = False) -> None:
        super().__init__()
        if norm_before:
            self.pre_transformer_layer = nn.Sequential(nn.LayerNorm(tower.width, eps=1e-6))
        self.norm_before = norm_before
        self.blocks = nn.ModuleList(Block(tower, bias_kv) for _ in range(tower.layers))

    def forward(self, x: Tensor, read: Tensor, causal: bool = False) -> Tensor:
        """Map (B, L, D) to (B, D): the token at `read` (B,), for which alone the last block is computed in full."""
        if self.norm_before:
            x = self.pre_transformer_layer(x)
        for number, block in enumerate(self.blocks, 1):
            x = block(x, causal, read if number == len(self.blocks) else None)
        return x[:, 0]


def at(x: Tensor, read: Tensor) -> Tensor:
    """The tokens (B, 1, D) at the places `read` (B,) of (B, L, D)."""
    return x[torch.arange(len(x), device=x.device), read][:, None]


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
    """Scaled dot-product attention of (B, h, L, d)."""
    if q.device.type == "cpu" and q.dtype == torch.bfloat16 and mask is None and not causal:
        return _attend_by_products(q, k, v)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)


def _attend_by_products(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """
    The same, three times as fast on a CPU: the fused kernel of torch 2.13 does not reach its bfloat16 units.

    Input by input, so that the scores of all heads stay in the cache.
    """
    attended = q.new_empty(q.shape[0], q.shape[2], q.shape[1], q.shape[3])  # (B, L, h, d)
    nothing = q.new_zeros(1)
    for result, one_q, one_k, one_v in zip(attended, q, k, v, strict=True):  # (h, L, d) each
        scores = torch.baddbmm(nothing, one_q.contiguous(), one_k.contiguous().mT, beta=0, alpha=q.shape[-1] ** -0.5)
        result.copy_(torch.bmm(scores.softmax(-1), one_v.contiguous()).transpose(0, 1))
    return attended.transpose(1, 2)


# ------------------------------------------------------------------ from inputs to tokens


class Vision(nn.Module):
    """Patches of a picture, or of two frames at once, after a class token."""

    def __init__(self, config: ImageBindConfig) -> None:
        super().__init__()
        width, patches = config.vision.width, (config.side // config.patch) ** 2
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        conv = nn.Conv3d(3, width, (config.frames, config.patch, config.patch), bias=False)
        self.rgbt_stem = nn.ModuleDict({"proj": nn.Sequential(nn.Identity(), conv)})
        self.pos_embedding_helper = nn.ParameterDict({"pos_embed": torch.zeros(1, 1 + patches, width)})
        self.patch = config.patch

    def forward(self, pixels: Tensor) -> Tensor:
        """Map normalised pictures (B, 3, S, S) or pairs of frames (B, 3, 2, S, S) to (B, L, D)."""
        weight: Tensor = self.get_parameter("rgbt_stem.proj.1.weight")  # (D, 3, 2, P, P)
        if pixels.ndim == 4:  # a still picture is a film in which nothing moves: both frames see the same
            weight = weight.sum(2)
        else:
            weight, pixels = weight.flatten(1, 2), pixels.flatten(1, 2)
        patches = F.conv2d(pixels.to(weight.dtype), weight, stride=self.patch)  # (B, D, S/P, S/P)
        return _tokens(patches.flatten(2).mT, self.cls_token, self.pos_embedding_helper["pos_embed"])


class Text(nn.Module):
    """Word pieces."""

    def __init__(self, config: ImageBindConfig) -> None:
        super().__init__()
        self.pos_embed = nn.Parameter(torch.zeros(1, config.text_length, config.text.width))
        # not drawn at random: on the meta device that would import the compiler of torch, which takes a second
        table = torch.empty(config.words, config.text.width)
        self.token_embedding = nn.Embedding.from_pretrained(table)  # type: ignore[no-untyped-call]

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (B, L) to (B, L, D)."""
        embedded: Tensor = self.token_embedding(tokens) + self.pos_embed[:, : tokens.shape[1]]
        return embedded


class Audio(nn.Module):
    """Overlapping patches of a mel spectrogram after a class token."""

    def __init__(self, config: ImageBindConfig) -> None:
        super().__init__()
        width, patch, stride = config.audio.width, config.audio_patch, config.audio_stride
        patches = ((config.mel_bins - patch) // stride + 1) * ((config.mel_frames - patch) // stride + 1)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        conv = nn.Conv2d(1, width, patch, stride, bias=False)
        self.rgbt_stem = nn.ModuleDict({"proj": conv, "norm_layer": nn.LayerNorm(width)})
        self.pos_embedding_helper = nn.ParameterDict({"pos_embed": torch.zeros(1, 1 + patches, width)})

    def forward(self, mel: Tensor) -> Tensor:
        """Map (B, 1, bins, frames) to (B, L, D)."""
        patches = self.rgbt_stem["proj"](mel.to(self.cls_token.dtype)).flatten(2).mT  # (B, L - 1, D)
        return _tokens(self.rgbt_stem["norm_layer"](patches), self.cls_token, self.pos_embedding_helper["pos_embed"])


def _tokens(patches: Tensor, first: Tensor, places: Tensor) -> Tensor:
    return torch.cat([first.expand(len(patches), -1, -1), patches], 1) + places


class TextHead(nn.Module):
    """The last normalisation and the projection, under the names that the checkpoint has for text."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Sequential(nn.LayerNorm(width, eps=1e-6), nn.Linear(width, dim, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, D) to (B, dim)."""
        projected: Tensor = self.proj(x)
        return projected


def _head(width: int, dim: int) -> nn.Sequential:
    return nn.Sequential(nn.LayerNorm(width, eps=1e-6), nn.Identity(), nn.Linear(width, dim, bias=False))


# ------------------------------------------------------------------ the network


class ImageBind(nn.Module):
    """The towers that were asked for."""

    def __init__(self, config: ImageBindConfig = HUGE, towers: Sequence[Tower] = TOWERS) -> None:
        super().__init__()
        self.config = config
        self.modality_preprocessors = nn.ModuleDict()
        self.modality_trunks = nn.ModuleDict()
        self.modality_heads = nn.ModuleDict()
        if "vision" in towers:
            self.modality_preprocessors["vision"] = Vision(config)
            self.modality_trunks["vision"] = Trunk(config.vision, norm_before=True)
            self.modality_heads["vision"] = _head(config.vision.width, config.dim)
        if "text" in towers:
            self.modality_preprocessors["text"] = Text(config)
            self.modality_trunks["text"] = Trunk(config.text)
            self.modality_heads["text"] = TextHead(config.text.width, config.dim)
        if "audio" in towers:
            self.modality_preprocessors["audio"] = Audio(config)
            self.modality_trunks["audio"] = Trunk(config.audio, bias_kv=True)
            self.modality_heads["audio"] = _head(config.audio.width, config.dim)

    def encode_image(self, pixels: Tensor) -> Tensor:
        """Map normalised pictures (B, 3, 224, 224), or frames (B, 3, 2, 224, 224), to (B, dim) rows of length 1."""
        return self._encode("vision", pixels, torch.zeros(len(pixels), dtype=torch.long, device=pixels.device))

    def encode_text(self, tokens: Tensor) -> Tensor:
        """Map (B, up to 77) word pieces to (B, dim) rows of length 1, read at the end token, the highest of all."""
        end = tokens.argmax(1)
        tokens = tokens[:, : int(end.max()) + 1]  # what stands after the end has no part in it
        return self._encode("text", tokens, end, causal=True)

    def encode_audio(self, mel: Tensor) -> Tensor:
        """Map normalised mel spectrograms (B, 1, 128, 204) to (B, dim) rows of length 1."""
        return self._encode("audio", mel, torch.zeros(len(mel), dtype=torch.long, device=mel.device))

    def _encode(self, tower: Tower, inputs: Tensor, read: Tensor, causal: bool = False) -> Tensor:
        x = self.modality_preprocessors[tower](inputs)
        x = self.modality_trunks[tower](x, read, causal=causal)
        return F.normalize(self.modality_heads[tower](x.float()), dim=-1)

    @classmethod
    def from_checkpoint(
        cls,
        path: Path,
        towers: Sequence[Tower] = TOWERS,
        dtype: torch.dtype = torch.float32,
        config: ImageBindConfig = HUGE,
        packed: bool = False,
    ) -> ImageBind:
        """
        Read towers from a file in the official format; nothing else of it is read.

        Args:
            dtype: of the transformers; the heads compute in float32.
            packed: lay out the large weights for this processor, which is worth it where they are bfloat16.

        Raises:
            EmbedderError: If the file is missing, cut short or no checkpoint of this network.
        """
        check(path, config, towers)
        with torch.device("meta"):
            model = cls(config, towers)
        state = _read(path)
        for place, module in model.named_modules():
            for last, _ in list(module.named_parameters(recurse=False)):
                stored = state.pop(_theirs(f"{place}.{last}"))
                converted = stored.to(torch.float32 if place.startswith("modality_heads.") else dtype)
                setattr(module, last, nn.Parameter(converted, requires_grad=False))
                if converted is not stored:
                    release(stored)
            if packed and isinstance(module, PackedLinear):  # one by one: all weights twice need not fit
                module.pack(rows=32 if ".text." in place else 2048)
        trim()
        return model.eval()


# ------------------------------------------------------------------ the checkpoint


def expected(path: Path) -> Shapes:
    """The shapes by name that the official checkpoint holds, of the towers that are used here."""
    return shapes_of(HUGE, TOWERS)


def shapes_of(config: ImageBindConfig, towers: Sequence[Tower]) -> Shapes:
    """The shapes by name that a checkpoint with these towers must hold."""
    with torch.device("meta"):
        model = ImageBind(config, towers)
    return {_theirs(name): tuple(value.shape) for name, value in model.state_dict().items()}


def check(path: Path, config: ImageBindConfig = HUGE, towers: Sequence[Tower] = TOWERS) -> None:
    """
    Hold the names and shapes in a file to those of the network; takes a fraction of a second.

    Raises:
        EmbedderError: If the file is missing, cut short, no checkpoint, or of another network.
    """
    found, due = shapes(path), shapes_of(config, towers)
    problems = differences(found, due)
    if unknown := sorted(name for name in found.keys() - due.keys() if _belongs(name, towers)):
        problems.append(f"{len(unknown)} keys are not of this network: {', '.join(unknown[:5])}.")
    if problems:
        raise EmbedderError(f"{path} does not fit ImageBind. {' '.join(problems)}")


_WITHOUT_PART = ("modality_preprocessors.text.mask", "modality_postprocessors.")
"""The causal mask, and the temperatures of training, which change no vector of length 1."""


def _belongs(name: str, towers: Sequence[Tower]) -> bool:
    return name.split(".")[1:2] in [[tower] for tower in towers] and not name.startswith(_WITHOUT_PART)


def _theirs(name: str) -> str:
    """The checkpoint's name of a parameter; only that of the first projection of attention differs from ours."""
    return name.replace(".in_proj.", ".in_proj_")


def _read(path: Path) -> dict[str, Tensor]:
    """Everything in the file, mapped into memory: what is not used is never read."""
    try:
        state: dict[str, Tensor] = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError) as error:
        raise EmbedderError(f"{path} cannot be read as a checkpoint: {error}") from error
    return state
