"""ViT-B/16 as an embedder: its class token for pictures; it reads no texts."""

from __future__ import annotations

from functools import partial

from archive_search.models import checkpoints
from archive_search.types import Embedder, EmbedderInfo

_NAME = "vit-b-16"
_DIM = 768


def _load() -> Embedder:
    from archive_search.models.transformers_towers import VIT, TransformersEmbedder

    return TransformersEmbedder.load(_NAME, _DIM, VIT)


EMBEDDERS: dict[str, EmbedderInfo] = {
    _NAME: EmbedderInfo(
        name=_NAME,
        dim=_DIM,
        modalities=frozenset({"image"}),
        summary="ViT-B/16 trained on ImageNet: pictures only, for more like this; it reads no texts.",
        licence=checkpoints.known(_NAME).licence,
        load=_load,
        missing=partial(checkpoints.missing, _NAME),
    )
}
