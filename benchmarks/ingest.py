"""
Measure what an ingest costs besides its model: `python -m benchmarks.ingest [--embedder NAME] [--pictures DIR]`.

Prints, per round, the model's own rate on inputs prepared beforehand (of one batch on all cores or several batches on
cores of their own, whichever is faster), the rate from JPEG files to a flushed index, and their ratio; then the
processor time of a picture, of the model alone and of all, and of what runs beside the model: loading, preparing,
writing. Rounds alternate, so that both see the same machine; of each figure the last line has the median. Thumbnails,
palette and fingerprints are made as every ingest makes them. Without `--embedder` the model is a ViT-B/32 with random
weights, whose arithmetic is that of the real one.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from archive_search.embedders import EMBEDDERS, auxiliary_embedders
from archive_search.pictures.decoding import decode
from archive_search.stores import open_index
from archive_search.types import Embedder, Modality, Record, Vectors
from ingest.cores import share_cores
from ingest.lanes import encoded, lanes
from ingest.ledger import Ledger
from ingest.loading import ENOUGH
from ingest.pipeline import Options, run
from ingest.progress import Progress

VITS = {
    "random-vit-b-32": (768, 12, 12, 32),
    "random-vit-b-16": (768, 12, 12, 16),
    "random-vit-h-14": (1280, 32, 16, 14),
}
"""Width, depth, heads and patch of known vision towers; ImageBind's is the last."""


def main() -> None:
    """Print a line a round and the median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [*EMBEDDERS, *VITS, "none"]
    parser.add_argument("--embedder", choices=known, default="random-vit-b-32", help="none: the pipeline by itself")
    parser.add_argument("--device", default="cpu", help="for random ones")
    parser.add_argument("--pictures", type=Path, help="a folder of JPEG files; drawn ones otherwise")
    parser.add_argument("--side", type=int, default=1600, help="the longer side of drawn pictures")
    parser.add_argument("--count", type=int, default=192)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.pictures or drawn(Path(place) / "pictures", chosen.side, chosen.count)
        source = Jpegs(folder, chosen.count)
        share_cores()
        embedder = made(chosen.embedder, chosen.device)
        prepared = [embedder.preprocess(decode(path, at_least=ENOUGH), "image") for path in source.paths()]
        embedder.encode(prepared[: chosen.batch], "image")
        counts = sorted({1, lanes([embedder], chosen.batch)})
        print(f"{len(prepared)} pictures, {embedder.name}, batches of {chosen.batch}")
        rounds: list[tuple[float, ...]] = []
        for number in range(chosen.rounds):
            alone, cpu_alone = max(model_alone(embedder, prepared, chosen.batch, count) for count in counts)
            stored, whole, cpu = ingested(
                Path(place) / f"archive-{number}", source, embedder, chosen.batch, chosen.threads
            )
            model, both = (1e3 * seconds / len(prepared) for seconds in (cpu_alone, cpu))
            rounds.append((stored / alone, whole / alone, model, both, both - model))
            print(f"model alone {alone:7.2f}/s   files to flushed index {stored:7.2f}/s   {_said(rounds[-1])}")
        print(f"medians: {_said([statistics.median(one) for one in zip(*rounds, strict=True)])}")


def _said(figures: Sequence[float]) -> str:
    ratio, published, model, both, beside = figures
    return (
        f"ratio {ratio:.3f}, with publishing {published:.3f}   "
        f"processor ms a picture: model {model:.1f}, all {both:.1f}, beside the model {beside:.1f}"
    )


def model_alone(embedder: Embedder, prepared: Sequence[Any], batch: int, count: int) -> tuple[float, float]:
    """Pictures a second of the model, with so many batches at once, and processor seconds in all."""
    size = -(-batch // count)
    batches = [prepared[start : start + size] for start in range(0, len(prepared), size)]
    cpu, started = time.process_time(), time.perf_counter()
    for _ in encoded(batches, lambda one: embedder.encode(one, "image"), count):
        pass
    return len(prepared) / (time.perf_counter() - started), time.process_time() - cpu


def ingested(place: Path, source: Jpegs, embedder: Embedder, batch: int, threads: int) -> tuple[float, float, float]:
    """Pictures a second until all were flushed, the same until published, and processor seconds in all."""
    place.mkdir()
    phases: dict[str, float] = {}

    def note(progress: Progress) -> None:
        phases.setdefault(progress.phase, time.perf_counter())

    beside = [EMBEDDERS[name].load() for name in auxiliary_embedders()]
    cpu, started = time.process_time(), time.perf_counter()
    with Ledger(place / "ledger.sqlite") as ledger:
        summary = run(
            source,
            index=open_index(place / "index"),
            ledger=ledger,
            thumbnails=place / "thumbnails",
            embedders=[embedder, *beside],
            options=Options(batch=batch, threads=threads),
            on_progress=note,
        )
    ended = time.perf_counter()
    assert summary.added == source.count(), summary
    count = source.count()
    return count / (phases["publishing"] - started), count / (ended - started), time.process_time() - cpu


@dataclass(frozen=True)
class Jpegs:
    """The JPEG files below a folder, the first `limit`."""

    folder: Path
    limit: int

    @property
    def origin(self) -> str:
        """The folder."""
        return str(self.folder)

    def file(self, record: Record) -> Path:
        """Its path."""
        return self.folder / record.image

    def paths(self) -> list[Path]:
        """Them, by path."""
        return sorted(path for path in self.folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))[: self.limit]

    def count(self) -> int:
        """How many."""
        return len(self.paths())

    def records(self) -> Iterator[Record]:
        """A record each."""
        for path in self.paths():
            name = path.relative_to(self.folder).as_posix()
            yield Record(name, name, {"title": path.stem})

    def stamp(self, record: Record) -> str:
        """Size and time."""
        found = (self.folder / record.image).stat()
        return f"{found.st_size}-{found.st_mtime_ns}"

    def read(self, record: Record) -> bytes:
        """The bytes."""
        return (self.folder / record.image).read_bytes()


def drawn(folder: Path, side: int, count: int) -> Path:
    """Pictures with the detail of photographs, as JPEG of quality 88."""
    folder.mkdir()
    width, height = side, side * 3 // 4
    for number in range(count):
        random = np.random.default_rng(number)
        shapes = Image.fromarray(random.integers(0, 255, (30, 40, 3), dtype=np.uint8)).resize((width, height), 3)
        grain = Image.effect_noise((width // 2, height // 2), 24).resize((width, height), 2).convert("RGB")
        written = io.BytesIO()
        Image.blend(shapes, grain, 0.3).save(written, "JPEG", quality=88)
        (folder / f"{number:05}.jpg").write_bytes(written.getvalue())
    return folder


class Still:
    """No model: 512 numbers from the picture's bytes."""

    name, dim, checkpoint, shares_cores = "none", 512, "none", True
    modalities: frozenset[Modality] = frozenset({"image"})

    def preprocess(self, item: Any, modality: Modality) -> Any:
        """As CLIP and ImageBind do: the shorter side to 224, the middle cut out."""
        from archive_search.models.clip_pixels import square

        return square(item)  # (3, 224, 224) uint8

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Rows of length 1."""
        rows = np.stack([one.numpy().reshape(-1)[: self.dim].astype(np.float32) + 2 for one in batch])
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def remarks(self, text: str) -> tuple[str, ...]:
        """None."""
        return ()


class RandomViT(Still):
    """A vision transformer with random weights."""

    def __init__(self, name: str, device: str) -> None:
        import torch
        from torch import nn

        torch.manual_seed(0)
        self.name, self.device, self.shares_cores = name, device, device == "cpu"
        width, depth, heads, patch = VITS[name]
        self.patches = nn.Conv2d(3, width, patch, patch).to(device).eval()
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False).to(device).eval()
        self.checkpoint = hashlib.sha256(name.encode()).hexdigest()

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Rows of length 1."""
        import torch

        from archive_search.models.clip_pixels import normalised

        with torch.inference_mode():
            pixels = normalised(torch.stack(list(batch)).to(self.device))
            tokens = self.patches(pixels).flatten(2).transpose(1, 2)  # (n, patches, width)
            rows = torch.nn.functional.normalize(self.blocks(tokens).mean(1)[:, : self.dim], dim=1)
            found: Vectors = rows.float().cpu().numpy()
        return found


def made(name: str, device: str) -> Embedder:
    """The embedder by its name."""
    if name == "none":
        return Still()
    return RandomViT(name, device) if name in VITS else EMBEDDERS[name].load()


if __name__ == "__main__":
    main()
