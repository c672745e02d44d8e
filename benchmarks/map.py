"""
Measure how fluent the map page is: `python -m benchmarks.map ARCHIVE [--visible]`, whose map is drawn already.

In a real Chromium: seconds from opening the page to all points drawn, cold and warm; from choosing another colour to
its being drawn; frames a second while the map is panned and while it is zoomed; from the end of a lasso to the first
tiles.
Without a graphics card Chromium draws WebGL on the processor, and the frames are a lower bound.
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
GL = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
DRAWN = "document.querySelectorAll('.js-plotly-plot .annotation').length > 0"
COUNT_FRAMES = """
() => {
  window.frames_at = [];
  const note = (at) => { window.frames_at.push(at); window.counting = requestAnimationFrame(note); };
  window.counting = requestAnimationFrame(note);
}
"""
MARK = "() => { document.querySelector('.js-plotly-plot').dataset.old = 'yes'; }"
NEW = "document.querySelectorAll('.js-plotly-plot:not([data-old]) .annotation').length > 0"


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
                args=["--no-sandbox"] if chosen.visible else list(GL),
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
            page.locator(".modebar-btn[data-val=pan]").click()
            print(f"panning        {_frames(page, _pan)}")
            print(f"zooming        {_frames(page, _zoom)}")
            page.locator(".modebar-btn[data-val=lasso]").click()
            print(f"lasso to tiles {_lasso(page):6.2f} s")
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def _coloured(page: Page) -> float:
    """Seconds from choosing the next field to its being drawn."""
    page.evaluate(MARK)
    page.locator(".st-key-by input").click()
    page.wait_for_timeout(500)
    offered = page.get_by_role("option")
    began = time.perf_counter()
    offered.nth(1 if offered.nth(0).get_attribute("aria-selected") == "true" else 0).click()
    page.wait_for_function(NEW, timeout=60_000)
    seconds = time.perf_counter() - began
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot').length === 1", timeout=60_000)
    return seconds


def _frames(page: Page, move: Callable[[Page, float, float], None]) -> str:
    """Frames a second while something moves, and the longest time without one."""
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    page.evaluate(COUNT_FRAMES)
    move(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    at = page.evaluate("() => { cancelAnimationFrame(window.counting); return window.frames_at; }")
    gaps = [later - earlier for earlier, later in pairwise(at)]
    return f"{1000 / statistics.mean(gaps):6.1f} frames/s, the longest gap {max(gaps):.0f} ms"


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


def _lasso(page: Page) -> float:
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 60, y)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(x + 60 * math.cos(step / 24 * math.tau), y + 60 * math.sin(step / 24 * math.tau))
    began = time.perf_counter()
    page.mouse.up()
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
