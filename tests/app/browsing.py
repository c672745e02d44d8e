"""How tests look at the pages in a real browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, Request, expect

TILE = ".tile"
# Streamlit asks below the page's path first, then at the root: the first question is answered with 404.
EXPECTED_404 = re.compile(r"/[a-z]+/_stcore/(health|host-config)")
PATIENCE_MS = 120_000
"""So long may a page take to load: the first one on a new machine waits until torch was read from the disk."""
POPOVERS = "[data-testid=stPopoverButton]:visible"


def watch(page: Page, address: str, complaints: list[str]) -> None:
    """Collect what goes wrong in a page."""

    def foreign(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    page.on("request", foreign)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and not EXPECTED_404.search(message.location.get("url", ""))
            else None
        ),
    )


def drawn(page: Page) -> None:
    """Wait until what the address tells is shown."""
    page.wait_for_function("document.body.dataset.drawn === location.pathname + location.search")


def ready(page: Page) -> None:
    """Wait until what the address tells is shown, with tiles, and nothing runs any more."""
    drawn(page)
    expect(page.locator(TILE).first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def titles(page: Page) -> list[str]:
    """The titles on the tiles."""
    return page.locator(".tile .title").all_inner_texts()


def ask(page: Page, words: str) -> None:
    """Type what is looked for, and wait for the answer."""
    box = page.get_by_label("1 · What is it?")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url(lambda url: told(url).get("q") == [words])
    ready(page)


def back(page: Page, address: str) -> None:
    """Go back, which leads to this address, and wait until it is shown."""
    page.go_back()
    page.wait_for_url(address)
    ready(page)


def told(url: str) -> dict[str, list[str]]:
    """The parameters of an address."""
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


def popover_places(page: Page) -> dict[str, int]:
    """The places of all popovers of a page, by their names."""
    names = page.locator(POPOVERS).evaluate_all("all => all.map(one => one.querySelector('p').innerText.trim())")
    return {name: place for place, name in enumerate(names)}


def open_popover(page: Page, place: int) -> Locator:
    """Open a popover by its place on the page; gives what is in it."""
    button = page.locator(POPOVERS).nth(place)
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    body = page.get_by_test_id("stPopoverBody")
    expect(body.locator("input, button").first).to_be_attached()
    expect(body.get_by_test_id("stSkeleton")).to_have_count(0)  # the browser fetches each kind of widget at first use
    return body


def close_popover(page: Page) -> None:
    """Close the popover that is open."""
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def held(body: Locator) -> list[list[str]]:
    """What every control holds, by its name: the value, whether it is chosen, what is chosen from a list."""
    found: list[list[str]] = body.evaluate(
        """body => [...body.querySelectorAll('input:not([type=file]), button[aria-pressed]')].map(one => [
            one.getAttribute('aria-label') || one.closest('label')?.innerText || one.innerText,
            one.type === 'checkbox' ? `${one.checked}` : one.getAttribute('aria-pressed') ?? one.value,
        ])"""
    )
    return found
