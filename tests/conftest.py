"""What all tests share: a browser, of which a process can drive one at a time, and the process's own main module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
# a busy machine is no fault of the code: no test is timed
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _main_stays() -> Iterator[None]:
    """Streamlit's tests put their script in the place of the main module, which processes that are spawned import."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; what is expected on a page may come late, since other tests run beside."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
        except Error as error:
            pytest.skip(f"no Chromium can be started: {error}")
        yield started
        started.close()
