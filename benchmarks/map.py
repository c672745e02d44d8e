"""
Measure how fluent the map page is: `python -m benchmarks.map ARCHIVE [--visible]`, whose map is drawn already.

In a real Chromium: seconds from opening the page to all points drawn, cold and warm; from choosing another colour to
its being drawn; frames a second while the map is panned and while it is zoomed; from pointing at a point to its card;
from the end of a lasso to the first tiles. The browser has no graphics card.
"""

from __future__ import annotations

import argparse
import math
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "app.command", "app")
CHROMIUM = "/usr/bin/chromium"
DRAWN = "document.querySelector('.map-chart[data-drawn]') !== null"
FIELD = ".map-chart .field"
COUNT_FRAMES = """
() => {
  window.frames_at = [];
  const note = (at) => { window.frames_at.push(at); window.counting = requestAnimationFrame(note); };
  window.counting = requestAnimationFrame(note);
}
"""


def main() -> None:
    """Print seconds and frames."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--visible", action="store_true", help="show the browser, with the graphics of this machine")
    chosen = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [*COMMAND, "--archive", str(chosen.archive), "--port", str(port), "--no-browser"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _answers(f"{address}/_stcore/health")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
                headless=not chosen.visible,
                args=["--no-sandbox"] if chosen.visible else ["--no-sandbox", "--disable-gpu"],
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            for state in ("cold", "warm"):
                began = time.perf_counter()
                page.goto(f"{address}/map")
                page.wait_for_function(DRAWN, timeout=180_000)
                print(f"opened, {state:5} {time.perf_counter() - began:6.2f} s")
            page.wait_for_timeout(3000)
            for name, seconds in (("another colour", _coloured(page)), ("the same again", _coloured(page))):
                print(f"{name:14} {seconds:6.2f} s")
            page.mouse.move(5, 5)
            print(f"at rest        {_frames(page, _rest)}")
            print(f"panning        {_frames(page, _pan)}")
            print(f"zooming        {_frames(page, _zoom)}")
            page.locator(FIELD).press("0")
            print(f"to a card      {_card(page):6.2f} s")
            print(f"lasso to tiles {_lasso(page):6.2f} s")
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def _coloured(page: Page) -> float:
    """Seconds from choosing the next field to its being drawn."""
    before = page.locator(".map-chart").get_attribute("data-drawn")
    page.locator(".st-key-by input").click()
    page.wait_for_timeout(500)
    offered = page.get_by_role("option")
    began = time.perf_counter()
    offered.nth(1 if offered.nth(0).get_attribute("aria-selected") == "true" else 0).click()
    page.wait_for_function(f"document.querySelector('.map-chart').dataset.drawn !== '{before}'", timeout=60_000)
    return time.perf_counter() - began


def _frames(page: Page, move: Callable[[Page, float, float], None]) -> str:
    """Frames a second while something moves, and the longest time without one."""
    x, y = _middle(page)
    page.evaluate(COUNT_FRAMES)
    move(page, x, y)
    at = page.evaluate("() => { cancelAnimationFrame(window.counting); return window.frames_at; }")
    gaps = [later - earlier for earlier, later in pairwise(at)]
    return f"{1000 / statistics.mean(gaps):6.1f} frames/s, the longest gap {max(gaps):.0f} ms"


def _middle(page: Page) -> tuple[float, float]:
    box = page.locator(FIELD).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _rest(page: Page, x: float, y: float) -> None:
    """Nothing moves: what the machine gives at most."""
    page.wait_for_timeout(1000)


def _pan(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x + 120 * math.sin(step / 10), y + 60 * math.cos(step / 10))
        page.wait_for_timeout(16)
    page.mouse.up()


def _zoom(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    for _ in range(12):
        page.mouse.wheel(0, -60)
        page.wait_for_timeout(60)


def _card(page: Page) -> float:
    """Seconds from coming near a point to what it is; 0 where there is none in the middle."""
    x, y = _middle(page)
    for step in range(200):
        page.mouse.move(x + step, y)
        if page.locator(f"{FIELD}.pointing").count():
            began = time.perf_counter()
            page.locator(".map-chart .card").wait_for()
            return time.perf_counter() - began
    return 0.0


def _lasso(page: Page) -> float:
    x, y = _middle(page)
    page.keyboard.down("Shift")
    page.mouse.move(x + 60, y)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(x + 60 * math.cos(step / 24 * math.tau), y + 60 * math.sin(step / 24 * math.tau))
    began = time.perf_counter()
    page.mouse.up()
    page.keyboard.up("Shift")
    page.locator(".tile").first.wait_for(state="attached", timeout=60_000)
    return time.perf_counter() - began


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
