"""Sources: one file per place that records come from."""

from archive_search.registry import Registry
from ingest.source import AnySource

SOURCES: Registry[type[AnySource]] = Registry("ingest.sources", "SOURCES", "source")
