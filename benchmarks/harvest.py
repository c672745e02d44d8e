"""
Measure a harvest from a server on this machine: `python -m benchmarks.harvest [--records 10000] [--rate 200]`.

A process serves records on pages of 100, each with a picture; another ingests them at a rate limit with the hash
encoder, or the `--embedder` named. It is killed (-9) when a share of the pictures was fetched, run again to the end,
and once more. Printed: what came a second against the limit, the peak memory, and what was asked for more than once.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, Record
from tests.ingest.replay import Replay
from tests.ingest.shelf import Shelf

ROOT = Path(__file__).resolve().parents[1]
SIZE = 100


def main() -> None:
    """Serve, ingest, kill, ingest, ingest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=200.0, help="requests a second")
    parser.add_argument("--fetch", action="store_true", help="only fetch and keep, without models and an index")
    parser.add_argument("--embedder", default="hash", help="which model sees the pictures, such as demo")
    parser.add_argument("--kill-at", type=float, default=0.3, help="share of the pictures that were fetched then")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--take", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.records)
    elif chosen.take:
        archive, url = Path(chosen.take[0]), chosen.take[1]
        shelf = Shelf(url=url, rate=chosen.rate)
        fetch(archive, shelf) if chosen.fetch else take(archive, shelf, chosen.embedder)
    else:
        with tempfile.TemporaryDirectory() as place:
            with_what = ("--fetch",) if chosen.fetch else ("--embedder", chosen.embedder)
            how = ("--rate", str(chosen.rate), *with_what)
            measure(Path(place) / "archive", chosen.records, chosen.rate, chosen.kill_at, how)


def serve(records: int) -> None:
    """Answer until standard input ends; /asked tells how often each path was asked."""
    with Replay() as server:
        items = [_item(server.url, number) for number in range(records)]
        server.pages("/list", items, SIZE)
        for number, item in enumerate(items):
            server.answer(item["image"].removeprefix(server.url), _picture(number), type="image/png")
        server.answer("/asked", lambda _: Counter(one.path for one in list(server.asked) if one.path != "/asked"))
        print(server.url, flush=True)
        sys.stdin.read()


def _picture(number: int) -> bytes:
    """A picture that resembles no other: those that do are compared one with another when an ingest ends."""
    colours = np.random.default_rng(number).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(colours).resize((90, 60), Image.Resampling.BICUBIC).save(written, "PNG")
    return written.getvalue()


def _item(url: str, number: int) -> dict[str, str]:
    name = f"o{number:06}"
    return {"id": name, "title": f"Axe {name}", "image": f"{url}/{name}.png", "note": f"found in pit {number} " * 20}


def take(archive: Path, source: Shelf, embedder: str) -> None:
    """One ingest; its figures as a line of JSON."""
    from archive_search.embedders import EMBEDDERS
    from ingest.recipe import run

    before = _peak_mb()
    with EMBEDDERS.register("hash", EmbedderInfo("hash", 64, frozenset({"text", "image"}), "", "MIT", HashEmbedder)):
        summary = run(archive, source, embedders=[embedder])
    told = {"added": summary.added, "unchanged": summary.unchanged, "rejected": summary.rejected}
    print(json.dumps({**told, "seconds": summary.seconds, "before_mb": before, "peak_mb": _peak_mb()}), flush=True)


def fetch(archive: Path, source: Shelf) -> None:
    """One harvest without an ingest, a bounded number of pictures ahead; its figures as a line of JSON."""
    before, begun, waiting, done = _peak_mb(), time.monotonic(), deque[Future[bytes]](), 0
    archive.mkdir(exist_ok=True)
    with source.opened(archive, threading.Event()) as opened, ThreadPoolExecutor(8) as pool:
        for record in opened.records():
            assert isinstance(record, Record)
            waiting.append(pool.submit(opened.read, record))
            if len(waiting) > 64:
                done += bool(waiting.popleft().result())
        done += sum(bool(one.result()) for one in waiting)
    told = {"added": done, "unchanged": done, "rejected": 0, "seconds": time.monotonic() - begun}
    print(json.dumps({**told, "before_mb": before, "peak_mb": _peak_mb()}), flush=True)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(archive: Path, records: int, rate: float, kill_at: float, how: Sequence[str]) -> None:
    """Print a line for each of the three ingests."""
    serving = _started("--serve", "--records", str(records), stdin=subprocess.PIPE)
    try:
        assert serving.stdout is not None
        url = serving.stdout.readline().strip()
        killed, begun = _take(archive, url, how), time.monotonic()
        while killed.poll() is None and _fetched(asked := _asked(url)) < kill_at * records:
            time.sleep(0.2)
        seconds = time.monotonic() - begun
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        print(f"killed after {seconds:.0f} s: {len(asked)} addresses asked", flush=True)
        first = _asked(url)
        done = _done(_take(archive, url, how))
        after = _asked(url)
        new, again = sum(after.values()) - sum(first.values()), {k: v for k, v in after.items() if v > 1}
        print(
            f"gone on with: {done['added']} added, {done['rejected']} rejected, {new} requests in "
            f"{done['seconds']:.1f} s: {new / done['seconds']:.0f} a second of {rate:g} allowed; "
            f"peak {done['peak_mb']:.0f} MB, {done['before_mb']:.0f} MB before it began; "
            f"asked for twice: {len(again)} ({', '.join(sorted(again)[:6])})"
        )
        done = _done(_take(archive, url, how))
        again = _asked(url) - after
        print(
            f"once more: {done['unchanged']} unchanged in {done['seconds']:.1f} s, peak {done['peak_mb']:.0f} MB; "
            f"{sum(again.values())} requests, {_fetched(again)} of them for pictures"
        )
        sizes = {part: sum(f.stat().st_size for f in (archive / part).rglob("*") if f.is_file()) for part in PARTS}
        print("; ".join(f"{part} {size / 1e6:.1f} MB" for part, size in sizes.items()))
    finally:
        serving.kill()
        serving.wait()


PARTS = ("harvest", "pictures", "thumbnails")


def _started(*arguments: str, **how: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.harvest", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ}, **how)


def _take(archive: Path, url: str, how: Sequence[str]) -> subprocess.Popen[str]:
    return _started("--take", str(archive), url, *how)


def _done(taking: subprocess.Popen[str]) -> dict[str, float]:
    said, _ = taking.communicate()
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _asked(url: str) -> Counter[str]:
    return Counter(httpx.get(f"{url}/asked", timeout=60).json())


def _fetched(asked: Counter[str]) -> int:
    return sum(1 for path in asked if path.endswith(".png"))


if __name__ == "__main__":
    main()
