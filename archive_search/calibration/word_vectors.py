"""Vectors of words that are asked about again and again: made once by an embedder, and kept in a file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

import numpy as np

from archive_search.calibration.phrase_bank import PhraseBank, encoded, read_bank, write_bank
from archive_search.types import Embedder, Vectors

KEPT = 8
"""So many lists of words are kept in memory."""
_KEPT: OrderedDict[tuple[str, tuple[str, ...]], Vectors] = OrderedDict()
_LOCK = Lock()


def word_vectors(words: Sequence[str], embedder: Embedder, file: Path) -> Vectors:
    """
    The words' vectors, (words, dim).

    They are read from the file, where the same weights made them, and kept there once they are made; where it cannot
    be written, until the process ends.
    """
    key = (embedder.checkpoint, tuple(words))
    with _LOCK:
        if key not in _KEPT:
            _KEPT[key] = _read_or_made(words, embedder, file)
            while len(_KEPT) > KEPT:
                _KEPT.popitem(last=False)
        return _KEPT[key]


def _read_or_made(words: Sequence[str], embedder: Embedder, file: Path) -> Vectors:
    known = read_bank(file, embedder)
    vectors = encoded(words, embedder, known)
    if known is None or not set(words) <= set(known.phrases):
        phrases, rows = tuple(words), vectors
        if known is not None:  # those of another language stay
            more = [at for at, phrase in enumerate(known.phrases) if phrase not in set(words)]
            phrases, rows = (*phrases, *(known.phrases[at] for at in more)), np.vstack([rows, known.vectors[more]])
        with suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            write_bank(file, embedder, PhraseBank(phrases, rows, 0))
    return vectors
