"""Provenance: what a result set must name so that others can repeat it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = ("torch", "numpy", "pillow", "qdrant-client", "qdrant-edge-py", "transformers", "scipy", "snowballstemmer")
"""The packages whose versions may change a ranking."""


@dataclass(frozen=True)
class Provenance:
    """
    Where a result set came from.

    `strategy` is '' where a plan was run as it is; `settings` are all of the strategy's, defaults included. `weights`
    and `adapter` are SHA-256 in hex, '' where there are none; `time` is UTC, ISO 8601; `who` is '' unless named.
    """

    archive: str
    archive_id: str
    generation: str
    records: int
    """How many records the archive held."""
    space: str
    embedder: str = ""
    weights: str = ""
    adapter: str = ""
    strategy: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    time: str = ""
    who: str = ""
    program: str = ""
    """The version of archive-search."""
    store: str = ""
    """What kept the index: the embedded engine or a server."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions of Python and of the packages that may change a ranking, by name."""


@cache
def program_version() -> str:
    """The version of archive-search that runs; 'unknown' where it was never installed."""
    return _version("archive-search") or "unknown"


@cache
def package_versions() -> Mapping[str, str]:
    """Versions of Python and of the packages that may change a ranking, those that are installed."""
    found = {name: _version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **{name: one for name, one in found.items() if one}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
