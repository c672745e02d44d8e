"""SigLIP 2 as an embedder: texts in many languages and pictures in one space, through transformers."""

from __future__ import annotations

from functools import partial

from archive_search.models import checkpoints
from archive_search.types import Embedder, EmbedderInfo

_NAME = "siglip2-base"
_DIM = 768


def _load() -> Embedder:
    from archive_search.models.transformers_towers import SIGLIP, TransformersEmbedder

    return TransformersEmbedder.load(_NAME, _DIM, SIGLIP)


EMBEDDERS: dict[str, EmbedderInfo] = {
    _NAME: EmbedderInfo(
        name=_NAME,
        dim=_DIM,
        modalities=frozenset({"text", "image"}),
        summary="SigLIP 2 base: texts in many languages, Danish among them, of at most 64 tokens.",
        licence=checkpoints.known(_NAME).licence,
        load=_load,
        missing=partial(checkpoints.missing, _NAME),
        languages=("en", "da", "de", "sv", "no", "nl", "fr"),
    )
}
