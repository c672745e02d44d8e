"""Text and picture encoders, one model family per file; listing them imports no model code."""

from archive_search.registry import Registry
from archive_search.types import EmbedderInfo

EMBEDDERS: Registry[EmbedderInfo] = Registry("archive_search.embedders", "EMBEDDERS", "embedder")


def default_embedder() -> str:
    """The embedder that an ingest uses when none is named: the best whose weights are at hand."""
    for name in ("imagebind",):
        if name in EMBEDDERS and not EMBEDDERS[name].missing():
            return name
    return "demo"


def auxiliary_embedders() -> tuple[str, ...]:
    """Those that fill their spaces at every ingest, beside the ones chosen."""
    return tuple(name for name, info in EMBEDDERS.items() if info.auxiliary)
