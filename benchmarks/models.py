"""
Measure ImageBind against the official network: `python -m benchmarks.models [--only PART,...] [--weights FILE]`.

Prints, in one run: the peak of this processor in matrix products, still pictures and text queries as ratios to the
official network on the same tensors, what a process that only encodes texts holds and how soon it answers, and the
rate from JPEG files to stored vectors as a share of the model's own. With an accelerator its rates follow.
The weights are random unless `--weights` names a file: the arithmetic is the same. Rounds alternate, so that all that
is compared sees the same machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch.nn import functional as F

from archive_search.embedders.imagebind import ImageBindEmbedder
from archive_search.models.clip_pixels import normalised
from archive_search.models.imagebind import HUGE, TowerConfig
from archive_search.models.packed_linear import PackedLinear
from archive_search.models.processor import bf16_is_faster
from archive_search.pictures.decoding import decode
from benchmarks.ingest import Jpegs, drawn, ingested
from ingest.loading import ENOUGH
from tests import oracle

PARTS = ("peak", "pictures", "text", "others", "process", "pipeline", "gpu")
QUERY = "An archeological drawing of a flint axe head, with an off-centre shaft hole"


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--weights", type=Path, help="a checkpoint in the official format; random weights otherwise")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=64, help="pictures of the pipeline")
    parser.add_argument("--batch", type=int, default=8)
    chosen = parser.parse_args()
    only = chosen.only.split(",")
    warnings.filterwarnings("ignore")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}", flush=True)
    weights = chosen.weights or random_weights()
    os.environ.setdefault("ARCHIVE_SEARCH_MODELS", str(weights.parent))  # the note of its hash goes there
    best = peak() if {"peak", "pictures"} & set(only) else 0.0
    if "pictures" in only:
        pictures(weights, best, chosen.batch, chosen.rounds)
    if "text" in only:
        text(weights, chosen.rounds)
    if "others" in only:
        others(weights)
    if "process" in only:
        process(weights)
    if "pipeline" in only:
        pipeline(weights, chosen.count, chosen.rounds)
    if "gpu" in only:
        if torch.cuda.is_available():
            gpu(weights, chosen.rounds)
        else:
            print("gpu: there is none here; not measured")


def random_weights() -> Path:
    """A file of random weights at full size, written once per machine: 4.8 GB."""
    path = Path(tempfile.gettempdir()) / "archive-search-bench" / "imagebind_huge.pth"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        torch.save(oracle.network(HUGE).state_dict(), part)
        part.replace(path)
    return path


# ------------------------------------------------------------------ the processor


def peak() -> float:
    """Billions of operations a second in products of bfloat16 matrices, the best of several shapes and layouts."""
    found: dict[torch.dtype, float] = {}
    for dtype in (torch.float32, torch.bfloat16):
        for rows, inside, outside in ((2048, 2048, 2048), (2056, 1280, 5120), (2056, 5120, 1280), (1024, 1024, 1024)):
            for packed in (False, True):
                layer = PackedLinear(inside, outside).to(dtype).requires_grad_(False)
                if packed:
                    layer.pack(rows)
                x = torch.randn(rows, inside, dtype=dtype)
                with torch.inference_mode():
                    taken = min(times(lambda: layer(x), 7))  # noqa: B023
                found[dtype] = max(found.get(dtype, 0), 2 * rows * inside * outside / taken / 1e9)
    print(f"peak: bf16 {found[torch.bfloat16]:.0f} GFLOP/s, fp32 {found[torch.float32]:.0f}", flush=True)
    return found[torch.bfloat16]


def operations(tower: TowerConfig, length: int) -> float:
    """
    Billions of operations that one input of `length` tokens needs.

    Products of the projections and of attention; of the last block only what the one token needs that is read.
    """
    width = tower.width
    projections, attention = 24 * length * width**2, 4 * length**2 * width
    last = 2 * length * 3 * width**2 + 18 * width**2 + 4 * length * width
    return ((projections + attention) * (tower.layers - 1) + last) / 1e9


def times(call: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each call, after one that does not count."""
    call()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return taken


def alternate(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least seconds of each call, one after the other in every round: what else runs here only adds to them."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if number:  # the first round warms up
                taken[name].append(time.perf_counter() - started)
    return {name: min(some) for name, some in taken.items()}


# ------------------------------------------------------------------ parts


@torch.inference_mode()
def pictures(weights: Path, best: float, batch: int, rounds: int) -> None:
    """Still pictures, all networks on the same tensors."""
    pixels = normalised(torch.randint(0, 256, (batch, 3, 224, 224), dtype=torch.uint8))
    theirs, half = oracle.read(weights, HUGE), oracle.read(weights, HUGE).bfloat16()
    ours = ImageBindEmbedder(weights, device="cpu").tower("vision")
    taken = alternate(
        {
            "official fp32": lambda: theirs({"vision": pixels}),
            "official bf16": lambda: half({"vision": pixels.bfloat16()}),
            "ours": lambda: ours.encode_image(pixels),
        },
        rounds,
    )
    rate = {name: batch / seconds for name, seconds in taken.items()}
    for name, one in rate.items():
        print(f"pictures: {name:14} {one:6.3f}/s   {one / rate['official fp32']:.2f} x official fp32")
    cosine = (F.normalize(theirs({"vision": pixels})["vision"], dim=1) * ours.encode_image(pixels)).sum(1).min()
    done = rate["ours"] * operations(HUGE.vision, 257)
    print(
        f"pictures: cosine at least {cosine:.5f}; {done:.0f} GFLOP/s, {done / best:.0%} of the peak in bf16", flush=True
    )


@torch.inference_mode()
def text(weights: Path, rounds: int) -> None:
    """One query at a time."""
    embedder = ImageBindEmbedder(weights, device="cpu")
    theirs, read = oracle.read(weights, HUGE), oracle.tokenizer()
    taken = alternate(
        {
            "official fp32": lambda: theirs({"text": read([QUERY])}),
            "ours": lambda: embedder.encode([embedder.preprocess(QUERY, "text")], "text"),
        },
        5 * rounds,
    )
    cosine = (F.normalize(theirs({"text": read([QUERY])})["text"], dim=1)).numpy()
    row = embedder.encode([embedder.preprocess(QUERY, "text")], "text")
    print(
        f"text: official fp32 {taken['official fp32'] * 1e3:.0f} ms, ours {taken['ours'] * 1e3:.0f} ms a query: "
        f"{taken['official fp32'] / taken['ours']:.1f} x; cosine {(cosine * row).sum():.5f}"
    )
    many = [embedder.preprocess(f"{QUERY} {number}", "text") for number in range(256)]
    print(f"text: {256 / min(times(lambda: embedder.encode(many, 'text'), 2)):.1f}/s of 256 at once", flush=True)


def others(weights: Path) -> None:
    """Films and recordings, prepared."""
    embedder = ImageBindEmbedder(weights, device="cpu")
    film = [torch.randint(0, 256, (15, 3, 2, 224, 224), dtype=torch.uint8)]
    recordings = [torch.randn(3, 1, 128, 204)] * 4
    seconds = min(times(lambda: embedder.encode(film, "video"), 1))
    print(f"others: {seconds:.2f} s a film of five clips, three views each")
    print(f"others: {min(times(lambda: embedder.encode(recordings, 'audio'), 2)) / 4:.2f} s a recording of three clips")


_ALONE = """
import sys, time
from pathlib import Path
from archive_search.embedders.imagebind import ImageBindEmbedder
embedder = ImageBindEmbedder(Path(sys.argv[1]), device="cpu")
embedder.encode([embedder.preprocess(sys.argv[2], "text")], "text")
now = time.clock_gettime(time.CLOCK_MONOTONIC)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(now - float(sys.argv[3]), *(int(status[name].split()[0]) / 1e6 for name in ("VmRSS", "VmHWM")))
"""


def process(weights: Path) -> None:
    """A process of its own that encodes one text, three times; the file is in the page cache."""
    with weights.open("rb") as file:
        while file.read(2**24):
            pass
    for _ in range(3):
        started = time.clock_gettime(time.CLOCK_MONOTONIC)
        command = [sys.executable, "-c", _ALONE, str(weights), QUERY, str(started)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds, resident, highest = map(float, done.stdout.split())
        print(
            f"process: text only, {seconds:.2f} s from its start to the first vector; {resident:.2f} GB resident, "
            f"{highest:.2f} GB at most",
            flush=True,
        )


def pipeline(weights: Path, count: int, rounds: int) -> None:
    """From JPEG files to stored vectors, and the model alone on the same pictures prepared."""
    embedder = ImageBindEmbedder(weights)
    embedder.checkpoint  # noqa: B018 -- hashed once per file, not per ingest
    ratios = []
    with tempfile.TemporaryDirectory() as place:
        source = Jpegs(drawn(Path(place) / "pictures", 1600, count), count)
        prepared = [embedder.preprocess(decode(path, at_least=ENOUGH), "image") for path in source.paths()]
        batches = [prepared[start : start + 32] for start in range(0, count, 32)]
        embedder.encode(batches[0], "image")
        for number in range(rounds):
            started = time.perf_counter()
            for batch in batches:
                embedder.encode(batch, "image")
            alone = count / (time.perf_counter() - started)
            stored, _, _ = ingested(Path(place) / f"archive-{number}", source, embedder, 32, 0)
            ratios.append(stored / alone)
            print(f"pipeline: prepared {alone:.3f}/s, from JPEG files {stored:.3f}/s: {ratios[-1]:.3f}", flush=True)
    print(f"pipeline: median {statistics.median(ratios):.3f}")


@torch.inference_mode()
def gpu(weights: Path, rounds: int) -> None:
    """Still pictures on an accelerator: prepared tensors, compiled or not, against the official network."""
    count = 1024
    x = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    best = 2 * 8192**3 / min(times(lambda: (x @ x, torch.cuda.synchronize()), 20)) / 1e12
    print(f"gpu: {torch.cuda.get_device_name()}, peak in bf16 {best:.0f} TFLOP/s")
    prepared = list(torch.randint(0, 256, (count, 3, 224, 224), dtype=torch.uint8))
    plain = ImageBindEmbedder(weights, device="cuda")
    compiled = ImageBindEmbedder(weights, device="cuda", compiled=True)
    theirs = oracle.read(weights, HUGE).cuda()
    pixels = normalised(torch.stack(prepared[:64]).cuda())
    taken = alternate(
        {
            "ours": lambda: plain.encode(prepared, "image"),
            "ours, compiled": lambda: compiled.encode(prepared, "image"),
            "official fp32": lambda: [theirs({"vision": pixels})["vision"].cpu() for _ in range(count // 64)],
        },
        rounds,
    )
    for name, seconds in taken.items():
        share = count / seconds * operations(HUGE.vision, 257) / 1e3 / best
        ratio = taken["official fp32"] / seconds
        print(
            f"gpu: {name:14} {count / seconds:8.1f}/s, {share:.0%} of the peak, {ratio:.2f} x official fp32", flush=True
        )


if __name__ == "__main__":
    assert bf16_is_faster() in (True, False)  # measured before anything else runs
    main()
