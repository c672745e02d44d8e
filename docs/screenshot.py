"""Makes `docs/images/search.png`: the search page on the sample archive. `python docs/screenshot.py [ARCHIVE]`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
IMAGE = ROOT / "docs" / "images" / "search.png"
SEARCH = "/?q=a+bead&apart=red"
CHROMIUM = "/usr/bin/chromium"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def command(*arguments: object) -> list[str]:
    """The command line with these arguments."""
    return [sys.executable, "-m", "app.command", *map(str, arguments)]


def sample(directory: Path) -> Path:
    """A new sample archive."""
    pictures, archive = directory / "sample", directory / "Sample archive"
    subprocess.run(command("sample", pictures), check=True, env=ENVIRONMENT)
    ingest = ("ingest", "folder", pictures / "pictures", "--metadata", pictures / "records.csv")
    options = ("--embedder", "demo", "--tiles", "--archive", archive)
    subprocess.run(command(*ingest, *options), check=True, env=ENVIRONMENT)
    return archive


def shoot(archive: Path) -> None:
    """Serve an archive, take the picture, stop the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        command("app", "--archive", archive, "--port", port, "--no-browser"), env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )
    try:
        _answers(f"{address}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
            page.goto(address + SEARCH)
            page.locator(".tile").first.wait_for(timeout=60_000)
            page.wait_for_function("document.images.length && [...document.images].every(image => image.naturalWidth)")
            page.locator("[data-test-script-state=notRunning]").wait_for()
            IMAGE.parent.mkdir(exist_ok=True)
            page.screenshot(path=IMAGE)
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def _answers(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        shoot(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as directory:
            shoot(sample(Path(directory)))
