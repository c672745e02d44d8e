"""
Measure many browsers at once: `python -m benchmarks.crowd ARCHIVE [--browsers 20] [--minutes 5] [--pause 10]`.

Real tabs of one Chromium search the same server at the same time, each with words of its own, and look at every answer
for a while. First one tab does so alone. Prints the median from Enter to the tiles of both, errors, and how much memory
the server held after its first fifty searches and at the end. Tabs and server share the machine's processors, so what
is told of many holds for the browsers too.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import time
from pathlib import Path

from playwright.async_api import Error, Page, async_playwright

from benchmarks.page import WORDS
from benchmarks.served import CHROMIUM, served

COLOURS = ("red", "green", "blue", "brown", "black", "white", "grey", "yellow")


def main() -> None:
    """Print medians, errors and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--browsers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--pause", type=float, default=10.0, help="Seconds that each looks at an answer.")
    chosen = parser.parse_args()
    with served(chosen.archive) as (address, server):
        asyncio.run(_measure(address, server, chosen.browsers, chosen.minutes * 60, chosen.pause))


async def _measure(address: str, server: int, browsers: int, seconds: float, pause: float) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**CHROMIUM)
        context = await browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
        alone = _Searcher(await context.new_page(), 0)
        await alone.open()
        await alone.search_for(min(60.0, seconds), 1.0)
        many = [_Searcher(await context.new_page(), number) for number in range(1, browsers + 1)]
        for one in many:
            await one.open()
        memory = _Memory(server, [alone, *many])
        await asyncio.gather(memory.watch(seconds), *(one.search_for(seconds, pause) for one in many))
        await browser.close()
    times = [one for each in many for one in each.times]
    errors = [one for each in (alone, *many) for one in each.errors]
    single, crowd = statistics.median(alone.times), statistics.median(times)
    print(f"one browser: median {single:.2f} s of {len(alone.times)} searches")
    print(f"{browsers} browsers for {seconds / 60:g} minutes: median {crowd:.2f} s of {len(times)} searches, ", end="")
    print(f"{crowd / single:.1f} times that of one; longest {max(times):.2f} s; {len(errors)} errors")
    for error in errors[:10]:
        print(f"  {error}")
    print(f"memory of the server after {memory.first[0]} searches {memory.first[1]} MB, ", end="")
    print(f"after {memory.last[0]} {memory.last[1]} MB")


class _Searcher:
    """One tab that searches, and what happened to it."""

    def __init__(self, page: Page, number: int) -> None:
        self.page, self.number = page, number
        self.times: list[float] = []
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def open(self) -> None:
        await self.page.goto("/")
        await self.page.locator(".tile").first.wait_for(timeout=120_000)
        await self.page.wait_for_timeout(2000)

    async def search_for(self, seconds: float, pause: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.sleep(pause * (self.number % 20) / 20)
        asked = 0
        while time.monotonic() < until:
            asked += 1
            words = f"{COLOURS[(asked + self.number) % 8]} {WORDS[(asked // 8 + self.number) % len(WORDS)]} {asked}"
            try:
                await self._search(words)
            except Error as error:
                self.errors.append(f"{words}: {error.message.splitlines()[0]}")
            if await self.page.get_by_test_id("stException").count():
                self.errors.append(f"{words}: the page shows an exception")
            await asyncio.sleep(pause)

    async def _search(self, words: str) -> None:
        box = self.page.get_by_role("searchbox", name="1 · What is it?")
        await box.fill(words)
        began = time.monotonic()
        await box.press("Enter")
        wanted = "q=" + re.sub(" ", "%20", words)
        await self.page.wait_for_function(
            """wanted => decodeURIComponent(document.body.dataset.drawn ?? '').replaceAll('+', ' ')
                .includes(decodeURIComponent(wanted))""",
            arg=wanted,
            timeout=60_000,
        )
        self.times.append(time.monotonic() - began)


class _Memory:
    """How much memory a process holds, after so many searches."""

    def __init__(self, process: int, searchers: list[_Searcher]) -> None:
        self.process, self.searchers = process, searchers
        self.first = self.last = (0, 0)

    async def watch(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            done = sum(len(one.times) for one in self.searchers)
            self.last = done, self._held()
            if not self.first[1] and done >= 50:
                self.first = self.last
            await asyncio.sleep(1.0)

    def _held(self) -> int:
        status = Path(f"/proc/{self.process}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
