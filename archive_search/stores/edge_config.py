"""What a shard of Qdrant Edge is told of its vectors, and what is read of it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import qdrant_edge as edge

from archive_search.metadata.words import SPACE as TEXT
from archive_search.spaces import is_tiled
from archive_search.stores.precision import Precision, precision_with

FILE = "edge_config.json"
PACKED = edge.EdgeOptimizersConfig(default_segment_number=8, max_segment_size=1 << 20)
"""
How points are packed: what is new goes to segments of its own, of 10 MB and more, the smallest of which are merged
where there are more than eight, up to 1 GB. With the two that Edge keeps by itself, a few thousand new records would
have everything packed anew. Of a segment of which a fifth was deleted, what is left is packed anew.
"""
_BITS = {2: edge.TurboQuantBitSize.Bits2, 4: edge.TurboQuantBitSize.Bits4}


def configuration(spaces: Mapping[str, int], precision: Precision) -> edge.EdgeConfig:
    """The configuration of a shard with these spaces (name: dimension), of this precision."""
    no_graph = edge.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=10)
    vectors = {name: _vectors(name, dim, precision.fitting(dim)) for name, dim in spaces.items()}
    return edge.EdgeConfig(
        vectors=vectors,
        sparse_vectors=_words(),
        hnsw_config=no_graph,
        optimizers=PACKED,
        id_tracker_memory=edge.Memory.Cold,
        wal_enabled=False,
    )


def packed() -> edge.EdgeConfig:
    """How points are packed, for a shard that may have been made before that was said; it is asked for a space, too."""
    return edge.EdgeConfig(sparse_vectors=_words(), optimizers=PACKED, id_tracker_memory=edge.Memory.Cold)


def _words() -> dict[str, edge.EdgeSparseVectorParams]:
    return {TEXT: edge.EdgeSparseVectorParams(memory=edge.Memory.Cold)}  # read where it is needed, not when opened


def several(space: str) -> Any:
    """Says to Edge that the points of a space hold several vectors, where they do."""
    return edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim) if is_tiled(space) else None


def read_config(shard: Path) -> dict[str, Any]:
    """What the shard in a directory says of itself."""
    said: dict[str, Any] = json.loads((shard / FILE).read_text(encoding="utf-8"))
    return said


def precision_of(config: Mapping[str, Any]) -> Precision:
    """How the wide spaces of a shard are kept, by what it says of itself."""
    return precision_with(_kept(one) for one in config["vectors"].values())


def has_precision(config: Mapping[str, Any], precision: Precision) -> bool:
    """Whether every space of a shard is kept as a precision wants it."""
    spaces = config["vectors"].values()
    wanted = [precision.fitting(int(one["size"])) for one in spaces]
    return [_kept(one) for one in spaces] == [(one.half, one.bits) for one in wanted]


def same_numbers(config: Mapping[str, Any], precision: Precision) -> bool:
    """Whether the vectors of a shard are numbers of the type that a precision wants, whatever is quantised."""
    spaces = config["vectors"].values()
    return all(_kept(one)[0] == precision.fitting(int(one["size"])).half for one in spaces)


def _kept(space: Mapping[str, Any]) -> tuple[bool, int]:
    """Whether a space holds float16, and how many bits a number has in its quantised copy, 0 where there is none."""
    bits = str((space.get("quantization_config") or {}).get("turbo", {}).get("bits", "bits0"))
    return space.get("datatype") == "float16", int(bits.removeprefix("bits"))


def _vectors(name: str, dim: int, precision: Precision) -> edge.EdgeVectorParams:
    turbo = edge.TurboQuantQuantizationConfig(bits=_BITS[precision.bits]) if precision.bits else None
    return edge.EdgeVectorParams(
        size=dim,
        distance=edge.Distance.Cosine,
        multivector_config=several(name),
        datatype=edge.VectorStorageDatatype.Float16 if precision.half else None,
        quantization_config=turbo,
        memory=edge.Memory.Cold,  # opening would read them all, and hold the quantised copies besides
    )
