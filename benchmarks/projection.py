"""
Compare ways of drawing an archive in two dimensions: `python -m benchmarks.projection [--archive DIR] [--bench DIR]`.

For each way and each set of vectors: seconds; trustworthiness (Jarkko Venna and Samuel Kaski, 2001: whether those near
on the map are near in truth; 1 is best); and the share of each record's 10 nearest neighbours that are among its 10
nearest on the map. Needs `pip install umap-learn pacmap openTSNE scikit-learn`. `--large N` measures time and kept
neighbours on the vectors of an archive alone, kept neighbours on N of its records.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.archive import Archive
from archive_search.projection.layout import components, places
from archive_search.types import Vectors

NEAREST = 10


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="an archive, drawn in its default space")
    parser.add_argument("--bench", type=Path, help="a folder with museum-500 and photos-4k")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--large", type=int, default=0, metavar="N")
    chosen = parser.parse_args()
    sets: dict[str, Vectors] = {}
    if chosen.archive:
        sets[chosen.archive.name] = _of_archive(Archive.open(chosen.archive))
    if chosen.bench:
        for name, file in (("museum-500", "clip-vit-b-32.images.npy"), ("photos-4k", "images.npy")):
            sets[name] = _unit(np.load(chosen.bench / name / file))
    warnings.simplefilter("ignore")
    print(f"{'':10} {'set':14} {'records':>8} {'seconds':>8} {'trust':>7} {'kept':>7}")
    for way in chosen.ways.split(","):
        for name, vectors in sets.items():
            began = time.perf_counter()
            found = np.asarray(WAYS[way](vectors), dtype=np.float64)
            seconds = time.perf_counter() - began
            if chosen.large:
                rows = np.random.default_rng(1).choice(len(vectors), min(chosen.large, len(vectors)), replace=False)
                trust = "-"
            else:
                rows, trust = np.arange(len(vectors)), f"{_trust(vectors, found):.4f}"
            kept = kept_neighbours(vectors, found, rows)
            print(f"{way:10} {name:14} {len(vectors):8} {seconds:8.1f} {trust:>7} {kept:7.4f}", flush=True)


def kept_neighbours(vectors: Vectors, found: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
    """The share of the nearest neighbours of these rows that are among the nearest on the map."""
    kept = 0
    for some in np.array_split(rows, -(-len(rows) // 500)):
        true = vectors[some] @ vectors.T
        drawn = 2 * found[some] @ found.T - (found**2).sum(axis=1)[None]
        for one in (true, drawn):
            one[np.arange(len(some)), some] = -np.inf
        near = [np.argpartition(-one, NEAREST, axis=1)[:, :NEAREST] for one in (true, drawn)]
        kept += sum(len({*a} & {*b}) for a, b in zip(*(one.tolist() for one in near), strict=True))
    return kept / (NEAREST * len(rows))


def _trust(vectors: Vectors, found: NDArray[np.float64]) -> float:
    from sklearn.manifold import trustworthiness

    return float(trustworthiness(vectors, found, n_neighbors=NEAREST, metric="cosine"))


def _umap(vectors: Vectors) -> Any:
    from umap import UMAP

    return UMAP(metric="cosine", random_state=1).fit_transform(vectors)


def _pacmap(vectors: Vectors) -> Any:
    from pacmap import PaCMAP

    return PaCMAP(random_state=1).fit_transform(vectors, init="pca")


def _localmap(vectors: Vectors) -> Any:
    from pacmap import LocalMAP

    return LocalMAP(random_state=1).fit_transform(vectors, init="pca")


def _of_archive(archive: Archive) -> Vectors:
    space = archive.default_space()
    return _unit(np.stack([point.vectors[space] for point in archive.store.scan((), space) if space in point.vectors]))


def _unit(rows: NDArray[Any]) -> Vectors:
    rows = rows.astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


WAYS: dict[str, Callable[[Vectors], Any]] = {
    "pca": components,
    "umap": _umap,
    "pacmap": _pacmap,
    "localmap": _localmap,
    "tsne": places,
}


if __name__ == "__main__":
    main()
