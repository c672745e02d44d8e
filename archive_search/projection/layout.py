"""
Vectors in two dimensions: t-SNE (Laurens van der Maaten and Geoffrey Hinton, 2008), as openTSNE computes it.

It kept more of each record's neighbours than UMAP and PaCMAP on every archive that was measured (`python -m
benchmarks.projection`, docs/explanation/map.md). Beginning and steps are seeded, so the same vectors give the same map.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive_search.types import NotInstalledError, Vectors

Places: TypeAlias = NDArray[np.float32]
"""(n, 2) float32, from -1 to 1."""
Told: TypeAlias = Callable[[int, int], None]
"""Told how many steps of how many are done."""
SEED = 1
PERPLEXITY = 30.0
"""So many neighbours, about, hold a record in its place."""
EARLY, LATE = 250, 500
"""Steps in which groups find together, and steps in which they find their places."""
_FEW = 10
"""So few records have no neighbourhoods: their two main components do."""
_MANY = 5000
"""Fewer are placed by one thread as fast as by several, and faster where others work too."""
_EVERY = 10
_SMALL = 1e-4


class StoppedError(Exception):
    """Whoever asked for it wants it no more."""


def places(vectors: Vectors, on_progress: Told | None = None, stop: Callable[[], bool] = lambda: False) -> Places:
    """
    Where each row lies among the others.

    Raises:
        NotInstalledError: If openTSNE is not installed.
        StoppedError: Once `stop` says so, within some seconds.
    """
    tsne = _tsne()
    if len(vectors) < _FEW:
        return _within(components(vectors))
    steps = EARLY + LATE
    done = 0

    def step(number: int, error: float, embedding: Any) -> bool:
        nonlocal done
        if stop():
            raise StoppedError
        done += _EVERY
        if on_progress is not None:
            on_progress(min(done, steps), steps)
        return False

    if on_progress is not None:
        on_progress(0, steps)
    made = tsne(
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        metric="cosine",
        initialization=_beginning(vectors),
        early_exaggeration_iter=EARLY,
        n_iter=LATE,
        n_jobs=(os.cpu_count() or 1) if len(vectors) >= _MANY else 1,
        random_state=SEED,
        callbacks=[step],
        callbacks_every_iters=_EVERY,
    ).fit(np.asarray(vectors, dtype=np.float32))
    return _within(np.asarray(made, dtype=np.float64))


def components(vectors: Vectors) -> NDArray[np.float64]:
    """The two main components (PCA); fewer where there are no more."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2))
    centred = np.asarray(vectors, dtype=np.float64) - np.mean(vectors, axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    found = np.zeros((len(vectors), 2))
    found[:, : len(axes[:2])] = centred @ axes[:2].T
    return found


def _beginning(vectors: Vectors) -> NDArray[np.float64]:
    """The main components, small; no two of equal vectors in the same place, where nothing would part them."""
    found = components(vectors)
    spread = found.std(axis=0).max() or 1.0
    return found / spread * _SMALL + np.random.default_rng(SEED).normal(scale=_SMALL / 100, size=found.shape)


def _within(found: NDArray[np.float64]) -> Places:
    """Moved and shrunk to lie between -1 and 1, as wide for high as before."""
    if not len(found):
        return np.zeros((0, 2), dtype=np.float32)
    low, high = found.min(axis=0), found.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    within: Places = ((found - (low + high) / 2) / half).astype(np.float32)
    return within


def _tsne() -> Any:
    try:
        from openTSNE import TSNE
    except ImportError as error:
        raise NotInstalledError("A map needs the package openTSNE: pip install 'archive-search[map]'.") from error
    return TSNE
