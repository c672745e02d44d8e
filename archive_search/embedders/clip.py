"""CLIP as embedders: English texts and pictures in one space, through transformers."""

from __future__ import annotations

from functools import partial

from archive_search.models import checkpoints
from archive_search.types import Embedder, EmbedderInfo

_DIMS = {"clip-vit-b-32": 512, "clip-vit-l-14": 768}
_SUMMARIES = {
    "clip-vit-b-32": "CLIP ViT-B/32: English texts; small and fast, the space of many published vectors.",
    "clip-vit-l-14": "CLIP ViT-L/14: English texts; sees more than ViT-B/32 and takes several times as long.",
}


def _load(name: str) -> Embedder:
    from archive_search.models.transformers_towers import CLIP, TransformersEmbedder

    return TransformersEmbedder.load(name, _DIMS[name], CLIP)


EMBEDDERS: dict[str, EmbedderInfo] = {
    name: EmbedderInfo(
        name=name,
        dim=dim,
        modalities=frozenset({"text", "image"}),
        summary=_SUMMARIES[name],
        licence=checkpoints.known(name).licence,
        load=partial(_load, name),
        missing=partial(checkpoints.missing, name),
    )
    for name, dim in _DIMS.items()
}
