"""Sources: one file per place that records come from."""

from archive_search.registry import Registry
from ingest.source import Source

SOURCES: Registry[type[Source]] = Registry("ingest.sources", "SOURCES", "source")
