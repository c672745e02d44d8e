"""Makes the pictures of the tutorial and the README in docs/images: `python -m docs.making.pictures [ARCHIVE]`."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
SIZE = (1280, 860)
PATIENCE_MS = 120_000


# ------------------------------------------------------------------ what each picture shows


def begin(page: Page) -> None:
    """The archive as it opens."""
    page.goto("/")
    ready(page)


def what(page: Page) -> None:
    """One word asked."""
    page.goto("/?q=a+bead")
    ready(page)


def search(page: Page) -> None:
    """A bead, and red: the README's picture."""
    page.goto("/?q=a+bead&apart=red")
    ready(page)


def why(page: Page) -> Locator:
    """How the ranking came about."""
    page.get_by_text("How was this ranked?").click()
    page.locator("table.funnel").wait_for()
    settled(page)
    return page.get_by_test_id("stExpander")


def where(page: Page) -> None:
    """A filter, open, with its counts."""
    page.goto("/?q=axe&material=flint")
    ready(page)
    page.locator(".st-key-open-material button").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button").first.wait_for()
    settled(page)


def record(page: Page) -> None:
    """One record, opened."""
    page.goto("/?q=axe&material=flint")
    ready(page)
    page.locator('[class*="st-key-tiles"] a').first.click()
    page.locator("a.whole img").wait_for()
    settled(page)
    loaded(page)


PICTURES: dict[str, Callable[[Page], Locator | None]] = {
    "begin": begin,
    "what": what,
    "search": search,
    "why": why,
    "where": where,
    "record": record,
}
"""
What brings up each picture, in turn on one page, by its name in docs/images; it gives the part to show, if not all.
"""


# ------------------------------------------------------------------ how they are made


def ready(page: Page) -> None:
    """Wait until everything is shown."""
    page.locator(".tile").first.wait_for(timeout=PATIENCE_MS)
    page.locator("[data-test-script-state=notRunning]").wait_for(timeout=PATIENCE_MS)
    loaded(page)


def loaded(page: Page) -> None:
    """Wait until every picture on the page is there."""
    page.wait_for_function("document.images.length && [...document.images].every(image => image.naturalWidth)")


def settled(page: Page) -> None:
    """Wait until what opens has opened."""
    page.wait_for_timeout(500)


def sample(directory: Path) -> Path:
    """A new sample archive."""
    pictures, archive = directory / "sample", directory / "demo-archive"
    subprocess.run(command("sample", pictures), check=True, env=ENVIRONMENT)
    ingest = ("ingest", "folder", pictures / "pictures", "--metadata", pictures / "records.csv")
    options = ("--embedder", "demo", "--tiles", "--archive", archive)
    subprocess.run(command(*ingest, *options), check=True, env=ENVIRONMENT)
    return archive


def command(*arguments: object) -> list[str]:
    """The command line with these arguments."""
    return [sys.executable, "-m", "app.command", *map(str, arguments)]


@contextmanager
def served(archive: Path) -> Iterator[str]:
    """The address of a server of an archive."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        command("app", "--archive", archive, "--port", port, "--no-browser"), env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )
    try:
        _answers(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def shoot(archive: Path) -> None:
    """Make every picture."""
    with served(archive) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        width, height = SIZE
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, color_scheme="light"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        for name, show in PICTURES.items():
            part = show(page)
            with Image.open(io.BytesIO((part or page).screenshot())) as picture:
                save(IMAGES / f"{name}.png", picture)
        browser.close()


def save(file: Path, picture: Image.Image) -> None:
    """Write a picture in 256 colours, a third of the size."""
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


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
