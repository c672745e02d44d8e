"""Where points are kept and searched: the embedded Edge shard, a Qdrant server, and the generations of both."""

from archive_search.stores.generations import Build, Index
from archive_search.stores.opening import open_index

__all__ = ["Build", "Index", "open_index"]
