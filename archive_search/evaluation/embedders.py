"""Two embedders on the same pictures and texts: how alike their vectors are, and how fast each makes them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from archive_search.pictures.decoding import decode
from archive_search.pictures.media import medium
from archive_search.types import Embedder, InvalidInputError, Modality, Vectors

BATCH = 8
ENOUGH_S = 0.3
"""A batch that the slower of both encodes sooner is encoded again: such times are mostly chance."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The cosine, -1 to 1, of the two vectors of one input: a file's path, or a text."""

    modality: Modality
    item: str
    cosine: float


@dataclass(frozen=True, slots=True)
class EmbedderComparison:
    """
    What two embedders make of the same inputs, in the order in which these were given.

    `rates` are inputs a second by modality, of the first and of the second: the models alone, on prepared inputs.
    """

    first: str
    second: str
    alike: tuple[Alike, ...]
    rates: Mapping[Modality, tuple[float, float]]


def compare_embedders(
    first: Embedder,
    second: Embedder,
    files: Sequence[Path],
    texts: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> EmbedderComparison:
    """
    Encode the same inputs with both embedders, in turns, so that both see the same machine.

    Args:
        first: one embedder.
        second: another, of equal dimensions.
        files: pictures, films and recordings.
        texts: sentences.
        progress: called with how many inputs were encoded by both, and how many there are.

    Raises:
        InvalidInputError: If the dimensions differ, there is nothing to encode, or one has no tower for an input.
        PictureError: If a picture cannot be read.
    """
    _comparable(first, second)
    items: dict[Modality, list[str]] = {}
    for file in files:
        items.setdefault(medium(file.name), []).append(str(file))
    if texts:
        items["text"] = list(texts)
    if not items:
        raise InvalidInputError("There is nothing to compare: name pictures or texts.")
    for modality, embedder in itertools.product(items, (first, second)):
        if modality not in embedder.modalities:
            reads = ", ".join(sorted(embedder.modalities))
            raise InvalidInputError(f"{embedder.name} reads {reads}, not {modality}: leave out {items[modality][0]}.")
    alike: list[Alike] = []
    rates: dict[Modality, tuple[float, float]] = {}
    for modality, some in items.items():
        pair = _Timed(first, modality), _Timed(second, modality)
        for start in range(0, len(some), BATCH):
            batch = some[start : start + BATCH]
            rows = _encoded(pair, batch)
            cosines = np.einsum("nd,nd->n", *rows)
            alike += [Alike(modality, item, float(cosine)) for item, cosine in zip(batch, cosines, strict=True)]
            if progress is not None:
                progress(len(alike), sum(map(len, items.values())))
        rates[modality] = (len(some) / pair[0].seconds, len(some) / pair[1].seconds)
    return EmbedderComparison(first.name, second.name, tuple(alike), rates)


class _Timed:
    """An embedder, and the seconds that it needs for what was encoded with it, each batch at its quickest."""

    def __init__(self, embedder: Embedder, modality: Modality) -> None:
        self.embedder, self.modality = embedder, modality
        self.seconds = 0.0

    def prepared(self, items: Sequence[str]) -> list[Any]:
        inputs = [self.embedder.preprocess(_input(item, self.modality), self.modality) for item in items]
        if not self.seconds:
            self.embedder.encode(inputs[:1], self.modality)  # reads the weights
        return inputs


def _encoded(pair: tuple[_Timed, _Timed], items: Sequence[str]) -> list[Vectors]:
    """The rows of both, encoded in turns until the slower has taken long enough to be timed."""
    prepared = [one.prepared(items) for one in pair]
    taken: list[list[float]] = [[], []]
    rows: list[Vectors] = []
    while not rows or max(map(sum, taken)) < ENOUGH_S:
        rows = []
        for one, inputs, times in zip(pair, prepared, taken, strict=True):
            started = time.perf_counter()
            rows.append(one.embedder.encode(inputs, one.modality))
            times.append(time.perf_counter() - started)
    for one, times in zip(pair, taken, strict=True):
        one.seconds += min(times)
    return rows


def _input(item: str, modality: Modality) -> Any:
    return decode(Path(item), name=item) if modality == "image" else Path(item) if modality != "text" else item


def _comparable(first: Embedder, second: Embedder) -> None:
    if first.dim != second.dim:
        raise InvalidInputError(
            f"{first.name} has {first.dim} dimensions and {second.name} {second.dim}: "
            "only vectors of equal length can be compared."
        )
