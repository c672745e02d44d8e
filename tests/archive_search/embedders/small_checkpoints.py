"""Small checkpoints with random weights in the official format of transformers, of the official dimensions."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE
from transformers import (
    CLIPConfig,
    CLIPModel,
    PreTrainedModel,
    SiglipConfig,
    SiglipModel,
    ViTConfig,
    ViTForImageClassification,
)

CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
HALF = [0.5, 0.5, 0.5]
NAMES = ("clip-vit-b-32", "clip-vit-l-14", "siglip2-base", "vit-b-16")


def write(name: str, folder: Path, weights: str = "model.safetensors") -> Path:
    """Write the small checkpoint of an embedder."""
    torch.manual_seed(sum(name.encode()))
    if name == "siglip2-base":
        return _siglip(folder, weights)
    return _vit(folder, weights) if name == "vit-b-16" else _clip(folder, weights, 512 if "b-32" in name else 768)


def _clip(folder: Path, weights: str, dim: int) -> Path:
    """CLIP in little, with vectors of `dim`."""
    tokenizer, start, end = clip_tokenizer(folder)
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {
        "vocab_size": tokenizer.get_vocab_size(),
        "bos_token_id": start,
        "eos_token_id": end,
        "pad_token_id": end,
        "max_position_embeddings": 77,
    }
    config = CLIPConfig(
        text_config={**small, **text, "projection_dim": dim},
        vision_config={**small, "image_size": 224, "patch_size": 32, "projection_dim": dim},
        projection_dim=dim,
    )
    pixels = {"crop_size": 224, "do_center_crop": True, "size": 224, "resample": 3, "do_resize": True}
    _preprocessor(folder, "CLIPImageProcessor", CLIP_MEAN, CLIP_STD, pixels)
    return _model(CLIPModel(config), folder, weights)


def _siglip(folder: Path, weights: str) -> Path:
    """SigLIP 2 in little."""
    vocabulary = siglip_tokenizer(folder)
    text = {"vocab_size": vocabulary, "pad_token_id": 0, "eos_token_id": 1, "bos_token_id": 2}
    small = {"hidden_size": 768, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 12}
    config = SiglipConfig(
        text_config={**small, **text, "max_position_embeddings": 64},
        vision_config={**small, "image_size": 224, "patch_size": 32},
    )
    pixels = {"size": {"height": 224, "width": 224}, "resample": 2, "do_resize": True, "rescale_factor": 1 / 255}
    _preprocessor(folder, "SiglipImageProcessor", HALF, HALF, pixels)
    return _model(SiglipModel(config), folder, weights)


def _vit(folder: Path, weights: str) -> Path:
    """ViT in little, with the head of a classifier."""
    folder.mkdir(parents=True, exist_ok=True)
    config = ViTConfig(
        hidden_size=768, intermediate_size=64, num_hidden_layers=1, num_attention_heads=12, patch_size=32, num_labels=5
    )
    _preprocessor(folder, "ViTImageProcessor", HALF, HALF, {"size": 224, "do_resize": True})
    return _model(ViTForImageClassification(config), folder, weights)


def _model(model: PreTrainedModel, folder: Path, weights: str) -> Path:
    """Save a model as safetensors or as a PyTorch file."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:  # biases and scales away from 0 and 1, where mistakes would not show
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.save_pretrained(folder)
    logging.enable_progress_bar()
    if weights == "pytorch_model.bin":
        from safetensors.torch import load_file

        torch.save(load_file(folder / "model.safetensors"), folder / weights)
        (folder / "model.safetensors").unlink()
    return folder


def _preprocessor(folder: Path, kind: str, mean: list[float], std: list[float], more: dict[str, object]) -> None:
    """Say how pictures are prepared."""
    config = {"image_processor_type": kind, "do_normalize": True, "image_mean": mean, "image_std": std, **more}
    (folder / "preprocessor_config.json").write_text(json.dumps(config))


def clip_tokenizer(folder: Path) -> tuple[Tokenizer, int, int]:
    """A tokenizer of letters in the files that CLIP's has, and the ids of its start and end."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*letters, *(f"{one}</w>" for one in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: place for place, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    config = {**special, "pad_token": "<|endoftext|>", "tokenizer_class": "CLIPTokenizer", "model_max_length": 77}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    model = BPE(vocab=vocabulary, merges=[], end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    start, end = vocabulary["<|startoftext|>"], vocabulary["<|endoftext|>"]
    tokenizer.post_processor = processors.RobertaProcessing(
        ("<|endoftext|>", end), ("<|startoftext|>", start), False, False
    )
    tokenizer.add_special_tokens(["<|startoftext|>", "<|endoftext|>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokenizer, start, end


def siglip_tokenizer(folder: Path) -> int:
    """A tokenizer of letters in the files that SigLIP 2's has (Gemma's kind); how many tokens it has."""
    folder.mkdir(parents=True, exist_ok=True)
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    bytes_ = [f"<0x{one:02X}>" for one in range(256)]
    tokens = [*special, *bytes_, "▁", *"abcdefghijklmnopqrstuvwxyzæøå.,"]
    vocabulary = {token: place for place, token in enumerate(tokens)}
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=[], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    config = {**names, "tokenizer_class": "GemmaTokenizer", "padding_side": "right", "model_max_length": 64}
    more = {"add_bos_token": False, "add_eos_token": True, "model_input_names": ["input_ids"]}
    (folder / "tokenizer_config.json").write_text(json.dumps({**config, **more}))
    return len(tokens)
