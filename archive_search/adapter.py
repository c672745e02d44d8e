"""
Adapter: a small learned map on top of frozen vectors, trained on the archive's own pairs of record and text.

The map is a residual of low rank on the pictures' vectors (x + (x A) B, scaled to length 1; the adapters of Houlsby et
al., ICML 2019, without their nonlinearity); texts stay as they are. It is trained with the contrastive loss of CLIP
(Radford et al., ICML 2021), where a text may belong to several pictures, and is stopped by a part of the objects held
back, so that it can also learn to leave everything as it is. The figures that tell what it is worth come from another
part, which it never sees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.atomic import atomic_write
from archive_search.knobs import knob
from archive_search.types import Embedder, InvalidInputError, Modality, Payload, Vectors

SUFFIX = "-adapted"
"""The space of adapted vectors is called by the space that they come from and this."""


@dataclass(frozen=True)
class Training:
    """How an adapter is trained."""

    rank: int = knob(32, "Rank", low=1, high=1024, help="Directions in which vectors may move.")
    epochs: int = knob(40, "Epochs at most", low=1, high=1000)
    rate: float = knob(0.001, "Learning rate", low=1e-6, high=1.0)
    decay: float = knob(0.01, "Weight decay", low=0.0, high=10.0)
    sharpness: float = knob(20.0, "Sharpness of the softmax", low=1.0, high=200.0)
    batch: int = knob(256, "Pairs at once", low=8, high=65536)
    fewest: int = knob(50, "Fewest objects", low=10, high=1_000_000, help="With fewer there is nothing to learn from.")


@dataclass(frozen=True)
class Report:
    """What an adapter is worth on objects that it never saw: mean average precision of finding pictures by text."""

    pairs: int
    objects: int
    held_out_texts: int
    before: float
    after: float
    low: float
    high: float
    epochs: int

    @property
    def better(self) -> bool:
        """Whether the gain is surely above zero: its 95 % interval (bootstrap over texts) lies above."""
        return self.low > 0


@dataclass(frozen=True)
class Adapter:
    """The trained map: `down` (dim, rank), `up` (rank, dim), and the checkpoint of the vectors it was trained on."""

    down: NDArray[np.float32]
    up: NDArray[np.float32]
    base: str
    checkpoint: str

    def __call__(self, vectors: Vectors) -> Vectors:
        """Adapted vectors of pictures, rows of length 1."""
        moved = vectors + (vectors @ self.down) @ self.up
        unit: Vectors = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12)).astype(np.float32)
        return unit


class AdaptedEmbedder:
    """An embedder whose pictures go through an adapter."""

    def __init__(self, embedder: Embedder, adapter: Adapter, name: str) -> None:
        self.embedder, self.adapter = embedder, adapter
        self.name, self.dim, self.modalities = name, embedder.dim, embedder.modalities
        self.checkpoint = hashlib.sha256(f"{embedder.checkpoint} {adapter.checkpoint}".encode()).hexdigest()

    def preprocess(self, item: Any, modality: Modality) -> Any:
        """As the embedder prepares it."""
        return self.embedder.preprocess(item, modality)

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Texts as the embedder encodes them, everything else adapted."""
        vectors = self.embedder.encode(batch, modality)
        return vectors if modality == "text" else self.adapter(vectors)

    def remarks(self, text: str) -> tuple[str, ...]:
        """As the embedder remarks."""
        return self.embedder.remarks(text)


def texts_of(payload: Payload) -> tuple[str, ...]:
    """
    The texts that a record is paired with: its title, its object type, and that with its material.

    Texts with digits are left out: they are mostly inventory numbers, which no picture shows.
    """
    title, kind, material = (_first(payload.get(field)) for field in ("title", "object_type", "material"))
    both = f"{material} {kind}" if kind and material else ""
    return tuple(dict.fromkeys(text.strip().lower() for text in (title, kind, both) if _says(text)))


def train(
    images: Vectors,
    owners: Sequence[str],
    texts: Sequence[Sequence[str]],
    text_vectors: Mapping[str, Vectors],
    base: str,
    training: Training | None = None,
    seed: int = 0,
) -> tuple[Adapter, Report]:
    """
    Train an adapter and measure it on objects held out; the adapter returned is then trained on all objects.

    Args:
        images: (n, dim) vectors of pictures.
        owners: the object that each picture shows; pictures of one object are never in different parts.
        texts: the texts of each picture; `text_vectors` has a vector for each of them.
        base: the checkpoint of the vectors.

    Raises:
        InvalidInputError: If there are too few objects with texts.
    """
    training = training or Training()
    names = sorted({owner for owner, some in zip(owners, texts, strict=True) if some})
    if len(names) < training.fewest:
        raise InvalidInputError(
            f"An adapter needs at least {training.fewest} objects with a title or an object type; "
            f"this archive has {len(names)}."
        )
    order = np.random.default_rng(seed).permutation(len(names))
    part = {names[i]: min(2, place * 10 // len(names) // 2) for place, i in enumerate(order)}
    # of ten objects two are held out (part 0), two stop the training (part 1), the others are trained on (part 2)
    parts = np.array([part.get(owner, -1) for owner in owners])
    data = _Pairs(images, texts, text_vectors)
    trained, epochs = _fit(data.of(parts == 2), data.of(parts == 1), training, seed)
    before, after = _precisions(data.of(parts == 0), None), _precisions(data.of(parts == 0), trained)
    gains = after - before
    rng = np.random.default_rng(seed)
    means = gains[rng.integers(0, len(gains), (2000, len(gains)))].mean(axis=1)
    low, high = (float(np.quantile(means, q)) for q in (0.025, 0.975))
    count = sum(map(len, texts))
    report = Report(count, len(names), len(gains), float(before.mean()), float(after.mean()), low, high, epochs)
    everything, _ = _fit(data, None, training, seed, epochs)
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in everything)).hexdigest()
    return Adapter(*everything, base, digest), report


def save(file: Path, adapter: Adapter) -> None:
    """Write an adapter, all or nothing."""
    from safetensors.numpy import save_file

    about = {"base": adapter.base, "checkpoint": adapter.checkpoint}
    with atomic_write(file) as part:
        save_file({"down": np.ascontiguousarray(adapter.down), "up": np.ascontiguousarray(adapter.up)}, part, about)


def load(file: Path) -> Adapter:
    """
    Read an adapter.

    Raises:
        InvalidInputError: If the file is none.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="numpy") as data:
            about = data.metadata() or {}
            return Adapter(data.get_tensor("down"), data.get_tensor("up"), about["base"], about["checkpoint"])
    except (OSError, KeyError, SafetensorError) as error:
        raise InvalidInputError(f"{file} is not an adapter that can be read: {error}.") from error


# ------------------------------------------------------------------ within


@dataclass(frozen=True)
class _Data:
    """Pictures, texts, and which text belongs to which picture: `pairs` (n, 2) of picture and text."""

    images: NDArray[np.float32]
    texts: NDArray[np.float32]
    pairs: NDArray[np.int64]


class _Pairs(_Data):
    """All pairs; `of` takes those of some pictures."""

    def __init__(
        self, images: Vectors, texts: Sequence[Sequence[str]], vectors: Mapping[str, NDArray[np.float32]]
    ) -> None:
        names = {name: i for i, name in enumerate(sorted({name for some in texts for name in some}))}
        pairs = [(i, names[name]) for i, some in enumerate(texts) for name in some]
        table = np.stack([vectors[name] for name in names]).astype(np.float32)
        super().__init__(images.astype(np.float32), table, np.array(pairs, dtype=np.int64))

    def of(self, chosen: NDArray[np.bool_]) -> _Data:
        """The pairs of these pictures, with only these pictures and their texts to be found among."""
        pairs = self.pairs[chosen[self.pairs[:, 0]]]
        images, first = np.unique(pairs[:, 0], return_inverse=True)
        texts, second = np.unique(pairs[:, 1], return_inverse=True)
        return _Data(self.images[images], self.texts[texts], np.stack([first, second], axis=1))


_Map = tuple[NDArray[np.float32], NDArray[np.float32]]


def _fit(data: _Data, held: _Data | None, training: Training, seed: int, epochs: int | None = None) -> tuple[_Map, int]:
    """The map after the epoch that was best on `held` (0: the identity), or after so many epochs; and that epoch."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    dim = data.images.shape[1]
    down = torch.randn(dim, training.rank, generator=generator).mul_(dim**-0.5).requires_grad_()
    up = torch.zeros(training.rank, dim).requires_grad_()
    optimiser = torch.optim.AdamW([down, up], lr=training.rate, weight_decay=training.decay)
    images, texts = torch.from_numpy(data.images), torch.from_numpy(data.texts)
    pairs = torch.from_numpy(data.pairs)

    def now() -> _Map:
        return down.detach().numpy().copy(), up.detach().numpy().copy()

    best, best_epoch = now(), 0
    best_value = float(_precisions(held, None).mean()) if held is not None else 0.0
    for epoch in range(1, (training.epochs if epochs is None else epochs) + 1):
        for some in torch.randperm(len(pairs), generator=generator).split(training.batch):  # type: ignore[no-untyped-call]
            which = pairs[some]
            x, t = images[which[:, 0]], texts[which[:, 1]]  # (b, dim) each
            y = torch.nn.functional.normalize(x + (x @ down) @ up, dim=1)
            logits = training.sharpness * t @ y.T  # (b, b) text x picture
            same = (which[:, None, 1] == which[None, :, 1]) | (which[:, None, 0] == which[None, :, 0])
            target = same.float() / same.sum(dim=1, keepdim=True)
            loss = torch.nn.functional.cross_entropy(logits, target) + torch.nn.functional.cross_entropy(
                logits.T, target
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        if held is None:
            best, best_epoch = now(), epoch
        elif (value := float(_precisions(held, now()).mean())) > best_value:
            best, best_epoch, best_value = now(), epoch, value
    return best, best_epoch


def _precisions(data: _Data, mapped: _Map | None) -> NDArray[np.float64]:
    """The average precision of every text: its pictures among all pictures."""
    images = data.images.astype(np.float64)
    if mapped is not None:
        images = images + (images @ mapped[0]) @ mapped[1]
        images = images / np.maximum(np.linalg.norm(images, axis=1, keepdims=True), 1e-12)
    order = np.argsort(-(data.texts @ images.T), axis=1, kind="stable")  # (texts, pictures)
    relevant = np.zeros((len(data.texts), len(images)), dtype=bool)
    relevant[data.pairs[:, 1], data.pairs[:, 0]] = True
    hits = np.take_along_axis(relevant, order, axis=1)
    ranks = np.arange(1, len(images) + 1)
    found: NDArray[np.float64] = (np.cumsum(hits, axis=1) / ranks * hits).sum(axis=1) / hits.sum(axis=1)
    return found


def _says(text: str) -> bool:
    return bool(text.strip()) and not any(letter.isdigit() for letter in text)


def _first(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return str(value) if value else ""
