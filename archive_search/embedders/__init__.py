"""Text and picture encoders, one model family per file; listing them imports no model code."""

from archive_search.registry import Registry
from archive_search.types import EmbedderInfo

EMBEDDERS: Registry[EmbedderInfo] = Registry("archive_search.embedders", "EMBEDDERS", "embedder")
