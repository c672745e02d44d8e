"""
Measure how long the search page takes from Enter to painted: `python -m benchmarks.page ARCHIVE [--rounds 12]`.

A real Chromium types queries that were not asked before; the time runs from the key to the last change of the page and
the last picture loaded before half a second of quiet. Prints the first query, which may wait for the text tower,
and the shortest and median of the others.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
WORDS = ("axe", "brooch", "pot", "coin", "comb", "sword", "bead", "bowl", "figurine", "arrowhead", "car", "red bead")
WATCH = """
() => {
  window.changed = 0;
  const note = () => { window.changed = performance.now(); };
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, attributes: true,
    attributeFilter: ['src', 'style', 'class'], characterData: true});
  document.addEventListener('load', (event) => { if (event.target.tagName === 'IMG') note(); }, true);
  const entered = (event) => { if (event.key === 'Enter') window.entered = performance.now(); };
  document.addEventListener('keydown', entered, true);
}
"""
QUIET = "() => window.changed > window.entered && performance.now() - window.changed > 500 ? window.changed : 0"


def main() -> None:
    """Print seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=12)
    chosen = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "app.command", "app", "--archive", str(chosen.archive)]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--no-browser"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _answers(f"{address}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.goto(address)
            page.locator(".tile").first.wait_for(timeout=120_000)
            page.wait_for_timeout(3000)
            page.evaluate(WATCH)
            times = [
                _asked(page, WORDS[n % len(WORDS)] + (f" {n}" if n >= len(WORDS) else "")) for n in range(chosen.rounds)
            ]
            browser.close()
    finally:
        server.terminate()
        server.wait(30)
    first, *others = times
    print(f"first {first:.2f} s; others: shortest {min(others):.2f} s, median {statistics.median(others):.2f} s")


def _asked(page: Page, words: str) -> float:
    """Seconds from Enter to the last change."""
    box = page.get_by_label("1 · What is it?")
    box.fill(words)
    page.wait_for_timeout(700)
    box.press("Enter")
    last = page.wait_for_function(QUIET, timeout=60_000).json_value()
    entered = page.evaluate("() => window.entered")
    page.evaluate("() => { window.changed = 0; }")
    return float(last - entered) / 1000


def _answers(url: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()
