"""
What Qdrant Edge does with the files of a shard.

All this was found by tracing, and by hashing every file through every kind of write, with one version of
qdrant-edge-py. What has a name that was not seen then may be written, and is copied.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

TRIED = "0.9.0"
"""The version of qdrant-edge-py that was tried."""
_LARGE = "|".join(
    (
        r"matrix\.dat|quantized\.data",
        r"graph\.bin|links(_compressed)?\.bin",
        r"id_tracker\.(e2i|i2e|is_uuid|mappings)",
        r"(data|data_block_index|histogram_borders|point_to_values|values_to_points)\.bin",
        r"(counts_per_hash|points_map)(_block_index)?\.bin|points_map_ids\.bin",
        r"inverted_index\.dat",
    )
)
READ = re.compile(rf"{_LARGE}|version\.info|(?!segment\.json|edge_config\.json).*\.json")
"""Files that Edge only reads while it searches: a symbolic link is enough, on whatever disk."""
PAGES = re.compile(r"page_\d+\.dat|chunk_\d+\.mmap")
"""Files that Edge opens to write as well, and counts, symbolic links left out: they need a hard link."""
_FIXED = re.compile(rf"{_LARGE}|{PAGES.pattern}")
_PACKED = ("id_tracker.e2i", "id_tracker.mappings")
"""One of these lies in a segment that was packed, in the place of `mutable_id_tracker.mappings`."""


@cache
def edge_version() -> str:
    """The version of qdrant-edge-py; '' where nobody knows."""
    try:
        return version("qdrant-edge-py")
    except PackageNotFoundError:
        return ""


def fixed_files(shard: Path) -> list[Path]:
    """
    The files of a shard that nothing ever changes, whatever is written to it; none with a version that was not tried.

    They are the large ones of packed segments: what is deleted there is noted elsewhere, what is changed goes to
    another segment, and packing anew makes another segment.
    """
    if edge_version() != TRIED:
        return []
    packed = (one for one in shard.glob("segments/*") if any((one / name).is_file() for name in _PACKED))
    return [one for segment in packed for one in segment.rglob("*") if _FIXED.fullmatch(one.name) and one.is_file()]
