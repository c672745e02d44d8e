"""
Measure how long the search page takes from Enter to painted: `python -m benchmarks.page ARCHIVE [--rounds 12]`.

A real Chromium, open already, is led to the first page of a server as soon as that answers, types queries that were not
asked before, and moves the width of a category. The time of a query runs from the key to the last change of the page
and the last picture loaded before half a second of quiet, which includes all that is told after the tiles; `tiles` is
when those were last changed. Prints the start from the command on, the first query, which may wait for the text tower,
and shortest and median of the others.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.served import CHROMIUM, served

WORDS = ("axe", "brooch", "pot", "coin", "comb", "sword", "bead", "bowl", "figurine", "arrowhead", "car", "red bead")
WATCH = """
() => {
  window.changed = 0;
  const note = () => { window.changed = performance.now(); };
  new MutationObserver(note).observe(document.body, {subtree: true, childList: true, attributes: true,
    attributeFilter: ['src', 'style', 'class'], characterData: true});
  document.addEventListener('load', (event) => { if (event.target.tagName === 'IMG') note(); }, true);
  const tiled = () => { window.tiled = performance.now(); };
  new MutationObserver((all) => { if (all.some(({ target }) => target.closest?.('.tiles-box'))) tiled(); })
    .observe(document.body, {subtree: true, childList: true});
  document.addEventListener('load', (event) => { if (event.target.closest?.('.tiles-box')) tiled(); }, true);
  const entered = (event) => {
    if (event.key === 'Enter' || event.key === 'ArrowRight') window.entered = performance.now();
  };
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
    with sync_playwright() as playwright, playwright.chromium.launch(**CHROMIUM) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        began = time.monotonic()
        with served(chosen.archive) as (address, _):
            print(f"from the command to an answer: {time.monotonic() - began:.2f} s, ", end="")
            page.goto(address)
            page.locator(".tile").first.wait_for(timeout=120_000)
            print(f"to the first page: {time.monotonic() - began:.2f} s")
            times, widths = _measure(page, address, chosen.rounds)
    print(f"the first query: {times[0][0]:.2f} s, tiles {times[0][1]:.2f} s")
    _tell("other queries", times[1:])
    _tell("a width moved", widths)


def _measure(page: Page, address: str, rounds: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Seconds of each query and of each width, of all and of the tiles."""
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    times = [_asked(page, WORDS[n % len(WORDS)] + (f" {n}" if n >= len(WORDS) else "")) for n in range(rounds)]
    page.goto(f"{address}/?q=axe&apart=flint")
    page.get_by_role("slider", name="How like it a picture must be").wait_for(timeout=120_000)
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    return times, [_moved(page) for _ in range(rounds)]


def _tell(what: str, times: Sequence[tuple[float, float]]) -> None:
    whole, tiles = ([one[place] for one in times] for place in (0, 1))
    print(
        f"{what}: shortest {min(whole):.2f} s, median {statistics.median(whole):.2f} s; "
        f"tiles: shortest {min(tiles):.2f} s, median {statistics.median(tiles):.2f} s"
    )


def _moved(page: Page) -> tuple[float, float]:
    """Seconds from a key on the slider of the width to the last change, of all and of the tiles."""
    slider = page.get_by_role("slider", name="How like it a picture must be")
    slider.focus()
    page.wait_for_timeout(300)
    slider.press("ArrowRight")
    return _waited(page)


def _asked(page: Page, words: str) -> tuple[float, float]:
    """Seconds from Enter to the last change, of all and of the tiles."""
    box = page.get_by_label("1 · What is it?")
    box.fill(words)
    page.wait_for_timeout(700)
    box.press("Enter")
    return _waited(page)


def _waited(page: Page) -> tuple[float, float]:
    last = page.wait_for_function(QUIET, timeout=60_000).json_value()
    entered, tiled = page.evaluate("() => [window.entered, window.tiled ?? 0]")
    page.evaluate("() => { window.changed = 0; }")
    return float(last - entered) / 1000, max(float(tiled - entered), 0.0) / 1000


if __name__ == "__main__":
    main()
