"""
Make vectors for measurements at any size: `python -m benchmarks.scale_data --to DIR --points N... [--bench DIR]`.

Drawn from vectors of real photographs and real phrases (`--bench`, or the variable ARCHIVE_SEARCH_BENCH: a folder with
photos-4k), of 256 numbers: a row is a mixture of a photograph and two of its neighbours, with noise of the spectrum of
all photographs; it is turned into 1024 numbers, with a little noise in all of them, and the mean that all pictures of
such a model share. "text" queries are the real phrases with a mean of their own (the modality gap), "image" queries
fresh draws of the kind of the rows. Without that folder photographs and phrases are made as well, which is said.

The rows depend on the seed alone, and are the same for every size: those of a small one begin those of a large one.
They are made and written some thousand at a time.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.types import Vectors

DIM = 1024
CHUNK = 10_000
MIXED, NEIGHBOURS = 3, 12
SPECTRAL, WHITE = 0.7, 0.25
"""Lengths of the noise beside that of a mixture, which is 1: in the directions of the photographs, and in all."""
MEAN = 0.8
"""Length of the mean that is added to the rows (of length 1): two pictures have a cosine of 0.4 with each other."""
GAP = 1.0
"""Length of the mean of phrases that is added to them."""
COMMON = 0.25
"""The cosine between the two means."""
KINDS = ("axe", "arrowhead", "bowl", "brooch", "comb", "sword", "bead", "figurine", "chisel", "dagger", "urn")
ATTRIBUTES = ("flint", "bronze", "iron", "clay", "bone", "amber", "glass", "polished", "broken", "small")
"""What made phrases are called."""
BENCH = "ARCHIVE_SEARCH_BENCH"
FIRST_QUERY = 1 << 32
"""The number of the chunk that image queries are drawn from: none of the rows."""


@dataclass(frozen=True)
class Origin:
    """The small vectors that large collections are drawn from."""

    name: str
    photographs: Vectors
    phrases: dict[str, Any]
    bank: Vectors
    asked: tuple[tuple[str, str, str], ...]  # category, attribute, and the phrase that both are


class Made:
    """Rows, queries and a neutral bank, drawn from an origin."""

    def __init__(self, origin: Origin, dim: int = DIM, seed: int = 1, chunk: int = CHUNK) -> None:
        self.origin, self.dim, self.seed, self.chunk = origin, dim, seed, chunk
        random = np.random.default_rng([seed, 0])
        small = origin.photographs.shape[1]
        turned, _ = np.linalg.qr(random.standard_normal((dim, small + 2)))
        self.lift = np.ascontiguousarray(turned[:, :small].T, dtype=np.float32)
        self.mean = turned[:, small].astype(np.float32)
        other = turned[:, small + 1].astype(np.float32)
        self.text_mean = COMMON * self.mean + np.float32((1 - COMMON**2) ** 0.5) * other
        centred = origin.photographs - origin.photographs.mean(0)
        self.photographs = unit(centred)
        near = self.photographs @ self.photographs.T
        self.near = np.argsort(-near, axis=1)[:, : NEIGHBOURS + 1]  # its own is the first of each
        _, lengths, directions = np.linalg.svd(self.photographs, full_matrices=False)
        self.spectrum = (directions * (lengths / np.linalg.norm(lengths))[:, None]).astype(np.float32)

    def rows(self, count: int) -> Iterator[Vectors]:
        """So many unit rows, some thousand at a time."""
        for start in range(0, count, self.chunk):
            yield self._chunk(start // self.chunk)[: count - start]

    def image(self, count: int) -> Vectors:
        """Queries of the kind of the rows, none of them a row."""
        return np.concatenate([self._chunk(FIRST_QUERY + n) for n in range(-(-count // self.chunk))])[:count]

    def text(self, count: int) -> Vectors:
        """So many of the phrases, as `phrase_vectors` has them."""
        vectors = np.stack(list(self.phrase_vectors().values()))
        order = np.random.default_rng([self.seed, 1]).permutation(len(vectors))
        return vectors[order[:count]]

    def phrase_vectors(self) -> dict[str, Any]:
        """The vector of each phrase."""
        said = self._texts(np.stack(list(self.origin.phrases.values())))
        return dict(zip(self.origin.phrases, said, strict=True))

    def bank(self) -> Vectors:
        """The neutral phrases that hub correction measures against."""
        return self._texts(self.origin.bank)

    def _texts(self, small: Vectors) -> Vectors:
        return unit(unit(small) @ self.lift + np.float32(GAP) * self.text_mean)

    def _chunk(self, number: int) -> Vectors:
        random = np.random.default_rng([self.seed, 2, number])
        first = random.integers(0, len(self.photographs), self.chunk)
        others = self.near[first[:, None], random.integers(0, NEIGHBOURS + 1, (self.chunk, MIXED - 1))]
        shares = random.dirichlet(np.ones(MIXED), self.chunk).astype(np.float32)
        mixed = shares[:, :1] * self.photographs[first]
        for n in range(MIXED - 1):
            mixed += shares[:, n + 1 :][:, :1] * self.photographs[others[:, n]]
        mixed = unit(mixed)
        noise = random.standard_normal((self.chunk, len(self.spectrum)), dtype=np.float32) @ self.spectrum
        mixed += np.float32(SPECTRAL) * noise
        rows = mixed @ self.lift
        rows += np.float32(WHITE / self.dim**0.5) * random.standard_normal((self.chunk, self.dim), dtype=np.float32)
        return unit(unit(rows) + np.float32(MEAN) * self.mean)


def read_origin(bench: Path | None = None) -> Origin:
    """The vectors of real photographs in a bench folder, or made ones where none is named."""
    named = bench or (Path(os.environ[BENCH]) if os.environ.get(BENCH) else None)
    if named is None:
        return made_origin()
    folder = named if (named / "images.npy").exists() else named / "photos-4k"
    names = (folder / "phrases.txt").read_text(encoding="utf-8").splitlines()
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    bare = (folder / "bank.txt").read_text(encoding="utf-8").splitlines()
    bank = unit(np.load(folder / "bank.npy"))
    known = {
        **dict(zip(bare, bank, strict=True)),
        **dict(zip(names, unit(np.load(folder / "phrases.npy")), strict=True)),
    }
    said = tuple((one["category"], one["attribute"], one["phrase"]) for one in asked)
    return Origin(f"photographs and phrases of {folder.name}", unit(np.load(folder / "images.npy")), known, bank, said)


def made_origin(count: int = 4000, small: int = 256, bank: int = 1500) -> Origin:
    """Clusters within clusters, with a falling spectrum; phrases near the centres."""
    random = np.random.default_rng(7)
    falling = (1 / np.sqrt(1 + np.arange(small))).astype(np.float32)

    def drawn(number: int) -> Vectors:
        return unit(random.standard_normal((number, small), dtype=np.float32) * falling)

    coarse = drawn(40)
    fine = unit(coarse[random.integers(0, 40, 400)] + drawn(400))
    photographs = unit(fine[random.integers(0, 400, count)] + drawn(count))
    pairs = [(KINDS[n % len(KINDS)], ATTRIBUTES[n % len(ATTRIBUTES)]) for n in range(60)]
    asked = tuple((kind, said, f"{kind} {said}") for kind, said in dict.fromkeys(pairs))
    phrases = dict(zip(KINDS, unit(coarse[: len(KINDS)] + 0.7 * drawn(len(KINDS))), strict=True))
    phrases |= dict(zip(ATTRIBUTES, drawn(len(ATTRIBUTES)), strict=True))
    phrases |= {whole: unit((phrases[kind] + phrases[said])[None])[0] for kind, said, whole in asked}
    phrases |= dict(zip((f"phrase {n}" for n in range(300)), unit(fine[:300] + 0.7 * drawn(300)), strict=True))
    neutral = unit(fine[random.integers(0, 400, bank)] + drawn(bank))
    return Origin("made photographs and phrases (no bench folder was named)", photographs, phrases, neutral, asked)


class Best:
    """The row numbers of the nearest of each query, among rows that are added in parts."""

    def __init__(self, queries: Vectors, limit: int) -> None:
        self.queries, self.limit = queries, limit
        self.scores = np.full((len(queries), limit), -np.inf, dtype=np.float32)
        self.numbers = np.full((len(queries), limit), -1, dtype=np.int64)

    def add(self, rows: Vectors, numbers: NDArray[np.int64]) -> None:
        """Look at rows with these numbers."""
        scores = np.concatenate([self.scores, self.queries @ rows.T], axis=1)
        both = np.concatenate([self.numbers, np.broadcast_to(numbers, (len(self.queries), len(rows)))], axis=1)
        kept = np.argpartition(-scores, self.limit - 1, axis=1)[:, : self.limit]
        self.scores, self.numbers = np.take_along_axis(scores, kept, 1), np.take_along_axis(both, kept, 1)

    def found(self) -> NDArray[np.int64]:
        """(queries, limit), nearest first; -1 where there were fewer rows."""
        order = np.argsort(-self.scores, axis=1, kind="stable")
        return np.take_along_axis(self.numbers, order, 1)


def exact(chunks: Iterable[Vectors], queries: Vectors, limit: int) -> NDArray[np.int64]:
    """The row numbers of the nearest of each query, nearest first, among rows that come in chunks."""
    best, start = Best(queries, limit), 0
    for rows in chunks:
        best.add(rows, np.arange(start, start + len(rows)))
        start += len(rows)
    return best.found()


def recall(found: Iterable[Iterable[int]], true: NDArray[np.int64]) -> float:
    """The share of the truly nearest that were found, a -1 among these left out."""
    wanted = [{*row.tolist()} - {-1} for row in true]
    shares = [len({*map(int, one)} & those) / len(those) for one, those in zip(found, wanted, strict=True)]
    return float(np.mean(shares))


def unit(rows: NDArray[Any]) -> Vectors:
    """Rows of length 1."""
    rows = rows.astype(np.float32, copy=False)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


def size_name(points: int) -> str:
    """100k for 100,000, 1m for 1,000,000."""
    if points % 1_000_000 == 0:
        return f"{points // 1_000_000}m"
    return f"{points // 1000}k" if points % 1000 == 0 else str(points)


def write_rows(made: Made, points: int, path: Path) -> None:
    """Write rows to a file of numpy, a chunk at a time."""
    part = path.with_suffix(".part.npy")
    file = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=(points, made.dim))
    start = 0
    for rows in made.rows(points):
        file[start : start + len(rows)] = rows
        start += len(rows)
    file.flush()
    part.replace(path)


def read_chunks(path: Path, size: int = CHUNK) -> Iterator[Vectors]:
    """The rows of a file, a chunk at a time, none of them kept."""
    count = len(np.load(path, mmap_mode="r"))
    for start in range(0, count, size):
        yield np.array(np.load(path, mmap_mode="r")[start : start + size])


def nature(rows: Vectors, queries: Vectors) -> str:
    """What such vectors are like: cosines between rows, of a row to its nearest, of phrases; their local dimension."""
    own = rows @ rows.T
    np.fill_diagonal(own, -1)
    near = -np.partition(-own, 20, axis=1)[:, :20]
    near.sort(axis=1)
    distance = np.sqrt(np.maximum(2 - 2 * near[:, ::-1], 1e-12))
    dimension = 1 / np.log(distance[:, -1:] / distance[:, :-1]).mean()
    said = queries @ rows.T
    return (
        f"of {len(rows):,} rows: mean cosine {own[own > -1].mean():.2f}, to the nearest {near[:, -1].mean():.2f}, to "
        f"the 20th {near[:, 0].mean():.2f}, local dimension {dimension:.0f}; of phrases {said.mean():.2f}, to their "
        f"nearest {said.max(1).mean():.2f}"
    )


def main() -> None:
    """Write rows of each size, the queries, and the exact answers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--points", type=int, nargs="+", default=[100_000])
    parser.add_argument("--queries", type=int, default=300, help="of each kind")
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--bench", type=Path, help="a folder with photos-4k; made photographs without")
    chosen = parser.parse_args()
    made = Made(read_origin(chosen.bench))
    print(made.origin.name, flush=True)
    chosen.to.mkdir(parents=True, exist_ok=True)
    queries = {"text": made.text(chosen.queries), "image": made.image(chosen.queries)}
    for kind, vectors in queries.items():
        np.save(chosen.to / f"{kind}.npy", vectors)
    np.save(chosen.to / "bank.npy", made.bank())
    print(nature(np.concatenate(list(made.rows(CHUNK)))[:8000], queries["text"]), flush=True)
    for points in chosen.points:
        name = size_name(points)
        write_rows(made, points, chosen.to / f"{name}.npy")
        both = exact(read_chunks(chosen.to / f"{name}.npy"), np.concatenate(list(queries.values())), chosen.limit)
        for kind, ids in zip(queries, np.split(both, [len(queries["text"])]), strict=True):
            np.save(chosen.to / f"exact-{kind}-{name}.npy", ids)
        print(f"{points:,} x {made.dim} in {chosen.to / name}.npy, exact {chosen.limit} of each query", flush=True)


if __name__ == "__main__":
    main()
