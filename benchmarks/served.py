"""The app in a process of its own, and a browser that opens it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_CHROMIUM = "/usr/bin/chromium"
CHROMIUM: dict[str, Any] = {
    "executable_path": _CHROMIUM if Path(_CHROMIUM).exists() else None,
    "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
}
"""How Playwright launches Chromium."""
PATIENCE_S = 120


@contextmanager
def served(archive: Path) -> Iterator[tuple[str, int]]:
    """The address at which an archive is served, and the number of the process; it answers from the first moment on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, *f"-m app.command app --port {port} --no-browser --archive".split(), str(archive)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
